"""What changed between two versions: counts, rows with cause, class balance, effect on the metric."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from labelwright.errors import InputError
from labelwright.services.people import users
from labelwright.services.people.roles import Actor
from labelwright.services.projects import acts
from labelwright.services.record import diff, exports, versions
from labelwright.store import tables as t
from tests.conftest import LABEL


def export_at(lived: Any, path: Path, at: str) -> dict[str, str]:
    exports.export(lived.site, users.first_admin(lived.site), "topics", path, at=at)
    return {row["id"]: row["label"] for row in csv.DictReader(path.open()) if row["label"]}


def all_changes(lived: Any, first: str, second: str, **asked: Any) -> list[Any]:
    """As an auditor sees them, to whom nothing is lent."""
    auditor, found, cursor = Actor("p_auditor", "auditor"), [], None
    while True:
        page = diff.listing(lived.site, auditor, "topics", first, second, cursor=cursor, limit=3, **asked)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            assert len(found) == page.count
            return found


@pytest.mark.parametrize(
    ("first", "second"), [("lv-1", "lv-2"), ("lv-1", "lv-3"), ("30", "lv-3"), ("20", "60"), ("60", "20")]
)
def test_a_difference_is_that_of_the_exports(lived: Any, tmp_path: Path, first: str, second: str) -> None:
    one, two = export_at(lived, tmp_path / "one.csv", first), export_at(lived, tmp_path / "two.csv", second)
    expected = {
        item: (one.get(item), two.get(item)) for item in one.keys() | two.keys() if one.get(item) != two.get(item)
    }
    found = all_changes(lived, first, second)
    assert {change.item: (change.before, change.after) for change in found} == expected and len(found) > 3
    (question,) = diff.diff(lived.site, "topics", first, second).questions
    assert (question.n_before, question.n_after) == (len(one), len(two))
    assert (question.added, question.removed, question.changed) == (
        sum(a is None for a, _ in expected.values()), sum(b is None for _, b in expected.values()),
        sum(a is not None and b is not None for a, b in expected.values()),
    )  # fmt: skip
    assert [share.name for share in question.balance] == ["sport", "food", "law"]
    assert {share.name: (share.before, share.after) for share in question.balance} == {
        name: (list(one.values()).count(name), list(two.values()).count(name)) for name in ("sport", "food", "law")
    }
    assert all(change.seq and change.by and change.at for change in found)


def test_each_change_names_its_cause_and_who(lived: Any, tmp_path: Path) -> None:
    site, api, admin = lived.site, lived.api, users.first_admin(lived.site)
    me = site.names()[admin.person_id][0]
    versions.snapshot(site, admin, "topics", "before")
    mine = [
        one for one in api.get("/projects/topics/annotations", limit=100).json()["items"]
        if one["kind"] == "answer" and one["standing"]
    ]  # fmt: skip
    labeled = {
        one["id"]: one["label"] for one in api.get("/projects/topics/items", show="labeled", limit=100).json()["items"]
    }
    pool = [i for i, one in labeled.items() if api.get(f"/projects/topics/items/{i}").json()["split"] == "pool"]
    other = {"sport": "l_2", "food": "l_3", "law": "l_1"}

    def annotate(one: Any, answer: Any, kind: str) -> None:
        lease = {"id": None, "item": {"id": one["item_id"]}}
        said = api.answer("topics", lease, answer, kind=kind, replaces=one["id"], lease_id=None)
        assert said.status_code == 201, said.text

    corrected = next(one for one in mine if lived.truth[one["key"]] == "sport")
    undone = next(one for one in mine if one is not corrected)
    annotate(corrected, {"label": "l_2"}, "correct")
    annotate(undone, None, "undo")
    lease = next(one for one in api.queue("topics", n=2) if one["item"]["id"] != undone["item_id"])
    api.answer("topics", lease, {"label": LABEL[lived.truth[lease["item"]["key"]]]})
    acts.exclude(site, admin, "topics", [pool[-1]], reason="not a text")
    opened = api.post(f"/projects/topics/items/{pool[-2]}/review", {"reason": "looks wrong"})
    assert opened.status_code == 201, opened.text
    review = opened.json()["review"]
    decided = {"outcome": "label", "answer": {"label": other[labeled[pool[-2]]]}, "reason": "read again"}
    assert api.post(f"/projects/topics/reviews/{review}/decision", decided).status_code == 200
    versions.snapshot(site, admin, "topics", "after")

    found = all_changes(lived, "before", "after")
    causes = {change.item: (change.kind, change.cause, change.reason) for change in found}
    assert causes[pool[-1]] == ("removed", "exclusion", "not a text")
    assert causes[pool[-2]] == ("changed", "review", "read again")
    assert {change.by for change in found} == {me}
    assert {change.cause for change in found} == {"answer", "correction", "exclusion", "review", "undo"}
    assert {one.kind for one in all_changes(lived, "before", "after", kind="removed")} == {"removed"}
    backwards = {change.item: change for change in all_changes(lived, "after", "before")}
    assert backwards.keys() == causes.keys()
    assert (backwards[pool[-2]].before, backwards[pool[-2]].after) != (None, None)

    assert diff.to_file(site, admin, "topics", "before", "after", tmp_path / "changes.csv") == len(found)
    rows = list(csv.DictReader((tmp_path / "changes.csv").open()))
    told = {row["id"]: (row["change"], row["cause"]) for row in rows if row["cause"]}
    assert told.items() <= {i: c[:2] for i, c in causes.items()}.items() and len(told) >= len(found) - 1


def test_what_is_leased_to_the_caller_is_hidden(lived: Any) -> None:
    site, admin = lived.site, users.first_admin(lived.site)
    store, bob = lived.store, lived.api.as_role("annotator")
    (lease,) = bob.queue("topics")
    assert bob.answer("topics", lease, lived.right(lease)).status_code == 201
    with store.read() as rows:
        head = store.head_seq(rows)
        ordinal = rows.scalar(rows.select(t.item.c.ordinal).where(t.item.c.key == lease["item"]["key"]))
    with store.stage() as rows:
        rows.update(t.lease, t.lease.c.ordinal == ordinal, person_id=admin.person_id, state="live", expires_at=9e9)
    page = diff.listing(site, admin, "topics", str(head - 1), str(head))
    (hidden,) = page.items
    assert hidden.hidden and hidden.before is hidden.after is hidden.by is hidden.cause is None
    with store.read() as rows:
        assert rows.first(rows.select(t.exposure).where(t.exposure.c.ordinal == ordinal)) is None


def test_the_effect_is_that_of_the_models_on_one_reserve(lived: Any) -> None:
    found = diff.diff(lived.site, "topics", "lv-2", "lv-3").effect
    assert found.sentence
    nothing = diff.diff(lived.site, "topics", "1", "lv-3").effect
    assert nothing.before is None and nothing.difference is None


@pytest.mark.parametrize("asked", [{"kind": "other"}, {"cursor": "x"}])
def test_what_cannot_be_asked_is_refused(lived: Any, asked: dict[str, str]) -> None:
    with pytest.raises(InputError):
        diff.listing(lived.site, users.first_admin(lived.site), "topics", "lv-1", "lv-2", **asked)
