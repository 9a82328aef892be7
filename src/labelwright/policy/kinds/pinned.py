"""Slots that a person asked for."""

from __future__ import annotations

from typing import ClassVar

from labelwright.policy.kinds.base import Color, SlotKind


class Pinned(SlotKind):
    """An item that a lead wants answered before all others; nothing was drawn, so it never counts as random."""

    name: ClassVar[str] = "pinned"
    code: ClassVar[int] = 6
    reason: ClassVar[str] = "slot-pinned"
    label: ClassVar[str] = "Asked for"
    color: ClassVar[Color] = Color("slot-pinned", "#7869ff", "#873cff")
