"""What all encoders with weights from elsewhere have in common: they learn nothing, and their weights are held fast."""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from labelwright.encoders.base import Encoder, Features
from labelwright.errors import InputError, IntegrityError
from labelwright.items.base import Content

Run = Callable[[Sequence[Content]], npt.ArrayLike]
MISSING_HINT = "Nothing is downloaded here: {how}"


class Pretrained(Encoder):
    """An encoder whose weights were trained elsewhere.

    What is stored of it is its spec and a digest of the weights, never the weights. Where they are another later,
    nothing more is encoded with them, so that rows of one revision stay comparable.

    Attributes
    ----------
    batch : int
        Contents that are encoded together.
    """

    batch: ClassVar[int] = 32
    fit_size: ClassVar[int] = 256 << 10  # it learns nothing; the typical row of a table comes of this sample

    def __init__(self, argument: str = "") -> None:
        super().__init__(argument)
        self._weights = ""
        self._run: Run | None = None

    @property
    def is_pretrained(self) -> bool:
        """It is."""
        return True

    def check_there(self, item_kind: str) -> None:
        """Also its packages and weights must be there."""
        super().check_there(item_kind)
        self.check_installed()
        self.weights()

    @property
    def revision(self) -> str:
        """What its features hang on: the digest of its weights, once it is fitted."""
        return self._weights

    @abstractmethod
    def weights(self) -> str:
        """What tells these weights from others: a digest of their files, or a name and version.

        Raises
        ------
        InputError
            If they are not there; the hint says where to put them.
        """

    @abstractmethod
    def open(self) -> Run:
        """Load the weights; what is returned encodes a batch."""

    def fit(self, contents: Sequence[Content]) -> Self:
        """Hold fast which weights these are, and encode one content, so that a fault shows at once."""
        self.check_installed()
        self._weights = self.weights()
        self.transform(contents[:1])
        return self

    def transform(self, contents: Sequence[Content]) -> Features:
        """Encode; rows have length 1.

        Raises
        ------
        InputError
            If a package or the weights are missing, or what comes back is not one finite row an item.
        IntegrityError
            If the weights are other ones than at first.
        """
        if self._run is None:
            self.check_installed()
            if (now := self.weights()) != self._weights:
                raise IntegrityError(
                    f"encoders: the weights of '{self.spec.text}' are other ones than when its features were begun "
                    f"({now[:12]} instead of {self._weights[:12]}).",
                    "Put the former ones back, or name the new ones as an encoder of their own.",
                )
            self._run = self.open()
        parts = [
            self._checked(self._run(contents[first : first + self.batch]), len(contents[first : first + self.batch]))
            for first in range(0, len(contents), self.batch)
        ]
        return np.concatenate(parts) if parts else np.empty((0, 1), dtype=np.float32)

    def dump(self) -> bytes:
        """Spec and digest of the weights, as JSON."""
        return json.dumps({"spec": self.spec.text, "argument": self.argument, "weights": self._weights}).encode()

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Restore; the weights are opened when they are first needed."""
        told = json.loads(data)
        encoder = cls(str(told["argument"]))
        encoder._weights = str(told["weights"])
        return encoder

    def _checked(self, made: npt.ArrayLike, n_items: int) -> Features:
        try:
            features = np.asarray(made, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise InputError(f"encoders: '{self.spec.text}' must give numbers, got others.") from error
        if features.ndim != 2 or len(features) != n_items or not features.shape[1]:
            raise InputError(
                f"encoders: '{self.spec.text}' must give one row an item, ({n_items}, n_dims), got {features.shape}."
            )
        if not np.isfinite(features).all():
            raise InputError(f"encoders: '{self.spec.text}' must give finite numbers, got NaN or infinity.")
        length = np.linalg.norm(features, axis=1, keepdims=True)
        return np.asarray(features / np.maximum(length, 1e-12), dtype=np.float32)


def digest_of(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents of files, in the order of their names."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(path.name.encode() + b"\0")
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def no_weights(spec: str, where: str, how: str) -> InputError:
    """The error where weights are not on this machine."""
    return InputError(
        f"encoders: the weights of '{spec}' must be {where}, and are not there.", MISSING_HINT.format(how=how)
    )
