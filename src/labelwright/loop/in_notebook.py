"""An active learner inside a notebook: a widget that asks, and one that draws the learning curve."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labelwright.check import check_same_length, complain
from labelwright.loop.fitted import Fitted
from labelwright.loop.pool import Batch
from labelwright.notebook.curve import CurveWidget, curve
from labelwright.notebook.labeling import LabelingWidget, Page, labeling
from labelwright.notebook.shown import shown
from labelwright.stats.intervals import wilson

if TYPE_CHECKING:
    import pandas as pd

WHO = "ActiveLearner"


class InNotebook(Fitted):
    """What a learner shows in Jupyter; needs ``labelwright[notebook]``."""

    _curves: list[_Watched]

    @abstractmethod
    def teach(self, batch: Batch, labels: Sequence[object] | npt.NDArray[Any]) -> None:
        """Take the labels of a batch."""

    @property
    @abstractmethod
    def history_(self) -> pd.DataFrame:
        """A row a round."""

    def label(
        self, batches: Batch | Iterator[Batch], items: Sequence[object], classes: Sequence[object] | None = None
    ) -> LabelingWidget:  # fmt: skip
        """A widget that asks about a batch by keyboard, teaches the answers, and goes on with the next batch.

        The keys are those of the web app: 1 to 9 answer, space skips, backspace goes back, enter trains.

        Parameters
        ----------
        batches : Batch, or what `rounds` gives
            A single batch is taught and that is all; rounds go on until they end.
        items : sequence of length n_items
            The pool as people read it, by position: texts, images (of Pillow, or arrays of shape (height, width) or
            (height, width, 3 or 4)), or rows with names, as a DataFrame.
        classes : sequence, optional
            The values to choose from; those that were taught so far if left out.

        Returns
        -------
        widget : LabelingWidget
            Shown where it is the last expression of a cell. ``widget.labels`` are the answers of the batch so far.

        Raises
        ------
        InputError
            If anywidget is not installed, there is no batch, no class, or an item that cannot be shown.

        Examples
        --------
        >>> from labelwright import ActiveLearner
        >>> X, texts = np.arange(40.0)[:, None], [f"note {k}" for k in range(40)]
        >>> learner = ActiveLearner("linear", batch_size=2)
        >>> widget = learner.label(learner.rounds(X), texts, classes=["early", "late"])
        >>> widget.chosen, widget.confirmed = [0, 1], 1  # what the browser does
        >>> len(learner.history_), widget.title
        (1, 'Batch 2')
        """
        following = iter(()) if isinstance(batches, Batch) else iter(batches)
        waiting = batches if isinstance(batches, Batch) else next(following, None)
        known = self.classes_ if classes is None else classes
        values: list[object] = [] if known is None else [*known]
        if waiting is None:
            raise complain(WHO, "batches", "a batch that waits, or rounds that have not ended", "no batch")
        if not values:
            raise complain(WHO, "classes", "the values to choose from", "none", "For example classes=['yes', 'no'].")

        def page(batch: Batch) -> Page:
            if int(batch.indices.max()) >= len(items):
                raise complain(WHO, "items", "as many as the pool has", len(items))
            return Page([shown(_at(items, index)) for index in batch.indices], f"Batch {len(self.history_) + 1}")

        def done(labels: list[object | None]) -> Page | None:
            nonlocal waiting
            assert waiting is not None
            self.teach(waiting, labels)
            waiting = next(following, None)
            return None if waiting is None else page(waiting)

        return labeling(page(waiting), values, done)

    def watch(self, X: object | None = None, y: npt.ArrayLike | None = None) -> CurveWidget:
        """A widget with the learning curve, drawn anew whenever labels are taught or taken back.

        Parameters
        ----------
        X, y : optional
            Items with known classes that the learner never asks about: the curve is the share of right predictions
            with its Wilson interval (95 %). Without them only the numbers of labels are shown, since nothing is held
            back to measure on. Looking often makes no estimate worse, as long as nothing is chosen by it.

        Returns
        -------
        widget : CurveWidget

        Raises
        ------
        InputError
            If anywidget is not installed, or only one of X and y is given, or their lengths differ.

        Examples
        --------
        >>> from labelwright import ActiveLearner
        >>> X, y = np.arange(40.0)[:, None], np.arange(40) >= 20
        >>> learner = ActiveLearner("linear", batch_size=4)
        >>> widget = learner.watch(X + 0.5, y)
        >>> batch = next(learner.rounds(X))
        >>> learner.teach(batch, y[batch.indices])
        >>> [point[0] for point in widget.points]
        [4]
        """
        if (X is None) != (y is None):
            raise complain(WHO, "X and y", "both given, or none of them", "one")
        known = None if y is None else np.asarray(y)
        if known is not None:
            check_same_length(WHO, X=len(X), y=len(known))  # type: ignore[arg-type]
        watched = _Watched(self, X, known)
        self._curves.append(watched)
        return watched.widget

    def _drawn(self) -> None:
        """Draw the curves anew."""
        for one in self._curves:
            one.update()

    def _counts(self) -> dict[str, int]:
        if self._session is None:
            return {}
        return dict(sorted(Counter(str(label) for label in self._session.pool.all_labels({})).items()))


class _Watched:
    """A curve, and what it is measured on."""

    def __init__(self, learner: InNotebook, x: object | None, y: npt.NDArray[Any] | None) -> None:
        self._learner, self._x, self._y = learner, x, y
        self._points: list[tuple[int, float, float, float]] = []
        self.widget = curve("accuracy")
        self.update()

    def update(self) -> None:
        """Draw what is known now."""
        learner, history = self._learner, self._learner.history_
        n_labels = int(history["n_labels"].iloc[-1]) if len(history) else 0
        self._points = [point for point in self._points if point[0] < n_labels]
        if self._y is not None and learner.model_ is not None and n_labels:
            right = np.asarray(learner.predict(self._x)) == self._y
            found = wilson(float(right.sum()), len(right))
            self._points.append((n_labels, found.value, found.low, found.high))
        self.widget.show(self._points, learner._counts())


def _at(items: Any, index: int) -> object:
    """An item by its position, of a DataFrame or Series too."""
    found: object = items.iloc[index] if hasattr(items, "iloc") else items[int(index)]
    return found
