"""The area under the ROC curve, and precision where a share of the positives is found: figures and intervals."""

from __future__ import annotations

import math

import numpy as np

from labelwright.check import Bools, Floats
from labelwright.stats.intervals import share_interval
from labelwright.stats.linear import linear_limits, logistic
from labelwright.stats.sample import Sample

FEW = 25  # degrees of freedom of the variance of placements below which it is not trusted


def roc_auc(positive: Bools, score: Floats, sample: Sample) -> tuple[float, Floats]:
    """The chance that a positive scores above a negative (ties count half), and its influence.

    Parameters
    ----------
    positive : bool array of shape (n,)
    score : array of shape (n,)
    sample : Sample

    Returns
    -------
    auc : float
        In [0, 1]; NaN without positives or without negatives.
    influence : array of shape (n,)
        Of DeLong's placements.

    References
    ----------
    DeLong, DeLong, Clarke-Pearson (1988). Comparing the areas under two or more correlated receiver operating
    characteristic curves, eq. 4 and 5 (placements).

    Examples
    --------
    >>> roc_auc(np.array([True, True, False]), np.array([0.9, 0.4, 0.5]), Sample.of(3))[0]
    0.5
    """
    share = sample.share
    n_positive = float(share[positive].sum())
    if not 0 < n_positive < 1 or positive.all() or not positive.any():
        return math.nan, np.zeros(len(score))
    at = np.unique(score, return_inverse=True)[1]
    up = np.bincount(at, share * positive) / n_positive  # positives at each score
    down = np.bincount(at, share * ~positive) / (1 - n_positive)
    below = (np.cumsum(down) - down / 2)[at]  # share of negatives below each item
    above = (1 - np.cumsum(up) + up / 2)[at]  # share of positives above each item
    auc = round(float(share[positive] @ below[positive]) / n_positive, 12)
    return auc, np.where(positive, (below - auc) / n_positive, (above - auc) / (1 - n_positive))


def roc_auc_limits(positive: Bools, score: Floats, sample: Sample) -> tuple[float, float]:
    """The interval of the area under the ROC curve; by group where groups repeat.

    DeLong's variance on the logistic scale, between groups after Obuchowski. Where that variance has fewer than 25
    degrees of freedom, because positives or negatives are few or few of them are misplaced, it is too small too often,
    and Newcombe's fifth method takes its place, with the variance times the design effect.

    References
    ----------
    Obuchowski (1997). Nonparametric analysis of clustered ROC curve data, eq. 5 to 8; Newcombe (2006). Confidence
    intervals for an effect size measure based on the Mann-Whitney statistic, part 2, method 5; Hanley, McNeil (1982).

    Examples
    --------
    >>> positive, score = np.repeat([True, False], 20), np.arange(40.0)[::-1]
    >>> [round(limit, 3) for limit in roc_auc_limits(positive, score, Sample.of(40))]
    [0.839, 1.0]
    """
    auc, influence = roc_auc(positive, score, sample)
    if math.isnan(auc):
        return math.nan, math.nan
    some, others = sample.take(positive).kish, sample.take(~positive).kish
    if 0 < auc < 1 and sample.degrees(influence) >= FEW:
        return linear_limits(auc, influence, sample, low=0.0, high=1.0)
    effect, z = sample.design_effect(influence), sample.quantile
    low, high = _newcombe(auc, some, others, effect, z)
    if auc in (0.0, 1.0):  # nothing shows how large the variance is: not narrower than so many hits without a miss
        alone = share_interval(auc, min(some, others) / effect, z)
        low, high = min(low, alone[0]), max(high, alone[1])
    return low, high


def _newcombe(auc: float, n_positive: float, n_negative: float, effect: float, z: float) -> tuple[float, float]:
    from scipy.optimize import brentq

    n = (n_positive + n_negative) / 2 - 1

    def reach(t: float) -> float:
        spread = t * (1 - t) * (1 + n * (1 - t) / (2 - t) + n * t / (1 + t)) / (n_positive * n_negative)
        return z * math.sqrt(max(effect * spread, 0.0))

    low = float(brentq(lambda t: auc - t - reach(t), 0.0, auc)) if auc > 0 else 0.0
    high = float(brentq(lambda t: t - auc - reach(t), auc, 1.0)) if auc < 1 else 1.0
    return low, high


