"""A labeled source of another domain, as users give it: arrays beside the pool's, or signs of domains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Ints, check_complete, check_same_length, complain
from labelwright.kernels.rows import FeatureRows, as_rows
from labelwright.loop.runs import Job
from labelwright.loop.targets import as_labels, is_auto, read_items, read_targets
from labelwright.strategies.shared.embedding import embed_of
from labelwright.tasks.base import Task
from labelwright.transfer.mixing import stacked

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class GivenSource:
    """Items of another domain and their labels, in the user's own values."""

    X: FeatureRows
    y: npt.NDArray[Any]


def read_source(
    X_source: object, y_source: npt.ArrayLike | None, items: FeatureRows, estimator: object, who: str
) -> GivenSource | None:
    """Check a source beside the items of the target; None where none is given.

    Raises
    ------
    InputError
        If one of the two is missing, lengths differ, the source has another number of features, a label is missing, or
        the estimator is "auto", which does not choose among models with a source yet.

    Examples
    --------
    >>> read_source([[0.0], [1.0]], ["a", "b"], as_rows([[2.0]]), None, "simulate").y.tolist()
    ['a', 'b']
    """
    if X_source is None and y_source is None:
        return None
    if X_source is None or y_source is None:
        lacking, other = ("X_source", "y_source") if X_source is None else ("y_source", "X_source")
        raise complain(who, lacking, f"given with {other}", "None", "Pass both, or neither.")
    if is_auto(estimator):
        raise complain(who, "the estimator", "an estimator, or a model by its name, where a source is given", "'auto'")
    rows, y = read_items(X_source, estimator, who), as_labels(y_source, who)
    check_same_length(who, X_source=int(rows.shape[0]), y_source=len(y))
    check_complete(who, "y_source", y, "labels", "Drop these items: a source is labeled.")
    if rows.shape[1] != items.shape[1] or type(rows) is not type(items):
        expected, found = (f"{type(part).__name__} of {part.shape[1]} columns" for part in (items, rows))
        raise complain(who, "X_source", f"{expected}, like X", found, "Encode both domains alike.")
    return GivenSource(rows, y)


def target_of(sample_domain: npt.ArrayLike, n_items: int, who: str) -> tuple[Ints, Ints]:
    """Positions of the source's and of the target's items, by the signs of their domains as in skada.

    Raises
    ------
    InputError
        If a domain is 0 or no number, lengths differ, or there is no item of one of the two.

    Examples
    --------
    >>> [part.tolist() for part in target_of([1, -2, 1], 3, "simulate")]
    [[0, 2], [1]]
    """
    domain = np.asarray(sample_domain)
    check_same_length(who, X=n_items, sample_domain=len(domain))
    if domain.dtype.kind not in "if" or not (domain != 0).all() or not ((domain > 0).any() and (domain < 0).any()):
        expected = "numbers, above 0 for items of the source and below 0 for those of the target, some of each"
        raise complain(who, "sample_domain", expected, domain[:5])
    return np.flatnonzero(domain > 0), np.flatnonzero(domain < 0)


def split_domains(
    X: object, y: npt.ArrayLike | None, sample_domain: npt.ArrayLike, who: str, X_source: object = None
) -> tuple[object, npt.NDArray[Any], object, npt.NDArray[Any], Ints]:
    """X and y of the target, X and y of the source, and the positions of the target, by the signs of domains."""
    rows = as_rows(X, who)
    if X_source is not None:
        raise complain(who, "sample_domain and X_source", "one of the two", "both", "Drop one.")
    if y is None:
        raise complain(who, "y", "given with sample_domain", "None", "It labels the source's items.")
    labels = as_labels(y, who)
    check_same_length(who, X=int(rows.shape[0]), y=len(labels))
    source, target = target_of(sample_domain, int(rows.shape[0]), who)
    return rows[target], labels[target], rows[source], labels[source], target


def read_pool(
    X_pool: object, y: npt.ArrayLike | None, X_source: object, y_source: npt.ArrayLike | None,
    sample_domain: npt.ArrayLike | None, estimator: object,
) -> tuple[FeatureRows, GivenSource | None, Ints]:  # fmt: skip
    """All items of a notebook's pool, its source, and the positions of the source's items among them."""
    who = "ActiveLearner"
    X, outside = read_items(X_pool, estimator, who), np.empty(0, dtype=np.int64)
    if sample_domain is not None:
        _, _, X_source, y_source, inside = split_domains(X, y, sample_domain, who, X_source)
        outside = np.setdiff1d(np.arange(int(X.shape[0])), inside)
    return X, read_source(X_source, y_source, X, estimator, who), outside


def read_both(
    y: npt.ArrayLike, given: GivenSource | None, estimator: object, who: str
) -> tuple[Task, npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any] | None]:
    """The task that labels of both domains ask for, both encoded, and the class values in schema order.

    Raises
    ------
    InputError
        If the labels of the two domains are not of one kind.
    """
    if given is None:
        task, codes, values = read_targets(y, estimator, who)
        return task, codes, codes[:0], values
    labels: Any = y
    own = as_labels(labels, who) if len(labels) else given.y[:0]
    if own.shape[1:] != given.y.shape[1:]:
        raise complain(who, "y_source", f"of shape (n_source, *{own.shape[1:]}) like y", given.y.shape)
    both = [*own.tolist(), *given.y.tolist()]
    task, codes, values = read_targets(both, estimator, who)
    return task, codes[: len(own)], codes[len(own) :], values


def check_known(y_source: npt.NDArray[Any], y: npt.NDArray[Any], values: npt.NDArray[Any]) -> None:
    """Refuse classes of a source that no item of the target has, as codes of ``values``."""
    strange = np.setdiff1d(y_source, y)
    if len(strange):
        cure = "Drop these items, or give both domains the same names of classes."
        raise complain("simulate", "y_source", "of classes that y has", repr(values[strange[0]]), cure)


def embed_both(
    items: FeatureRows, given: GivenSource | None, estimator: object
) -> tuple[FeatureRows, npt.NDArray[np.float32]]:
    """Features in which near items are similar, of the target's items and of the source's, found on both."""
    if given is None:
        return embed_of(items, estimator), np.empty((0, 0), dtype=np.float32)
    both = embed_of(as_rows(stacked(items[:], given.X[:])), estimator)
    n_items = int(items.shape[0])
    return as_rows(both[:n_items]), np.asarray(both[n_items:], dtype=np.float32)


def transfers_of(runs: Sequence[tuple[Job, Sequence[Mapping[str, Any]]]]) -> pd.DataFrame | None:
    """What was chosen in each round of each run: strategy, seed, n_labels, method, amount, loss, alone."""
    import pandas as pd

    chosen = [
        {"strategy": job.name, "seed": job.seed, "n_labels": choice.n_labels, "method": choice.method,
         "amount": choice.amount, "loss": choice.loss, "alone": choice.alone}
        for job, rows in runs for row in rows if (choice := row["transfer"]) is not None
    ]  # fmt: skip
    return pd.DataFrame(chosen) if chosen else None
