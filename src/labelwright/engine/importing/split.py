"""Who is measured: a uniform draw of whole groups, made when rows arrive and never changed.

Pure arithmetic on arrays. The reserve is a simple random sample of groups, so that no model and no
person chose it; a quarter of it is sealed, to certify a target later.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

MIN_RESERVE, MAX_RESERVE = 100, 400
MAX_SHARE = 0.25
SEALED_SHARE = 0.25
MIN_TO_SEAL = 100

Ints = npt.NDArray[np.int64]


def reserve_size(n_items: int) -> int:
    """How many of the first ``n_items`` are put aside: a tenth, between 100 and 400, at most a quarter.

    >>> [reserve_size(n) for n in (40, 569, 1797, 100_000)]
    [10, 100, 179, 400]
    """
    return int(min(max(MIN_RESERVE, min(MAX_RESERVE, n_items // 10)), n_items * MAX_SHARE))


def join_groups(dup_first: Ints, groups: Sequence[str | None]) -> Ints:
    """Join duplicate groups with the source's own groups.

    Parameters
    ----------
    dup_first : array of shape (n_items,)
        Position of the first member of each item's duplicate group.
    groups : sequence of length n_items
        The source's group, or None.

    Returns
    -------
    member : array of shape (n_items,)
        Equal numbers for items that must share a split.

    Examples
    --------
    >>> join_groups(np.array([0, 1, 1, 3]), ["a", None, "a", None]).tolist()
    [0, 0, 0, 1]
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n_items = len(dup_first)
    first_of: dict[str, int] = {}
    by_group = np.array(
        [first_of.setdefault(g, i) if g is not None else i for i, g in enumerate(groups)], dtype=np.int64
    )
    rows = np.concatenate([np.arange(n_items), np.arange(n_items)])
    columns = np.concatenate([dup_first, by_group])
    graph = coo_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(n_items, n_items))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def draw(
    member: Ints, is_new: npt.NDArray[np.bool_], old_split: npt.NDArray[np.str_], share: float, rng: np.random.Generator
) -> npt.NDArray[np.str_]:
    """Give every new item its split: pool, reserve or sealed.

    Parameters
    ----------
    member : array of shape (n_items,)
        Group of each item, old and new.
    is_new : array of shape (n_items,)
        Which items arrive now.
    old_split : array of shape (n_items,)
        Split of the old items; ignored where new.
    share : float
        Share of items to put aside, in [0, 0.25].

    Returns
    -------
    split : array of shape (n_items,)
        Old items unchanged. A new item in an old item's group shares its split; the other groups are
        drawn uniformly until the share of the new items is reached.
    """
    split = old_split.astype("<U7").copy()
    split[is_new] = "pool"
    inherited: dict[int, str] = dict(zip(member[~is_new].tolist(), old_split[~is_new].tolist(), strict=True))
    new = np.flatnonzero(is_new)
    fresh = np.array([member[i] not in inherited for i in new], dtype=bool)
    split[new[~fresh]] = [inherited[int(member[i])] for i in new[~fresh]]
    groups, sizes = np.unique(member[new[fresh]], return_counts=True)
    order = rng.permutation(len(groups))
    wanted = round(share * int(fresh.sum()))
    before = np.cumsum(sizes[order]) - sizes[order]
    chosen = groups[order[before < wanted]]
    sealed = chosen[: int(len(chosen) * SEALED_SHARE)] if wanted >= MIN_TO_SEAL else chosen[:0]
    split[is_new & np.isin(member, chosen)] = "reserve"
    split[is_new & np.isin(member, sealed)] = "sealed"
    return split
