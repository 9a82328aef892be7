"""Constraints and the guard in the loop of a project: they act, they are recorded, they replay."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.engine.arm import order_of
from labelwright.engine.cycle import Cycle
from labelwright.engine.layout import layout
from labelwright.engine.parts import Filter
from labelwright.engine.project import load
from labelwright.engine.quotas import FrozenSlice, slice_columns
from labelwright.errors import ConflictError, InputError, IntegrityError
from labelwright.exchange import Columns
from labelwright.policy import guard
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.record.verify import verify
from labelwright.services.selection import batch, slices
from labelwright.services.steering import rounds
from labelwright.services.targets.acts import set_quota
from labelwright.store import tables as t
from tests.conftest import make_api, text_draft, write_texts


@pytest.fixture
def project(site: Any, tmp_path: Path, train: Any) -> Any:
    """Ninety texts, every fourth of the domain "rare"; trained on twenty answers."""
    source = tmp_path / "topics.jsonl"
    truth = write_texts(source)
    rows = [json.loads(line) for line in source.read_text().splitlines()]
    source.write_text("".join(json.dumps(row | {"field": "rare" if i % 4 == 0 else "common"}) + "\n"
                              for i, row in enumerate(rows)))  # fmt: skip
    admin, _ = users.ensure_admin(site)
    create.create(site, admin, text_draft("topics", source, columns=Columns(domain="field")))
    train(site)
    return site, truth, make_api(site), admin


def answer(api: Any, truth: Any, n: int) -> list[str]:
    label = {"sport": "l_1", "food": "l_2", "law": "l_3"}
    leases = api.queue("topics", n=n)
    for lease in leases:
        assert api.answer("topics", lease, {"label": label[truth[lease["item"]["key"]]]}).status_code == 201
    return [lease["item"]["key"] for lease in leases]


def served_slots(site: Any, of: Any = t.item.c.domain) -> list[tuple[str, str]]:
    """Kind and a column of each item, in the newest order."""
    with site.project("topics").read() as rows:
        ranking = rows.scalar(rows.select(t.ranking.c.id).order_by(t.ranking.c.cycle.desc()).limit(1))
        query = (
            rows.select(t.slot.c.kind, of)
            .where(t.item.c.ordinal == t.slot.c.ordinal, t.slot.c.ranking_id == ranking)
            .order_by(t.slot.c.position)
        )
        return [tuple(row) for row in rows.all(query)]


def test_a_constraint_holds_in_the_published_order_and_replays(project: Any, train: Any) -> None:
    site, truth, api, admin = project
    rounds.start(site, admin, "topics", constraints=["domain never rare"])
    answer(api, truth, 20)
    train(site)
    slots = served_slots(site)
    assert slots and all(domain == "common" for kind, domain in slots if kind != "reserve")
    rounds.start(site, admin, "topics", constraints=["domain at-most 20% rare", "predicted at-most 5"])
    answer(api, truth, 8)
    train(site)
    with site.project("topics").read() as rows:
        asked = rows.all(
            rows.select(t.annotation.c.slot_kind, t.item.c.domain)
            .where(t.item.c.ordinal == t.annotation.c.ordinal)
            .order_by(t.annotation.c.seq.desc())
            .limit(8)
        )
    round_ = [domain for kind, domain in [*reversed(asked), *served_slots(site)] if kind == "chosen"]
    assert max(round_[k : k + 10].count("rare") for k in range(0, 20, 10)) <= 2
    report = verify(site, "topics", replay=True)
    assert report.problems == []


def test_a_bad_constraint_changes_nothing(project: Any) -> None:
    site, _, _, admin = project
    for bad, error in (
        (["shape never round"], InputError),
        (["domain often rare"], InputError),
        (["domain only nowhere"], InputError),
        (["domain at-most 2"], InputError),
        (["domain at-least 9 rare", "domain at-least 9 common"], ConflictError),
    ):
        with pytest.raises(error):
            rounds.start(site, admin, "topics", constraints=bad)
    with site.project("topics").read() as rows:
        assert site.project("topics").row(rows).config["policy"].get("constraints", []) == []


def test_the_guards_look_is_recorded_acts_and_replays(
    site: Any, tmp_path: Path, train: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most of what the strategy chooses is answered wrongly, what is sampled at random rightly: choosing does harm."""
    monkeypatch.setattr(guard, "FIRST_LOOK", 20)
    truth = write_texts(tmp_path / "topics.jsonl", 330)
    admin, _ = users.ensure_admin(site)
    labels = ("sport", "food", "law")
    create.create(site, admin, text_draft("topics", tmp_path / "topics.jsonl"))
    train(site)
    api = make_api(site)
    store = site.project("topics")
    with store.read() as rows:
        where, project = layout(store, rows, 330), load(store, rows)
        place = order_of(where, np.empty(0, dtype=np.int64), project.seed)
        keys = rows.scalars(rows.select(t.item.c.key).order_by(t.item.c.ordinal)).all()
    soon = {key for key, k in zip(keys, place.tolist(), strict=True) if k < 45}  # random slots take these
    for _ in range(6):
        for lease in api.queue("topics", n=50):
            key = lease["item"]["key"]
            right = labels.index(truth[key])
            given = right if key in soon else (right + 1) % 3
            assert api.answer("topics", lease, {"label": f"l_{given + 1}"}).status_code == 201
        train(site)
    with site.project("topics").read() as rows:
        data = rows.scalars(rows.select(t.decision.c.data).where(t.decision.c.kind == "guard")).all()
    assert len(data) >= 1 and data[0]["n_random"] >= 20 and data[0]["low"] > 0
    assert data[0]["random_share"] == pytest.approx(0.4)
    kinds = [kind for kind, _ in served_slots(site) if kind != "reserve"]
    share = max(data, key=lambda look: look["look"])["random_share"]
    assert kinds.count("random") / len(kinds) == pytest.approx(share, abs=0.1)
    assert verify(site, "topics", replay=True).problems == []


