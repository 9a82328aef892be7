"""Populations whose figures are known: two classes with normal scores, and predictions of a model on a real set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtri

from benchmarks import label_sets

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
N_POPULATION = 400_000
REAL = ("breast_cancer", "spambase", "credit", "wa_churn", "fine_foods")  # of two classes
MANY = ("digits", "satellite")  # of many


@dataclass(frozen=True, eq=False)
class Population:
    """Something to sample from: ``draw(rng, n)`` gives y (n,), proba (n, n_classes) and group (n,) or None.

    ``other`` are the probabilities of another model of the same items.
    """

    name: str
    y: Ints
    proba: Floats
    correlation: float = 0.0
    size: int = 1
    apart: float = 0.0
    share: float = 0.5
    other: Floats | None = None

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Ints, Floats, Ints | None]:
        """A random sample; of normal scores with groups, as many groups as make n items."""
        if self.apart == 0:
            rows = rng.integers(len(self.y), size=n)
            return self.y[rows], self.proba[rows], None
        y, proba = normal(rng, n, self.share, self.apart, self.correlation, self.size)
        return y, proba, None if self.size == 1 else np.repeat(np.arange(n // self.size), self.size)


def normal(
    rng: np.random.Generator, n: int, share: float, apart: float, correlation: float, size: int
) -> tuple[Ints, Floats]:
    """Scores with a mean that is ``apart`` larger for positives; items of a group correlate in class and in score."""

    def noise() -> Floats:
        common = np.repeat(rng.normal(size=n // size), size)
        return np.asarray(np.sqrt(correlation) * common + np.sqrt(1 - correlation) * rng.normal(size=n))

    y = noise() < ndtri(share)
    score = noise() + apart * y
    yes = expit(apart * score - apart**2 / 2 + np.log(share / (1 - share)))  # calibrated
    return y.astype(np.int64), np.column_stack([1 - yes, yes])


def synthetic(share: float, apart: float, *, correlation: float = 0.0, size: int = 1) -> Population:
    """A population of normal scores; its figures are those of many independent items."""
    y, proba = normal(np.random.default_rng(0), N_POPULATION, share, apart, 0.0, 1)
    grouped = f", groups of {size} at {correlation:g}" if size > 1 else ""
    name = f"normal, {share:.0%} positive, {apart:g} apart{grouped}"
    return Population(name, y, proba, correlation, size, apart, share)


def real(data: Path | None, names: tuple[str, ...]) -> Iterator[Population]:
    """Predictions by half of a set for the other half, which is the population, of the sets that are there."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    for name in names:
        found = label_sets.load(name, data, None)
        if found is None:
            continue
        order = np.random.default_rng(0).permutation(len(found.y))
        train, rest = np.array_split(order, 2)
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=300)).fit(
            found.X[train], found.y[train]
        )
        y = found.y[rest]
        proba = model.predict_proba(found.X[rest])
        forest = RandomForestClassifier(200, min_samples_leaf=2, random_state=0).fit(found.X[train], found.y[train])
        other = forest.predict_proba(found.X[rest])
        if proba.shape[1] == 2 and y.mean() > 0.5:  # the rarer class is looked for
            y, proba, other = 1 - y, proba[:, ::-1], other[:, ::-1]
        yield Population(f"{name}, {len(rest)} items", y, proba, other=other)
