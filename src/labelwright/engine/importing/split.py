"""Who is measured: a uniform draw of whole groups, made when rows arrive and never changed.

Pure arithmetic on arrays. The reserve is a simple random sample of groups, so that no model and no
person chose it; a quarter of it is sealed, to certify a target later.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from labelwright.stats.certify import ALPHA, critical_count, sealed_size

MIN_RESERVE, MAX_RESERVE = 100, 400
MAX_SHARE = 0.25
SEALED_SHARE = 0.25
MIN_TO_SEAL = 100
LEAD = 0.03  # how far above the goal a model is taken to be
MAX_GROUP_SHARE = 0.25
"""No group has more than this share of the reserve: near-duplicates measure the same thing again and again."""

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def reserve_size(n_items: int) -> int:
    """How many of the first ``n_items`` are put aside: a tenth, between 100 and 400, at most a quarter.

    >>> [reserve_size(n) for n in (40, 569, 1797, 100_000)]
    [10, 100, 179, 400]
    """
    return int(min(max(MIN_RESERVE, min(MAX_RESERVE, n_items // 10)), n_items * MAX_SHARE))


def sealed_size_for(threshold: float, openings: int, n_items: int) -> int:
    """How many items are sealed to certify an accuracy: what a lead of 3 points needs, at most a tenth of the items.

    None where so few could not certify it even if all were right.

    >>> [sealed_size_for(0.9, 1, n) for n in (200, 2000, 20_000)]
    [0, 200, 549]
    """
    size = sealed_size(threshold, min(threshold + LEAD, (1 + threshold) / 2), n_openings=openings)
    n = min(size.n, n_items // 10)
    return n if n and critical_count(n, threshold, alpha=ALPHA / openings) <= n else 0


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
    if all(group is None for group in groups):
        return np.asarray(np.unique(dup_first, return_inverse=True)[1], dtype=np.int64)
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


def in_large_groups(member: Ints, is_new: Bools, share: float) -> Bools:
    """Which new items are in a group that is too large for the reserve, so that it stays in the pool.

    Parameters
    ----------
    member : array of shape (n_items,)
        Group of each item, old and new.
    is_new : array of shape (n_items,)
        Which items arrive now.
    share : float
        Share of items to put aside, in [0, 0.25].

    Returns
    -------
    large : array of shape (n_items,)
        False for old items and for those in a group of old ones, which share its split.

    Examples
    --------
    >>> in_large_groups(np.array([0, 1, 2, 3, 4, 4, 4, 4, 4, 4]), np.ones(10, dtype=bool), 0.2).sum()
    np.int64(6)
    """
    fresh = is_new & ~np.isin(member, member[~is_new])
    size_of = np.bincount(member[fresh], minlength=int(member.max(initial=-1)) + 1)
    return np.asarray(fresh & (size_of[member] > _largest(round(share * int(fresh.sum())))))


def _largest(wanted: int) -> int:
    """How many items a group of the reserve has at most."""
    return max(1, int(wanted * MAX_GROUP_SHARE))


def _fitting(order: Ints, sizes: Ints, wanted: int) -> Ints:
    """The groups, in order, that fit into a reserve of ``wanted`` items."""
    chosen, n_chosen, largest = list[int](), 0, _largest(wanted)
    for group in order:
        if n_chosen == wanted:
            break
        if sizes[group] <= min(largest, wanted - n_chosen):
            chosen.append(int(group))
            n_chosen += int(sizes[group])
    return np.array(chosen, dtype=np.int64)


def draw(
    member: Ints, is_new: Bools, old_split: npt.NDArray[np.str_], share: float, rng: np.random.Generator, *,
    n_sealed: int | None = None,
) -> npt.NDArray[np.str_]:  # fmt: skip
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
    n_sealed : int, optional
        Items that are sealed beside that share, as the goal needs; a quarter of the share by default.

    Returns
    -------
    split : array of shape (n_items,)
        Old items unchanged. A new item in an old item's group shares its split; the other groups are drawn
        uniformly until the share of the new items is reached. A group that would take the reserve beyond its share
        stays in the pool, and so does a large one (`in_large_groups`).

    Examples
    --------
    >>> member, new = np.array([0, 1, 2, 3, 4, 4, 4, 4, 4, 4]), np.ones(10, dtype=bool)
    >>> split = draw(member, new, np.full(10, "pool"), 0.2, np.random.default_rng(0))
    >>> int((split == "reserve").sum()), bool((split[member == 4] == "pool").all())
    (2, True)
    """
    split = old_split.astype("<U7")
    split[is_new] = "pool"
    inherited: dict[int, str] = dict(zip(member[~is_new].tolist(), old_split[~is_new].tolist(), strict=True))
    new = np.flatnonzero(is_new)
    fresh = ~np.isin(member[new], member[~is_new])
    split[new[~fresh]] = [inherited[int(member[i])] for i in new[~fresh]]
    groups, sizes = np.unique(member[new[fresh]], return_counts=True)
    wanted = round(share * int(fresh.sum()))
    order = rng.permutation(len(groups))
    fitting = _fitting(order, sizes, wanted)
    chosen = groups[fitting]
    if n_sealed is None:
        sealed = chosen[: int(len(chosen) * SEALED_SHARE)] if wanted >= MIN_TO_SEAL else chosen[:0]
    else:
        sealed = groups[_fitting(order[~np.isin(order, fitting)], sizes, n_sealed)]
    split[is_new & np.isin(member, chosen)] = "reserve"
    split[is_new & np.isin(member, sealed)] = "sealed"
    return split
