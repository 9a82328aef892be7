"""Converts arguments of the loop to a policy, to stopping rules and to seeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from labelwright.check import check_count, complain
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


def read_seeds(seeds: int | Iterable[int]) -> list[int]:
    """The seeds of a simulation: so many from 0 on, or those given.

    Raises
    ------
    InputError
        If there is none, one is no integer of at least 0, or one comes twice.

    Examples
    --------
    >>> read_seeds(2), read_seeds([7, 3])
    ([0, 1], [7, 3])
    """
    if isinstance(seeds, (int, np.integer)):
        return list(range(check_count("simulate", "seeds", seeds)))
    if isinstance(seeds, str) or not isinstance(seeds, Iterable):
        raise complain("simulate", "seeds", "a number of them, or a sequence of integers", repr(seeds))
    chosen = [check_count("simulate", "seeds", seed, low=0) for seed in seeds]
    if not chosen:
        raise complain("simulate", "seeds", "one or more", "none")
    twice = next((seed for seed in chosen if chosen.count(seed) > 1), None)
    if twice is not None:
        raise complain("simulate", "seeds", "distinct", f"{twice} twice")
    return chosen
