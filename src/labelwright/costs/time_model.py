"""``labelwright.time_model``: how long an answer takes, by item, person and practice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Floats, Ints, as_objects, check_between, check_finite, check_same_length, complain
from labelwright.costs.mixed import Mixed, fit_mixed
from labelwright.stats.intervals import normal_quantile
from labelwright.words import Reason

IDLE: Final = 8.0  # times the median: nobody was at work
N_LOOKS: Final = 3  # times that the limit of idle times is found anew
OWN_MEDIAN: Final = 10  # answers from which a person's own median counts
MIN_ANSWERS: Final = 30
MIN_R2: Final = 0.2
N_FOLDS: Final = 5
N_FIXED: Final = 2  # intercept and practice
Values = npt.ArrayLike


@dataclass(frozen=True)
class Times:
    """Predicted seconds of an answer.

    Attributes
    ----------
    expected : array of shape (n,)
        The mean, which is what adds up to hours; above the median, because times are skewed.
    low, high : array of shape (n,)
        One answer falls between them with the chance that was asked for.
    """

    expected: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class TimeModel:
    """Seconds by item, person and practice; `time_model` fits one.

    Attributes
    ----------
    r2_ : float
        Cross-validated share of the variance of log-times that is predicted; NaN with fewer than 30 answers.
    r2_items_ : float
        The same, of the variance that person and practice leave: what choosing cheap items can build on.
    practice_ : float
        The power of the number of answers that times fall with; -0.1 is 7 % less each time the number doubles.
    usable : bool
        Is ``r2_`` at least 0.2? If not, costs are better taken as equal.
    reason : Reason
        Why so.
    n_answers, n_idle : int
        Answers given, and those left out because nobody was at work.
    """

    r2_: float
    r2_items_: float
    practice_: float
    usable: bool
    reason: Reason
    n_answers: int
    n_idle: int
    _fit: Mixed
    _design: _Design

    def predict(
        self, features: Values, annotators: Values, *, trials: Values | None = None, level: float = 0.95
    ) -> Times:
        """Seconds of answers that are not given yet.

        Parameters
        ----------
        features : array of shape (n, n_features)
        annotators : sequence of n values
            Somebody unknown is taken for anybody: the interval is wider.
        trials : sequence of n integers, optional
            The how-manieth answer of the person it is, from 1. Without it, the next one.
        level : float
            The chance that an answer falls within low and high.

        Raises
        ------
        InputError
            If the features do not fit those of `time_model`, or lengths differ.
        """
        z = normal_quantile(level)
        rows, person = self._design.rows(features, annotators, trials)
        mean, variance = self._fit.mean_and_variance(rows, person)
        spread = np.sqrt(variance + self._fit.noise)
        return Times(np.exp(mean + spread**2 / 2), np.exp(mean - z * spread), np.exp(mean + z * spread))


def time_model(
    features: Values, annotators: Values, seconds: Values, *, trials: Values | None = None, random_state: int = 0
) -> TimeModel:
    """Fit how long answers take: log(seconds) = item + person + practice + noise.

    Parameters
    ----------
    features : array of shape (n, n_features)
        What may make an item long, such as its number of words; 0 columns are allowed. They are standardised, and
        their weights shrunk, so that useless ones do little harm.
    annotators : sequence of n values
        Who answered. A person's effect is shrunk towards the mean, the more the fewer answers there are.
    seconds : sequence of n numbers
        Above 0, in the order of the answers. Times above eight times the median that is predicted for the item and
        the person are left out: nobody was at work.
    trials : sequence of n integers, optional
        The how-manieth answer of the person it is, from 1. Without it, rows are counted.
    random_state : int
        Of the folds.

    Returns
    -------
    TimeModel

    Raises
    ------
    InputError
        If lengths differ, there are fewer than 3 answers, or a time is not above 0.

    Notes
    -----
    Cost: one pass, then a few dozen solves of n_features x n_features, a dozen times. Leaving idle times out takes long
    times of people at work with it: expected seconds are 1 % too low if the noise of log-times has standard deviation
    0.8, and 7 % if it has 1.

    References
    ----------
    Settles, Craven, Friedland (2008). Active learning with real annotation costs, sec. 4: costs help only where they
    can be predicted. Shrinkage: Robinson (1991), see `labelwright.costs.mixed`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> words = rng.integers(5, 100, size=(200, 1))
    >>> who = rng.choice(["ann", "bob"], 200)
    >>> seconds = np.exp(1 + 0.02 * words[:, 0] + np.log(2) * (who == "bob") + rng.normal(0, 0.1, 200))
    >>> m = time_model(words, who, seconds)
    >>> m.usable, m.r2_ > 0.95
    (True, True)
    >>> slow, quick = m.predict([[50], [50]], ["bob", "ann"]).expected
    >>> round(float(slow / quick), 1)
    2.0
    """
    X, y = _features(features), np.asarray(seconds, dtype=np.float64)
    names = as_objects(np.asarray(annotators).tolist())
    check_same_length("time_model", features=len(X), annotators=len(names), seconds=len(y))
    check_finite("time_model", "seconds", y)
    if len(y) < 3:
        raise complain("time_model", "answers", "at least 3", len(y))
    if y.min() <= 0:
        raise complain("time_model", "seconds", "above 0", float(y.min()), "Leave out answers without a time.")
    people, person = np.unique(names.astype(str), return_inverse=True)
    trial = _count(person) if trials is None else _trials(trials, len(y))
    design = _Design.of(X, people, person, trial)
    rows, log_time = design.table(X, trial), np.log(y)
    at_work = _at_work(rows, log_time, person, len(people))
    rows, log_time = rows[at_work], log_time[at_work]
    fit = fit_mixed(rows, log_time, person[at_work], len(people), N_FIXED)
    r2, r2_items = _cross_validated(rows, log_time, person[at_work], len(people), random_state)
    usable, reason = _verdict(r2, int(at_work.sum()))
    return TimeModel(
        r2, r2_items, float(fit.weights[1]), usable, reason, len(y), int((~at_work).sum()), fit, design
    )  # fmt: skip


@dataclass(frozen=True)
class _Design:
    """How features and trials become rows."""

    mean: Floats
    scale: Floats
    varies: Bools
    practice: float  # the mean of log-trials
    position: dict[str, int]
    last_trial: Ints

    @classmethod
    def of(cls, X: Floats, people: npt.NDArray[Any], person: Ints, trial: Ints) -> _Design:
        last = np.zeros(len(people), dtype=np.int64)
        np.maximum.at(last, person, trial)
        scale = X.std(axis=0)
        varies = scale > 1e-12 * np.maximum(np.abs(X).max(axis=0, initial=0), 1e-300)
        position = {name: k for k, name in enumerate(people.tolist())}
        return cls(X.mean(axis=0), scale, varies, float(np.log(trial).mean()), position, last)

    def table(self, X: Floats, trial: Ints) -> Floats:
        """One, practice, and the features that vary, (n, n_weights)."""
        features = ((X - self.mean)[:, self.varies]) / self.scale[self.varies]
        return np.column_stack([np.ones(len(X)), np.log(trial) - self.practice, features])

    def rows(self, features: Values, annotators: Values, trials: Values | None) -> tuple[Floats, Ints]:
        X = _features(features)
        names = np.asarray(annotators).astype(str).tolist()
        check_same_length("time_model", features=len(X), annotators=len(names))
        if X.shape[1] != len(self.mean):
            raise complain("time_model", "features", f"of {len(self.mean)} columns", X.shape[1])
        person = np.array([self.position.get(name, -1) for name in names], dtype=np.int64)
        following = np.where(person >= 0, self.last_trial[person] + 1, 1)
        return self.table(X, following if trials is None else _trials(trials, len(X))), person


def _features(features: Values) -> Floats:
    X = np.asarray(features, dtype=np.float64)
    if X.ndim != 2:
        raise complain("time_model", "features", "of shape (n, n_features)", f"shape {X.shape}")
    check_finite("time_model", "features", X)
    return X


def _trials(trials: Values, n: int) -> Ints:
    trial = np.asarray(trials, dtype=np.int64)
    check_same_length("time_model", answers=n, trials=len(trial))
    if n:
        check_between("time_model", "trials", int(trial.min()), 1, math.inf, "Count a person's answers from 1.")
    return trial


def _count(person: Ints) -> Ints:
    """The how-manieth row of its person each row is, from 1."""
    order = np.argsort(person, kind="stable")
    start = np.searchsorted(person[order], person[order])
    trial = np.empty(len(person), dtype=np.int64)
    trial[order] = np.arange(len(person)) - start + 1
    return trial


def _at_work(rows: Floats, log_time: Floats, person: Ints, n_people: int) -> Bools:
    """Which times are below the limit of idle ones.

    Before items are known the limit is that of the person's median. Times are cut at it, not left out, so that a kind
    of item that always takes long can raise its own limit, and the odd idle time cannot.
    """
    median = np.full(n_people, float(np.median(log_time)))
    for k in np.flatnonzero(np.bincount(person, minlength=n_people) >= OWN_MEDIAN):
        median[k] = np.median(log_time[person == k])
    limit: Floats = median[person] + math.log(IDLE)
    for _ in range(N_LOOKS):
        fit = fit_mixed(rows, np.minimum(log_time, limit), person, n_people, N_FIXED)
        limit = fit.mean_and_variance(rows, person)[0] + math.log(IDLE)
    return np.asarray(log_time <= limit)


def _cross_validated(
    rows: Floats, log_time: Floats, person: Ints, n_people: int, random_state: int
) -> tuple[float, float]:
    """R2 of log-times, against the mean and against a model without features."""
    if len(log_time) < MIN_ANSWERS:
        return math.nan, math.nan
    fold = np.random.default_rng(random_state).permutation(len(log_time)) % N_FOLDS
    errors = np.zeros((3, len(log_time)))
    for k in range(N_FOLDS):
        test, train = fold == k, fold != k
        present = np.bincount(person[train], minlength=n_people) > 0
        position = np.where(present, np.cumsum(present) - 1, -1)
        for row, columns in enumerate((rows, rows[:, :N_FIXED])):
            fit = fit_mixed(columns[train], log_time[train], position[person[train]], int(present.sum()), N_FIXED)
            errors[row, test] = log_time[test] - fit.mean_and_variance(columns[test], position[person[test]])[0]
        errors[2, test] = log_time[test] - log_time[train].mean()
    left, without, total = (errors**2).sum(axis=1).tolist()
    return (1 - left / total if total > 0 else math.nan), (1 - left / without if without > 0 else math.nan)


def _verdict(r2: float, n: int) -> tuple[bool, Reason]:
    if n < MIN_ANSWERS:
        return False, Reason("time-too-few", {"n": n, "needed": MIN_ANSWERS})
    usable = r2 >= MIN_R2
    return usable, Reason("time-usable" if usable else "time-too-weak", {"r2": r2, "needed": MIN_R2, "n": n})
