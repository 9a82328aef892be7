"""By how much an answer would lower the expected loss on other items."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_between, check_one_of, check_proba, check_same_length, complain
from labelwright.kernels.blocks import each_block
from labelwright.kernels.last_layer import Curvature, softmax, with_one
from labelwright.kernels.plogp import TILE_BYTES, floored, shannon

Loss = Literal["log", "zero-one"]
WHO = "expected-error-reduction"
N_KNOWN = 100  # labeled items that the second step is worked out on


def expected_error_reduction(
    proba: Floats,
    embed: Floats,
    targets: tuple[Floats, Floats],
    labeled: tuple[Floats, Floats],
    *,
    loss: str = "log",
    penalty: float = 1.0,
    min_proba: float = 0.01,
    max_bytes: int | None = None,
) -> npt.NDArray[np.float64]:
    """The expected loss on the targets now, minus that after the item's answer, in the mean over its answers.

    Large where an answer would make the model surer of many others; below 0 where it would unsettle them.

    Parameters
    ----------
    proba : array of shape (n_items, n_classes)
        Class probabilities by a softmax layer on ``embed``; each row sums to 1.
    embed : array of shape (n_items, n_dims)
    targets : (proba, embed)
        The same for the items that the loss is of.
    labeled : (proba, embed)
        The same for the items that the layer was fitted to.
    loss : {"log", "zero-one"}
        The model's own expectation of its loss: entropy, or 1 - max p.
    penalty : float
        Above 0: of the layer's squared weights, as 1/C of scikit-learn's LogisticRegression.
    min_proba : float
        Answers of a lower probability are taken to change nothing.
    max_bytes : int, optional
        Memory for temporary arrays.

    Returns
    -------
    score : float64 array of shape (n_items,)
        In nats, or as a share of errors. Higher means ask first.

    Raises
    ------
    InputError
        If a table is not one of class probabilities, lengths differ, or a parameter is out of range.

    Notes
    -----
    The model after an answer is one step from the model before: on the quadratic model of its loss plus the exact loss
    of the answer (`Curvature`). In the mean over answers the loss does not change to first order, so that what a second
    step would change counts: it is taken to first order, from an even sample of what is labeled.

    Cost: per direction among the classes a matrix of n_dims^2, and per answer n_targets x n_classes exponentials.

    References
    ----------
    Roy, McCallum (2001). Toward optimal active learning through sampling estimation of error reduction, sec. 2.

    Examples
    --------
    An answer far from the target says little about it:

    >>> half, one = np.array([[0.5, 0.5]]), np.array([[1.0]])
    >>> known = np.array([[0.9, 0.1], [0.1, 0.9]]), np.array([[-1.0], [1.0]])
    >>> near, far = (expected_error_reduction(half, at * one, (half, one), known)[0] for at in (1, -1))
    >>> bool(near > far > 0)
    True
    """
    check_one_of(WHO, "loss", loss, ("log", "zero-one"))
    check_between(WHO, "min_proba", min_proba, 0, 1)
    for table, places in ((proba, embed), targets, labeled):
        check_proba(WHO, table)
        check_same_length(WHO, proba=len(table), embed=len(places))
    if not len(targets[0]):
        raise complain(WHO, "targets", "one item or more", "none")
    items, ends, known = with_one(embed), with_one(targets[1]), with_one(labeled[1])
    curvature = Curvature(known, labeled[0], penalty)
    outward = curvature.directions.astype(np.float32)  # (n_classes, n_directions)
    before, slope = _loss_and_slope(targets[0].astype(np.float64), loss)
    lever, cross = curvature.remainder(slope.T @ ends / len(ends))
    some = np.unique(np.linspace(0, len(known) - 1, N_KNOWN).round().astype(np.int64))
    p = np.ascontiguousarray(curvature.proba[some].T, dtype=np.float32)  # (n_classes, n_some)
    lever = np.ascontiguousarray(lever[some].T * (len(known) / len(some)), dtype=np.float32)
    logits = np.log(floored(targets[0]).T)  # (n_classes, n_targets)
    n_directions, n_dims = outward.shape[1], items.shape[1]
    end_bytes = 4 * (4 * len(outward) + 2 * n_directions)  # of temporary arrays for an answer and a target
    n_some = max(1, min(len(ends), min(max_bytes or TILE_BYTES, TILE_BYTES) // end_bytes))
    cuts = [slice(top, top + n_some) for top in range(0, len(ends), n_some)]
    back_cuts = [slice(top, top + n_some) for top in range(0, len(some), n_some)]
    maps = [(ends[cut] @ curvature.inverses).reshape(-1, n_dims) for cut in cuts]
    back = [(known[some[cut]] @ curvature.inverses).reshape(-1, n_dims) for cut in back_cuts]
    own, crossed = curvature.own(items), items @ cross
    asked, answer = np.nonzero(proba >= max(min_proba, 1e-12))  # one entry a possible answer, by item
    after = np.empty(len(asked))

    def work(part: slice) -> None:
        here, at = np.unique(asked[part], return_inverse=True)
        steps = curvature.steps(proba[asked[part]], answer[part], own[asked[part]])
        lengths = steps[:, :, None].astype(np.float32)

        def moved(to: Floats) -> Floats:
            """By how much the logits of some targets change, (n_answers, n_classes, n_some)."""
            pulls = (items[here] @ to.T).reshape(len(here), n_directions, -1)
            return np.asarray(outward @ (pulls[at] * lengths))

        total = -len(ends) * np.einsum("na,na->n", crossed[asked[part]], steps)
        for cut, to in zip(cuts, maps, strict=True):
            total += _sum_of_losses(moved(to) + logits[:, cut], loss)
        for cut, to in zip(back_cuts, back, strict=True):
            total -= len(ends) * _beyond(moved(to), p[:, cut], lever[:, cut])
        after[part] = total / len(ends)

    row_bytes = n_some * end_bytes * (4 if max_bytes is None else 1)
    each_block(work, len(asked), row_bytes, max_bytes, WHO)
    gains = proba[asked, answer] * (before.mean() - after)
    return np.asarray(np.bincount(asked, weights=gains, minlength=len(proba)), dtype=np.float64)


def _loss_and_slope(p: Floats, loss: str) -> tuple[Floats, Floats]:
    """Of rows of probabilities: the expected loss, (n_items,), and its slope in the logits, (n_items, n_classes)."""
    if loss == "log":
        each = shannon(p)
        return each, -p * (np.log(np.maximum(p, 1e-12)) + each[:, None])
    most = p.max(axis=1)
    return 1 - most, most[:, None] * (p - np.eye(p.shape[1])[p.argmax(axis=1)])


def _sum_of_losses(logits: Floats, loss: str) -> Floats:
    """Over the targets, (n_answers,), from logits (n_answers, n_classes, n_targets), which are used up."""
    logits -= logits.max(axis=1, keepdims=True)
    odds = np.exp(logits)
    total = odds.sum(axis=1)  # (n_answers, n_targets)
    if loss == "zero-one":
        return np.asarray((1 - 1 / total).sum(axis=1, dtype=np.float64))
    odds *= logits
    return np.asarray((np.log(total) - odds.sum(axis=1) / total).sum(axis=1, dtype=np.float64))


def _beyond(moved: Floats, p: Floats, lever: Floats) -> Floats:
    """What probabilities p gain beyond the linear model when their logits move, times its effect, (n_answers,)."""
    linear = p * (moved - np.einsum("kt,nkt->nt", p, moved)[:, None])
    gained = softmax(moved + np.log(p), axis=1) - p - linear
    return np.asarray(np.einsum("kt,nkt->n", lever, gained, dtype=np.float64))
