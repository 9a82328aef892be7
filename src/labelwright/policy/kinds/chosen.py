"""Slots that the strategy chose."""

from __future__ import annotations

from typing import ClassVar

from labelwright.policy.kinds.base import Color, SlotKind


class Chosen(SlotKind):
    """The strategy expects the answer to teach the model most per unit of cost."""

    name: ClassVar[str] = "chosen"
    code: ClassVar[int] = 0
    reason: ClassVar[str] = "slot-chosen"
    label: ClassVar[str] = "Chosen"
    color: ClassVar[Color] = Color("slot-chosen", "#1f4fa3", "#7cc6f2")
    shows_model: ClassVar[bool] = True
