"""GLAD and MACE where crowd-kit is installed, and what is said where it is not."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

import labelwright as lw
from labelwright import annotators, tasks
from labelwright.errors import MissingExtraError


@pytest.mark.skipif(find_spec("crowdkit") is not None, reason="crowd-kit is installed")
@pytest.mark.parametrize("method", ["glad", "mace"])
def test_without_crowd_kit_the_extra_is_named(method: str) -> None:
    with pytest.raises(MissingExtraError, match=method) as raised:
        lw.aggregate([1, 1], ["a", "b"], ["x", "y"], method=method)
    assert raised.value.hint == "pip install 'labelwright[crowd]'"


@pytest.mark.skipif(find_spec("crowdkit") is None, reason="crowd-kit is not installed")
@pytest.mark.parametrize("method", ["glad", "mace"])
@pytest.mark.filterwarnings("ignore")  # of a library that is not ours
def test_labels_posterior_and_skill_are_of_our_types(method: str) -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 150)
    item, person = np.repeat(np.arange(150), 5), np.tile(np.arange(5), 150)
    right = rng.random(750) < np.array([0.9, 0.9, 0.8, 0.4, 0.34])[person]
    label = np.array(["x", "y", "z"])[np.where(right, truth[item], rng.integers(0, 3, 750))]
    found = lw.aggregate(item, person, label, method=method)
    assert (found.labels.to_numpy() == np.array(["x", "y", "z"])[truth]).mean() > 0.9
    assert list(found.proba.columns) == ["x", "y", "z"] and np.allclose(found.proba.sum(axis=1), 1)
    assert found.method == method and list(found.skill.columns) == ["accuracy", "low", "high", "n_answers"]
    assert found.skill.loc[0, "accuracy"] > found.skill.loc[4, "accuracy"]


@pytest.mark.skipif(find_spec("crowdkit") is None, reason="crowd-kit is not installed")
@pytest.mark.filterwarnings("ignore")  # of a library that is not ours
def test_mace_as_a_resolver_gives_the_same_labels_from_what_it_stored() -> None:
    rng = np.random.default_rng(1)
    truth, item, person = rng.integers(0, 3, 100), np.repeat(np.arange(100), 4), np.tile(np.arange(4), 100)
    label = np.where(rng.random(400) < np.array([0.9, 0.8, 0.7, 0.0])[person], truth[item], 2)
    task = tasks.make("classification", tasks.guess("classification", ["a", "b", "c"]))
    answers = annotators.Answers(item, [f"p{k}" for k in person], [{"label": f"l_{k + 1}"} for k in label])
    mace = annotators.make("mace")
    assert mace.serves(task)
    found = mace.resolve(task, answers, mace.fit(task, answers))
    aggregated = lw.aggregate(item, person, label, method="mace")
    assert [one.answer["label"] for one in found] == [f"l_{k + 1}" for k in aggregated.labels]
    assert np.allclose([one.confidence for one in found], aggregated.proba.max(axis=1), atol=1e-6)
