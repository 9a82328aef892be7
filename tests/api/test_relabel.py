"""A strategy that asks again: its slots go to people who have not answered, and close when they have."""

from __future__ import annotations

import random
from typing import Any

from labelwright.policy import Policy
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.api.test_checks import work
from tests.conftest import LABEL


def test_a_doubtful_answer_is_asked_of_another_person(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(
        api.site, policy=Policy(strategy="relabel-or-new", params={"sure": 1.0}, gold_share=0, random_share=0)
    )
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    other = {"sport": "food", "food": "law", "law": "sport"}
    rng = random.Random(0)
    work(ann, {key: other[value] if rng.random() < 0.1 else value for key, value in truth.items()}, 45)
    train(api.site)
    with api.site.project("topics").read() as rows:
        slots = rows.all(
            rows.select(t.slot.c.ordinal, t.slot.c.n_before, t.slot.c.done).where(t.slot.c.kind == "relabel")
        )
    assert slots and all(slot.n_before == 1 and not slot.done for slot in slots)
    again = {slot.ordinal for slot in slots}
    leases = ann.queue("topics", n=50)
    assert not again & {int(row) for row in _ordinals(api, leases)}
    for lease in leases:
        ann.client.delete(f"{ann.base}/projects/topics/leases/{lease['id']}", headers=ann.headers)

    for lease in bob.queue("topics", n=50):
        assert bob.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).status_code == 201
    with api.site.project("topics").read() as rows:
        table = t.annotation
        asked = rows.all(rows.select(table.c.ordinal, table.c.person_id).where(table.c.slot_kind == "relabel"))
        done = rows.scalars(rows.select(t.slot.c.ordinal).where(t.slot.c.kind == "relabel", t.slot.c.done)).all()
    assert asked and {row.ordinal for row in asked} <= again
    assert {row.ordinal for row in asked} == set(done)
    train(api.site)
    assert verify(api.site, "topics", replay=True).problems == []


def _ordinals(api: Any, leases: list[dict[str, Any]]) -> list[int]:
    with api.site.project("topics").read() as rows:
        keys = [lease["item"]["key"] for lease in leases]
        return list(rows.scalars(rows.select(t.item.c.ordinal).where(t.item.c.key.in_(keys))))
