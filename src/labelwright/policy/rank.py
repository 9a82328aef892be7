"""Fill slots: the strategy's picks, the random share and the reserve, at fixed ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from labelwright.check import Ints, check_same_length
from labelwright.policy.base import Policy, Slots
from labelwright.policy.constraints import AT_LEAST, Columns, Constraint, eligible, of_value
from labelwright.policy.filling import Filling, Queue
from labelwright.policy.kinds.chosen import Chosen
from labelwright.policy.kinds.random import Random
from labelwright.policy.kinds.reserve import Reserve
from labelwright.policy.window import Window
from labelwright.strategies import Evidence, Picks, Strategy, make
from labelwright.strategies.base import others
from labelwright.strategies.shared.selection import POOL

PREDICTED = "predicted"  # the column of the likeliest label; absent before there is a model
SPARE = 4  # picks for each slot if constraints may make some wait
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
    labeled: Ints | None = None,
    columns: Columns | None = None,
    counts: Mapping[str, Mapping[str, int]] | None = None,
    places: Ints | None = None,
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
    labeled : int64 array of shape (n_labels,), optional
        Ordinals of the evidence's labeled items, for strategies that ask about them again; without it they do not.
    columns : mapping of str to array of shape (n_items,), optional
        Values of the candidates that constraints speak of; "predicted" is added. A part of the items that a
        constraint names is a column as `labelwright.policy.constraints.slice_values` makes it.
    counts : mapping of str to mapping, optional
        How often each value was asked in this round, by column.
    places : int64 array of shape (n_items,), optional
        Of the candidates in the permutation of the pool, see `labelwright.policy.arm`. The random share follows it,
        outside of quotas and of what is predicted; it is drawn anew, and constrained like the rest, if left out.

    Returns
    -------
    slots : Slots
        At most ``policy.n_slots``. A random slot is uniform over the candidates that no earlier slot
        holds and that the constraints on it allow, a reserve slot over the reserve that is left. A round that the
        constraints leave short makes way for the next; fewer slots come out where nothing more is allowed.

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
    named = [rule for rule in policy.rules() if rule.column != PREDICTED or evidence.taught]
    rules = [rule if rule.column in (columns or {}) else rule.on_columns() for rule in named]
    if rules:
        if any(rule.column == PREDICTED for rule in rules):
            columns = {PREDICTED: evidence.predicted(), **(columns or {})}
        columns = columns or {}
        fixed = rules if places is None else [rule for rule in rules if rule.column != PREDICTED]
        left = np.flatnonzero(eligible(fixed, columns, evidence.n_items))
        evidence, candidates = evidence.subset(left), candidates[left]
        columns = {column: values[left] for column, values in columns.items()}
        places = None if places is None else places[left]
    # a policy without random slots keeps without, whatever the metric
    share = policy.random_share and max(policy.random_share, strategy.least_random(evidence))
    random_share = 1.0 if strategy.random_share == 1 else share
    picks = None
    again = labeled is not None and evidence.taught
    askable = eligible(rules, columns or {}, evidence.n_items)
    if random_share < 1 and (evidence.n_items or again):
        picks = _picks(strategy, evidence, policy, rules, columns or {}, rng, np.flatnonzero(askable), again=again)
    window = Window(rules, columns or {}, policy.batch_size, counts)
    filling = Filling(evidence, candidates, labeled, picks, window, rng, askable=askable, places=places)
    reserve_queue = Queue(reserve, reserve_groups, rng)
    if places is not None and window.codes:
        random_share = share  # the rest of a strategy that samples at random keeps to the quotas
    while len(filling.rows) < policy.n_slots:
        kind = kind_of(n_asked + len(filling.rows), policy.reserve_share if len(reserve) else 0.0, random_share)
        if kind == Reserve.name and reserve_queue.next_into(filling.rows):
            continue
        if kind == Random.name and places is not None and filling.next_random(limited=False):
            continue
        chosen = kind != Random.name and filling.next_chosen()
        if chosen or filling.next_random() or reserve_queue.next_into(filling.rows):
            continue
        if policy.n_slots <= policy.batch_size or not window.turn():
            break
    slots = filling.slots()
    return replace(slots, why=strategy.with_share(slots.why, evidence, share))


def kind_of(g: int, reserve_share: float, random_share: float) -> str:
    """The kind of the g-th slot of a project.

    >>> [kind_of(g, 0.2, 0.25) for g in range(5)]
    ['chosen', 'chosen', 'chosen', 'random', 'reserve']
    """
    if int((g + 1) * reserve_share + 1e-9) > int(g * reserve_share + 1e-9):
        return Reserve.name
    j = g - int(g * reserve_share + 1e-9)  # places before this one that are not reserve
    return Random.name if int((j + 1) * random_share + 1e-9) > int(j * random_share + 1e-9) else Chosen.name


def _picks(
    strategy: Strategy, evidence: Evidence, policy: Policy, rules: Sequence[Constraint], columns: Columns,
    rng: np.random.Generator, allowed: Ints, *, again: bool,
) -> Picks | None:  # fmt: skip
    """The strategy's picks among the candidates that "only" and "never" allow, in terms of all candidates."""
    if len(allowed) == evidence.n_items:
        picks = _order(strategy, evidence, policy, rng, again=again)
        return picks and _with_quotas(picks, strategy, evidence, policy, rules, columns, rng)
    part = evidence.subset(allowed)
    picks = _order(strategy, part, policy, rng, again=again)
    values = {column: those[allowed] for column, those in columns.items()}
    picks = picks and _with_quotas(picks, strategy, part, policy, rules, values, rng)
    if picks is None or not len(allowed):
        return picks
    own = picks.sources == POOL
    indices = np.where(own, allowed[np.where(own, picks.indices, 0)], picks.indices)
    return replace(picks, indices=indices)


