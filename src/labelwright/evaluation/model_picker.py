"""Which of several finished models is the best: by labels of the items that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_count, check_same_length, complain
from labelwright.errors import ConflictError, InputError

if TYPE_CHECKING:
    import pandas as pd

STRENGTH: Final = 20.0  # labels a class that the prior of each model is worth
CONSENSUS: Final = 0.9  # of the prior that comes from what the models say together; the rest favours being right
RIGHT: Final = 2.0  # how many times as likely as any one mistake being right is, before anything is known
GRID: Final = 96  # points of the quadrature
SEARCHED: Final = 200  # items whose gain is computed for one question
N_PASSES: Final = 3  # of the estimate of how frequent classes are


class ModelPicker:
    """Find the best of several finished models with few labels, by asking about items on which they disagree.

    The models stay as they are: where they learn from the labels meanwhile, use the "auto" model instead.

    Parameters
    ----------
    predictions : array of shape (n_models, n_items, n_classes), or (n_models, n_items)
        Probabilities, or classes, of the items of a pool.
    names : sequence of str, optional
        Of the models; "0", "1", ... if left out.
    classes : array of shape (n_classes,), optional
        What the columns of probabilities are; 0, 1, ... if left out. Found in predicted classes.
    random_state : int
        Breaks ties.

    Notes
    -----
    Each model has a confusion matrix with a Dirichlet prior in each row: nine tenths of it are what the models say
    together, the rest that being right is likelier than each mistake. A label adds one to a cell of each model. A
    model's accuracy is the mean of its diagonal under the frequencies of classes, which the pool's predictions give; it
    is taken for normal, and P(best) is computed by quadrature. The next item is the one whose label is expected to make
    P(best) least uncertain (its entropy), among the ones that the models disagree most about.

    P(best) is what this model of mistakes believes: mistakes of a model are alike within a class. Items that models
    disagree about are harder, so accuracies of chosen items are no estimates; measure the winner on random labels. For
    the same reason the prior is strong, twenty labels a class: with four, chosen labels outweighed what the models say
    together, and the regret on digits rose with them.

    Cost of a question: O(200 k n_models 96) for k classes that the models name for one item.

    References
    ----------
    Kay, Van Horn, Maji, Sheldon, Beery (2025). Consensus-driven active model selection, ICCV, sections 3 and 4. There
    P(best) is a mean over classes of the chance to be best in each; here it is about the accuracy itself.

    Examples
    --------
    >>> truth = np.arange(90) % 3
    >>> good, poor = truth.copy(), truth.copy()
    >>> good[::15], poor[::2] = 0, 0
    >>> picker = ModelPicker([good, poor], names=["good", "poor"])
    >>> for _ in range(20):
    ...     asked = picker.query()
    ...     picker.teach(asked, truth[asked])
    >>> picker.best, bool(picker.table()["p_best"].iloc[0] > 0.8)
    ('good', True)
    """

    def __init__(
        self, predictions: npt.ArrayLike | Sequence[npt.ArrayLike], *, names: Sequence[str] | None = None,
        classes: npt.ArrayLike | None = None, random_state: int = 0,
    ) -> None:  # fmt: skip
        given = np.asarray(predictions)
        if given.ndim not in (2, 3) or len(given) < 2 or given.shape[1] < 1:
            expected = "of shape (n_models, n_items) or (n_models, n_items, n_classes), of two models or more"
            raise complain("ModelPicker", "predictions", expected, f"shape {given.shape}")
        self.names = [str(k) for k in range(len(given))] if names is None else [str(name) for name in names]
        check_same_length("ModelPicker", predictions=len(given), names=len(self.names))
        self._said, soft, self.classes = _read(given, classes)
        self._labels: dict[int, int] = {}
        self._ties: Floats = np.random.default_rng(random_state).random((given.shape[1],))
        self._consensus = soft.mean(axis=0)  # (n_items, n_classes)
        self._cells = _prior(self._said, self._consensus)  # (n_models, n_classes, n_classes)

    @property
    def n_labels(self) -> int:
        """Labels taught so far."""
        return len(self._labels)

    @property
    def best(self) -> str:
        """The model of the largest P(best)."""
        return self.names[int(self._belief().p_best.argmax())]

    def table(self) -> pd.DataFrame:
        """Models, the best first: ``model``, ``p_best``, and ``accuracy`` with ``error`` (one s.d.), as believed."""
        import pandas as pd

        belief = self._belief()
        found = {"model": self.names, "p_best": belief.p_best, "accuracy": belief.mean, "error": belief.error}
        return pd.DataFrame(found).sort_values("p_best", ascending=False, kind="stable", ignore_index=True)

    def query(self, n: int = 1) -> Ints:
        """The n items whose labels are expected to tell most, without those taught; each as if it were the next one.

        Raises
        ------
        ConflictError
            If fewer than n items are left.
        """
        check_count("ModelPicker", "n", n, low=1)
        free = np.setdiff1d(np.arange(self._said.shape[1]), list(self._labels))
        if len(free) < n:
            raise ConflictError(f"ModelPicker: {n} items were asked for, {len(free)} are left.")
        belief = self._belief()
        disagree = _entropy(_votes(self._said[:, free], len(self.classes)))
        most = np.lexsort((self._ties[free], -disagree))[: max(SEARCHED, 2 * n)]
        candidates = free[most]
        gains = np.array([self._gain(belief, int(item)) for item in candidates])
        return np.asarray(candidates[np.lexsort((self._ties[candidates], -gains))[:n]])

    def teach(self, indices: npt.ArrayLike, labels: npt.ArrayLike) -> None:
        """Take the labels of items; a second label of an item takes the place of the first.

        Raises
        ------
        InputError
            If lengths differ, an item is not there, or a label is none of the classes.
        """
        items, given = np.atleast_1d(np.asarray(indices)), np.atleast_1d(np.asarray(labels))
        check_same_length("ModelPicker", indices=len(items), labels=len(given))
        position = {value: k for k, value in enumerate(self.classes.tolist())}
        for item, label in zip(items.tolist(), given.tolist(), strict=True):
            if not 0 <= item < self._said.shape[1]:
                raise complain("ModelPicker", "indices", f"from 0 to {self._said.shape[1] - 1}", item)
            if label not in position:
                raise complain("ModelPicker", "labels", f"of the classes {', '.join(map(str, position))}", repr(label))
        for item, label in zip(items.tolist(), given.tolist(), strict=True):
            if item in self._labels:
                self._add(item, self._labels[item], -1.0)
            self._labels[item] = position[label]
            self._add(item, position[label], 1.0)

    def _add(self, item: int, label: int, amount: float) -> None:
        self._cells[np.arange(len(self.names)), label, self._said[:, item]] += amount

    def _belief(self) -> _Belief:
        total = self._cells.sum(axis=2)
        right = np.einsum("kcc->kc", self._cells)
        truth = self._truth(self._cells / total[:, :, None])
        return _Belief.of(right, total, truth.mean(axis=0), truth)

    def _truth(self, confusion: Floats) -> Floats:
        """What each item is, (n_items, n_classes): by the models' mistakes, and by labels where there are some."""
        k = np.arange(len(self.names))
        likely = np.mean([confusion[one][:, self._said[one]].T for one in k], axis=0)  # (n_items, n_classes)
        frequent = self._consensus.mean(axis=0)
        for _ in range(N_PASSES):
            truth = likely * frequent
            truth /= truth.sum(axis=1, keepdims=True)
            truth[list(self._labels)] = np.eye(len(self.classes))[list(self._labels.values())]
            frequent = truth.mean(axis=0)
        return np.asarray(truth)

    def _gain(self, belief: _Belief, item: int) -> float:
        """Entropy of P(best) that a label is expected to take away; classes that no model names tell nothing."""
        named = np.unique(self._said[:, item])
        chance = belief.truth[item, named]
        hit = self._said[:, item][:, None] == named  # (n_models, n_named)
        right, total = belief.right[:, named], belief.total[:, named]
        after = _moments(right + hit, total + 1)
        before = _moments(right, total)
        weight = belief.frequent[named]
        mean = belief.mean[:, None] + weight * (after[0] - before[0])
        variance = belief.error[:, None] ** 2 + weight**2 * (after[1] - before[1])
        p_best = _p_best(mean.T, np.sqrt(np.maximum(variance.T, 1e-12)))  # (n_named, n_models)
        return float(chance @ (_entropy(belief.p_best) - _entropy(p_best)))


