"""Refined features in a project: they serve where a gain was measured, under a revision of their own; see also
`test_refined_torch`, where adapters are fitted."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pytest

from labelwright import encoders as all_encoders
from labelwright.encoders.adapter import Adapter
from labelwright.encoders.refined import RefinedEncoder
from labelwright.engine import candidates, features, refined
from labelwright.engine.cycle import Cycle
from labelwright.errors import InputError
from labelwright.items.base import Content
from labelwright.loop.refining import Refined
from labelwright.services.people import users
from labelwright.services.record import erasing
from labelwright.services.record.verify import verify
from labelwright.services.steering import encoders
from labelwright.stats.estimate import Estimate
from labelwright.store.record.features import EncodersNamed
from tests.conftest import make_api, train_until_idle
from tests.engine.test_encoders import answer_some, served, third


def folded(texts: list[str]) -> list[list[float]]:
    """Features in which a linear model does not find what `third` says, and one with |a + b| would."""
    found = []
    for text in texts:
        side, kind = (1.0 if len(text) % 2 else -1.0), third(text)
        a, b = ((side, side), (side, -side), (0.1 * side, 0.0))[kind]
        found.append([a, b, 0.3])
    return found


FOLDED = f"{__name__}:folded"
SPEC = f"refined:{FOLDED}"
UNFOLDING = Adapter(
    np.array([[1, -1], [1, -1], [0, 0]], dtype=np.float32), np.array([[0, 0, 1]] * 2, dtype=np.float32), True
)


def measured(low: float) -> Refined:
    """An adapter, and a gain whose interval begins at ``low``."""
    gain = Estimate(low + 0.1, low, low + 0.2, 60)
    return Refined({"accuracy": gain, "log-loss": gain}, UNFOLDING)


def enter(store: Any, low: float) -> None:
    """What the worker does when an adapter is due, with a gain of our own."""
    [(spec, base)] = refined.due(store, [SPEC])
    training = refined.training_of(store)
    assert training is not None
    refined.enter(store, spec, base, training, measured(low))


def answer_until_due(site: Any) -> None:
    """Labels until the worker would fit the next adapter."""
    while not refined.due(site.topics, [SPEC]):
        for _ in range(3):
            answer_some(site.api, 20)
        train_until_idle(site)


def serving(site: Any) -> str:
    """The revision of the last cycle."""
    store = site.project("topics")
    with store.read() as rows:
        return Cycle(store, store.row(rows).cycle).inputs.revision


@pytest.fixture
def refining(site: Any, make_project: Any) -> Any:
    """A project that names refined features alone, with labels enough for an adapter; their base serves."""
    make_project(site, n=260)
    site.api, site.topics = make_api(site), site.project("topics")
    with site.topics.write() as transaction:
        transaction.record(EncodersNamed((SPEC,)), actor="system")
    answer_some(site.api, 20)
    train_until_idle(site)
    assert candidates.wanted(site.topics) and candidates.make(site.topics)
    assert not candidates.wanted(site.topics)
    train_until_idle(site)
    answer_until_due(site)
    return site


def test_features_with_a_gain_serve_and_the_next_adapter_is_a_new_revision(refining: Any) -> None:
    store = refining.topics
    assert served(refining) == FOLDED and candidates.wanted(store)
    assert "once there are 50 training labels" in encoders.show(refining, "topics").encoders[-1].gain
    enter(store, 0.1)
    assert refined.due(store, [SPEC]) == [] and candidates.wanted(store) and candidates.make(store)
    train_until_idle(refining)
    train_until_idle(refining)
    first = serving(refining)
    shown = {one.spec: one for one in encoders.show(refining, "topics").encoders}
    assert served(refining) == SPEC and list(shown) == ["tfidf", FOLDED, SPEC] and shown[SPEC].serves
    assert (
        shown[SPEC].gain.startswith("Gain measured on") and "+0.200 (+0.100 to +0.300) by accuracy" in shown[SPEC].gain
    )
    assert shown[SPEC].p_best is None and shown[FOLDED].p_best is not None  # its features have seen the labels
    assert f"{SPEC} serves" in str(encoders.show(refining, "topics").why)
    ordinals = np.arange(260)
    with store.read() as rows:
        base = features.revision_of(rows, FOLDED)
    before = features.rows_of(store, first, ordinals)
    assert np.array_equal(before, UNFOLDING.transform(features.rows_of(store, base, ordinals)))
    assert verify(refining, "topics", replay=True).problems == []

    answer_until_due(refining)
    assert serving(refining) == first
    enter(store, 0.05)
    with store.read() as rows:
        config = store.row(rows).config
        assert candidates.serving(rows, config).revision == first  # until the features of the new one are there
    candidates.make(store)
    train_until_idle(refining)
    train_until_idle(refining)
    assert serving(refining) == first.removesuffix("1") + "2"
    assert np.array_equal(features.rows_of(store, first, ordinals), before)
    assert verify(refining, "topics", replay=True).problems == []


def test_without_a_gain_no_features_are_made_and_the_base_serves(refining: Any) -> None:
    store = refining.topics
    enter(store, -0.01)
    assert not candidates.wanted(store) and refined.due(store, [SPEC]) == []
    answer_some(refining.api, 20)
    train_until_idle(refining)
    shown = encoders.show(refining, "topics").encoders[-1]
    assert served(refining) == FOLDED and shown.gain.startswith("No gain measured on") and shown.n_encoded == 0
    assert store.arrays.files(f"features/{all_encoders.slug(SPEC)}-1") == []
    assert verify(refining, "topics", replay=True).problems == []


def test_an_adapter_that_brings_nothing_any_more_gives_way_to_its_base(refining: Any) -> None:
    store = refining.topics
    enter(store, 0.1)
    candidates.make(store)
    train_until_idle(refining)
    train_until_idle(refining)
    assert served(refining) == SPEC
    answer_until_due(refining)
    enter(store, -0.2)
    answer_some(refining.api, 20)
    train_until_idle(refining)
    train_until_idle(refining)
    assert served(refining) == FOLDED
    assert encoders.show(refining, "topics").encoders[-1].gain.startswith("No gain measured")
    assert verify(refining, "topics", replay=True).problems == []


def test_items_that_come_or_are_erased_later_have_refined_features_too(refining: Any) -> None:
    store = refining.topics
    enter(store, 0.1)
    candidates.make(store)
    train_until_idle(refining)
    added = [{"id": f"new{k}", "text": f"a wholly new sentence number {k}"} for k in range(20)]
    assert refining.api.post("/projects/topics/items", {"rows": added}).status_code == 201
    admin = users.first_admin(refining)
    item = refining.api.get("/projects/topics/items").json()["items"][0]["id"]
    erasing.erase_items(refining, admin, "topics", [item], reason="asked for")
    train_until_idle(refining)
    revision, new = serving(refining), np.arange(260, 280)
    with store.read() as rows:
        base = features.revision_of(rows, FOLDED)
        assert features.n_encoded(rows, revision) == 280
    rows_ = features.rows_of(store, revision, new)
    assert rows_.any(axis=1).all()
    assert np.array_equal(rows_, UNFOLDING.transform(features.rows_of(store, base, new)))
    assert not features.rows_of(store, revision, np.array([int(item.removeprefix("i"))])).any()
    assert verify(refining, "topics", replay=True).problems == []


def test_files_of_a_worker_that_died_before_it_recorded_them_are_no_revision(refining: Any) -> None:
    store = refining.topics
    [(spec, base)] = refined.due(store, [SPEC])
    left = refined._written(store, spec, base, measured(0.1), 60)
    assert (
        refined.due(store, [SPEC]) == [(spec, base)] and encoders.show(refining, "topics").encoders[-1].n_encoded == 0
    )
    enter(store, 0.1)
    assert candidates.make(store)
    with store.read() as rows:
        assert features.folder_of(rows, left.revision) == f"{left.folder}.2"
    assert verify(refining, "topics").problems == []


def test_the_reserve_is_no_part_of_the_labels_of_an_adapter(refining: Any) -> None:
    training = refined.training_of(refining.topics)
    assert training is not None
    with refining.topics.read() as rows:
        where = Cycle(refining.topics, refining.topics.row(rows).cycle).layout
    assert where.reserve.any() and not where.reserve[training.item_idx].any()


def test_a_fitted_one_is_stored_with_its_base() -> None:
    texts = [Content({"text": text}) for text in ("a cat sat", "a dog ran", "a cat ran")]
    base = all_encoders.make("tfidf").fit(texts)
    n_dims = base.transform(texts).shape[1]
    down, up = np.ones((n_dims, 2), dtype=np.float32), np.full((2, n_dims), 0.5, dtype=np.float32)
    made = RefinedEncoder.of(base, Adapter(down, up, False))
    again = all_encoders.load("refined:tfidf", made.dump())
    assert again.spec.text == "refined:tfidf" and np.array_equal(again.transform(texts), made.transform(texts))
    assert not np.array_equal(again.transform(texts), base.transform(texts))


@pytest.mark.parametrize(
    "wrong", ["refined", "refined:", "refined:refined:tfidf", "tfidf+refined:tfidf", "refined:nope"]
)
def test_specs_that_refine_nothing_are_refused(wrong: str) -> None:
    with pytest.raises(InputError):
        all_encoders.make(wrong)


def test_what_it_refines_decides_who_may_name_it() -> None:
    assert all_encoders.is_safe("refined:tfidf") and not all_encoders.is_safe("refined:tfidf+json:dumps")
    with pytest.raises(InputError, match="learns from labels"):
        all_encoders.make("refined:tfidf").fit([Content({"text": "a"})])


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed")
def test_without_torch_it_is_not_named() -> None:
    with pytest.raises(InputError, match="needs torch") as error:
        all_encoders.checked("tfidf,refined:tfidf", "text", embedded=False)
    assert "labelwright[deep]" in str(error.value.hint)
