"""Every metric of a task on the reserve, each with its interval; and figures by class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from labelwright.engine.project import Question
from labelwright.errors import InputError
from labelwright.services.evaluation.reserve import OnReserve, labels_of
from labelwright.services.team.figure import FigureView
from labelwright.tasks.metrics import Options

SHOWN: Final = {
    "classification": ("accuracy", "balanced-accuracy", "macro-f1", "log-loss", "brier", "calibration-error"),
    "multilabel": ("micro-f1", "macro-f1", "exact-match", "brier"),
    "regression": ("mae", "rmse", "r2", "coverage:0.9"),
}
OF_TWO: Final = ("roc-auc", "average-precision")
BY_CLASS: Final = ("precision", "recall", "f1")
NEEDS: Final = {
    "LABEL": "label", "RECALL": "recall", "PRECISION": "precision", "K": "k", "MATRIX": "costs", "LEVEL": "level",
}  # fmt: skip


@dataclass(frozen=True)
class MetricLine:
    """One metric on the reserve."""

    name: str
    higher_is_better: bool
    figure: FigureView


@dataclass(frozen=True)
class MetricChoice:
    """A metric that can be asked for, and what it needs to know.

    Attributes
    ----------
    name : str
        Without parameters, such as "precision-at-recall".
    takes : list of str
        Of "label", "recall", "precision", "k", "costs" and "level", in the order of the name.
    """

    name: str
    takes: list[str]


@dataclass(frozen=True)
class ClassLine:
    """How the model fares at one class, or at one of several labels.

    Attributes
    ----------
    n : int
        Items of the class.
    """

    label: str
    name: str
    n: int
    precision: FigureView
    recall: FigureView
    f1: FigureView


def lines(measured: OnReserve) -> list[MetricLine]:
    """The metrics that the page shows, the project's first."""
    task = measured.task
    names = [measured.question.metric, *SHOWN.get(task.name, task.metrics)]
    names += OF_TWO if task.one_class and task.n_outputs == 2 else ()
    found = []
    for name in dict.fromkeys(names):
        try:
            found.append(one(measured, name))
        except InputError:  # the model keeps no draws, or the metric was set under another schema
            continue
    return found


def one(measured: OnReserve, name: str, options: Options | None = None) -> MetricLine:
    """One metric.

    Raises
    ------
    InputError
        If there is no such metric, or it cannot be made of these labels and predictions.
    """
    metric = measured.task.metric(name, options)
    figure = measured.figure(metric)
    if figure.value is None:
        metric.figure(measured.y, measured.predictions, measured.sample)  # says what is missing, if it knows
    return MetricLine(metric.name, metric.higher_is_better, figure)


def with_label(options: Options, question: Question, label: str | None) -> Options:
    """The options, looking for a class that is named by its id; `InputError` if there is none."""
    if label is None:
        return options
    ids = list(labels_of(question.schema))
    if label not in ids:
        raise InputError(f"metrics: positive must be one of {', '.join(ids) or 'no label'}, got '{label}'.")
    return replace(options, positive=ids.index(label))


def choices(measured: OnReserve) -> list[MetricChoice]:
    """What can be asked for beside the metrics shown.

    >>> _choice("precision-at-recall:RECALL:LABEL")
    MetricChoice(name='precision-at-recall', takes=['recall', 'label'])
    >>> _choice("top-K")
    MetricChoice(name='top', takes=['k'])
    """
    found = [_choice(name) for name in measured.task.further_metrics]
    return [choice for choice in found if choice.takes]


def _choice(name: str) -> MetricChoice:
    base, *rest = name.replace("-K", ":K").split(":")
    return MetricChoice(base, [NEEDS[part] for part in rest])


def by_class(measured: OnReserve) -> list[ClassLine]:
    """Precision, recall and F1 of each class, the worst F1 first; empty for numbers."""
    labels = measured.labels
    if not labels:
        return []
    found = []
    for k, (label, name) in enumerate(labels.items()):
        n = int((measured.y[:, k] == 1).sum() if measured.y.ndim > 1 else (measured.y == k).sum())
        options = Options(positive=k)
        precision, recall, f1 = (measured.figure(measured.task.metric(base, options)) for base in BY_CLASS)
        found.append(ClassLine(label, name, n, precision, recall, f1))
    return sorted(found, key=lambda line: np.inf if line.f1.value is None else line.f1.value)
