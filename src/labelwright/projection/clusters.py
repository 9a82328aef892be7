"""Groups of items that lie together in the features, and what tells each from the rest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.kernels.k_means import closest, k_means
from labelwright.kernels.places import Places
from labelwright.plain import Json
from labelwright.projection.plane import Matrix

MAX_CLUSTERS: Final = 40
N_WORDS: Final = 3
LEAST_TIMES: Final = 2  # texts of a cluster that a word must be in to name it
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Clusters:
    """Centres of groups.

    Attributes
    ----------
    centres : float32 array of shape (n_clusters, n_dims)
    """

    centres: Matrix

    def place(self, rows: Matrix) -> Codes:
        """The group of each item, (n_items,): that of the nearest centre."""
        return closest(Places(rows), self.centres)


def how_many(n_items: int) -> int:
    """Groups for a pool of this size: its cube root, at most 40.

    >>> how_many(1), how_many(1797), how_many(1_000_000)
    (1, 12, 40)
    """
    return max(1, min(MAX_CLUSTERS, n_items, round(math.cbrt(n_items))))


def clusters(sample: Matrix, n_clusters: int, *, random_state: int = 0) -> Clusters:
    """Group a sample by k-means; the largest group comes first.

    Parameters
    ----------
    sample : array of shape (n_rows, n_dims)
    n_clusters : int
        At most; as many as there are rows if there are fewer.

    Examples
    --------
    >>> clusters(np.array([[0.0], [9.0], [9.2]], dtype=np.float32), 2).centres.round(1).tolist()
    [[9.1...], [0.0]]
    """
    X = np.ascontiguousarray(sample, dtype=np.float32)
    n_clusters = min(n_clusters, len(X))
    centres, near = k_means(X, np.ones(len(X)), n_clusters, np.random.default_rng(random_state))
    sizes = np.bincount(near, minlength=n_clusters)
    return Clusters(centres[np.argsort(-sizes, kind="stable")])


def names_of_texts(texts: Sequence[str], codes: Codes, n_clusters: int) -> list[str]:
    """The most telling words of each group: frequent in its texts and rare in the others.

    Parameters
    ----------
    texts : sequence of str
    codes : int64 array of shape (n_texts,)
        The group of each.

    Returns
    -------
    names : list of str
        One a group; "" where no word tells it from the rest.

    Examples
    --------
    >>> names_of_texts(["a goal", "goal", "my soup", "soup"], np.array([0, 0, 1, 1]), 2)
    ['goal', 'soup']
    """
    from sklearn.feature_extraction.text import CountVectorizer

    try:
        counter = CountVectorizer(stop_words="english", binary=True, token_pattern=r"(?u)\b[^\W\d_]{3,}\b")
        has_word = counter.fit_transform(texts).tocsr()  # (n_texts, n_words)
    except ValueError:  # no words at all
        return [""] * n_clusters
    words, total = counter.get_feature_names_out(), np.asarray(has_word.sum(axis=0)).ravel()
    names = []
    for code in range(n_clusters):
        inside = codes == code
        here = np.asarray(has_word[inside].sum(axis=0)).ravel()
        share = here / max(1, inside.sum())
        rest = (total - here + 0.5) / (len(codes) - inside.sum() + 1)
        score = np.where((here >= LEAST_TIMES) & (share > rest), share * np.log(np.maximum(share / rest, 1)), 0.0)
        best = np.argsort(-score, kind="stable")[:N_WORDS]
        names.append(", ".join(str(words[k]) for k in best if score[k] > 0))
    return names


def names_of_rows(rows: Sequence[Mapping[str, Json]], codes: Codes, n_clusters: int) -> list[str]:
    """The column in which a group of a table differs most: "age high", or "colour: red".

    Numbers are compared by the difference of means in standard deviations, other values by the difference of shares
    in standard deviations of a share.

    Examples
    --------
    >>> rows = [{"age": 20, "city": "Rome"}, {"age": 21, "city": "Rome"}, {"age": 70, "city": "Rome"}]
    >>> names_of_rows(rows, np.array([0, 0, 1]), 2)
    ['age low', 'age high']
    """
    best = [(0.0, "")] * n_clusters
    for column in dict.fromkeys(name for row in rows for name in row):
        for value, told in _told_by(column, [row.get(column) for row in rows]):
            for code in range(n_clusters):
                inside = codes == code
                spread = told.std()
                if not inside.any() or inside.all() or spread == 0:
                    continue
                gap = float((told[inside].mean() - told[~inside].mean()) / spread)
                words = (f"{column} high" if gap > 0 else f"{column} low") if value is None else f"{column}: {value}"
                if abs(gap) > best[code][0] and (value is None or gap > 0):
                    best[code] = (abs(gap), words)
    return [words for _, words in best]


def _told_by(column: str, values: list[Json]) -> list[tuple[str | None, npt.NDArray[np.float64]]]:
    """A column as numbers, or as an indicator for each of its most frequent values."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        numbers = np.array([np.nan if value is None else float(str(value)) for value in values])
        return [(None, np.where(np.isnan(numbers), np.nanmean(numbers), numbers))]
    texts = np.array(["" if value is None else str(value)[:40] for value in values])
    found, counts = np.unique(texts, return_counts=True)
    frequent = [value for value in found[np.argsort(-counts, kind="stable")][:20] if value]
    return [(str(value), np.asarray(texts == value, dtype=np.float64)) for value in frequent]
