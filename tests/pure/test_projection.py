"""Maps: neighbours stay neighbours, the same data give the same map, and what comes later lands where it belongs."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.datasets import load_digits
from sklearn.manifold import trustworthiness

from labelwright.errors import InputError
from labelwright.projection.clusters import clusters, how_many, names_of_rows, names_of_texts
from labelwright.projection.neighbour import method, most_sampled, neighbour_map
from labelwright.projection.plane import pca

Floats = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def digits() -> tuple[Floats, Any]:
    found = load_digits()
    return found.data[:900].astype(np.float32), found.target[:900]


def test_a_plane_has_the_largest_variance_and_a_sign_of_its_own(digits: tuple[Floats, Any]) -> None:
    X, _ = digits
    axes = pca(X)
    placed = axes.place(X)
    assert placed.dtype == np.float32 and placed.shape == (900, 2)
    assert np.allclose(axes.axes @ axes.axes.T, np.eye(2), atol=1e-5)
    expected = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[1][:2] ** 2 / len(X)
    assert np.allclose(placed.var(axis=0), expected, rtol=1e-3)
    shuffled = np.random.default_rng(1).permutation(len(X))
    assert np.allclose(pca(X[shuffled]).place(X), placed, atol=1e-2)


def test_features_of_one_dimension_lie_on_a_line() -> None:
    placed = pca(np.array([[1.0], [2.0], [4.0]], dtype=np.float32)).place(np.array([[2.0]], dtype=np.float32))
    assert placed[0, 1] == 0
    with pytest.raises(InputError, match="at least one row"):
        pca(np.empty((0, 3), dtype=np.float32))


@pytest.mark.parametrize("by", sorted({method(), "scikit-learn"}))
def test_neighbours_stay_neighbours(digits: tuple[Floats, Any], by: str) -> None:
    X, _ = digits
    found = neighbour_map(X, by=by)
    kept = trustworthiness(X, found.positions, n_neighbors=10)
    at_random = trustworthiness(X, np.random.default_rng(0).normal(size=(900, 2)), n_neighbors=10)
    assert kept > 0.95 > 0.6 > at_random
    assert kept > trustworthiness(X, pca(X).place(X), n_neighbors=10) + 0.05


def test_the_same_sample_gives_the_same_map(digits: tuple[Floats, Any]) -> None:
    X = digits[0][:300]
    assert np.array_equal(neighbour_map(X).positions, neighbour_map(X).positions)


def test_items_that_come_later_land_among_their_own(digits: tuple[Floats, Any]) -> None:
    X, y = digits
    found = neighbour_map(X[:600])
    spread = np.ptp(found.positions, axis=0).max()
    assert np.abs(found.place(X[:600]) - found.positions).max() < 0.01 * spread
    later = found.place(X[600:])
    gaps = ((later[:, None] - found.positions[None]) ** 2).sum(axis=2)
    assert (y[:600][gaps.argmin(axis=1)] == y[600:]).mean() > 0.8
    assert np.allclose(found.place(X[600:601]), later[:1], atol=1e-3)


def test_a_sample_that_is_too_large_or_empty_is_refused() -> None:
    with pytest.raises(InputError, match="from 1 to 5000 rows"):
        neighbour_map(np.zeros((most_sampled("scikit-learn") + 1, 2), dtype=np.float32), by="scikit-learn")
    with pytest.raises(InputError, match="rows"):
        neighbour_map(np.zeros((0, 2), dtype=np.float32))


@pytest.mark.parametrize("n", [1, 2, 4, 6])
def test_few_or_equal_items_have_finite_places(n: int) -> None:
    X = np.ones((n, 3), dtype=np.float32)
    assert np.isfinite(neighbour_map(X).place(X)).all()
    assert clusters(X, how_many(n)).place(X).max() < n


def test_clusters_hold_what_lies_together(digits: tuple[Floats, Any]) -> None:
    X, y = digits
    codes = clusters(X, 10).place(X)
    purity = sum(np.bincount(y[codes == code]).max() for code in range(10)) / len(y)
    assert purity > 0.6
    assert (np.diff(np.bincount(codes, minlength=10)) <= 0).mean() > 0.8


def test_clusters_are_named_by_what_tells_them_from_the_rest() -> None:
    texts = ["the match ended with a goal", "a late goal in the match", "the soup needs salt", "salt in the soup"]
    codes = np.array([0, 0, 1, 1])
    first, second = names_of_texts(texts, codes, 2)
    assert set(first.split(", ")) == {"match", "goal"} and set(second.split(", ")) == {"soup", "salt"}
    assert names_of_texts(["1", "2"], np.array([0, 1]), 2) == ["", ""]
    rows: list[dict[str, Any]] = [{"x": 1, "city": "Oslo"}, {"x": 1, "city": "Oslo"}, {"x": 1, "city": "Bern"}] * 2
    assert names_of_rows(rows, np.array([0, 0, 1] * 2), 2) == ["city: Oslo", "city: Bern"]
