"""Labeled items of another domain, as strategies see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class SourceItems:
    """Labeled items of another domain.

    Parameters
    ----------
    embed : float32 array of shape (n_source, n_dims)
        In the same features as the candidates.
    y : array of shape (n_source, ...)
        Encoded answers.
    used : bool
        Whether the model learns from them, so that what is near them counts as covered.
    """

    embed: npt.NDArray[np.float32]
    y: npt.NDArray[Any]
    used: bool = True
