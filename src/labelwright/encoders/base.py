"""The contract of an encoder: contents of items to features."""

from __future__ import annotations

import importlib.util
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import complain
from labelwright.encoders.spec import Spec
from labelwright.errors import InputError
from labelwright.items.base import Content

Features = npt.NDArray[np.float32]


class Encoder(ABC):
    """Turns contents into features. It is fitted once on a sample and then only applied, so that rows stay comparable.

    A new encoder is one file in this package.

    Parameters
    ----------
    argument : str
        What stands after the colon of its spec.

    Attributes
    ----------
    name : str
        Stored in databases; the part of a spec before the colon.
    items : tuple of str
        Kinds of item that it can read.
    default_for : tuple of str
        Kinds of item that it encodes where the project names no encoder.
    fit_size : int
        About how many bytes of contents it is fitted on at most, so that fitting takes less than 1 GB.
    part_rows : int
        How many items a pre-trained encoder encodes between two writes; a killed process loses at most these.
    takes : str
        What stands after the colon, such as "NAME_OR_PATH"; "" where nothing does.
    packages : tuple of str
        Modules that have to be installed.
    extra : str
        The extra of this distribution that installs them.
    licence : str
        Of its weights, as far as it is known before they are opened.
    is_safe : bool
        Whether it runs no code and reaches no host that its argument names, so that anybody may ask for it.
    comes_with_items : bool
        Whether the features came with the items and cannot be made here.
    """

    name: ClassVar[str]
    items: ClassVar[tuple[str, ...]]
    default_for: ClassVar[tuple[str, ...]] = ()
    fit_size: ClassVar[int] = 256 << 20
    part_rows: ClassVar[int] = 512
    takes: ClassVar[str] = ""
    packages: ClassVar[tuple[str, ...]] = ()
    extra: ClassVar[str] = ""
    licence: ClassVar[str] = ""
    is_safe: ClassVar[bool] = True
    comes_with_items: ClassVar[bool] = False

    def __init__(self, argument: str = "") -> None:
        if argument and not self.takes:
            raise complain("encoders", f"'{self.name}'", "given without a colon", f"{self.name}:{argument}")
        if self.takes and not argument:
            raise complain("encoders", f"'{self.name}'", f"given as {self.name}:{self.takes}", repr(self.name))
        self.argument = argument

    @property
    def is_pretrained(self) -> bool:
        """Whether its weights come from elsewhere, so that it may be slow and may be missing."""
        return False

    def check_there(self, item_kind: str) -> None:
        """Refuse to begin with items that it cannot read, or without what it needs.

        Raises
        ------
        InputError
        """
        if item_kind not in self.items:
            named, kinds = f"'{self.spec.text}'", ", ".join(self.items)
            raise complain("encoders", named, f"one for items of the kind '{item_kind}'", kinds)

    @classmethod
    def check_installed(cls) -> None:
        """Refuse to begin without the packages that it needs.

        Raises
        ------
        InputError
        """
        missing = [package for package in cls.packages if importlib.util.find_spec(package) is None]
        if missing:
            raise InputError(
                f"encoders: '{cls.name}' needs {', '.join(missing)}, which is not installed.",
                f'Install it: pip install "labelwright[{cls.extra}]"',
            )

    @property
    def spec(self) -> Spec:
        """What names it."""
        return Spec(self.name, self.argument)

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
