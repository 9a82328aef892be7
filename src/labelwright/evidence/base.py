"""What a strategy may look at; each part is computed when it is first used."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_finite, check_same_length, complain
from labelwright.evidence.annotations import Annotations
from labelwright.evidence.identity import Duplicates, tie_keys
from labelwright.evidence.known import DOUBT, KnownScores
from labelwright.evidence.source import SourceItems
from labelwright.kernels.hashing import Hashes, hash_rows, mix
from labelwright.kernels.places import Places
from labelwright.kernels.rows import FeatureRows, LazyRows
from labelwright.kernels.top import Keys
from labelwright.scores.uncertainty import margin
from labelwright.tasks.base import Scorer, Task
from labelwright.tasks.predictions import Predictions

Change = Callable[[object], object]  # rows as the model sees them, before and after


class Evidence:
    """Candidates and everything that is known about them.

    Parameters
    ----------
    embed : array of shape (n_all, n_dims)
        Numeric features in which near means alike; may be a memory map, or a function that gives it.
    rows : int64 array of shape (n_items,), optional
        Which rows of ``embed`` are candidates; all by default.
    task : Task, optional
    predict, committee : callable, optional
        Give `Predictions` of the candidates and the draws of a committee, (n_draws, n_items, n_outputs); called once,
        if at all.
    margins : callable, optional
        Without probabilities: minus the gap between the two best decision values, (n_items,).
    predict_changed : callable, optional
        Gives `Predictions` of the candidates after ``change``, which takes rows as the model sees them.
    predict_labeled : callable, optional
        Gives `Predictions` of the labeled items, in the order of ``y_labeled``.
    embed_labeled : array of shape (n_labeled, n_dims), or a function that gives it
        What is labeled, as in ``y_labeled``, then what is being labeled.
    y_labeled, annotations : array of shape (n_labels,) and Annotations, optional
        Encoded answers; who answered what about the labeled items.
    source : SourceItems, optional
        Labeled items of another domain.
    metric, model : str and object, optional
        What the labels are collected for; the fitted estimator, for adapters of other libraries.
    ids, groups, costs : arrays of shape (n_items,), optional
        What identifies items in ties (else their features); items of one group are duplicates, a batch holds one of
        them; costs are above 0, in any unit.
    max_bytes, scores : int and KnownScores, optional
        Memory for temporary arrays; what a strategy scores of the candidates, where that was computed before.
    """

    def __init__(
        self, embed: LazyRows, *, n_items: int | None = None, rows: Ints | None = None, task: Task | None = None,
        predict: Callable[[], Predictions] | None = None, committee: Callable[[], Floats] | None = None,
        margins: Callable[[], Floats] | None = None, predict_changed: Callable[[Change], Predictions] | None = None,
        predict_labeled: Callable[[], Predictions] | None = None, embed_labeled: LazyRows | None = None,
        y_labeled: npt.NDArray[Any] | None = None, annotations: Annotations | None = None,
        source: SourceItems | None = None, metric: str | None = None, model: object = None, ids: Ints | None = None,
        groups: npt.ArrayLike | None = None, costs: npt.ArrayLike | None = None, max_bytes: int | None = None,
        scores: KnownScores | None = None,
    ) -> None:  # fmt: skip
        self._embed, self._embed_labeled = embed, embed_labeled
        self._predict, self._committee, self._margins = predict, committee, margins
        self._predict_changed, self._predict_labeled = predict_changed, predict_labeled
        self.rows, self.task, self.model, self.y_labeled, self.metric = rows, task, model, y_labeled, metric
        self.annotations, self.source, self.ids, self.max_bytes = annotations, source, ids, max_bytes
        self.n_items = int(n_items if n_items is not None else len(rows) if rows is not None else self._all.shape[0])
        self.scores = scores
        lengths = {"items": self.n_items, **({} if scores is None else {"scores": len(scores.scores)})}
        self.groups = None if groups is None else np.unique(groups, return_inverse=True)[1].astype(np.int64)
        self.costs = None if costs is None else np.asarray(costs, dtype=np.float64)
        if self.groups is not None:
            lengths["groups"] = len(self.groups)
        if self.costs is not None:
            lengths["costs"] = len(self.costs)
            if not (np.isfinite(self.costs) & (self.costs > 0)).all():
                raise complain("select", "costs", "finite and above 0", self.costs.min())
        check_same_length("select", **lengths)

    # --- predictions

    @property
    def predicts(self) -> bool:
        """Whether there are predictions, not decision values alone."""
        return self._predict is not None

    @property
    def taught(self) -> bool:
        """Whether there are predictions, from a model whose answers varied."""
        if not self.predicts and self._margins is None:
            return False
        known = self.y_labeled if self.source is None else self.source.y
        return known is None or self.task is None or self.task.teachable(known)

    @cached_property
    def predictions(self) -> Predictions:
        """The task's predictions of the candidates."""
        if self._predict is None:
            raise complain("select", "proba", "given, or a model with predict_proba", "neither")
        predictions = self._predict()
        check_same_length("select", items=self.n_items, predictions=len(predictions))
        self.proba_task.check("select", "the predictions", predictions)
        return predictions

    @property
    def proba(self) -> Floats:
        """Probabilities, (n_items, n_outputs), or predicted numbers, (n_items,)."""
        return self.proba_task.proba(self.predictions)

    @cached_property
    def draws(self) -> Floats:
        """Predictions of a committee, (n_draws, n_items, n_outputs) or (n_draws, n_items)."""
        if self._committee is not None:
            draws = np.asarray(self._committee())
        elif self._predict is not None and self.predictions.committee is not None:
            draws = self.predictions.committee
        else:
            raise complain(
                "select", "draws", "given, or a committee", "neither", "Pass draws, or model with labeled items."
            )
        check_same_length("select", items=self.n_items, draws=draws.shape[1])
        check_finite("select", "draws", draws)
        return draws

    def predictions_changed(self, change: Change) -> Predictions:
        """Predictions of the candidates after a change of the rows that the model sees."""
        if self._predict_changed is not None:
            return self._predict_changed(change)
        raise complain("select", "model", "given, to predict changed items", "None")

    @cached_property
    def predictions_labeled(self) -> Predictions:
        """Predictions of the labeled items, in the order of ``y_labeled``."""
        if self._predict_labeled is None:
            raise complain("select", "model", "given, with X_labeled, to predict labeled items", "None")
        predictions = self._predict_labeled()
        self.proba_task.check("select", "the predictions of labeled items", predictions)
        return predictions

    @property
    def proba_labeled(self) -> Floats:
        """Probabilities of the labeled items, (n_labels, n_outputs)."""
        return self.proba_task.proba(self.predictions_labeled)

    def scored(self, score: Scorer, over: str = "mean") -> Floats:
        """A score made for class probabilities, as the task applies it, (n_items,)."""
        return self.proba_task.scored(score, self.predictions, over)

    def scored_draws(self, score: Scorer) -> Floats:
        """A score made for a committee's class probabilities, as the task applies it, (n_items,)."""
        return self.proba_task.scored_draws(score, self.draws)

    @property
    def proba_task(self) -> Task:
        """The task, for strategies that need one."""
        if self.task is not None:
            return self.task
        raise complain("select", "proba", "given, or a model", "neither")

    @cached_property
    def margins(self) -> Floats:
        """Minus the gap between the two best classes, (n_items,): at most 0, 0 where they tie."""
        if self._predict is None and self._margins is not None:
            margins = self._margins()
            check_finite("select", "the decision values", margins)
            return margins
        return self.scored(margin)

    @property
    def doubtful(self) -> bool:
        """Whether `doubt` is available: there are predictions, with draws if the task needs them."""
        if not self.taught or self.task is None or not self.task.doubts_draws:
            return self.taught
        return self._committee is not None or self.predictions.committee is not None

    @cached_property
    def doubt(self) -> Floats:
        """How unsure the model is, (n_items,), at least 0: the task's own measure."""
        known = None if self.scores is None else self.scores.of(DOUBT)
        if known is not None:
            return known
        if self._predict is None and self._margins is not None:
            return 1 / (1 - self.margins)
        task = self.proba_task
        if task.doubts_draws and self.predictions.committee is None:
            return task.doubt(task.with_draws(self.predictions, self.draws))
        return task.doubt(self.predictions)

    def predicted(self) -> npt.NDArray[np.str_]:
        """The likeliest answer of each candidate in words, (n_items,); empty where there is no model yet."""
        if self._predict is None or self.task is None:
            return np.full(self.n_items, "")
        values, at = np.unique(self.task.answer(self.predictions), axis=0, return_inverse=True)
        return np.array([self.task.describe(answer) for answer in self.task.decode(values)])[at.reshape(-1)]

    # --- embeddings

    @cached_property
    def _all(self) -> FeatureRows:
        return self._embed() if callable(self._embed) else self._embed

    @cached_property
    def places(self) -> Places:
        """Embeddings of the candidates for passes in blocks, without a copy of the whole."""
        return Places(self._all, self.rows, self.max_bytes)

    def embed_at(self, positions: Ints) -> npt.NDArray[np.float32]:
        """Embeddings of some candidates, (n, n_dims)."""
        return self.places.at(positions)

    @cached_property
    def embed(self) -> npt.NDArray[np.float32]:
        """Embeddings of all candidates, (n_items, n_dims); `places` is for large pools."""
        return self.places.at(slice(None))

    @cached_property
    def embed_labeled(self) -> npt.NDArray[np.float32]:
        """Embeddings of what is labeled or in flight, (n_labeled, n_dims)."""
        rows = self._embed_labeled() if callable(self._embed_labeled) else self._embed_labeled
        if rows is None:
            rows = np.empty((0, self._all.shape[1]))
        return np.asarray(rows, dtype=np.float32)

    @property
    def answers(self) -> npt.NDArray[Any]:
        """Encoded answers, (n_labels, ...), for strategies that need them."""
        if self.y_labeled is not None and len(self.y_labeled):
            return self.y_labeled
        raise complain("select", "y_labeled", "given", "nothing", "Label some items first.")

    @property
    def embed_answered(self) -> npt.NDArray[np.float32]:
        """Embeddings of what has an answer, (n_labels, n_dims)."""
        return self.embed_labeled[: 0 if self.y_labeled is None else len(self.y_labeled)]

    # --- ties and duplicates

    def keys(self, rng: np.random.Generator) -> Keys:
        """Tie-breaking keys: the cheaper item first, then a seeded hash of each item."""
        seed = int(rng.integers(2**62))

        def hashes(positions: Ints) -> Hashes:
            if self.ids is not None:
                return mix(self.ids[positions].astype(np.uint64), seed)
            if self._embed is None:
                return hash_rows(self.proba[positions], seed)
            return hash_rows(self.embed_at(positions), seed)

        return tie_keys(hashes, self.costs)

    @cached_property
    def _duplicates(self) -> Duplicates:
        return Duplicates(self.groups)

    def closes(self, position: int) -> Ints:
        """The positions that one pick closes: itself and its duplicates."""
        return self._duplicates.closes(position)

    def narrowed(self, positions: Ints) -> Callable[[int], Ints]:
        """`closes` in terms of positions within a subset of the candidates."""
        return self._duplicates.narrowed(positions)

    def subset(self, positions: Ints) -> Evidence:
        """The same evidence about some of the candidates; what was computed is not computed again."""

        def taken(predictions: Predictions) -> Predictions:
            return self.proba_task.take(predictions, positions)

        changed = self._predict_changed and (lambda change: taken(self.predictions_changed(change)))
        return Evidence(
            lambda: self._all, rows=positions if self.rows is None else self.rows[positions], task=self.task,
            predict=self._predict and (lambda: taken(self.predictions)),
            committee=self._committee and (lambda: self.draws[:, positions]),
            margins=self._margins and (lambda: self.margins[positions]),
            predict_changed=changed,
            predict_labeled=self._predict_labeled and (lambda: self.predictions_labeled),
            embed_labeled=lambda: self.embed_labeled, y_labeled=self.y_labeled, annotations=self.annotations,
            source=self.source, metric=self.metric, model=self.model,
            ids=None if self.ids is None else self.ids[positions],
            groups=None if self.groups is None else self.groups[positions],
            costs=None if self.costs is None else self.costs[positions], max_bytes=self.max_bytes,
            scores=self.scores and self.scores.taken(positions),
        )  # fmt: skip
