"""The control arm: the answered prefix of a permutation of the pool that is fixed by a seed alone.

Random slots follow the permutation. What the strategy chose joins the arm when the prefix reaches it, so the arm is a
simple random sample of the pool at any time: the order in which items are looked at owes nothing to what they are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Ints
from labelwright.kernels.hashing import mix

STREAM: Final = 0x61726D  # sets these keys apart from other hashes of the same seed
DRAWN, PERMUTED = "drawn", "permutation-1"  # how random slots are filled; the names are stored


def places(seed: int, members: Bools, groups: Ints | None = None) -> npt.NDArray[np.int64]:
    """The place of each item in the permutation.

    Each item has a key, a hash of its ordinal; a group of duplicates stands where the least key of its members puts it.
    So nothing has to be stored, and items that are added later find their places among the others.

    Parameters
    ----------
    seed : int
        Of the project.
    members : bool array of shape (n_items,)
        Items that may be asked for training.
    groups : int64 array of shape (n_items,), optional
        Duplicates; each item on its own if left out.

    Returns
    -------
    places : int64 array of shape (n_items,)
        From 0 for members, duplicates next to each other; -1 for other items.

    Examples
    --------
    >>> members = np.array([True, True, False, True])
    >>> found = places(0, members)
    >>> sorted(found.tolist()), int(found[2])
    ([-1, 0, 1, 2], -1)
    """
    items = np.flatnonzero(members)
    keys = mix(mix(items.astype(np.uint64), STREAM), seed)
    least = keys
    if groups is not None:
        codes = np.unique(groups[items], return_inverse=True)[1]
        of_group = np.full(int(codes.max(initial=-1)) + 1, np.iinfo(np.uint64).max, dtype=np.uint64)
        np.minimum.at(of_group, codes, keys)
        least = of_group[codes]
    found = np.full(len(members), -1, dtype=np.int64)
    found[items[np.lexsort((keys, least))]] = np.arange(len(items))
    return found


def arm(places: Ints, answered: Bools, passed: Bools, groups: Ints | None = None) -> npt.NDArray[np.int64]:
    """Labeled items of the groups before the first one that still has to be asked.

    Parameters
    ----------
    places : int64 array of shape (n_items,)
        As `places` gives them.
    answered : bool array of shape (n_items,)
        Items with a label that trains.
    passed : bool array of shape (n_items,)
        Items that nobody is asked about, or that somebody could not answer; their groups are passed over.
    groups : int64 array of shape (n_items,), optional

    Returns
    -------
    item_idx : int64 array, increasing

    Examples
    --------
    The second item of the order is not answered yet, so the third one, which was chosen, is not in the arm yet:

    >>> order, answered = np.array([0, 1, 2]), np.array([True, False, True])
    >>> arm(order, answered, np.zeros(3, dtype=bool)).tolist()
    [0]
    >>> arm(order, answered, np.array([False, True, False])).tolist()
    [0, 2]
    """
    items = np.flatnonzero(places >= 0)
    codes = np.arange(len(items)) if groups is None else np.unique(groups[items], return_inverse=True)[1]
    n_groups = int(codes.max(initial=-1)) + 1
    done = np.zeros(n_groups, dtype=bool)
    done[codes[answered[items] | passed[items]]] = True
    waiting = places[items][~done[codes]]
    end = int(waiting.min()) if len(waiting) else len(places)
    return np.asarray(items[answered[items] & (places[items] < end)])
