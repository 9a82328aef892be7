"""Fill slots: the strategy's picks, the random share and the reserve, at fixed ratios."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Ints, check_same_length
from labelwright.policy.base import CHOSEN, RANDOM, RESERVE, Policy, Slots
from labelwright.strategies import Evidence, Picks, Strategy, make
from labelwright.strategies.base import others

LASTING = 64  # picks that a batch-aware strategy makes at least, so that a head lasts until the next one
SEED = "max-herding"


def rank(
    policy: Policy,
    evidence: Evidence,
    *,
    candidates: Ints,
    reserve: Ints,
    rng: np.random.Generator,
    n_asked: int = 0,
    reserve_groups: Ints | None = None,
) -> Slots:
    """Order items to ask about.

    Parameters
    ----------
    policy : Policy
    evidence : Evidence
        Of the candidates, in their order.
    candidates : int64 array of shape (n_items,)
        Item ordinals of the evidence's rows.
    reserve : int64 array of shape (n_reserve,)
        Ordinals of reserve items still to be asked.
    rng : numpy Generator
    n_asked : int
        Items asked so far. The pattern of kinds runs on from there, so that the ratios hold however
        often a ranking is replaced.
    reserve_groups : int64 array of shape (n_reserve,), optional
        Duplicate groups of the reserve items; one of each is asked.

    Returns
    -------
    slots : Slots
        At most ``policy.n_slots``. A random slot is uniform over the candidates that no earlier slot
        holds, a reserve slot over the reserve that is left.

    Notes
    -----
    Of the g-th slot asked in a project's life, reserve is it where floor((g + 1) r) > floor(g r), and so
    for random among the rest. Where one kind has run out, the others go on.

    Examples
    --------
    >>> evidence = Evidence(np.arange(20.0)[:, None])
    >>> slots = rank(Policy(n_slots=10), evidence, candidates=np.arange(20), reserve=np.arange(20, 25),
    ...              rng=np.random.default_rng(0))
    >>> slots.kind.tolist().count("reserve"), slots.mode
    (2, 'seed')
    """
    check_same_length("rank", candidates=len(candidates), evidence=evidence.n_items)
    strategy = policy.make_strategy()
    if not (evidence.taught or strategy.cold):
        strategy = make(SEED)
    random_share = 1.0 if strategy.random_share == 1 else policy.random_share
    n_chosen = min(policy.n_slots, evidence.n_items) if random_share < 1 else 0
    picks = _order(strategy, evidence, n_chosen, max(policy.batch_size, LASTING), rng) if n_chosen else None
    shuffled = rng.permutation(evidence.n_items)
    kept = rng.permutation(len(reserve))
    closed = np.zeros(evidence.n_items, dtype=bool)
    closed_reserve: set[int] = set()
    source = {CHOSEN: iter(picks.indices.tolist() if picks else ()), RANDOM: iter(shuffled.tolist())}
    kept_order = iter(kept.tolist())
    rank_of = {position: k for k, position in enumerate(picks.indices.tolist())} if picks else {}
    rows: list[tuple[int, str, int, float]] = []  # ordinal, kind, place among the picks, propensity
    n_open, n_reserve = evidence.n_items, len(reserve)

    def next_candidate(kind: str) -> bool:
        nonlocal n_open
        position = next((p for p in source[kind] if not closed[p]), None)
        if position is None:
            return False
        propensity = 1 / n_open if kind == RANDOM else np.nan
        rows.append((int(candidates[position]), kind, rank_of.get(position, -1), propensity))
        mates = evidence.closes(position)
        n_open -= int((~closed[mates]).sum())
        closed[mates] = True
        return True

    def next_reserve() -> bool:
        nonlocal n_reserve
        for k in kept_order:
            if reserve_groups is not None:
                if int(reserve_groups[k]) in closed_reserve:
                    continue
                closed_reserve.add(int(reserve_groups[k]))
            rows.append((int(reserve[k]), RESERVE, -1, 1 / n_reserve))
            n_reserve -= 1 if reserve_groups is None else int((reserve_groups == reserve_groups[k]).sum())
            return True
        return False

    while len(rows) < policy.n_slots:
        kind = kind_of(n_asked + len(rows), policy.reserve_share if len(reserve) else 0.0, random_share)
        if kind == RESERVE and next_reserve():
            continue
        if not (next_candidate(RANDOM if kind == RANDOM else CHOSEN) or next_candidate(RANDOM) or next_reserve()):
            break
    return _slots(rows, picks)


def kind_of(g: int, reserve_share: float, random_share: float) -> str:
    """The kind of the g-th slot of a project.

    >>> [kind_of(g, 0.2, 0.25) for g in range(5)]
    ['chosen', 'chosen', 'chosen', 'random', 'reserve']
    """
    if int((g + 1) * reserve_share + 1e-9) > int(g * reserve_share + 1e-9):
        return RESERVE
    j = g - int(g * reserve_share + 1e-9)  # places before this one that are not reserve
    return RANDOM if int((j + 1) * random_share + 1e-9) > int(j * random_share + 1e-9) else CHOSEN


def _order(strategy: Strategy, evidence: Evidence, n: int, n_batch: int, rng: np.random.Generator) -> Picks:
    """The strategy's n picks; after a batch, a batch-aware one goes on by the model's doubt."""
    if not strategy.batch_aware or n <= n_batch:
        return strategy.pick(evidence, n, rng)
    picks = strategy.pick(evidence, n_batch, rng)
    rest = others(evidence.n_items, picks.indices)
    keys = evidence.keys(rng)
    doubt = evidence.doubt[rest] if evidence.taught else np.zeros(len(rest))
    if len(rest) > n - n_batch:  # hash ties only among what can still get a slot
        last = np.partition(doubt, len(rest) - (n - n_batch))[len(rest) - (n - n_batch)]
        enough = np.flatnonzero(doubt >= last)
        if len(enough) > 10 * n:
            enough = np.sort(rng.choice(enough, size=10 * n, replace=False)) if not evidence.taught else enough
        rest, doubt = rest[enough], doubt[enough]
    tail = rest[np.lexsort((keys(rest), -doubt))][: n - n_batch]
    missing = np.full(len(tail), np.nan)
    return Picks(
        np.concatenate([picks.indices, tail]),
        np.concatenate([picks.scores, missing]),
        {key: np.concatenate([part, missing]) for key, part in picks.reasons.items()},
        picks.mode,
    )


def _slots(rows: list[tuple[int, str, int, float]], picks: Picks | None) -> Slots:
    item_idx = np.array([row[0] for row in rows], dtype=np.int64)
    kind = np.array([row[1] for row in rows], dtype="<U8")
    place = np.array([row[2] for row in rows], dtype=np.int64)

    def part(values: npt.NDArray[np.floating] | None) -> npt.NDArray[np.float32]:
        if values is None or not len(values):
            return np.full(len(rows), np.nan, dtype=np.float32)
        return np.where(place >= 0, values[np.maximum(place, 0)], np.nan).astype(np.float32)

    return Slots(
        item_idx,
        kind,
        part(picks.scores if picks else None),
        np.array([row[3] for row in rows], dtype=np.float64),
        {key: part(values) for key, values in picks.reasons.items()} if picks else {},
        picks.mode if picks else "",
    )
