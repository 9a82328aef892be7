"""What `speed` times, what each may cost at most, and what is lost by looking at a part of the pool."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import numpy as np

import labelwright as lw
from benchmarks.speed_pool import N_CLASSES, N_LABELED, Pool
from labelwright.kernels.distances import nearest, squared_distances
from labelwright.kernels.herding import coverage
from labelwright.kernels.joint import Configurations
from labelwright.kernels.places import Places
from labelwright.kernels.plogp import shannon
from labelwright.strategies import auto_2, cluster_margin, k_means, make, names, typiclust, uherding
from labelwright.strategies.shared import covering

BATCH = 100
N_WARM = 2000  # candidates of the call before the clock runs


@dataclass(frozen=True)
class Case:
    """One strategy on one pool; ``whose`` is ours, "loss", or the name of another library."""

    strategy: str
    n_items: int
    n: int = BATCH
    n_classes: int = N_CLASSES
    n_labeled: int = N_LABELED
    whose: str = "ours"

    @property
    def title(self) -> str:
        """The strategy, with what differs from the common setting."""
        differs = [f"b = {self.n}"] * (self.n != BATCH) + [f"K = {self.n_classes}"] * (self.n_classes != N_CLASSES)
        return ", ".join([self.strategy, *differs, *[f"{self.n_labeled} labeled"] * (self.n_labeled != N_LABELED)])


@dataclass(frozen=True)
class Goal:
    """The most that a strategy may cost.

    Attributes
    ----------
    passes, products : float
        Time, in passes over the pool and in products of the pool with the labeled items.
    mb : float
        Memory beyond what the process held, at 1,000,000 items.
    seconds : float, optional
        Time where it is said in seconds, up to ``n_most`` items.
    """

    passes: float = 0
    products: float = 0
    mb: float = 1000
    seconds: float | None = None
    n_most: int = 0

    def limit(self, n_items: int, P: float, G: float) -> float | None:
        """Seconds allowed; None where nothing is said: with small pools what a call costs anyway is all there is."""
        if self.seconds is not None:
            return self.seconds if n_items <= self.n_most else None
        return self.passes * P + self.products * G if n_items >= 100_000 else None

    def __str__(self) -> str:
        if self.seconds is not None:
            return f"{self.seconds:g} s to {self.n_most:,}"
        return f"{self.passes:g} P" + (f" + {self.products:g} G" if self.products else "")


def _goals() -> dict[Case, Goal]:
    """By case, at 0 items."""
    committee = ("vote-entropy", "consensus-entropy", "committee-kl", "variation-ratio", "max-disagreement", "bald")
    spread = ("cluster-margin", "dropquery", "uherding", "auto")
    cover = ("typiclust", "probcover", "max-herding", "facility-location", "information-density")
    found = {"margin": Goal(1, mb=100), "least-confidence": Goal(1, mb=100), "entropy": Goal(3, mb=100)}
    found |= dict.fromkeys(committee, Goal(20, mb=200))
    found |= {"k-center": Goal(BATCH, 1.2, 300), "badge": Goal(1.3 * BATCH, mb=500), "bait": Goal(3 * BATCH)}
    found |= dict.fromkeys(spread, Goal(2 * BATCH, 1.2)) | dict.fromkeys(cover, Goal(5 * BATCH, 1.2))
    found |= {"epig": Goal(seconds=10, n_most=50_000), "expected-error-reduction": Goal(seconds=10, n_most=10_000)}
    goals = {Case(name, 0): goal for name, goal in found.items()}
    goals[Case("badge", 0, n_classes=100)] = Goal(2 * BATCH)
    goals[Case("batch-bald", 0, n=10)] = Goal(seconds=10, n_most=50_000)
    goals |= {Case("auto", 0, n_labeled=n_labeled): Goal(2 * BATCH, 1.2) for n_labeled in (50, 0)}
    return goals


GOALS = _goals()


def goal_of(case: Case) -> Goal | None:
    """What a case may cost; None where nobody said."""
    return GOALS.get(replace(case, n_items=0, whose="ours"))


def cases(sizes: Iterable[int], strategies: Iterable[str] | None = None) -> list[Case]:
    """Every strategy there is at each size, those with a goal first; where a goal ends at a size, that size too."""
    wanted = set(names() if strategies is None else strategies)
    said = {case.strategy for case in GOALS}
    rows = [*GOALS, *(Case(name, 0) for name in names() if name not in said)]
    found, largest = [], max(sizes, default=0)
    for row in rows:
        ends = GOALS[row].n_most if row in GOALS else 0
        for size in sorted({*sizes, ends} if 0 < ends < largest else sizes):
            if row.strategy in wanted:
                found.append(replace(row, n_items=size))
    return found


def form_of(case: Case) -> str:
    """The kind of answer that a strategy is timed with: classes if it knows them, else labels, else numbers."""
    return {"classification": "classes", "multilabel": "labels"}.get(make(case.strategy).tasks[0], "value")


def call(case: Case, pool: Pool) -> Callable[..., lw.strategies.Selection]:
    """What runs `labelwright.select` with predictions given, on all candidates or the first few."""
    form, needs = form_of(case), set(make(case.strategy).needs)
    X, given, draws, n_labeled = pool.items, dict[str, Any](), None, case.n_labeled
    if n_labeled:
        given |= {"X_labeled": pool.labeled[:n_labeled], "y_labeled": pool.answers(form, case.n_classes)[:n_labeled]}
        if {"labeled", "changed"} & needs:
            given["model"] = pool.model(form, n_labeled, case.n_classes)
    proba = None
    if n_labeled and form != "value" and {"proba", "margin", "doubt"} & needs:
        proba = pool.proba(form, case.n_classes, n_labeled)
    if "draws" in needs or (form == "value" and {"proba", "doubt"} & needs):
        draws = pool.draws(form)
    if "annotations" in needs:
        given["annotations"] = _annotations(given["y_labeled"], case.n_classes)

    def select(n_items: int | None = None, strategy: Any = case.strategy, n: int = case.n) -> lw.strategies.Selection:
        rows = slice(n_items)
        more = {"proba": None if proba is None else proba[rows], "draws": None if draws is None else draws[:, rows]}
        return lw.select(strategy, X[rows], n=n, embed=X[rows], **given, **more)

    return select


def _annotations(y: Any, n_classes: int) -> tuple[Any, Any, Any]:
    """Three answers an item by ten people, each wrong now and then."""
    rng = np.random.default_rng(1)
    item = np.repeat(np.arange(len(y)), 3)
    answer = np.where(rng.random(len(item)) < 0.15, rng.integers(n_classes, size=len(item)), y[item])
    return item, (item + np.tile([0, 3, 5], len(y))) % 10, answer


# --- what is lost: the strategy's own objective over the whole pool, as a share of what the exact setting reaches

Row = tuple[str, float]


def losses(case: Case, pool: Pool) -> list[Row]:
    """What was compared, and the share reached, for a case of `loss_cases`."""
    return LOSSES[case.strategy](case, pool)


def loss_cases(n_items: int, strategies: Iterable[str] | None = None) -> list[Case]:
    """The strategies that look at a part of the pool; those that cover it also with nothing labeled."""
    labeled = dict.fromkeys(("max-herding", "facility-location", "probcover"), (0, N_LABELED))
    labeled["auto"] = (50, N_LABELED)
    n = {"batch-bald": 10, "cluster-margin": 1000}
    return [
        Case(name, n_items, n.get(name, BATCH), n_labeled=n_labeled, whose="loss")
        for name in LOSSES
        if strategies is None or name in strategies
        for n_labeled in labeled.get(name, (N_LABELED,))
    ]


def _herded(case: Case, pool: Pool) -> list[Row]:
    """Coverage that the batch adds, weighted as by the strategy, under one kernel for both settings."""
    select, everything = call(case, pool), pool.n_items
    module = {"auto": auto_2, "uherding": uherding}.get(case.strategy, covering)
    herd = module.herd_among
    used: dict[str, Any] = {}

    def watched(evidence: Any, some: Any, targets: Any, weights: Any, kernel: Any, *rest: Any, **more: Any) -> Any:
        used.update(kernel=used.get("fixed", kernel), weights=weights)
        return herd(evidence, some, targets, weights, used["kernel"], *rest, **more)

    def picked(strategy: Any) -> Any:
        found = select(strategy=strategy)
        return found.indices[found.origin == "strategy"], found.scores[found.origin == "strategy"].sum()

    labeled = pool.labeled[: case.n_labeled]
    with patch.object(module, "herd_among", watched):
        part = picked(make(case.strategy))[0]
        kernels = {"kernel of the sample": used["kernel"]}
        whole = make(case.strategy)
        if case.strategy == "auto":
            limits = patch.multiple(auto_2, N_TARGETS=everything, MAX_CANDIDATES=everything)
        else:
            limits = patch.multiple(whole, n_targets=everything, max_candidates=everything)

        def added(batch: Any) -> float:
            weights = used["weights"] / used["weights"].sum()
            before = coverage(pool.items, labeled, used["kernel"])
            after = coverage(pool.items, pool.items[batch], used["kernel"])
            return float(np.maximum(after - before, 0) @ weights)

        with limits:
            if module is covering:
                picked(whole)
                kernels["kernel of the whole pool"] = used["kernel"]
            rows = []
            for name, used["fixed"] in kernels.items():
                full, told = picked(whole)
                if not np.isclose(added(full), told, rtol=1e-2):
                    raise ArithmeticError(f"{case.title}: scores sum to {told}, the coverage added is {added(full)}")
                said = f"coverage added, {name}" if module is covering else "doubt covered"
                rows.append((said, float(added(part) / told)))
    return rows


def _clustered(case: Case, pool: Pool) -> list[Row]:
    """How close the centres come to all items, and for typiclust how near the picks' neighbours are."""
    module = {"typiclust": typiclust, "k-means": k_means}[case.strategy]
    select, found = call(case, pool), []
    cluster = module.k_means

    def watched(*arguments: Any) -> Any:
        found.append(cluster(*arguments))
        return found[-1]

    with patch.object(module, "k_means", watched):
        batches = [select(strategy=make(case.strategy, **more)).indices for more in ({}, {"max_items": pool.n_items})]
    part, whole = (float(nearest(Places(pool.items), centres).mean()) for centres, _ in found)
    rows = [("squared distance to the nearest centre, whole over sample", whole / part)]
    if case.strategy == "typiclust":
        near = [np.partition(squared_distances(pool.items[batch], pool.items), 20)[:, :21] for batch in batches]
        typical = [float((20 / np.sqrt(squares).sum(axis=1)).mean()) for squares in near]
        rows.append(("typicality of the picks in the whole pool", typical[0] / typical[1]))
    return rows


