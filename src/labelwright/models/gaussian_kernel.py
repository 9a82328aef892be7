"""A Gaussian kernel fitted by the marginal likelihood, and what it says after training items were seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from labelwright.check import Floats

LENGTHS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # tried, for features of mean squared length 1
NOISES = np.logspace(-3, 1, 13)  # tried, as shares of the kernel's variance


@dataclass(frozen=True)
class Kernel:
    """Variance times exp(-d^2 / (2 length^2)), with noise of a variance.

    Attributes
    ----------
    length : float
        Above 0, in units of the features.
    variance, noise : float
        Above 0, in squared units of the target.
    """

    length: float
    variance: float
    noise: float

    def of(self, Z: Floats, V: Floats) -> Floats:
        """Covariances between items, (len(Z), len(V)).

        >>> Kernel(1.0, 2.0, 0.1).of(np.zeros((1, 2)), np.zeros((1, 2)))
        array([[2.]])
        """
        return np.asarray(self.variance * np.exp(-_squared(Z, V) / (2 * self.length**2)))


def kernel_of(Z: Floats, targets: Floats, weight: Floats) -> Kernel:
    """The kernel of the largest marginal likelihood, one for all targets.

    Parameters
    ----------
    Z : array of shape (n_items, n_features)
    targets : array of shape (n_items, n_targets)
        Their weighted means are taken off.
    weight : array of shape (n_items,)
        Above 0; the noise of an item is divided by its weight over the mean weight.

    Examples
    --------
    >>> Z = np.linspace(-2, 2, 30)[:, None]
    >>> kernel_of(Z, np.sin(Z), np.ones(30)).noise < 0.01
    True
    """
    root = np.sqrt(weight / weight.mean())
    rest = (targets - weight @ targets / weight.sum()) * root[:, None]
    squared, n = _squared(Z, Z), rest.size
    best, found = -np.inf, Kernel(1.0, 1.0, 1.0)
    for length in LENGTHS:
        value, axes = np.linalg.eigh(root[:, None] * np.exp(-squared / (2 * length**2)) * root)
        power = ((axes.T @ rest) ** 2).sum(axis=1)  # (n_items,)
        for noise in NOISES:
            spectrum = np.maximum(value, 0) + noise
            variance = max(float((power / spectrum).sum()) / n, 1e-12)
            likelihood = -0.5 * (n * np.log(variance) + targets.shape[1] * np.log(spectrum).sum())
            if likelihood > best:
                best, found = likelihood, Kernel(length, variance, float(variance * noise))
    return found


@dataclass(frozen=True)
class Posterior:
    """What the kernel says after training items were seen.

    Attributes
    ----------
    kernel : Kernel
    Z : array of shape (n_items, n_features)
    prior_mean : array of shape (n_targets,)
    inverse : array of shape (n_items, n_items)
        Of the covariance with noise.
    coef : array of shape (n_items, n_targets)
    """

    kernel: Kernel
    Z: Floats
    prior_mean: Floats
    inverse: Floats
    coef: Floats

    @classmethod
    def of(cls, kernel: Kernel, Z: Floats, targets: Floats, weight: Floats) -> Posterior:
        """Condition on targets (n_items, n_targets) with noise by weight."""
        prior_mean = weight @ targets / weight.sum()
        inverse = np.linalg.inv(kernel.of(Z, Z) + np.diag(kernel.noise * weight.mean() / weight))
        return cls(kernel, Z, prior_mean, inverse, inverse @ (targets - prior_mean))

    @property
    def noise(self) -> float:
        """Variance of the noise."""
        return self.kernel.noise

    def across(self, V: Floats) -> Floats:
        """Covariances of items with the training items, (len(V), n_items)."""
        return self.kernel.of(V, self.Z)

    def mean(self, V: Floats) -> Floats:
        """Posterior means, (len(V), n_targets)."""
        return np.asarray(self.prior_mean + self.across(V) @ self.coef)

    def variance(self, V: Floats) -> Floats:
        """Posterior variances without noise, (len(V),), the same for every target."""
        across = self.across(V)
        return np.asarray(np.maximum(self.kernel.variance - ((across @ self.inverse) * across).sum(axis=1), 0))

    def draw(self, waves: Floats, targets: Floats, weight: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Coefficients of a function from the posterior: of the waves, and of the kernel at the training items."""
        prior = rng.normal(size=(waves.shape[1], targets.shape[1])) * np.sqrt(self.kernel.variance)
        error = rng.normal(size=targets.shape) * np.sqrt(self.noise * weight.mean() / weight)[:, None]
        return prior, self.inverse @ (targets - self.prior_mean - waves @ prior - error)

    def arrays(self) -> dict[str, Any]:
        """Itself as arrays and numbers, for `from_arrays`."""
        kernel = [self.kernel.length, self.kernel.variance, self.kernel.noise]
        return {
            "kernel": np.array(kernel), "Z": self.Z, "prior_mean": self.prior_mean, "inverse": self.inverse,
            "coef": self.coef,
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: dict[str, Any]) -> Posterior:
        """The posterior that `arrays` gave."""
        length, variance, noise = (float(number) for number in arrays["kernel"])
        found = Kernel(length, variance, noise)
        return cls(found, arrays["Z"], arrays["prior_mean"], arrays["inverse"], arrays["coef"])


def _squared(Z: Floats, V: Floats) -> Floats:
    """Squared distances, (len(Z), len(V))."""
    return np.asarray(np.maximum((Z**2).sum(axis=1)[:, None] + (V**2).sum(axis=1) - 2 * Z @ V.T, 0))
