"""The scan over splits: its level over shuffles, the split it finds, and a slow reference."""

from __future__ import annotations

import numpy as np
import pytest

from labelwright.drift.fourier import fourier
from labelwright.drift.samples import pool
from labelwright.drift.scan import scan
from labelwright.errors import InputError

BORDERS = np.array([25, 50, 75])


def test_it_keeps_its_level_although_it_looks_at_every_split() -> None:
    p_values = []
    for seed in range(200):
        rng = np.random.default_rng([1, seed])
        p_values.append(scan(rng.normal(size=(100, 3)), BORDERS, rng, n_permutations=99).p_value)
    assert 0.005 <= np.mean(np.array(p_values) <= 0.05) <= 0.10  # a level of 0.05 within three standard errors


@pytest.mark.parametrize("best", range(3))
def test_the_split_is_where_the_change_is(best: int) -> None:
    rng = np.random.default_rng(best)
    values = rng.normal(size=(100, 3))
    values[BORDERS[best] :] += 1.5
    found = scan(values, BORDERS, rng, n_permutations=199)
    assert found.best == best and found.p_value == pytest.approx(1 / 200)
    assert found.statistics[best] > found.limit > 0


def test_statistics_are_those_of_a_slow_reference() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(40, 2))
    values[15:] += 1
    found = scan(values, np.array([15, 20]), np.random.default_rng(5), n_permutations=19)
    features = fourier(pool(values[:20], values[20:]).embedded("scan"), np.random.default_rng(5))
    kernel = features @ features.T
    for border, statistic in zip((15, 20), found.statistics, strict=True):
        old, new = kernel[:border, :border], kernel[border:, border:]
        within = [(one.sum() - np.trace(one)) / (len(one) * (len(one) - 1)) for one in (old, new)]
        squared = sum(within) - 2 * kernel[:border, border:].mean()
        assert statistic == pytest.approx(squared * border * (40 - border) / 40, abs=1e-4)


def test_it_refuses_splits_that_leave_nothing() -> None:
    values, rng = np.zeros((20, 1)), np.random.default_rng(0)
    with pytest.raises(InputError):
        scan(values, np.array([], dtype=np.int64), rng)
    with pytest.raises(InputError):
        scan(values, np.array([2]), rng)
