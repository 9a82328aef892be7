"""Sentences about plans: what a set-up needs and saves, and what is equal to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PLANS: Final[Mapping[str, str]] = {
    "plan-reached": (
        "{setup:capital} reaches {metric} {target:g} with {answers:.0f} [{low:.0f}, {high:.0f}] answers, in "
        "{n_reached} of {n_seeds} replays."
    ),
    "plan-reached-once": (
        "{setup:capital} reaches {metric} {target:g} with {answers:.0f} answers in {n_reached} of {n_seeds} replays, "
        "which is too few for an interval."
    ),
    "plan-not-reached": (
        "{setup:capital} reaches {metric} {target:g} in only {n_reached} of {n_seeds} replays; it takes at least "
        "{answers:.0f} answers. A larger budget or a lower target would say more."
    ),
    "plan-baseline": "No set-up is clearly better than the baseline ({baseline}), so nothing is saved by another.",
    "plan-saves": (
        "That saves {saving:.0%} [{saving_low:.0%}, {saving_high:.0%}] of the answers that the baseline ({baseline}) "
        "needs."
    ),
    "plan-saves-more": (
        "That saves {saving:.0%} [{saving_low:.0%}, {saving_high:.0%}] or more of the answers that the baseline "
        "({baseline}) needs, which did not reach the target in every replay."
    ),
    "plan-saves-once": "That saves {saving:.0%} of the answers that the baseline ({baseline}) needs, in one replay.",
    "plan-hours": "The answers take {hours:.1f} hours.",
    "plan-cost": "They cost {cost:.2f}.",
    "plan-tied": "Not told apart from it: {tied}.",
    "plan-simpler": "It is proposed because it is simpler than what it is not told apart from: {tied}.",
}