def test_a_quota_of_a_slice_holds_as_frozen_and_replays_after_the_slice_and_the_items_have_changed(
    project: Any, train: Any
) -> None:
    site, truth, api, admin = project
    saved = slices.save(site, admin, "topics", "Rare and open",
                        filter=Filter(show="unlabeled", column="domain", value="rare"))  # fmt: skip
    rounds.start(site, admin, "topics", constraints=["slice at-least 60% Rare and open"])
    train(site)
    slots = [domain for kind, domain in served_slots(site) if kind not in ("reserve", "random")]
    assert slots[:10].count("rare") >= 5
    with site.project("topics").read() as rows:
        first = Cycle(site.project("topics"), site.project("topics").row(rows).cycle)
    (frozen,) = first.inputs.slices
    inside = np.unpackbits(first.frozen.slice_bits[frozen.array], count=90)
    assert frozen.n_inside == inside.sum() and 0 < frozen.n_inside < 90 / 4 + 1
    with pytest.raises(ConflictError, match="at-least 60% of Rare and open"):
        slices.remove(site, admin, "topics", saved.id)
    answer(api, truth, 20)
    slices.redefine(site, admin, "topics", saved.id, Filter(column="domain", value="common"))
    train(site)
    with site.project("topics").read() as rows:
        second = Cycle(site.project("topics"), site.project("topics").row(rows).cycle)
    assert second.inputs.slices[0].digest != frozen.digest
    assert [domain for kind, domain in served_slots(site) if kind == "chosen"][:10].count("common") >= 6
    assert verify(site, "topics", replay=True).problems == []
    rounds.start(site, admin, "topics", constraints=[])
    slices.remove(site, admin, "topics", second.inputs.slices[0].id)
    train(site)
    assert verify(site, "topics", replay=True).problems == []


def test_changed_bits_of_a_frozen_slice_are_found() -> None:
    bits = np.packbits(np.array([True, False, True]))
    one = FrozenSlice("sl_1", "A", 2, True, hashlib.sha256(bits.tobytes()).hexdigest())
    assert slice_columns([one], {one.array: bits}, 3)["slice:A"].tolist() == ["inside", "outside", "inside"]
    with pytest.raises(IntegrityError):
        slice_columns([one], {one.array: np.packbits(np.array([True, True, True]))}, 3)


def test_a_quota_names_a_slice_that_there_is(project: Any) -> None:
    site, _, _, admin = project
    with pytest.raises(InputError, match="the name of a slice must be one of none yet"):
        rounds.start(site, admin, "topics", constraints=["slice at-least 20% Nowhere"])
    with pytest.raises(InputError, match="name of a slice"):
        set_quota(site, admin, "topics", "slice", "Nowhere", 0.2)
    slices.save(site, admin, "topics", "Somewhere", filter=Filter(show="unlabeled"))
    set_quota(site, admin, "topics", "slice", "Somewhere", 0.2)
    (told,) = [mix for mix in batch.show(site, admin, "topics", 10).mix if mix.by == "slice"]
    assert [(one.value, one.rule) for one in told.values] == [("Somewhere", "at-least 20%")]
    set_quota(site, admin, "topics", "slice", "Somewhere", 0)
    slices.remove(site, admin, "topics", slices.listing(site, "topics").items[0].id)
