"""Features of a pre-trained encoder, bent by a small adapter towards the labels there are; and what that brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_count, complain
from labelwright.encoders.adapter import Adapter, have_length_one
from labelwright.errors import InputError
from labelwright.kernels.rows import as_rows
from labelwright.loop.targets import read_targets
from labelwright.models import make
from labelwright.models.calibration import folds
from labelwright.models.deep import as_floats, seeded
from labelwright.stats.estimate import Estimate
from labelwright.stats.paired import paired_difference
from labelwright.tasks.base import Task

N_FOLDS: Final = 5
EPOCHS: Final = 150
LR: Final = 1e-3
WEIGHT_DECAY: Final = 0.1
DROPPED: Final = 0.2  # of the adapter's inner units in training
MEASURES: Final = ("accuracy", "log-loss")


@dataclass(frozen=True, eq=False)
class Refined:
    """An adapter and what it brought on labels that it had not seen.

    Attributes
    ----------
    gain : dict of str to Estimate
        By "accuracy" and "log-loss": what a linear model has gained by the refined features, above 0 where they are
        better, with a 95 % interval; adapter and model were both fitted without the labels that they are measured on.
    adapter : Adapter
        What bends the features.

    Notes
    -----
    Labels that were chosen by a model are harder than the pool, and the gain is measured on those that are given.
    """

    gain: dict[str, Estimate]
    adapter: Adapter

    @property
    def is_better(self) -> bool:
        """Whether the whole interval of the accuracy's gain, or of the log-loss's, is above 0 and neither is below."""
        return any(one.low > 0 for one in self.gain.values()) and all(one.high > 0 for one in self.gain.values())

    def transform(self, X: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Refined features, of the shape of X (n_items, n_features); rows of length one stay so."""
        return self.adapter.transform(as_floats(as_rows(X, "refine")[:], "refine"))


def refine(X: npt.ArrayLike, y: npt.ArrayLike, *, n_inner: int = 64, groups: Ints | None = None,
           random_state: int = 0) -> Refined:  # fmt: skip
    """Fit an adapter to labeled features, and measure what it brings by cross-fitting; torch must be installed.

    Parameters
    ----------
    X : array of shape (n_items, n_features)
        Features of an encoder, such as `lw.encode` gives.
    y : array of shape (n_items,)
        One class an item. Never give labels that are to measure the model later.
    n_inner : int
        Units of the adapter, at least 1.
    groups : array of shape (n_items,), optional
        Items of one group stay on one side of each split.
    random_state : int

    Returns
    -------
    refined : Refined
        Use it where ``refined.is_better``: with few labels an adapter often brings nothing.

    Raises
    ------
    InputError
        If there are fewer than ten items or two classes, y is no single class an item, or torch is not installed.

    References
    ----------
    Houlsby et al. (2019). Parameter-efficient transfer learning for NLP, ICML, section 2.1: a bottleneck that begins
    as the identity.

    Examples
    --------
    >>> X, y = np.random.default_rng(0).normal(size=(40, 8)), np.arange(40) % 2
    >>> refine(X, y).transform(X).shape  # doctest: +SKIP
    (40, 8)
    """
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise InputError("refine: torch must be installed.", 'Run pip install "labelwright[deep]".') from error
    check_count("refine", "n_inner", n_inner, low=1)
    items = as_floats(as_rows(X, "refine")[:], "refine")
    task, codes, _ = read_targets(y, None, "refine")
    if not task.one_class:
        raise complain("refine", "y", "one class an item", task.name)
    if len(codes) != len(items) or len(items) < 2 * N_FOLDS or len(np.unique(codes)) < 2:
        raise complain("refine", "y", f"{2 * N_FOLDS} labels or more, of two classes or more, one for each row of X",
                       f"{len(codes)} labels of {len(np.unique(codes))} classes, {len(items)} rows")  # fmt: skip
    group = np.arange(len(items)) if groups is None else np.unique(groups, return_inverse=True)[1]
    if group.max() + 1 < N_FOLDS:
        raise complain("refine", "groups", f"{N_FOLDS} groups or more", int(group.max()) + 1)
    gain = _gain(task, items, codes, group, n_inner, random_state)
    return Refined(gain, _fitted(items, codes, task.n_outputs, n_inner, random_state))


def _gain(
    task: Task, items: npt.NDArray[np.float32], codes: npt.NDArray[Any], group: Ints, n_inner: int, seed: int
) -> dict[str, Estimate]:
    """Paired differences of a linear model's parts on labels that neither it nor the adapter has seen."""
    fold = folds(codes, group, N_FOLDS, np.random.default_rng([seed, 31]))
    parts: dict[str, Floats] = {name: np.zeros(len(codes)) for name in MEASURES}
    for k in range(N_FOLDS):
        inside, outside = np.flatnonzero(fold == k), np.flatnonzero(fold != k)
        adapter = _fitted(items[outside], codes[outside], task.n_outputs, n_inner, seed)
        both = [items, adapter.transform(items)]
        said = [
            make("linear", task, random_state=seed).fit(X[outside], codes[outside]).predict(X[inside]) for X in both
        ]
        for name in MEASURES:
            before, after = (np.asarray(task.losses(name, codes[inside], one), dtype=np.float64) for one in said)
            parts[name][inside] = after - before if task.higher_is_better(name) else before - after
    return {name: paired_difference(differences, group) for name, differences in parts.items()}


def _fitted(
    items: npt.NDArray[np.float32], codes: npt.NDArray[Any], n_outputs: int, n_inner: int, seed: int
) -> Adapter:
    """The adapter, trained together with a linear head that is thrown away."""
    import torch
    from torch.nn import functional

    with seeded(seed):
        inputs, answers, n_features = torch.as_tensor(items), torch.as_tensor(codes.astype(np.int64)), items.shape[1]
        down = (torch.randn(n_features, n_inner) / n_features**0.5).requires_grad_()
        up, head = torch.zeros(n_inner, n_features).requires_grad_(), torch.nn.Linear(n_features, n_outputs)
        scale = float(np.sqrt((items**2).sum(axis=1).mean())) or 1.0
        optimiser = torch.optim.AdamW([down, up, *head.parameters()], lr=LR, weight_decay=WEIGHT_DECAY)
        for _ in range(EPOCHS):
            for idx in torch.randperm(len(inputs)).split(64):
                inner = functional.dropout(torch.relu(inputs[idx] @ down), DROPPED)
                raw = head((inputs[idx] + inner @ up) * (n_features**0.5 / scale))
                optimiser.zero_grad()
                functional.cross_entropy(raw, answers[idx]).backward()
                optimiser.step()
    return Adapter(down.detach().numpy(), up.detach().numpy(), have_length_one(items))
