"""How common each class has become, from predictions alone."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, as_objects, check_between, check_count, check_proba, complain
from labelwright.drift.base import Drift, DriftTest
from labelwright.drift.samples import Pooled, chance
from labelwright.stats.shares import nearest_shares

LEAST_SINGULAR = 0.02  # of the confusion matrix: below it, its inverse is mostly noise
N_EM, EM_TOLERANCE = 500, 1e-7


class LabelShift(DriftTest):
    """The new prevalence of each class, if only the prevalences have changed, with intervals.

    Give the model's probabilities of both samples, and ``y`` of the reference, on items the model was not trained on.
    Columns of a DataFrame are named by class; those of an array are in the order of the sorted labels.
    The effect is the total variation distance between the old and the new prevalences, from 0 to 1.

    Parameters
    ----------
    level : float
        Of the intervals, in (0, 1).
    n_permutations, n_resamples : int

    Notes
    -----
    `columns` has a row a class: reference, current (by BBSE, made nonnegative with sum 1), low, high, em, p_value,
    p_corrected. With C the mean probabilities given each class and m those of the current items, BBSE solves C q = m;
    the interval takes quantiles of the solutions on resampled units of both samples. ``em`` is a second opinion that
    needs calibrated probabilities: where it lies outside the interval, they are not, or more than prevalences has
    changed. The p-values are of permutations of the mean probabilities of a class; the corrected ones compare with the
    largest standardized difference among the classes, and the least of them is that of the whole.

    References
    ----------
    Lipton, Wang, Smola (2018). Detecting and correcting for label shift with black box predictors, ICML, sec. 3.
    Saerens, Latinne, Decaestecker (2002). Adjusting the outputs of a classifier to new a priori probabilities, eq. 2.4.
    Westfall, Young (1993). Resampling-based multiple testing, sec. 2.3, for the correction.

    Examples
    --------
    A model that is always right; a half of the reference items are of class b, and nearly all current ones:

    >>> from labelwright.drift.samples import pool
    >>> both = pool(np.eye(2)[[0, 1] * 20], np.eye(2)[[0] * 2 + [1] * 38], labels=["a", "b"] * 20)
    >>> found = LabelShift().test(both, np.random.default_rng(0))
    >>> found.columns[["class", "reference", "current"]].round(2).to_numpy().tolist()
    [['a', 0.5, 0.05], ['b', 0.5, 0.95]]
    """

    name: ClassVar[str] = "label-shift"
    takes: ClassVar[str] = "class probabilities, and y of the reference"
    effect: ClassVar[str] = "total variation distance of prevalences, 0 to 1"
    reference: ClassVar[str] = "Lipton, Wang, Smola (2018). Detecting and correcting for label shift, ICML"

    def __init__(self, *, level: float = 0.95, n_permutations: int = 200, n_resamples: int = 200) -> None:
        check_between("label-shift", "level", level, 1e-9, 1 - 1e-9)
        self.level = float(level)
        self.n_permutations = check_count("label-shift", "n_permutations", n_permutations, low=19)
        self.n_resamples = check_count("label-shift", "n_resamples", n_resamples, low=100)

    def test(self, pooled: Pooled, rng: np.random.Generator) -> Drift:
        """Estimate the prevalences, and test whether the predictions have changed."""
        import pandas as pd

        proba = pooled.numbers("label-shift")
        check_proba("label-shift", proba)
        classes, codes = _classes(pooled, proba.shape[1])
        marks = np.eye(len(classes))[codes]
        old, new = proba[~pooled.is_current], proba[pooled.is_current]
        given = _given(marks, old, np.ones(len(old)))
        smallest = float(np.linalg.svd(given, compute_uv=False)[-1])
        if smallest < LEAST_SINGULAR:
            cure = "The model confuses some classes wholly; merge them, or label current items at random instead."
            what = "the least singular value of the mean probabilities given each class"
            raise complain("label-shift", what, f"at least {LEAST_SINGULAR:g}", f"{smallest:.3g}", cure)
        prior = marks.mean(axis=0)
        current = nearest_shares(np.linalg.solve(given, new.mean(axis=0)))
        low, high = self._interval(pooled, marks, old, new, rng)
        p_values, among_all = _p_values(pooled, proba, self.n_permutations, rng)
        table = pd.DataFrame({
            "class": as_objects(classes.tolist()), "reference": prior, "current": current,
            "low": np.minimum(low, current), "high": np.maximum(high, current),
            "em": expectation_maximization(new, prior), "p_value": p_values,
            "p_corrected": among_all,
        })  # fmt: skip
        effect = float(np.abs(current - prior).sum() / 2)
        p_value = float(table["p_corrected"].min())
        return Drift(p_value, effect, table, self.name, pooled.n_reference, pooled.n_current)

    def _interval(
        self, pooled: Pooled, marks: Floats, old: Floats, new: Floats, rng: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Quantiles of the solutions on resampled units, clipped to [0, 1]."""
        units = pooled.units[~pooled.is_current], pooled.units[pooled.is_current]
        solutions = []
        for _ in range(self.n_resamples):
            weights = [_resampled(part, rng) for part in units]
            if not (weights[0] @ marks).all() or not weights[1].any():
                continue  # a class without an item in this resample
            given = _given(marks, old, weights[0])
            solutions.append(np.linalg.lstsq(given, weights[1] @ new / weights[1].sum(), rcond=None)[0])
        if len(solutions) < self.n_resamples / 2:
            found = f"a class is missing from {self.n_resamples - len(solutions)} of {self.n_resamples} resamples"
            raise complain("label-shift", "y", "of several items a class", found, "Label more of the rare classes.")
        tail = (1 - self.level) / 2
        low, high = np.clip(np.quantile(np.array(solutions), [tail, 1 - tail], axis=0), 0, 1)
        return low, high


