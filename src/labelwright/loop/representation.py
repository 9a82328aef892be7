"""Which features the labels that are there speak for: encoders compared by models that did not learn from a label."""

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
SURE: Final = 0.8  # the chance of being best at which another one serves
RANDOM_WEIGHT: Final = 3.0  # of a label that was sampled at random: chosen ones are harder than the pool
N_RESAMPLES: Final = 2000
LOG_LOSS: Final = "log-loss"  # it says more than how many were right where there are few labels


@dataclass(frozen=True)
class Found:
    """What was found of one encoder.

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
    """Encoders beside each other.

    Attributes
    ----------
    measure : str
        The metric whose parts the losses are.
    n_labels : int
    found : dict of str to Found
        By the name of the encoder.
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


def compare(states: Mapping[str, State], labels: Labels, serving: str) -> Comparison | None:
    """Compare encoders on the training labels; the reserve is not looked at.

    All are trained on the same folds, so that their losses are paired. One other than that which serves is chosen
    if it is best with a chance of `SURE`, so that chance alone does not move a project to and fro.

    Parameters
    ----------
    states : mapping of str to State
        By the name of an encoder, each with its features; else they are the same.
    serving : str
        The encoder that serves now.

    Returns
    -------
    comparison : Comparison or None
        None where there are too few labels.
    """
    first = states[serving]
    idx, y = labels.of(TRAIN)
    task = first.task
    measure = next(
        name for name in (LOG_LOSS, task.default_metric, *sorted(task.mean_metrics)) if name in task.mean_metrics
    )
    sign = -1.0 if task.higher_is_better(measure) else 1.0
    losses: dict[str, Floats] = {}
    for name, state in states.items():
        predicted = out_of_fold(state, labels)
        if predicted is None:
            return None
        losses[name] = sign * np.asarray(task.losses(measure, y, predicted[1]), dtype=np.float64)
    weight = np.where(np.isin(idx, first.drawn), RANDOM_WEIGHT, 1.0)
    together = idx if first.dup_group is None else first.dup_group[idx]
    rng = np.random.default_rng([first.seed, 23])
    means, chances = _chances(np.array(list(losses.values())), weight, np.unique(together, return_inverse=True)[1], rng)
    found = {
        name: Found(float(mean), float(chance))
        for name, mean, chance in zip(losses, means, chances, strict=True)
    }  # fmt: skip
    chosen, reason = _chosen(found, serving, len(idx))
    return Comparison(measure, len(idx), found, chosen, reason)


def _chances(losses: Floats, weight: Floats, group: Ints, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Means of losses (n_encoders, n_items), and how often each is the smallest when groups are drawn anew."""
    n_groups = int(group.max()) + 1
    of_group = np.zeros((len(losses), n_groups))
    for k, row in enumerate(losses):
        of_group[k] = np.bincount(group, weights=row * weight, minlength=n_groups)
    size = np.bincount(group, weights=weight, minlength=n_groups)
    times = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), N_RESAMPLES)  # (n_resamples, n_groups)
    drawn = (times @ of_group.T) / (times @ size)[:, None]
    smallest = drawn <= drawn.min(axis=1, keepdims=True) + 1e-12
    return of_group.sum(axis=1) / size.sum(), (smallest / smallest.sum(axis=1, keepdims=True)).mean(axis=0)


def _chosen(found: Mapping[str, Found], serving: str, n_labels: int) -> tuple[str, Reason]:
    best = min(found, key=lambda name: (-found[name].p_best, name != serving))
    figures: dict[str, str | int | float] = {
        "best": best, "serving": serving, "chance": 100 * found[best].p_best, "n": n_labels,
    }  # fmt: skip
    if best == serving:
        return serving, Reason("encoder-best", figures)
    if found[best].p_best < SURE:
        return serving, Reason("encoder-unsure", figures)
    return best, Reason("encoder-moves", figures)