@dataclass(frozen=True, eq=False)
class _Belief:
    """What is believed of the models: counts of being right and of all by class, accuracies, and P(best)."""

    right: Floats
    total: Floats
    frequent: Floats
    truth: Floats
    mean: Floats
    error: Floats
    p_best: Floats

    @classmethod
    def of(cls, right: Floats, total: Floats, frequent: Floats, truth: Floats) -> _Belief:
        mean, variance = _moments(right, total)
        accuracy, error = mean @ frequent, np.sqrt(variance @ frequent**2)
        return cls(right, total, frequent, truth, accuracy, error, _p_best(accuracy[None], error[None])[0])


def _read(
    given: npt.NDArray[Any], classes: npt.ArrayLike | None
) -> tuple[Ints, Floats, npt.NDArray[Any]]:  # fmt: skip
    """Predicted classes as positions (n_models, n_items), as probabilities, and the class values."""
    if given.ndim == 2:
        values = np.unique(given) if classes is None else np.asarray(classes)
        order = {value: k for k, value in enumerate(values.tolist())}
        strange = [value for value in np.unique(given).tolist() if value not in order]
        if strange:
            raise complain("ModelPicker", "predictions", "of the classes", repr(strange[0]))
        said = np.vectorize(order.__getitem__, otypes=[np.int64])(given)
        soft = np.eye(len(values))[said]
    else:
        soft = np.asarray(given, dtype=np.float64)
        values = np.arange(soft.shape[2]) if classes is None else np.asarray(classes)
        check_same_length("ModelPicker", columns=soft.shape[2], classes=len(values))
        if not np.isfinite(soft).all() or (soft < 0).any() or not np.allclose(soft.sum(axis=2), 1, atol=1e-3):
            raise complain("ModelPicker", "predictions", "probabilities that sum to 1", "others")
        said = soft.argmax(axis=2)
    if len(values) < 2:
        raise InputError("ModelPicker: there must be two classes or more.", "Give classes=, the labels there are.")
    return said, soft, values


