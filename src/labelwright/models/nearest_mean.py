"""For the first labels: the nearest class mean, under a covariance that is shrunken to a sphere."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.links import NEVER
from labelwright.models.linear import Affine, Linear

SHRINKAGES = (1.0, 0.5, 0.1)  # tried: 1 is the plain distance to the means
TINY = 1e-12


class NearestMean(Linear):
    """The nearest class mean, with probabilities by one temperature chosen out of fold.

    Classes: Gaussians of one covariance. Labels: for each, the items with it against those without. Numbers are not
    served. It has few parameters: with one to five labels a class it is hard to beat, with many others overtake it.

    Notes
    -----
    The covariance is (1 - s) S + s mean(diag S) I, with S that within classes and s one of `SHRINKAGES`, by the
    log-loss of out-of-fold predictions. A mean of m items is drawn to the mean of all as by one more item there.
    Gaussians in many dimensions are far too sure of themselves, so distances are divided by the square root of the
    effective dimension of S, (tr S)^2 / tr S^2, before the temperature.

    Cost: ten singular value decompositions of the training items.

    References
    ----------
    Friedman (1989). Regularized discriminant analysis. Journal of the American Statistical Association 84.

    Examples
    --------
    >>> from labelwright import tasks
    >>> task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    >>> model = NearestMean(task).fit(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1]))
    >>> model.predict(np.array([[-5.0], [8.0]])).values.argmax(axis=1)
    array([0, 1])
    """

    name = "nearest-mean"
    numbers: ClassVar[bool] = False

    def _first(self, Z: Floats, y: npt.NDArray[Any], weight: Floats) -> Any:
        return self._solvers(Z, y, weight)[0]

    def _solvers(self, Z: Floats, y: npt.NDArray[Any], weight: Floats) -> list[Any]:
        kind: Any = self.task.target.pick(codes=_Classes, marks=_Labels, numbers=None)
        return [kind(self.task.n_outputs, shrinkage) for shrinkage in SHRINKAGES]


class _Classes:
    """Class means; classes without weight get no probability."""

    def __init__(self, n_outputs: int, shrinkage: float) -> None:
        self.n_outputs, self.shrinkage = n_outputs, shrinkage

    def fit(self, Z: Floats, y: npt.NDArray[Any], weight: Floats, start: Affine | None = None) -> Affine:
        used = weight > 0
        Z, y, weight = Z[used], y[used], weight[used]
        member = (y[:, None] == np.arange(self.n_outputs)) * weight[:, None]  # (n_items, n_outputs)
        size = member.sum(axis=0)
        seen = np.flatnonzero(size)
        coef, intercept = np.zeros((Z.shape[1], self.n_outputs)), np.full(self.n_outputs, NEVER)
        means = _means(Z, weight, member[:, seen])
        plain = member[:, seen].T @ Z / size[seen][:, None]
        inside = Z - plain[np.searchsorted(seen, y)]
        coef[:, seen] = _solve(inside, weight, self.shrinkage, means.T)
        prior = np.log((size[seen] + 1) / (size.sum() + self.n_outputs))
        intercept[seen] = prior - 0.5 * (means.T * coef[:, seen]).sum(axis=0)
        return coef, intercept


class _Labels:
    """For each label the mean of the items with it, and of those without."""

    def __init__(self, n_outputs: int, shrinkage: float) -> None:
        self.n_outputs, self.shrinkage = n_outputs, shrinkage

    def fit(self, Z: Floats, y: npt.NDArray[Any], weight: Floats, start: Affine | None = None) -> Affine:
        used = weight > 0
        Z, y, weight = Z[used], y[used], weight[used]
        yes = _means(Z, weight, weight[:, None] * y)  # (n_labels, n_features)
        no = _means(Z, weight, weight[:, None] * (1 - y))
        centred = Z - weight @ Z / weight.sum()
        coef = _solve(centred, weight, self.shrinkage, (yes - no).T)
        size = weight @ y
        odds = np.log((size + 1) / (weight.sum() - size + 1))
        return coef, odds - 0.5 * ((yes + no).T * coef).sum(axis=0)


def _means(Z: Floats, weight: Floats, member: Floats) -> Floats:
    """Means of Z under weights (n_items, n_groups), drawn to the mean of all as by one item more."""
    centre = weight @ Z / weight.sum()
    return np.asarray((member.T @ Z + centre) / (member.sum(axis=0) + 1)[:, None])


def _solve(inside: Floats, weight: Floats, shrinkage: float, directions: Floats) -> Floats:
    """The shrunken covariance of centred items, solved for directions (n_features, n_groups)."""
    n_features = inside.shape[1]
    _, length, axes = np.linalg.svd(inside * np.sqrt(weight / weight.sum())[:, None], full_matrices=False)
    variance = length**2
    total = float(variance.sum())
    if total < TINY:  # one item a class: a sphere of the size of the data, whose mean squared length is 1
        return np.asarray(directions * np.sqrt(n_features))
    effective = total**2 / float((variance**2).sum())
    sphere = shrinkage * total / n_features
    along = axes @ directions
    bent = axes.T @ (along * (1 / ((1 - shrinkage) * variance + sphere) - 1 / sphere)[:, None])
    return np.asarray((directions / sphere + bent) / np.sqrt(effective))
