"""Group exact and near duplicates in one pass: bands are sorted, neighbours in a bucket compared, groups joined.

Nothing of size n x n: each of the few bands costs one sort, and within a bucket each item is compared
with its predecessor and with the bucket's first.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.items.base import ItemKind, Signatures

Ints = npt.NDArray[np.int64]


def group(kind: ItemKind, hashes: npt.NDArray[np.bytes_], signatures: Signatures) -> Ints:
    """Give each item the position of the first member of its duplicate group.

    Parameters
    ----------
    kind : ItemKind
        States when two signatures are near.
    hashes : array of shape (n_items,), bytes
        Content hashes: equal ones are exact duplicates.
    signatures : array of shape (n_items, n_words)
        Near-duplicate signatures; no columns where only exact duplicates count.

    Returns
    -------
    first : array of shape (n_items,)
        ``first[i] == i`` for an item that stands alone or leads its group.

    References
    ----------
    Broder (1997). On the resemblance and containment of documents; Leskovec, Rajaraman, Ullman (2014).
    Mining of massive datasets, sec. 3.4 (banding).

    Examples
    --------
    >>> from labelwright.items import make
    >>> group(make("table"), np.array([b"a", b"b", b"a"]), np.zeros((3, 0), np.uint32))
    array([0, 1, 0])
    """
    n_items = len(hashes)
    edges = [_neighbours(hashes)]
    if signatures.shape[1]:
        for band in kind.bands(signatures):
            pairs = _neighbours(band)
            pairs = pairs[band[pairs[:, 0]] != 0]
            keep = [pairs[start : start + 65_536] for start in range(0, len(pairs), 65_536)]
            edges += [p[kind.near(signatures[p[:, 0]], signatures[p[:, 1]])] for p in keep]
    return _components(n_items, np.concatenate(edges))


def _neighbours(values: npt.NDArray[np.generic]) -> Ints:
    """Pairs (predecessor, item) and (first, item) within runs of equal values."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    same = ordered[1:] == ordered[:-1]  # (n - 1,)
    if not same.any():
        return np.zeros((0, 2), dtype=np.int64)
    starts = np.where(np.concatenate([[True], ~same]), np.arange(len(order)), 0)
    first = np.maximum.accumulate(starts)  # position of the run's first
    later = np.flatnonzero(same) + 1
    pairs = np.concatenate([
        np.column_stack([order[later - 1], order[later]]),
        np.column_stack([order[first[later]], order[later]]),
    ])  # fmt: skip
    return np.asarray(pairs, dtype=np.int64)


def _components(n_items: int, edges: Ints) -> Ints:
    if not len(edges):
        return np.arange(n_items, dtype=np.int64)
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(edges), dtype=np.int8)
    graph = coo_matrix((ones, (edges[:, 0], edges[:, 1])), shape=(n_items, n_items))
    n_groups, member = connected_components(graph, directed=False)
    first = np.full(n_groups, n_items, dtype=np.int64)
    np.minimum.at(first, member, np.arange(n_items))
    return np.asarray(first[member], dtype=np.int64)
