"""A seat's lease goes on to whoever answers in the other tool."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from labelwright.errors import ConflictError, ForbiddenError
from labelwright.services.bridges.seats import member
from labelwright.services.bridges.state import BridgeState, Taken, alone, path_of
from labelwright.services.labeling import annotations, handing, holding, queue
from labelwright.services.people import members, users
from labelwright.services.people.roles import SYSTEM
from labelwright.store import tables as t

SLUG = "topics"


@pytest.fixture
def people(trained_site: Any) -> Any:
    lead = users.first_admin(trained_site)
    return [member(trained_site, lead, SLUG, f"{name}@example.com") for name in ("seat", "ann", "bob")]


def lease_rows(site: Any, ordinal: int) -> list[Any]:
    with site.project(SLUG).read() as rows:
        return list(rows.all(rows.select(t.lease).where(t.lease.c.ordinal == ordinal).order_by(t.lease.c.id)))


def answer(site: Any, who: Any, lease: str) -> Any:
    given = annotations.Given.of(
        answer_id=str(uuid.uuid4()), item_id=lease, lease_id=lease, kind="answer", answer={"label": "l_1"}
    )  # fmt: skip
    return annotations.give(site, who, SLUG, [given]).receipts[0]


def test_an_item_is_lent_as_often_as_before_and_for_the_same_reason(trained_site: Any, people: Any) -> None:
    seat, ann, _ = people
    (lent,) = queue.take(trained_site, seat, SLUG, n=1).leases
    (held,) = handing.held(trained_site, SLUG, [seat])
    lease = handing.hand_on(trained_site, [seat], SLUG, held.ordinal, ann)
    assert handing.hand_on(trained_site, [seat], SLUG, held.ordinal, ann) == lease != lent.id
    rows = {row.person_id: row for row in lease_rows(trained_site, held.ordinal)}
    assert (rows[seat.person_id].state, rows[ann.person_id].state) == ("returned", "live")
    same = ("ranking_id", "position", "slot_kind", "propensity", "granted_at", "expires_at", "n_before")
    assert [getattr(rows[seat.person_id], name) for name in same] == [
        getattr(rows[ann.person_id], name) for name in same
    ]
    answer(trained_site, ann, lease)
    assert queue.take(trained_site, seat, SLUG, n=1).leases[0].id != lent.id, "the item is done"
    (now,) = handing.standing(trained_site, SLUG, held.ordinal, ann)
    assert now.is_answer and now.answer == {"label": "l_1"}


def test_a_second_person_on_the_same_task_and_a_lease_that_ended_are_late(trained_site: Any, people: Any) -> None:
    seat, ann, bob = people
    queue.take(trained_site, seat, SLUG, n=2)
    first, second = handing.held(trained_site, SLUG, [seat])
    answer(trained_site, ann, handing.hand_on(trained_site, [seat], SLUG, first.ordinal, ann))
    answer(trained_site, bob, handing.hand_on(trained_site, [seat], SLUG, first.ordinal, bob))
    holding.give_back(trained_site, seat, SLUG, second.id)
    answer(trained_site, bob, handing.hand_on(trained_site, [seat], SLUG, second.ordinal, bob))
    with trained_site.project(SLUG).read() as rows:
        late = [row.late for row in rows.all(rows.select(t.annotation).order_by(t.annotation.c.seq))]
    assert late == [False, True, True]


def test_what_is_undone_is_open_for_everybody_again(trained_site: Any, people: Any) -> None:
    seat, ann, bob = people
    queue.take(trained_site, seat, SLUG, n=1)
    (held,) = handing.held(trained_site, SLUG, [seat])
    lease = handing.hand_on(trained_site, [seat], SLUG, held.ordinal, ann)
    stored = answer(trained_site, ann, lease)
    undo = annotations.Given.of(answer_id=str(uuid.uuid4()), item_id=lease, kind="undo", replaces=stored.id)
    annotations.give(trained_site, ann, SLUG, [undo])
    handing.hand_back(trained_site, [seat], SLUG, held.ordinal, ann)
    handing.hand_back(trained_site, [seat], SLUG, held.ordinal, ann)
    states = {row.person_id: row.state for row in lease_rows(trained_site, held.ordinal)}
    assert states == {seat.person_id: "live", ann.person_id: "returned"}
    answer(trained_site, bob, handing.hand_on(trained_site, [seat], SLUG, held.ordinal, bob))
    with trained_site.project(SLUG).read() as rows:
        assert not rows.all(rows.select(t.annotation).order_by(t.annotation.c.seq))[-1].late


def test_what_no_seat_held_is_not_handed_on(trained_site: Any, people: Any) -> None:
    seat, ann, _ = people
    with pytest.raises(ForbiddenError):
        handing.hand_on(trained_site, [seat], SLUG, 5, ann)


def test_the_bridge_gives_nobody_a_right_that_somebody_took_away(trained_site: Any, people: Any) -> None:
    lead, ann = users.first_admin(trained_site), people[1]
    members.take(trained_site, lead, SLUG, ann.person_id)
    with pytest.raises(ForbiddenError, match="must have a role"):
        member(trained_site, lead, SLUG, "ann@example.com")
    users.add(trained_site, SYSTEM, email="eve@example.com", role="auditor")
    with pytest.raises(ForbiddenError, match="auditor"):
        member(trained_site, lead, SLUG, "eve@example.com")
    users.change(trained_site, SYSTEM, people[2].person_id, active=False)
    with pytest.raises(ForbiddenError, match="closed"):
        member(trained_site, lead, SLUG, "bob@example.com")


def test_the_memory_comes_back_as_it_was_and_a_damaged_one_is_empty(tmp_path: Path) -> None:
    path = path_of(tmp_path, SLUG)
    state = BridgeState("http://h", 3, {"1:2": Taken(7, "t", ("a_1",))}, {"1:3": "why"}, "s", "r")
    state.write(path)
    assert BridgeState.read(path) == state
    path.write_text("{")
    assert BridgeState.read(path) == BridgeState()
    with alone(path), pytest.raises(ConflictError), alone(path):
        pass
