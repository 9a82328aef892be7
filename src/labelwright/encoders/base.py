"""The contract of an encoder: contents of items to features."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.items.base import Content

Features = npt.NDArray[np.float32]


class Encoder(ABC):
    """Turns contents into features. It is fitted once on a sample and then only applied, so that rows stay comparable.

    A new encoder is one file in this package.

    Attributes
    ----------
    name : str
        Stored in databases.
    items : tuple of str
        Kinds of item that it can read.
    default_for : tuple of str
        Kinds of item that it encodes where the project names no encoder.
    fit_size : int
        About how many bytes of contents it is fitted on at most, so that fitting takes less than 1 GB.
    """

    name: ClassVar[str]
    items: ClassVar[tuple[str, ...]]
    default_for: ClassVar[tuple[str, ...]] = ()
    fit_size: ClassVar[int] = 256 << 20

    @abstractmethod
    def fit(self, contents: Sequence[Content]) -> Encoder:
        """Learn vocabulary, components or scales from a sample; return self."""

    @abstractmethod
    def transform(self, contents: Sequence[Content]) -> Features:
        """Return finite float32 features (n_items, n_dims); a row does not depend on its neighbours."""

    @abstractmethod
    def dump(self) -> bytes:
        """Serialise without pickle."""

    @classmethod
    @abstractmethod
    def load(cls, data: bytes) -> Encoder:
        """Restore what ``dump`` wrote, also by earlier versions."""
