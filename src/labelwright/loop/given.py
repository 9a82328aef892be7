"""Converts arguments of the loop to a policy and to stopping rules."""

from __future__ import annotations

from collections.abc import Sequence

from labelwright.policy.base import Policy
from labelwright.stopping.base import StoppingRule
from labelwright.strategies import make as make_strategy
from labelwright.strategies.base import Strategy


def as_policy(strategy: str | Strategy, batch_size: int) -> Policy:
    """A policy for one batch at a time, without reserve, with the strategy's own random share."""
    made = strategy if isinstance(strategy, Strategy) else make_strategy(strategy)
    return Policy(made, batch_size, made.random_share, reserve_share=0.0, n_slots=batch_size)


def as_rules(stop: StoppingRule | Sequence[StoppingRule] | None) -> tuple[StoppingRule, ...]:
    """One rule, several or none as a tuple."""
    if stop is None:
        return ()
    return (stop,) if isinstance(stop, StoppingRule) else tuple(stop)