def _prior(said: Ints, consensus: Floats) -> Floats:
    """Cells of each model's confusion matrix before any label: rows sum to `STRENGTH`."""
    n_classes = consensus.shape[1]
    favoured = np.ones((n_classes, n_classes)) + (RIGHT - 1) * np.eye(n_classes)
    favoured /= favoured.sum(axis=1, keepdims=True)
    cells = np.empty((len(said), n_classes, n_classes))
    for k, row in enumerate(said):
        together = consensus.T @ np.eye(n_classes)[row] + 1e-9
        cells[k] = CONSENSUS * together / together.sum(axis=1, keepdims=True) + (1 - CONSENSUS) * favoured
    return np.asarray(STRENGTH * cells)


def _moments(right: Floats, total: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the chance to be right, of a Beta."""
    mean = right / total
    return mean, mean * (1 - mean) / (total + 1)


def _p_best(mean: Floats, error: Floats) -> Floats:
    """The chance of each of n independent normals to be the largest, (n_cases, n)."""
    from scipy.special import ndtr

    low, high = (mean - 5 * error).min(axis=1), (mean + 5 * error).max(axis=1)
    x = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, GRID)  # (n_cases, n_points)
    z = (x[:, None, :] - mean[:, :, None]) / error[:, :, None]
    below = np.maximum(ndtr(z), 1e-300)
    log_all = np.log(below).sum(axis=1, keepdims=True)
    density = np.exp(-0.5 * z**2) / error[:, :, None]
    chance = (density * np.exp(log_all - np.log(below))).sum(axis=2)
    return np.asarray(chance / np.maximum(chance.sum(axis=1, keepdims=True), 1e-300))


def _votes(said: Ints, n_classes: int) -> Floats:
    """Shares of models that name each class, (n_items, n_classes)."""
    return np.asarray((said[:, :, None] == np.arange(n_classes)).mean(axis=0))


def _entropy(p: Floats) -> Floats:
    return np.asarray(-(p * np.log(np.maximum(p, 1e-300))).sum(axis=-1))
