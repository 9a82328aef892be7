"""The life of an item as an auditor reads it: why it was asked, under which rule, who saw it, which models learned of it."""

from __future__ import annotations

from typing import Any

from labelwright.store import tables as t
from tests.conftest import Ready, train_until_idle


def life(api: Any, ordinal: int) -> Any:
    return api.get(f"/projects/topics/items/i{ordinal}").json()


def first_answered(lived: Ready, kind: str) -> int:
    table = t.annotation
    with lived.site.project("topics").read() as rows:
        query = rows.select(table.c.ordinal).where(
            table.c.kind == "answer", table.c.slot_kind == kind, table.c.standing
        )
        return int(rows.scalar(query.order_by(table.c.seq).limit(1)))


def test_an_auditor_reads_why_an_item_was_asked_and_which_models_learned_from_it(lived: Ready) -> None:
    train_until_idle(lived.site)
    found = life(lived.api.as_role("auditor"), first_answered(lived, "random"))
    answer = next(one for one in found["history"] if one["kind"] == "answer")
    assert "random" in answer["detail"]["why"].lower() and "Place " in answer["detail"]["why"]
    (learned,) = found["learned"]
    with lived.site.project("topics").read() as rows:
        models = rows.scalars(rows.select(t.model.c.id).order_by(t.model.c.cycle)).all()
    assert learned["models"] and set(learned["models"]) <= set(models) and learned["models"][-1] == models[-1]
    assert learned["n_kept"] <= len(models)


def test_no_model_learned_from_an_item_of_the_reserve(lived: Ready) -> None:
    train_until_idle(lived.site)
    found = life(lived.api, first_answered(lived, "reserve"))
    assert found["split"] == "reserve" and [one["models"] for one in found["learned"]] == [[]]


def test_an_answer_under_older_guidelines_says_so(lived: Ready) -> None:
    ordinal = first_answered(lived, "random")
    before = life(lived.api, ordinal)["history"]
    assert not any("guideline" in one["detail"] for one in before)
    now = lived.api.get("/projects/topics").json()
    body = {"markdown": "Another rule.", "question": "q_1", "settings_version": now["settings_version"]}
    sent = lived.api.client.put(f"{lived.api.base}/projects/topics/guidelines", json=body, headers=lived.api.headers)
    assert sent.status_code == 200, sent.text
    answer = next(one for one in life(lived.api, ordinal)["history"] if one["kind"] == "answer")
    was, of, now_version = answer["detail"]["guideline"].split()
    assert of == "of" and int(now_version) == int(was) + 1


def test_who_held_an_item_without_answering_and_who_saw_it_are_in_its_life(lived: Ready) -> None:
    annotator = lived.api.as_role("annotator")
    (lease,) = annotator.queue("topics", n=1)
    with lived.site.project("topics").read() as rows:
        ordinal = int(rows.scalar(rows.select(t.lease.c.ordinal).where(t.lease.c.id == lease["id"])))
    said = [one["summary"] for one in life(lived.api, ordinal)["history"]]
    assert "Lent" in said
    hidden = life(annotator, ordinal) if "history" in life(annotator, ordinal) else {"history": [], "learned": []}
    assert hidden["learned"] == [] and not any(one["kind"] in ("lent", "seen") for one in hidden["history"])
