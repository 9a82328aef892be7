"""What the other people's answers say of the items that a person answered."""

from __future__ import annotations

import numpy as np

from labelwright.annotators.one_coin import OneCoin
from labelwright.annotators.votes import Votes
from labelwright.check import Floats, Ints, check_count


def peers_posterior(votes: Votes, person: int) -> tuple[Ints, Floats]:
    """The classes of a person's items by the others' answers alone.

    The model of people is fitted without this person, so that nobody vouches for themselves.

    Parameters
    ----------
    votes : Votes
    person : int
        Position of the person.

    Returns
    -------
    rows : int64 array of shape (n_shared,)
        Positions in ``votes`` of the person's votes about items that somebody else answered too.
    posterior : array of shape (n_shared, n_classes)

    Raises
    ------
    InputError
        If there is no such person.

    References
    ----------
    The one-coin model, see `labelwright.annotators.one_coin`.

    Examples
    --------
    >>> votes = Votes.of([0, 0, 1, 1, 2], list("ababa"), ["x", "x", "y", "y", "x"])[0]
    >>> rows, posterior = peers_posterior(votes, 0)
    >>> rows, posterior.argmax(axis=1)
    (array([0, 2]), array([0, 1]))
    """
    check_count("peers_posterior", "person", person, 0, votes.n_people - 1)
    others = votes.person != person
    items, item = np.unique(votes.item[others], return_inverse=True)
    people, peer = np.unique(votes.person[others], return_inverse=True)
    rows = np.flatnonzero(~others & np.isin(votes.item, items))
    if not len(rows):
        return rows, np.empty((0, votes.n_classes))
    rest = Votes(item, peer, votes.label[others], len(items), len(people), votes.n_classes)
    return rows, OneCoin().estimate(rest).proba[np.searchsorted(items, votes.item[rows])]
