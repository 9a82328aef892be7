"""Encoders are compared on labels that the models did not learn from, and chance alone moves nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labelwright import tasks
from labelwright.loop import representation
from labelwright.loop.state import Labels, State
from labelwright.loop.steps import resolve

TASK = tasks.make("classification", {"labels": [{"id": name, "name": name} for name in "abc"]})
N = 300


def world(seed: int, n_labels: int) -> tuple[dict[str, State], Labels]:
    """Items of three classes, features that tell them apart, features that half do, and noise."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, N)
    clear = np.eye(3)[y] * 3 + rng.normal(size=(N, 3))
    noise = rng.normal(size=(N, 3))
    items = rng.permutation(N)[:n_labels]
    state = State(
        task=TASK, X=noise.astype(np.float32), pool=np.ones(N, dtype=bool), reserve=np.zeros(N, dtype=bool),
        item_idx=items, person=["p"] * n_labels, answer=[{"label": "abc"[y[i]]} for i in items], seed=seed,
    )  # fmt: skip
    labels = resolve(state)
    return {
        "noise": state, "clear": replace(state, X=clear.astype(np.float32)),
        "half": replace(state, X=np.hstack([clear[:, :1], noise[:, 1:]]).astype(np.float32)),
    }, labels  # fmt: skip


def test_features_that_tell_more_are_chosen() -> None:
    states, labels = world(0, 60)
    found = representation.compare(states, labels, "noise")
    assert found is not None and found.chosen == "clear" and found.n_labels == 60
    assert found.found["clear"].loss < found.found["half"].loss < found.found["noise"].loss
    assert np.isclose(sum(one.p_best for one in found.found.values()), 1)
    assert "clear serves from the next training on in place of noise" in str(found.reason)
    again = representation.compare(states, labels, "noise")
    assert again == found  # the same inputs give the same figures
    stays = representation.compare(states, labels, "clear")
    assert stays is not None and stays.chosen == "clear" and stays.reason.code == "encoder-best"


def test_chance_alone_moves_nothing_for_long() -> None:
    moved = 0
    for seed in range(20):
        states, labels = world(seed, 60)
        rng = np.random.default_rng(seed)
        alike = {
            name: replace(states["half"], X=(states["half"].X + rng.normal(0, 0.01, (N, 3))).astype(np.float32))
            for name in ("one", "two", "three")
        }
        found = representation.compare(alike, labels, "one")
        assert found is not None
        moved += found.chosen != "one"
    assert moved <= 6, moved


def test_too_few_labels_say_nothing() -> None:
    states, labels = world(0, 8)
    assert representation.compare(states, labels, "noise") is None


def test_labels_that_were_drawn_at_random_weigh_more() -> None:
    states, labels = world(1, 60)
    whole = representation.compare(states, labels, "noise")
    drawn = {name: replace(state, drawn=labels.item_idx[:20]) for name, state in states.items()}
    weighted = representation.compare(drawn, labels, "noise")
    assert whole is not None and weighted is not None
    assert whole.found["half"].loss != weighted.found["half"].loss


@pytest.mark.parametrize(("n", "before", "due"), [(29, None, False), (30, None, True), (37, 30, False), (38, 30, True)])
def test_they_are_compared_again_when_labels_have_grown(n: int, before: int | None, due: bool) -> None:
    assert representation.is_due(n, before) is due
