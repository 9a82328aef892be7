"""What a metric asks of the labels: which answers are right, how items are ranked, or how probable answers are."""

from __future__ import annotations

from typing import Final

from labelwright.registry import unknown
from labelwright.tasks import kind
from labelwright.tasks import names as task_names
from labelwright.tasks.scorers import is_scorer, scorer_names

ANSWERS, CLASSES, RANKING, PROBABILITY = "answers", "classes", "ranking", "probability"
AIMS: Final = {
    "accuracy": ANSWERS, "balanced-accuracy": CLASSES, "macro-f1": CLASSES, "micro-f1": ANSWERS, "exact-match": ANSWERS,
    "hamming-accuracy": ANSWERS, "top": ANSWERS, "cost": CLASSES, "precision": CLASSES, "recall": CLASSES,
    "f1": CLASSES, "roc-auc": RANKING, "average-precision": RANKING, "precision-at-recall": RANKING,
    "recall-at-precision": RANKING, "log-loss": PROBABILITY, "brier": PROBABILITY, "calibration-error": PROBABILITY,
}  # fmt: skip
# the names of scikit-learn begin with one of these
FOREIGN: Final = {
    "balanced_accuracy": CLASSES, "f1_micro": ANSWERS, "f1": CLASSES, "precision": CLASSES, "recall": CLASSES,
    "jaccard": CLASSES, "roc_auc": RANKING, "average_precision": RANKING, "neg_log_loss": PROBABILITY,
    "neg_brier_score": PROBABILITY,
}  # fmt: skip


def aim_of(metric: str | None) -> str:
    """The aim of a metric: "answers", "classes", "ranking" or "probability"; "answers" for any other, and for None.

    >>> [aim_of(name) for name in ("accuracy", "roc-auc:spam", "neg_log_loss", "f1_macro", "my own", None)]
    ['answers', 'ranking', 'probability', 'classes', 'answers', 'answers']
    """
    name = metric or "accuracy"
    base = name.partition(":")[0]
    base = "top" if base.startswith("top-") else base
    if base in AIMS:
        return AIMS[base]
    return next((aim for prefix, aim in FOREIGN.items() if name.startswith(prefix)), ANSWERS)


def check_metric_name(who: str, metric: str | None) -> None:
    """Refuse the name of no metric; its parameters, such as a label, are not looked at.

    >>> check_metric_name("select", "roc-auc:spam")
    """
    if metric is None:
        return
    base = metric.partition(":")[0]
    kinds = [kind(name) for name in task_names()]
    known = {name.partition(":")[0] for one in kinds for name in (*one.metrics, *one.further_metrics)}
    if base in known or base.startswith("top-") or is_scorer(metric):
        return
    listing = "task.metrics and sklearn.metrics.get_scorer_names()"
    raise unknown(who, "metric", metric, [*known, *scorer_names()], listing)