def _joint(case: Case, pool: Pool) -> list[Row]:
    """Information of the batch's answers together, with 200,000 sets of answers."""
    select, draws = call(case, pool), pool.draws("classes")

    def information(**params: Any) -> float:
        batch, rng, total = Configurations(len(draws), 200_000), np.random.default_rng(0), 0.0
        for pick in select(strategy=make(case.strategy, **params)).indices:
            members = draws[:, [pick]].astype(np.float64)
            spread = np.stack([shannon(member) for member in members])
            total += float(batch.information(members, spread)[0])
            batch.add(members[:, 0], rng)
        return total

    n, whole = pool.n_items, information(max_candidates=pool.n_items)
    rows = [(f"candidates {n // part:,} of {n:,}", information(max_candidates=n // part) / whole) for part in (2, 20)]
    most = information(max_candidates=n, max_configurations=200_000)
    return [*rows, (f"10,000 sets of answers against 200,000 ({most:.2f} nats)", whole / most)]


def _scored(case: Case, pool: Pool) -> list[Row]:
    """The sum of the picks' scores, each in the mean over all items of a smaller pool."""
    few = min(pool.n_items, {"epig": 10_000, "expected-error-reduction": 2000}[case.strategy])
    select = call(case, pool)
    every = select(few, make(case.strategy, n_targets=few, max_candidates=few), few)
    score = np.empty(few)
    score[every.indices] = every.scores
    best = np.sort(score)[-case.n :].sum()
    parts = {"500 targets": {"n_targets": 500}, "half of the candidates": {"max_candidates": few // 2}}
    parts["a twentieth of the candidates"] = {"max_candidates": few // 20}
    rows = []
    for name, more in parts.items():
        picks = select(few, make(case.strategy, **({"n_targets": few, "max_candidates": few} | more))).indices
        rows.append((f"{name}, of {few:,}", float(score[picks].sum() / best)))
    return rows


def _bundled(case: Case, pool: Pool) -> list[Row]:
    """Clusters of the tree of all candidates that the batch asks from."""
    select, link, trees = call(case, pool), cluster_margin._linked, []

    def watched(evidence: Any, kept: Any, *rest: Any) -> Any:
        trees.append((kept, link(evidence, kept, *rest)))
        return trees[-1][1]

    with patch.object(cluster_margin, "_linked", watched):
        part = select().indices
        with patch.object(cluster_margin, "MAX_LEAVES", pool.n_items):
            whole = select().indices
    of = dict(zip(*(array.tolist() for array in trees[-1]), strict=True))
    touched = [len({of[pick] for pick in batch.tolist()}) for batch in (part, whole)]
    return [(f"clusters asked from, b = {case.n:,}", touched[0] / touched[1])]


LOSSES: dict[str, Callable[[Case, Pool], list[Row]]] = {
    **dict.fromkeys(("max-herding", "facility-location", "probcover", "uherding", "auto"), _herded),
    **dict.fromkeys(("typiclust", "k-means"), _clustered),
    **dict.fromkeys(("epig", "expected-error-reduction"), _scored),
    "batch-bald": _joint,
    "cluster-margin": _bundled,
}
