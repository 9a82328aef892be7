"""Slots sampled uniformly at random."""

from __future__ import annotations

from typing import ClassVar

from labelwright.policy.kinds.base import Color, SlotKind


class Random(SlotKind):
    """Sampled from the pool with logged propensity: it trains, and it is what chosen items are compared with.

    The model stays hidden, because the guard measures on these answers.
    """

    name: ClassVar[str] = "random"
    code: ClassVar[int] = 1
    reason: ClassVar[str] = "slot-random"
    label: ClassVar[str] = "Random"
    color: ClassVar[Color] = Color("slot-random", "#a03d00", "#f08c2e")
