"""The contract of a kind of slot: why an item is asked, and what follows from that."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol


class Overlaps(Protocol):
    """The part of `labelwright.policy.Rules` that a kind looks at."""

    @property
    def overlap(self) -> int: ...

    @property
    def overlap_by_kind(self) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class Color:
    """A colour of the screen: the name of its token, and its value on a light and on a dark ground.

    The colours can be told apart with any form of colour blindness, and each has a contrast of 3 to 1 or more
    with its ground (WCAG 2.2, criterion 1.4.11).
    """

    token: str
    light: str
    dark: str


class SlotKind(ABC):
    """One kind of slot; a new one is one file in this package.

    A kind never decides whether an answer trains or measures: the item's immutable split does.

    Attributes
    ----------
    name : str
        Stored in rankings and events.
    code : int
        The same as a small number for arrays; never given to another kind.
    reason : str
        Code of the sentence that says why the item was asked.
    label : str
        What people read.
    color : Color
    shows_model : bool
        Whether a suggestion, or the question "are you sure?", may be shown with it.
    in_grid : bool
        Whether a grid of many items may hold it.
    """

    name: ClassVar[str]
    code: ClassVar[int]
    reason: ClassVar[str]
    label: ClassVar[str]
    color: ClassVar[Color]
    shows_model: ClassVar[bool] = False
    in_grid: ClassVar[bool] = True

    def overlap(self, rules: Overlaps) -> int:
        """How many distinct people answer a slot of this kind, at least 1."""
        return rules.overlap_by_kind.get(self.name, rules.overlap)
