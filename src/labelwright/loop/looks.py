"""What a history records of a look for stopping rules, beside the value: only the columns that a rule asks for."""

from __future__ import annotations

import math
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Ints, complain
from labelwright.errors import InputError
from labelwright.loop.changes import Difference, agreement, mean_doubt, paired_change
from labelwright.stopping.base import StoppingRule
from labelwright.stopping.columns import GROWTH, STOP_SET
from labelwright.tasks.base import Task
from labelwright.tasks.predictions import Predictions

Row = dict[str, float]
AGREEMENT, CHANGE = frozenset({"kappa", "changed"}), frozenset({"change", "change_se", "change_n"})
SEARCH = frozenset({"n_seen", "n_found", "n_unseen", "irrelevant_run"})
UNKNOWN = (math.nan, math.nan)
EXTRA = AGREEMENT | CHANGE | SEARCH | {"doubt"}


def wanted(rules: Collection[StoppingRule], recorded: Collection[str], who: str) -> frozenset[str]:
    """The extra columns that the rules look at.

    Raises
    ------
    InputError
        If a rule looks at a column that cannot be recorded here.
    """
    found: set[str] = set()
    for rule in rules:
        missing = [column for column in rule.columns if column not in recorded]
        if missing:
            name = getattr(rule, "name", type(rule).__name__)
            cure = "Judge a history that has it with lw.judge."
            got = f"'{name}', which looks at '{missing[0]}'"
            raise complain(who, "stop", "rules whose columns are recorded here", got, cure)
        found |= set(rule.columns)
    return frozenset(found & EXTRA)


def stop_set(pool: Ints, seed: int) -> Ints:
    """The fixed random sample of the pool on which models are compared, sorted.

    >>> len(stop_set(np.arange(5000), 0)), stop_set(np.array([4, 7]), 0).tolist()
    (2000, [4, 7])
    """
    rng = np.random.default_rng([seed, 11])
    return np.sort(rng.permutation(pool)[:STOP_SET])


def search_row(relevant: Bools, n_items: int) -> Row:
    """Columns of a search, from whether each reviewed item was relevant, in the order of review.

    >>> search_row(np.array([True, False, False]), 10)
    {'n_seen': 3, 'n_found': 1, 'n_unseen': 7, 'irrelevant_run': 2}
    """
    hits = np.flatnonzero(relevant)
    run = len(relevant) - (int(hits[-1]) + 1 if len(hits) else 0)
    return {"n_seen": len(relevant), "n_found": len(hits), "n_unseen": n_items - len(relevant), "irrelevant_run": run}


def relevant(task: Task, y: npt.NDArray[np.generic], positive: int | None) -> Bools:
    """Which encoded answers are what a search is for, (n_items,): the class or label named, or the rarest."""
    outputs = np.eye(task.n_outputs, dtype=bool)[np.asarray(y, dtype=np.int64)] if task.one_class else y == 1
    if positive is None:
        counts = outputs.sum(axis=0)
        positive = int(np.where(counts > 0, counts, len(y) + 1).argmin())
    return np.asarray(outputs[:, positive])


def sample_row(
    columns: frozenset[str],
    task: Task,
    predictions: Predictions,
    earlier: npt.NDArray[np.generic] | None,
    values: npt.NDArray[np.generic] | None = None,
) -> tuple[Row, npt.NDArray[np.generic] | None]:
    """Columns of a look at the stop set, and the answers to compare with at the next look.

    Parameters
    ----------
    columns : frozenset of str
        Those to record.
    task : Task
    predictions : Predictions
        Of the stop set.
    earlier : array, optional
        The answers of the look before; None at the first.
    values : array of shape (n_classes,), optional
        What the classes are called, where their codes may be others at the next look.
    """
    row: Row = {}
    answers = None
    if columns & AGREEMENT:
        answers = task.answer(predictions)
        answers = answers if values is None else values[answers]
        comparable = earlier is not None and earlier.shape == answers.shape
        row["kappa"], row["changed"] = agreement(earlier, answers) if comparable and earlier is not None else UNKNOWN
    if "doubt" in columns:
        row["doubt"] = mean_doubt(task, predictions)
    return {name: value for name, value in row.items() if name in columns}, answers


@dataclass
class Looks:
    """Compares each look's model with earlier ones; it keeps what the next look needs.

    Parameters
    ----------
    columns : frozenset of str
        Of `EXTRA`.
    metric : str, optional
        Of the reserve, for ``change``.
    """

    columns: frozenset[str]
    metric: str | None = None
    _answers: npt.NDArray[np.generic] | None = None
    _earlier: list[tuple[int, Predictions]] = field(default_factory=list)

    def of_sample(self, task: Task, predictions: Predictions) -> Row:
        """``kappa``, ``changed`` and ``doubt`` of predictions of the stop set, the same items at each look."""
        row, self._answers = sample_row(self.columns, task, predictions, self._answers)
        return row

    def of_reserve(
        self,
        task: Task,
        n_labels: int,
        y: npt.NDArray[np.generic],
        predictions: Predictions,
        groups: npt.NDArray[np.generic] | None = None,
    ) -> Row:
        """``change`` and its error against the last look with a fifth fewer labels, on the same reserve items."""
        if not self.columns & CHANGE:
            return {}
        before = [old for n, old in self._earlier if n * (1 + GROWTH) <= n_labels + 1e-9]
        found = Difference(math.nan, math.nan, 0)
        if before and self.metric is not None:
            with suppress(InputError):  # a metric that these labels do not define
                found = paired_change(task, self.metric, y, before[-1], predictions, groups)
        self._earlier.append((n_labels, predictions))
        return {"change": found.change, "change_se": found.error, "change_n": found.n}