def expectation_maximization(proba: Floats, prior: Floats) -> Floats:
    """The prevalences under which probabilities, calibrated to ``prior``, are likeliest, (n_classes,).

    >>> sure = np.eye(2)[[0, 1, 1, 1]]
    >>> expectation_maximization(sure, np.array([0.5, 0.5])).tolist()
    [0.25, 0.75]
    """
    shares: Floats = prior
    for _ in range(N_EM):
        weighted = np.maximum(proba, 0) * (shares / prior)
        before = shares
        shares = np.asarray((weighted / weighted.sum(axis=1, keepdims=True)).mean(axis=0))
        if np.abs(shares - before).max() < EM_TOLERANCE:
            break
    return shares


def _classes(pooled: Pooled, n_columns: int) -> tuple[npt.NDArray[np.object_], Ints]:
    """The classes in the order of the columns, and the code of each reference label."""
    if pooled.labels is None:
        raise complain(
            "label-shift", "y", "the labels of the reference", "none", "Give y=, one label a reference item."
        )
    try:
        names = pooled.table.columns if pooled.has_names else np.unique(pooled.labels)
    except TypeError:
        raise complain("label-shift", "y", "of one type, which can be sorted", "a mixture") from None
    place = {name: k for k, name in enumerate(names)}
    odd = [label for label in pooled.labels.tolist() if label not in place]
    if odd:
        raise complain("label-shift", "y", "of classes that name a column", repr(odd[0]), "Name the columns by class.")
    codes = np.array([place[label] for label in pooled.labels.tolist()], dtype=np.int64)
    if len(np.unique(codes)) != n_columns:
        found = f"{len(np.unique(codes))} classes for {n_columns} columns"
        cure = "Each class needs labeled reference items; drop columns of others and make rows sum to 1."
        raise complain("label-shift", "y", "with every class that has a column", found, cure)
    return as_objects(names), codes


def _given(marks: Floats, proba: Floats, weights: Floats) -> Floats:
    """Mean probabilities (rows) given each class (columns), (n_classes, n_classes)."""
    return np.asarray(((weights[:, None] * proba).T @ marks) / (weights @ marks))


def _resampled(units: Ints, rng: np.random.Generator) -> Floats:
    """How often each item is in one bootstrap sample of the units."""
    codes = np.unique(units, return_inverse=True)[1]
    n = int(codes.max()) + 1
    return np.bincount(rng.integers(0, n, n), minlength=n)[codes].astype(np.float64)


def _p_values(pooled: Pooled, proba: Floats, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Of the difference in the mean probability of each class, alone and among all of them, (n_classes,) each."""
    sides = pooled.permuted(n, rng).astype(np.float64)
    n_current = sides.sum(axis=1)[:, None]
    current = sides @ proba
    apart = np.abs(current / n_current - (proba.sum(axis=0) - current) / (len(proba) - n_current))
    apart = apart / np.maximum(proba.std(axis=0), 1e-12)  # (n + 1, n_classes)
    largest = apart.max(axis=1)
    largest_of = [np.concatenate([one[:1], largest[1:]]) for one in apart.T]
    return np.array([chance(one) for one in apart.T]), np.array([chance(one) for one in largest_of])
