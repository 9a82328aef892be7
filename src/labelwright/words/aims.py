"""Sentences about targets: where they stand, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AIMS: Final[Mapping[str, str]] = {
    "aim-unmeasured": "Not measured: fewer than 30 reserve labels are in it.",
    "aim-too-early": "Too early for a forecast; it takes five models with different numbers of labels.",
    "aim-reached": "Reached: the whole interval lies beyond {goal:g}.",
    "aim-there": "The curve has come to {goal:g}, its interval has not: more reserve labels would tell.",
    "aim-on-the-way": "On the way: about {missing:count more label} ({range}).",
    "aim-at-risk": "At risk: about {missing:count more label} ({range}).",
    "aim-beyond": (
        "Out of reach by more labels of this kind: the curve does not come to {goal:g} within four times the labels. "
        "Change the model, the features or the guidelines, or lower the target."
    ),
    "aim-out-of-reach": "Hardly to be reached: about {missing:count more label} ({range}).",
    "aim-too-late": (
        "Too late at this pace: about {missing:count more label} ({range}) are missing. It takes more "
        "people, a later deadline or a lower target."
    ),
}
