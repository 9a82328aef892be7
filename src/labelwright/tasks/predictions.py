"""What a model says about items, in the form its task owns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_one_of, complain

Form = Literal["classes", "labels", "value"]
STEPS = 65_535  # probabilities are stored as uint16 in steps of 1/65535


@dataclass(frozen=True)
class Predictions:
    """Predictions for n items, with the draws of a committee where there is one.

    Parameters
    ----------
    form : {"classes", "labels", "value"}
        "classes": rows are distributions and sum to 1 (classification). "labels": each column is
        a probability of its own (multilabel). "value": one number an item (regression).
    values : float32 array of shape (n_items, n_outputs), or (n_items,) for "value"
        Probabilities in [0, 1], or numbers in the unit of the target.
    draws : float32 array of shape (n_draws, *values.shape), optional
        The same from each member of a committee.

    Examples
    --------
    >>> p = Predictions("classes", np.array([[0.25, 0.75]], dtype=np.float32))
    >>> p.to_arrays()["values"]
    array([[16384, 49151]], dtype=uint16)
    >>> p.quantised().values.sum(axis=1)
    array([1.], dtype=float32)
    """

    form: Form
    values: npt.NDArray[np.float32]
    draws: npt.NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        check_one_of("predictions", "form", self.form, ("classes", "labels", "value"))
        ndim = 1 if self.form == "value" else 2
        if self.values.ndim != ndim:
            raise complain("predictions", "values", f"{ndim}-d for form '{self.form}'", f"shape {self.values.shape}")
        if self.draws is not None and self.draws.shape[1:] != self.values.shape:
            raise complain("predictions", "draws", f"of shape (n_draws, *{self.values.shape})", self.draws.shape)

    def __len__(self) -> int:
        return len(self.values)

    def take(self, idx: Ints | slice) -> Predictions:
        """The predictions of some items, in the order asked for."""
        return Predictions(self.form, self.values[idx], None if self.draws is None else self.draws[:, idx])

    def quantised(self) -> Predictions:
        """The predictions as they come back from storage; doing it twice changes nothing more."""
        return Predictions.from_arrays(self.form, self.to_arrays())

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Arrays to store: uint16 fixed point for probabilities, float32 for numbers."""
        arrays = {"values": _pack(self.form, self.values)}
        if self.draws is not None:
            arrays["draws"] = _pack(self.form, self.draws)
        return arrays

    @classmethod
    def from_arrays(cls, form: Form, arrays: Mapping[str, npt.NDArray[Any]]) -> Predictions:
        """Read stored arrays (also memory maps) back; the same bits on every read."""
        draws = arrays.get("draws")
        return cls(form, _unpack(form, arrays["values"]), None if draws is None else _unpack(form, draws))


def _pack(form: Form, values: Floats) -> npt.NDArray[Any]:
    if form == "value":
        return np.asarray(values, dtype=np.float32)
    steps = np.rint(np.asarray(values, dtype=np.float32) * np.float32(STEPS)).astype(np.int32)
    if form == "classes" and steps.size:  # what rounding took or gave goes to the likeliest class
        top = steps.argmax(axis=-1)[..., None]
        lacking = STEPS - steps.sum(axis=-1, keepdims=True)
        np.put_along_axis(steps, top, np.take_along_axis(steps, top, axis=-1) + lacking, axis=-1)
    return np.asarray(steps, dtype=np.uint16)


def _unpack(form: Form, stored: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    if form == "value":
        return np.asarray(stored, dtype=np.float32)
    return np.asarray(np.asarray(stored, dtype=np.float32) / np.float32(STEPS))