def precision_at_recall(positive: Bools, score: Floats, recall: float, sample: Sample) -> tuple[float, float]:
    """The precision at the highest threshold that finds a share of the positives, and that threshold.

    NaN without positives.

    >>> positive, score = np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1])
    >>> precision_at_recall(positive, score, 1.0, Sample.of(4))
    (0.6666666666666666, 0.7)
    """
    if not sample.share[positive].sum() > 0:
        return math.nan, math.nan
    threshold = _threshold(positive, score, recall, sample)
    found = score >= threshold
    return float(sample.share[positive & found].sum() / sample.share[found].sum()), threshold


def precision_at_recall_limits(positive: Bools, score: Floats, recall: float, sample: Sample) -> tuple[float, float]:
    """The interval of precision at the population's threshold that finds a share ``recall`` of the positives.

    Two errors are added in squares on the logistic scale: that of the share of positives among the positives and the
    false alarms at the threshold chosen (Wilson's limits, by group), and what precision becomes between the thresholds
    at the ends of the interval of the quantile of the positives' scores, by which the threshold was chosen on the same
    items.

    References
    ----------
    Square-and-add: Zou, Donner (2008). Construction of confidence limits about effect measures, eq. 3; interval of a
    quantile: Thompson (1936). On confidence ranges for the median.
    """
    share = sample.share
    value, threshold = precision_at_recall(positive, score, recall, sample)
    if math.isnan(value):
        return math.nan, math.nan
    counted = positive | (score >= threshold)
    inner, hit = sample.take(counted), positive[counted].astype(np.float64)
    p = inner.mean(hit)
    low, high = share_interval(p, inner.effective(hit - p), sample.quantile)
    ranked = sample.take(positive)
    n_positive = ranked.effective((score[positive] >= threshold) - recall)
    reach = sample.quantile * math.sqrt(recall * (1 - recall) / n_positive)
    half = float(share[~positive].mean()) / 2 if not positive.all() else 0.5 / len(share)  # half a negative

    def alarms(at: float) -> float:
        return half + float(share[~positive & (score >= at)].sum())

    here, yes = alarms(threshold), float(share[positive].sum())
    strict = alarms(_threshold(positive, score, max(recall - reach, 0.0), sample))
    loose = alarms(_threshold(positive, score, min(recall + reach, 1.0), sample))
    odds = math.log(yes / here)
    down = math.hypot(max(odds - _logit(low), 0.0), math.log(loose / here))
    up = math.hypot(max(_logit(high) - odds, 0.0), math.log(here / strict))
    low, high = (logistic(end + math.log(recall)) for end in (odds - down, odds + up))
    return min(low, value), max(high, value)


def _threshold(positive: Bools, score: Floats, recall: float, sample: Sample) -> float:
    """The largest score such that a share ``recall`` of the positives have it or more."""
    order = np.argsort(-score[positive], kind="stable")
    reached = np.cumsum(sample.share[positive][order])
    at = np.searchsorted(reached, recall * reached[-1] * (1 - 1e-9))
    return float(score[positive][order][min(int(at), len(order) - 1)])


def _logit(p: float) -> float:
    return math.log(p / (1 - p)) if 0 < p < 1 else math.copysign(50.0, p - 0.5)


def average_precision(positive: Bools, score: Floats, sample: Sample) -> float:
    """The mean over positives of the precision at their score; NaN without positives.

    >>> round(average_precision(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]), Sample.of(3)), 3)
    0.833
    """
    if not sample.share[positive].sum() > 0:
        return math.nan
    at = np.unique(-score, return_inverse=True)[1]
    up, all_here = np.bincount(at, sample.share * positive), np.bincount(at, sample.share)
    return float(up @ (np.cumsum(up) / np.cumsum(all_here)) / up.sum())


def recall_at_precision(positive: Bools, score: Floats, precision: float, sample: Sample) -> tuple[float, float]:
    """The largest share of the positives that can be found at a precision, and the threshold; 0 if at none.

    >>> recall_at_precision(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]), 0.9, Sample.of(3))
    (0.5, 0.9)
    """
    if not sample.share[positive].sum() > 0:
        return math.nan, math.nan
    values, at = np.unique(-score, return_inverse=True)
    up, all_here = np.cumsum(np.bincount(at, sample.share * positive)), np.cumsum(np.bincount(at, sample.share))
    good = np.flatnonzero(up >= precision * all_here * (1 - 1e-9))
    if not len(good):
        return 0.0, math.inf
    return float(up[good[-1]] / up[-1]), float(-values[good[-1]])
