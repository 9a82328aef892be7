"""Slots whose answer is known."""

from __future__ import annotations

import sys
from typing import ClassVar

from labelwright.policy.kinds.base import Color, Overlaps, SlotKind


class Gold(SlotKind):
    """An item with a known answer, to check the people who answer."""

    name: ClassVar[str] = "gold"
    code: ClassVar[int] = 3
    reason: ClassVar[str] = "slot-gold"
    label: ClassVar[str] = "Check"
    color: ClassVar[Color] = Color("slot-gold", "#a58a00", "#fff27a")
    in_grid: ClassVar[bool] = False

    def overlap(self, rules: Overlaps) -> int:
        """Everybody is checked with it once, however many were before."""
        return rules.overlap_by_kind.get(self.name, sys.maxsize)
