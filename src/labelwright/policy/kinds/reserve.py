"""Slots that measure the model."""

from __future__ import annotations

from typing import ClassVar

from labelwright.policy.kinds.base import Color, SlotKind


class Reserve(SlotKind):
    """An item of the reserve: its answer measures the model and never trains it."""

    name: ClassVar[str] = "reserve"
    code: ClassVar[int] = 2
    reason: ClassVar[str] = "slot-reserve"
    label: ClassVar[str] = "Reserve"
    color: ClassVar[Color] = Color("slot-reserve", "#009e73", "#1aa37a")
    in_grid: ClassVar[bool] = False
