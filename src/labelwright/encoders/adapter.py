"""A small adapter that bends features: what it does to them, apart from how it is fitted."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from labelwright.check import complain
from labelwright.plain import JsonObject

BLOCK: Final = 8192  # rows that are bent together
UNIT: Final = 1e-3  # how far a squared length may be from 1
Features = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Adapter:
    """x becomes x + relu(x down) up.

    Attributes
    ----------
    down, up : float32 arrays of shape (n_features, n_inner) and (n_inner, n_features)
    is_unit : bool
        Whether the features that it was fitted on have length one, so that what it makes has too.

    Examples
    --------
    >>> adapter = Adapter(np.ones((2, 1), dtype=np.float32), np.array([[0.0, 1.0]], dtype=np.float32), False)
    >>> adapter.transform(np.array([[1.0, 2.0], [-1.0, 0.0]], dtype=np.float32)).tolist()
    [[1.0, 5.0], [-1.0, 0.0]]
    """

    down: Features
    up: Features
    is_unit: bool

    def transform(self, items: Features) -> Features:
        """Bent features, of the shape of ``items`` (n_items, n_features); a row does not depend on its neighbours.

        Raises
        ------
        InputError
            If there are other features than at the fit.
        """
        if items.ndim != 2 or items.shape[1] != len(self.down):
            got = items.shape[1] if items.ndim == 2 else items.shape
            raise complain("refine", "X", f"of {len(self.down)} features as at refine", got)
        blocks = np.split(items, range(BLOCK, len(items), BLOCK))
        bent = np.concatenate([block + np.maximum(block @ self.down, 0) @ self.up for block in blocks])
        if self.is_unit:
            bent /= np.maximum(np.sqrt((bent**2).sum(axis=1, keepdims=True)), 1e-12)
        return np.asarray(bent, dtype=np.float32)

    def dump(self) -> JsonObject:
        """As plain JSON, to the bit."""
        down, up = (base64.b64encode(np.asarray(one, dtype="<f4").tobytes()).decode() for one in (self.down, self.up))
        return {"n_features": len(self.down), "down": down, "up": up, "is_unit": self.is_unit}

    @classmethod
    def load(cls, stored: JsonObject) -> Self:
        """Restore what ``dump`` wrote."""
        down, up = (np.frombuffer(base64.b64decode(str(stored[name])), dtype="<f4") for name in ("down", "up"))
        n_features = int(str(stored["n_features"]))
        return cls(
            down.reshape(n_features, -1).astype(np.float32), up.reshape(-1, n_features).astype(np.float32),
            bool(stored["is_unit"]),
        )  # fmt: skip


def have_length_one(items: Features) -> bool:
    """Whether all rows have length one.

    >>> have_length_one(np.array([[0.6, 0.8]], dtype=np.float32)), have_length_one(np.ones((1, 2), dtype=np.float32))
    (True, False)
    """
    return bool(np.allclose((items**2).sum(axis=1), 1, atol=UNIT))
