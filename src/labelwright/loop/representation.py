"""Which features and learner the labels speak for: candidates compared by models that did not learn from a label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.check import Floats, Ints
from labelwright.loop.out_of_fold import out_of_fold
from labelwright.loop.state import TRAIN, Labels, State
from labelwright.words import Reason

ENOUGH: Final = 30  # training labels
GROWTH: Final = 1.25  # of the training labels, until they are compared again
SURE: Final = 0.9  # the chance of beating the one that serves at which another one does
RANDOM_WEIGHT: Final = 3.0  # of a label that was sampled at random: chosen ones are harder than the pool
N_RESAMPLES: Final = 2000


@dataclass(frozen=True)
class Found:
    """What was found of one candidate.

    Attributes
    ----------
    loss : float
        Weighted mean over the training labels; lower is better.
    p_best : float
        Chance that it has the smallest loss of all, by resampling the labels.
    """

    loss: float
    p_best: float


@dataclass(frozen=True)
class Comparison:
    """Candidates beside each other.

    Attributes
    ----------
    measure : str
        The metric that the losses come from: the metric's parts, or 1 less them where more is better.
    n_labels : int
    found : dict of str to Found
        By the name of the candidate.
    chosen : str
    reason : Reason
    """

    measure: str
    n_labels: int
    found: dict[str, Found]
    chosen: str
    reason: Reason


def is_due(n_labels: int, before: int | None) -> bool:
    """Whether so many training labels are enough to compare, given how many there were the last time.

    >>> is_due(29, None), is_due(30, None), is_due(36, 30), is_due(38, 30)
    (False, True, False, True)
    """
    return n_labels >= ENOUGH and (before is None or n_labels >= GROWTH * before)


def compare(states: Mapping[str, State], labels: Labels, serving: str, *, what: str = "encoder") -> Comparison | None:
    """Compare candidates on the training labels; the reserve is not looked at.

    All are trained on the same folds, so that their losses are paired. The one of the smallest loss is chosen if it
    beats the one that serves with a chance of `SURE`, so that chance alone does not move a project to and fro.

    Parameters
    ----------
    states : mapping of str to State
        By the name of a candidate, each with its features and its learner; else they are the same.
    serving : str
        The candidate that serves now.
    what : {"encoder", "model"}
        What the reason speaks of.

    Returns
    -------
    comparison : Comparison or None
        None where there are too few labels.
    """
    first = states[serving]
    idx, y = labels.of(TRAIN)
    task = first.task
    known = (str(first.metric), task.default_metric, *sorted(task.mean_metrics))
    measure = next(name for name in known if name in task.mean_metrics)
    higher = task.higher_is_better(measure)
    losses: dict[str, Floats] = {}
    for name, state in states.items():
        predicted = out_of_fold(state, labels)
        if predicted is None:
            return None
        parts = np.asarray(task.losses(measure, y, predicted[1]), dtype=np.float64)
        losses[name] = 1 - parts if higher else parts
    weight = np.where(np.isin(idx, first.drawn), RANDOM_WEIGHT, 1.0)
    together = idx if first.dup_group is None else first.dup_group[idx]
    names, group = list(losses), np.unique(together, return_inverse=True)[1]
    figures = judged(np.array(list(losses.values())), weight, group, names.index(serving), first.seed)
    found = {name: Found(float(figures.means[k]), float(figures.p_best[k])) for k, name in enumerate(names)}
    chosen, reason = _chosen(names[figures.best], serving, figures.beats, found, len(idx), what)
    return Comparison(measure, len(idx), found, chosen, reason)


@dataclass(frozen=True)
class Judged:
    """Candidates in numbers.

    Attributes
    ----------
    means, p_best : array of shape (n_candidates,)
        Mean loss, and how often it is the smallest when groups of labels are drawn anew.
    best : int
        Where the smallest mean is; the one that serves, where it is as small.
    beats : float
        How often that one has a smaller loss than the one that serves.
    """

    means: Floats
    p_best: Floats
    best: int
    beats: float


def judged(losses: Floats, weight: Floats, group: Ints, serving: int, seed: int) -> Judged:
    """Compare losses (n_candidates, n_items) of one kind.

    Parameters
    ----------
    weight : array of shape (n_items,)
        At least 0.
    group : int64 array of shape (n_items,)
        Items that are drawn together, from 0 on.
    serving : int
        The candidate that serves.

    Examples
    --------
    >>> found = judged(np.array([[1.0] * 9, [0.0] * 9]), np.ones(9), np.arange(9), 0, 0)
    >>> found.best, found.beats, found.p_best.tolist()
    (1, 1.0, [0.0, 1.0])
    """
    rng = np.random.default_rng([seed, 23])
    n_groups = int(group.max()) + 1
    of_group = np.zeros((len(losses), n_groups))
    for k, row in enumerate(losses):
        of_group[k] = np.bincount(group, weights=row * weight, minlength=n_groups)
    size = np.bincount(group, weights=weight, minlength=n_groups)
    times = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), N_RESAMPLES)  # (n_resamples, n_groups)
    drawn = (times @ of_group.T) / (times @ size)[:, None]
    smallest = drawn <= drawn.min(axis=1, keepdims=True) + 1e-12
    means = of_group.sum(axis=1) / size.sum()
    best = serving if means[serving] <= means.min() + 1e-12 else int(means.argmin())
    ahead = drawn[:, serving] - drawn[:, best]
    shares = (smallest / smallest.sum(axis=1, keepdims=True)).mean(axis=0)
    return Judged(means, shares, best, float((ahead > 1e-12).mean()))


def _chosen(
    best: str, serving: str, beats: float, found: Mapping[str, Found], n_labels: int, what: str
) -> tuple[str, Reason]:  # fmt: skip
    """The candidate that serves from now on, and why."""
    chance = found[serving].p_best if best == serving else beats
    figures: dict[str, str | int | float] = {"best": best, "serving": serving, "chance": 100 * chance, "n": n_labels}
    if best == serving:
        return serving, Reason(f"{what}-best", figures)
    if beats < SURE:
        return serving, Reason(f"{what}-unsure", figures)
    return best, Reason(f"{what}-moves", figures)