def _order(
    strategy: Strategy, evidence: Evidence, policy: Policy, rng: np.random.Generator, *, again: bool
) -> Picks | None:
    """The strategy's picks for all slots, None without any; after a batch-aware strategy's batch, doubt decides."""
    n = min(policy.n_slots, strategy.most(evidence) if again else evidence.n_items)
    if not n:
        return None
    n_batch = min(n, max(policy.batch_size, LASTING))
    if policy.constraints:  # some picks will have to wait for the next round
        n = min(SPARE * n, max(n, evidence.n_items))
    picks = strategy.pick(evidence, n if not strategy.batch_aware else n_batch, rng)
    if picks.source is not None and not again:
        picks = picks.take(np.flatnonzero(picks.source == POOL))
    if len(picks.indices) >= n:
        return picks
    rest = others(evidence.n_items, picks.pool)
    n_more = min(n - len(picks.indices), len(rest))
    keys = evidence.keys(rng)
    doubt = evidence.doubt[rest] if evidence.doubtful else np.zeros(len(rest))
    if len(rest) > n_more:  # hash ties only among what can still get a slot
        last = np.partition(doubt, len(rest) - n_more)[len(rest) - n_more]
        enough = np.flatnonzero(doubt >= last)
        if len(enough) > 10 * n:
            enough = np.sort(rng.choice(enough, size=10 * n, replace=False)) if not evidence.doubtful else enough
        rest, doubt = rest[enough], doubt[enough]
    return picks.followed_by(rest[np.lexsort((keys(rest), -doubt))][:n_more])


def _with_quotas(
    picks: Picks, strategy: Strategy, evidence: Evidence, policy: Policy, rules: Sequence[Constraint],
    columns: Columns, rng: np.random.Generator,
) -> Picks:  # fmt: skip
    """Append the strategy's picks among the items of each value that has a lower limit."""
    for rule in rules:
        if rule.rule != AT_LEAST:
            continue
        positions = of_value(rule, columns)
        missing = positions[~np.isin(positions, picks.pool)]
        rounds = -(-policy.n_slots // policy.batch_size)
        n_more = min(len(missing), rule.count(policy.batch_size) * rounds)
        if n_more:
            picks = picks.followed_by(missing[strategy.pick(evidence.subset(missing), n_more, rng).pool])
    return picks
