"""Promise 3: reserve items never enter training or strategy selection; a skipped one goes to another person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.engine.cycle import Cycle
from labelwright.errors import IntegrityError
from labelwright.loop import steps as pure
from labelwright.loop.state import Labels, State
from labelwright.store import tables as t
from tests.conftest import split_of


def splits(store: Any) -> np.ndarray:
    with store.read() as rows:
        return np.array(rows.scalars(rows.select(t.item.c.split).order_by(t.item.c.ordinal)).all())


def cycles(store: Any) -> list[Cycle]:
    with store.read() as rows:
        return [Cycle(store, k) for k in rows.scalars(rows.select(t.ranking.c.cycle).order_by(t.ranking.c.cycle))]


def labels_of(cycle: Cycle) -> Labels:
    return cycle.labels(cycle.inputs.primary)


def state_of(cycle: Cycle) -> State:
    return cycle.state(cycle.inputs.primary)


def test_reserve_items_are_never_training_labels(lived: Any) -> None:
    split, seen = splits(lived.store), 0
    for cycle in cycles(lived.store):
        labels = labels_of(cycle)
        held_out = split[labels.item_idx] != "pool"
        assert np.array_equal(labels.split == "reserve", held_out)
        seen += int(held_out.sum())
    assert seen > 5


def test_only_pool_items_are_chosen(lived: Any) -> None:
    split = splits(lived.store)
    for cycle in cycles(lived.store):
        slots = cycle.slots()
        assert slots is not None
        held_out = split[slots.item_idx] != "pool"
        assert np.array_equal(slots.kind == "reserve", held_out)
        assert held_out.any() and not held_out.all()
        at_random = np.isin(slots.kind, ["random", "reserve"])
        assert np.isfinite(slots.propensity[slots.kind == "random"]).all()
        assert np.isnan(slots.propensity[~at_random]).all()


def test_the_model_does_not_depend_on_reserve_labels(lived: Any) -> None:
    """Refitted with every reserve label turned around, the model is the one that was served."""
    cycle = cycles(lived.store)[-1]
    state, labels = state_of(cycle), labels_of(cycle)
    held_out = labels.split == "reserve"
    assert held_out.sum() > 2
    y = labels.y.copy()
    y[held_out] = (y[held_out] + 1) % 3
    refitted = pure.fit(state, replace(labels, y=y))
    served = cycle.model(cycle.inputs.primary)
    assert refitted is not None and served is not None
    assert np.allclose(refitted.predict(state.X).values, served.predict(state.X).values, atol=1e-6)


def test_the_ranking_does_not_depend_on_reserve_features_or_labels(lived: Any) -> None:
    """Scores and order of chosen items stay, whatever the reserve items look like and are called."""
    cycle = cycles(lived.store)[-1]
    state, labels = state_of(cycle), labels_of(cycle)
    X = np.array(state.X)
    X[state.reserve] = np.random.default_rng(1).normal(size=(int(state.reserve.sum()), X.shape[1]))
    y = labels.y.copy()
    y[labels.split == "reserve"] = 0
    model = cycle.model(cycle.inputs.primary)
    assert model is not None
    predictions = pure.predict(state, model)
    a = pure.rank(state, labels, predictions)
    b = pure.rank(replace(state, X=X), replace(labels, y=y), predictions)
    assert np.array_equal(a.item_idx, b.item_idx) and np.array_equal(a.score, b.score, equal_nan=True)


def test_a_state_with_an_item_on_both_sides_is_refused(lived: Any) -> None:
    cycle = cycles(lived.store)[-1]
    state, labels = state_of(cycle), labels_of(cycle)
    both = state.pool.copy()
    both[np.flatnonzero(state.reserve)[0]] = True
    with pytest.raises(IntegrityError, match="in the pool or in the reserve"):
        replace(state, pool=both)
    assert isinstance(state, State)
    disguised = replace(labels, split=np.full(len(labels), "train"))  # a label version that was made wrongly
    with pytest.raises(IntegrityError, match="outside the reserve"):
        pure.fit(state, disguised)


def test_labels_that_came_with_the_data_do_not_train_on_reserve(site: Any, tmp_path: Path, train: Any) -> None:
    """Known labels of reserve items neither train nor, unless they were sampled at random, measure."""
    from labelwright.exchange import Columns
    from labelwright.services.people import users
    from labelwright.services.projects import create

    source = tmp_path / "given.csv"
    source.write_text("id,text,label\n" + "".join(
        f"k{i},the {'cat' if i % 2 else 'dog'} number {i} went {'home' if i % 3 else 'out'} again today,{'ab'[i % 2]}\n"
        for i in range(80)
    ))  # fmt: skip
    admin, _ = users.ensure_admin(site)
    for how in ("training", "random", "gold"):
        draft = create.ProjectDraft(f"given-{how}", source, columns=Columns(label="label"), labels_are=how)
        create.create(site, admin, draft)
    train(site)
    for how, measured in (("training", False), ("random", True), ("gold", False)):
        store = site.project(f"given-{how}")
        split = splits(store)
        cycle = cycles(store)[-1]
        labels = labels_of(cycle)
        trained_on = labels.item_idx[labels.split == "train"]
        assert (split[trained_on] == "pool").all()
        assert len(trained_on) == (0 if how == "gold" else int((split == "pool").sum()))
        assert bool((labels.split == "reserve").any()) == measured


def test_a_skipped_reserve_item_goes_to_another_person(trained: Any) -> None:
    skipped = []
    for lease in trained.api.queue("topics", n=20):
        if split_of(trained.store, lease) != "pool":
            assert trained.api.answer("topics", lease, None, kind="skip").status_code == 201
            skipped.append(lease["item"]["key"])
    assert skipped
    again = {lease["item"]["key"] for lease in trained.api.queue("topics", n=50)}
    assert not again & set(skipped)
    colleague = trained.api.as_role("annotator")
    assert set(skipped) <= {lease["item"]["key"] for lease in colleague.queue("topics", n=50)}


def test_a_skipped_reserve_item_is_ranked_again(trained: Any, train: Any) -> None:
    for lease in trained.api.queue("topics", n=10):
        kind = "answer" if split_of(trained.store, lease) == "pool" else "skip"
        answer = trained.right(lease) if kind == "answer" else None
        assert trained.api.answer("topics", lease, answer, kind=kind).status_code == 201
    train(trained.site)
    with trained.store.read() as rows:
        skipped = set(rows.scalars(rows.select(t.annotation.c.ordinal).where(t.annotation.c.kind == "skip")))
        ranked = set(rows.scalars(rows.select(t.slot.c.ordinal).where(t.slot.c.ranking_id == "r-2")))
    assert skipped and skipped <= ranked
