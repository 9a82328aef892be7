"""The part of a task that measures predictions: every metric by its name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import check_one_of, complain
from labelwright.registry import unknown
from labelwright.stats.sample import Sample
from labelwright.tasks.metrics import Metric, Options, Truth, mean_metric
from labelwright.tasks.predictions import Predictions

Measure = Callable[[npt.NDArray[Any], Predictions], float]  # encoded answers, predictions -> figure, greater is better


class Measured(ABC):
    """Metrics of a task by name, see `Measured.metric`; the base of `labelwright.tasks.base.Task`."""

    name: ClassVar[str]
    metrics: ClassVar[tuple[str, ...]]
    mean_metrics: ClassVar[frozenset[str]]
    lower_metrics: ClassVar[frozenset[str]] = frozenset()
    further_metrics: ClassVar[tuple[str, ...]] = ()
    measures: dict[str, Metric | Measure]

    @property
    def default_metric(self) -> str:
        """The metric used where none is named."""
        return self.metrics[0]

    def metric(self, name: str, options: Options | None = None) -> Metric:
        """A metric by its name.

        Parameters
        ----------
        name : str
            One of ``metrics``, one of ``further_metrics`` (capitals stand for a number or a label, and parameters of
            a metric follow its name after colons, as in ``precision-at-recall:0.9:spam``), one that was added to
            ``measures``, or that of a scorer of scikit-learn, ``sklearn.metrics.get_scorer_names()``.
        options : Options, optional
            Parameters that do not stand in the name.

        Raises
        ------
        InputError
            If there is no such metric, or a parameter is missing or not possible.

        Examples
        --------
        >>> from labelwright import tasks
        >>> task = tasks.make("classification", tasks.guess("classification", ["ham", "spam"]))
        >>> task.metric("recall:spam").higher_is_better, task.metric("neg_log_loss").higher_is_better
        (True, True)
        """
        added = self.measures.get(name)
        if isinstance(added, Metric):
            return added
        if added is not None:
            return Metric(name, True, lambda y, predictions, sample: added(y, predictions), low=-np.inf, high=np.inf)
        further = self._further(name, options or Options())
        if further is not None:
            return further
        if name in self.metrics:
            return self._own(name)
        from labelwright.tasks.scorers import fitting_scorer, is_scorer, scorer_names  # imports scikit-learn

        if is_scorer(name):
            return fitting_scorer(name, self)
        known = [*self.metrics, *self.measures, *self.further_metrics]
        listing = f"{', '.join(self.metrics)}, those of further_metrics, and sklearn.metrics.get_scorer_names()"
        raise unknown(self.name, "metric", name, [*known, *scorer_names()], listing)

    def higher_is_better(self, metric: str) -> bool:
        """Whether more of the metric is better.

        Raises
        ------
        InputError
            If the task has no such metric.
        """
        return self.metric(metric).higher_is_better

    def losses(self, metric: str, y: Truth, predictions: Predictions) -> npt.NDArray[np.float64]:
        """Each item's part of a metric that is a mean over items, (n_items,).

        Raises
        ------
        InputError
            If the metric is not such a mean.
        """
        check_one_of(self.name, "metric", metric, self.mean_metrics, "Use score for the others.")
        return self._losses(metric, y, predictions)

    def score(self, metric: str, y: Truth, predictions: Predictions) -> float:
        """The metric over all items given.

        Raises
        ------
        InputError
            If the task has no such metric, or there is no item.
        """
        found = self.metric(metric)
        if not len(y):
            raise complain(self.name, "y", "of one item or more", "none")
        return found.figure(y, predictions, Sample.of(len(y)))

    def _own(self, name: str) -> Metric:
        higher = name not in self.lower_metrics
        if name in self.mean_metrics:
            return mean_metric(
                name, lambda y, predictions: self._losses(name, y, predictions), higher=higher,
                high=1.0 if higher else np.inf,
            )  # fmt: skip

        def figure(y: Truth, predictions: Predictions, sample: Sample) -> float:
            if sample.weighted:
                raise complain(self.name, "metric", "one that takes weights", f"'{name}'", "Drop the weights.")
            return self._score(name, y, predictions)

        return Metric(name, higher, figure, low=-np.inf, high=np.inf)

    def _further(self, name: str, options: Options) -> Metric | None:
        """A metric that is made of a name with parameters, or in a better way than by `_score`; None if unknown."""
        return None

    @abstractmethod
    def _losses(self, metric: str, y: Truth, predictions: Predictions) -> npt.NDArray[np.float64]: ...

    def _score(self, metric: str, y: Truth, predictions: Predictions) -> float:
        """One of ``metrics`` that is neither a mean nor made by `_further`."""
        raise NotImplementedError(f"{self.name} states '{metric}' and not how it is computed.")
