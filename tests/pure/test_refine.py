"""Refined features: what the adapter brings is measured on labels that it has not seen; `make test-all`."""

from __future__ import annotations

import numpy as np
import pytest

import labelwright as lw
from labelwright.errors import InputError

torch = pytest.importorskip("torch")

rng = np.random.default_rng(0)
X = rng.normal(size=(400, 12)).astype(np.float32)
BENT = (np.abs(X[:, 0]) > 0.7).astype(int)  # no linear model of X finds it
NOISE = rng.integers(0, 2, 400)


def test_what_a_linear_model_cannot_see_is_bent_into_view():
    refined = lw.refine(X, BENT)
    assert refined.is_better
    assert refined.gain["accuracy"].low > 0.05 and refined.gain["log-loss"].low > 0
    assert refined.transform(X).shape == X.shape


def test_labels_of_chance_bring_nothing_although_the_adapter_learns_them_by_heart():
    refined = lw.refine(X, NOISE)
    assert not refined.is_better
    assert refined.gain["accuracy"].low < 0 < refined.gain["accuracy"].high + 0.05


def test_it_is_repeatable_and_rows_of_length_one_stay_so():
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    first, second = (lw.refine(unit, BENT, random_state=3) for _ in range(2))
    assert np.array_equal(first.transform(unit), second.transform(unit))
    assert np.allclose(np.linalg.norm(first.transform(unit), axis=1), 1, atol=1e-5)
    assert first.gain == second.gain


def test_near_duplicates_of_one_group_do_not_make_a_gain():
    """Each item is there four times: on both sides of a split it would be known already."""
    few, labels = np.repeat(X[:60], 4, axis=0), np.repeat(NOISE[:60], 4)
    apart = lw.refine(few, labels, groups=np.repeat(np.arange(60), 4))
    assert not apart.is_better


def test_what_cannot_be_refined_is_refused():
    with pytest.raises(InputError, match="10 labels or more"):
        lw.refine(X[:6], BENT[:6])
    with pytest.raises(InputError, match="of two classes or more"):
        lw.refine(X, np.ones(400, dtype=int))
    with pytest.raises(InputError, match="12 features as at refine"):
        lw.refine(X, BENT).transform(X[:, :5])
    with pytest.raises(InputError, match="one class an item"):
        lw.refine(X, rng.normal(size=400))
