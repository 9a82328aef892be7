"""Whether a person repeats the model's errors more often than can be explained by hard items.

Agreement with a model that is right shows nothing: an honest person agrees too. Only its errors tell, and only
against what others do on the same items, because a model errs where people err. What is shown is that a person
repeats the errors of this model; that may be copying, or a second model trained on like data.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from labelwright.annotators.evidence import ALPHA, Evidence, log_ratio, settle
from labelwright.check import Bools, Ints, check_between, check_same_length, complain

ODDS: Final = 20.0  # of repeating an error, beside a peer's, in the alternative
COPIED: Final = 0.95  # share of errors that a copier repeats, in the alternative


def copying_test(repeated: Bools, n_peers: Ints, n_repeated: Ints, *, alpha: float = ALPHA) -> Evidence:
    """Test against peers on the same items, where the model is known to be wrong.

    The null: on each item this person is as likely to give the model's wrong class as each of the peers, who answered
    without seeing the model. Then, of all who gave it, each is equally likely to be this person, however hard the item
    is. Items that all or none repeated say nothing. A person who copies the model on a few items is not found.

    Parameters
    ----------
    repeated : bool array of shape (n,)
        Did the person give the model's wrong class? In the order of their answers.
    n_peers, n_repeated : int64 arrays of shape (n,)
        How many others answered the item, and how many of those gave the model's wrong class.

    Returns
    -------
    Evidence

    Raises
    ------
    InputError
        If lengths differ, or more peers repeated an error than there are.

    References
    ----------
    Fisher's exact test of one table for each item, as a sequential likelihood ratio with an odds ratio of 20; see
    Turner, Ly, Grünwald (2024). Generic e-variables for exact sequential k-sample tests, sec. 2.

    Examples
    --------
    >>> ones = np.ones(8, dtype=np.int64)
    >>> copying_test(ones > 0, 3 * ones, 0 * ones).alarm_at  # nobody else makes the model's errors
    3
    >>> copying_test(ones > 0, 3 * ones, 3 * ones).value  # all do
    1.0
    """
    check_same_length("copying_test", repeated=len(repeated), n_peers=len(n_peers), n_repeated=len(n_repeated))
    check_between("copying_test", "alpha", alpha, 1e-12, 1 - 1e-9)
    if (n_repeated > n_peers).any() or (n_repeated < 0).any():
        raise complain("copying_test", "n_repeated", "between 0 and n_peers", "another number")
    share = (n_repeated + repeated) / (n_peers + 1)
    telling = np.flatnonzero((share > 0) & (share < 1))
    under_null = share[telling]
    copier = ODDS * under_null / (1 + (ODDS - 1) * under_null)
    payoffs = log_ratio(repeated[telling].astype(np.float64), under_null, copier)
    peers_rate = float(n_repeated.sum() / max(n_peers.sum(), 1))
    return settle(
        payoffs, telling, len(repeated), len(telling), alpha, "copies-model",
        {"repeated": int(repeated.sum()), "n": len(repeated), "expected": peers_rate},
    )  # fmt: skip


def repeats_test(repeated: Bools, *, limit: float = 0.5, alpha: float = ALPHA) -> Evidence:
    """Test against a limit, on gold items where the model is wrong and nobody else answered.

    The null: whatever came before, an honest person repeats an error of the model with a chance of at most ``limit``.
    This is an assumption that the items do not prove: on items that deceive everybody it is false. So this test is
    weaker ground than `copying_test`; take it where there are no peers.

    Parameters
    ----------
    repeated : bool array of shape (n,)
        Did the person give the model's wrong class?
    limit : float
        Below 0.95.

    Examples
    --------
    >>> repeats_test(np.ones(8, dtype=bool)).alarm_at
    7
    """
    check_between("repeats_test", "limit", limit, 1e-6, COPIED - 1e-6)
    check_between("repeats_test", "alpha", alpha, 1e-12, 1 - 1e-9)
    n = len(repeated)
    payoffs = log_ratio(repeated.astype(np.float64), np.full(n, limit), np.full(n, COPIED))
    figures = {"repeated": int(repeated.sum()), "n": n, "expected": limit}
    return settle(payoffs, np.arange(n), n, n, alpha, "copies-model", {**figures})
