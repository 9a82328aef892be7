"""Slots of the two arms of a fork."""

from __future__ import annotations

from typing import ClassVar

from labelwright.policy.kinds.base import Color, Overlaps
from labelwright.policy.kinds.chosen import Chosen


class _OfArm(Chosen):
    """What one of two ways to choose has chosen. Whoever answers sees the same as with any chosen item."""

    def overlap(self, rules: Overlaps) -> int:
        """As that of other chosen items, so that both arms cost what choosing costs otherwise."""
        return rules.overlap_by_kind.get(Chosen.name, rules.overlap)


class ArmA(_OfArm):
    """Chosen by the first arm of a fork."""

    name: ClassVar[str] = "arm_a"
    code: ClassVar[int] = 7
    label: ClassVar[str] = "Arm A"
    color: ClassVar[Color] = Color("slot-arm-a", "#5e24f1", "#c4fabb")


class ArmB(_OfArm):
    """Chosen by the second arm of a fork."""

    name: ClassVar[str] = "arm_b"
    code: ClassVar[int] = 8
    label: ClassVar[str] = "Arm B"
    color: ClassVar[Color] = Color("slot-arm-b", "#fb623c", "#f91842")
