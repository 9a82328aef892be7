"""The contract of a strategy: which items to ask about."""

from __future__ import annotations

import json
from abc import ABC
from dataclasses import replace
from typing import ClassVar

import numpy as np

from labelwright.check import Floats, Ints, check_count, check_finite, check_one_of, complain
from labelwright.errors import LabelwrightError
from labelwright.evidence.base import Evidence
from labelwright.evidence.known import DOUBT
from labelwright.kernels.blocks import one_blas_thread
from labelwright.kernels.top import top_n
from labelwright.plain import JsonObject
from labelwright.scores.diversity import committee_diversity
from labelwright.strategies.shared.selection import LABELED, POOL, RANDOM, STRATEGY, Picks, Selection
from labelwright.tasks.base import Task
from labelwright.words import Reason, join

N_LOOKED = 5000  # items that a committee's diversity is measured on


class Strategy(ABC):
    """A scorer or a batch picker over lazily computed evidence; a new one is one file in this package.

    Write ``_score`` for a strategy that looks at each item alone: the base ranks, breaks ties by a
    seeded hash of the item, and divides by costs. Write ``_pick`` for one that looks at the batch,
    and set ``batch_aware``. Parameters are keyword arguments of ``__init__``, kept as given.

    Attributes
    ----------
    name : str
        Stored in databases: a changed algorithm is a new name, with its version in it, such as "auto-2".
    alias, version : str and int
        The name that people write for the newest version, and which version this is.
    family : str
        What it belongs to, for lists and docs.
    tasks : tuple of str
        Kinds of labels it can serve, by name. Other tasks are served if they offer all that it needs.
    needs : tuple of str
        Evidence it looks at: "margin", "scored" (scores that the task makes of its predictions), "proba" (one row of
        probabilities an item), "doubt", "draws", "embed"; "answers" of labeled items, predictions of "labeled" or of
        "changed" items, "annotations".
    batch_aware : bool
        Whether the picks of a batch depend on each other.
    has_gain : bool
        Whether `_gain` is at least 0, so that it may be divided by costs.
    by_row : bool
        Whether the score of an item follows from its own predictions alone, so that a pool may be scored by shards.
    drawn : bool
        Whether its picks are sampled, so that the order of the candidates changes them.
    cold : bool
        Whether it can pick a first batch when nothing is labeled.
    random_share : float
        Part of a batch that is sampled uniformly at random when nobody says otherwise; 1 for the baseline.
    reference : str
        Paper with equation or section.
    """

    name: str
    alias: ClassVar[str] = ""
    version: ClassVar[int] = 1
    family: ClassVar[str]
    tasks: tuple[str, ...] = ("classification", "multilabel", "regression")
    needs: tuple[str, ...] = ()
    batch_aware: bool = False
    has_gain: bool = False
    by_row: ClassVar[bool] = False
    drawn: ClassVar[bool] = False
    cold: bool = False
    random_share: float = 0.0
    reference: ClassVar[str] = ""

    def select(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Selection:
        """Select n candidates, the strategy's random share among them.

        Parameters
        ----------
        evidence : Evidence
        n : int
            Between 1 and the number of candidates.
        rng : numpy Generator
            The one generator of the run.

        Raises
        ------
        InputError
            If n is out of range, the task is not one of the strategy's, or evidence is missing.

        Notes
        -----
        Random picks come last; the n-th part of the share is rounded up or down at random, so that
        its expectation holds for n = 1 too.
        """
        self._check_ask(evidence, n, evidence.n_items)
        share = max(self.random_share, self.least_random(evidence))
        n_random = int(np.floor(n * share + rng.random())) if share else 0
        picks = self.pick(evidence, n - n_random, rng) if n > n_random else _nothing()
        left = others(evidence.n_items, picks.pool) if n_random else picks.indices[:0]
        n_random = min(n_random, len(left))
        drawn = rng.choice(left, n_random, replace=False) if n_random else left
        missing = np.full(n_random, np.nan)
        propensity = np.full(n, np.nan)
        propensity[n - n_random :] = 1 / (len(left) - np.arange(n_random))
        return Selection(
            indices=np.concatenate([picks.indices, drawn]).astype(np.int64),
            scores=np.concatenate([picks.scores, missing]),
            reasons={key: np.concatenate([part, missing]) for key, part in picks.reasons.items()},
            source=np.concatenate([picks.sources, np.full(n_random, POOL)]),
            origin=np.repeat([STRATEGY, RANDOM], [n - n_random, n_random]),
            propensity=propensity,
            mode=picks.mode,
            why=self.with_share(picks.why, evidence, share),
        )

    def pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        """The strategy's own n picks, without a random share; checked. More than there are candidates: see `most`."""
        self._check_ask(evidence, n, evidence.n_items if n <= evidence.n_items else self.most(evidence))
        with one_blas_thread():  # blocks of rows run in parallel instead, see kernels/blocks.py
            picks = self._pick(evidence, n, rng)
        if len(picks.indices) < n:
            picks = _filled(picks, evidence, n, rng)
        self._check(picks, evidence, n)
        if "draws" in self.needs and evidence.task is not None:
            votes = evidence.task.votes(evidence.draws[:, :: max(1, evidence.n_items // N_LOOKED)])
            figures = {"n_members": len(votes), "disagreement": float(committee_diversity(votes))}
            picks = replace(picks, why=join(picks.why, Reason("committee", figures)))
        return picks

    def score(self, evidence: Evidence) -> Floats:
        """The score of every candidate, (n_items,), where the strategy has one; higher means ask first."""
        gains = evidence.scores.of(self.key) if self.by_row and evidence.scores is not None else None
        if gains is None:
            gains = self._score(evidence) if evidence.costs is None else self._gain(evidence)
        scores = gains if evidence.costs is None else gains / evidence.costs
        check_finite(self.name, "the scores", scores)
        return scores

    def raw_score(self, evidence: Evidence, *, gain: bool) -> Floats:
        """Scores, or gains before costs divide them, (n_items,), of a shard of the candidates; where ``by_row``."""
        return self._gain(evidence) if gain else self._score(evidence)

    def shard_key(self, task: Task, metric: str | None) -> str:
        """What of it shards can compute: its scores, by its `key`; the doubt that it begins with; "" for nothing."""
        if self.by_row:
            return self.key
        return DOUBT if "doubt" in self.needs_of(task) and not task.doubts_draws else ""

    def of_shard(self, evidence: Evidence, *, gain: bool) -> Floats:
        """What `shard_key` names, (n_items,), of a shard of the candidates."""
        return self.raw_score(evidence, gain=gain) if self.by_row else evidence.doubt

    @property
    def key(self) -> str:
        """Its name with its parameters, by which scores that were computed by shards are found."""
        return f"{self.name} {json.dumps(self.params(), sort_keys=True, default=str)}"

    @property
    def by_name(self) -> bool:
        """Whether it says who is to answer, for which it has to know who there is and what an answer costs."""
        return False

    def most(self, evidence: Evidence) -> int:
        """How many picks it can make: the candidates, and labeled items where it asks about these again."""
        return evidence.n_items

    def needs_of(self, task: Task) -> tuple[str, ...]:
        """The evidence that it looks at for a task; overridden by strategies that need less for some tasks."""
        return self.needs

    def least_random(self, evidence: Evidence) -> float:
        """Part of a batch that is to be sampled uniformly at random at least, for what the labels are collected for."""
        return 0.0

    def with_share(self, why: Reason, evidence: Evidence, share: float) -> Reason:
        """What it did, with the random share in it if that is as large for the metric."""
        for_metric = self.least_random(evidence)
        if not share or not len(why.code) or share > for_metric or for_metric <= self.random_share:
            return why
        return join(why, Reason("random-for-metric", {"metric": evidence.metric, "share": share}))

    # --- hooks

    def _score(self, evidence: Evidence) -> Floats:
        """Score each candidate, (n_items,)."""
        raise NotImplementedError

    def _gain(self, evidence: Evidence) -> Floats:
        """The expected gain of asking, (n_items,), at least 0; the score itself unless that can be negative."""
        return self._score(evidence)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        """Pick n candidates; by default those with the highest scores."""
        scores = self.score(evidence)
        best = top_n(scores, n, evidence.keys(rng))
        return Picks(best, scores[best], {self.name: scores[best]})

    def _check_ask(self, evidence: Evidence, n: int, most: int) -> None:
        check_count(self.name, "n", n, 1, most, "Ask for fewer, or add items.")
        if evidence.task is not None and not serves(self, evidence.task):
            check_one_of(self.name, "task", evidence.task.name, self.tasks, "Choose another strategy.")
        if evidence.costs is not None and not self.has_gain:
            cure = "Use margin or auto, or drop costs."
            raise complain(self.name, "costs", "None for a strategy without a gain", "an array", cure)

    def _check(self, picks: Picks, evidence: Evidence, n: int) -> None:
        n_labeled = len(evidence.embed_labeled) if picks.source is not None else 0
        n_distinct = 0
        for source, limit in ((POOL, evidence.n_items), (LABELED, n_labeled)):
            indices = picks.indices[picks.sources == source]
            n_distinct += len(np.unique(indices[(indices >= 0) & (indices < limit)]))
        if not len(picks.indices) == len(picks.scores) == n == n_distinct:
            raise LabelwrightError(
                f"{self.name}: the picks must be {n} distinct candidates, got {n_distinct}.",
                "This is a fault of the strategy.",
            )

    def params(self) -> JsonObject:
        """Its parameters, as plain JSON."""
        return {key: value for key, value in vars(self).items() if not key.startswith("_")}


def serves(strategy: Strategy | type[Strategy], task: Task) -> bool:
    """Whether a strategy can serve a task: it names the task, or the task offers all that it needs."""
    return task.name in strategy.tasks or (bool(task.offers) and set(strategy.needs) <= task.offers)


def others(n_items: int, taken: Ints) -> Ints:
    """Positions that are not taken, sorted."""
    free = np.ones(n_items, dtype=bool)
    free[taken] = False
    return np.flatnonzero(free)


def _nothing() -> Picks:
    return Picks(np.empty(0, dtype=np.int64), np.empty(0))


def _filled(picks: Picks, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
    """Add candidates that a picker left out (duplicates of picks, mostly), in hashed order, scored last."""
    left = others(evidence.n_items, picks.pool)
    more = left[np.argsort(evidence.keys(rng)(left), kind="stable")][: n - len(picks.indices)]
    return picks.followed_by(more, float(picks.scores.min(initial=0)))
