"""Slots that ask about a label again."""

from __future__ import annotations

from typing import ClassVar

from labelwright.policy.kinds.base import Color, SlotKind


class Relabel(SlotKind):
    """A labeled item that another person answers, because its label is in doubt.

    The overlap counts the people who answer after the slot was made. The model stays hidden, so that the answer is
    a second opinion.
    """

    name: ClassVar[str] = "relabel"
    code: ClassVar[int] = 5
    reason: ClassVar[str] = "slot-relabel"
    label: ClassVar[str] = "Second look"
    color: ClassVar[Color] = Color("slot-relabel", "#1a1a1a", "#ffffff")
