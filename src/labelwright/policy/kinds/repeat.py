"""Slots that a person gets a second time."""

from __future__ import annotations

from typing import ClassVar

from labelwright.policy.kinds.base import Color, SlotKind


class Repeat(SlotKind):
    """The same person answers again, to see how often people agree with themselves; never a first answer."""

    name: ClassVar[str] = "repeat"
    code: ClassVar[int] = 4
    reason: ClassVar[str] = "slot-repeat"
    label: ClassVar[str] = "Repeat"
    in_grid: ClassVar[bool] = False
    color: ClassVar[Color] = Color("slot-repeat", "#7a1f66", "#e3a1c8")
