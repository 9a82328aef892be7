"""Any order of taking, answering, skipping, correcting, undoing and giving back keeps the record whole."""

from __future__ import annotations

import shutil
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func

from labelwright.engine import answers
from labelwright.engine.layout import layout
from labelwright.errors import ConflictError, ForbiddenError, NotFoundError
from labelwright.services.labeling import annotations, holding, queue
from labelwright.services.labeling.annotations import Given, Receipt
from labelwright.services.labeling.queue import LeaseView
from labelwright.services.people import users
from labelwright.services.people.roles import SYSTEM
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from labelwright.store.record.project import PolicyChanged
from tests.conftest import make_site

PEOPLE = ("ann", "bob", "eve")
person = some.sampled_from(PEOPLE)


class Labeling(RuleBasedStateMachine):
    """Three people and a clock act on a project that has a ranking; overlap 2."""

    prepared: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        shutil.copytree(self.prepared, Path(self.folder.name) / "home")
        self.site = make_site(Path(self.folder.name) / "home")
        self.store = self.site.project("topics")
        self.people = {}
        for name in PEOPLE:
            users.add(self.site, SYSTEM, email=f"{name}@example.com", role="annotator")
            self.people[name] = users.by_email(self.site, f"{name}@example.com")
        self.leases: dict[str, list[LeaseView]] = {name: [] for name in PEOPLE}
        self.said: dict[str, dict[str, str]] = {name: {} for name in PEOPLE}  # item to standing annotation
        self.sent: list[tuple[str, dict[str, Any], Receipt]] = []
        with self.store.write() as transaction:
            policy: Any = self.store.row(transaction.rows).config["policy"]
            transaction.record(PolicyChanged({**policy, "overlap": 2}), actor="system")

    def teardown(self) -> None:
        self.site.close()
        self.folder.cleanup()

    def send(self, who: str, **body: Any) -> Receipt:
        whole = {
            "answer_id": str(uuid.uuid4()), "lease_id": None, "answer": None, "reason": None, "replaces": None,
            "seconds": 1.0, **body,
        }  # fmt: skip
        receipt = annotations.give(self.site, self.people[who], "topics", [Given.of(**whole)]).receipts[0]
        self.sent.append((who, whole, receipt))
        return receipt

    @rule(who=person, n=some.integers(1, 3))
    def take(self, who: str, n: int) -> None:
        self.leases[who] = queue.take(self.site, self.people[who], "topics", n=n).leases

    @rule(
        who=person,
        label=some.sampled_from(["l_1", "l_2", "l_3"]),
        kind=some.sampled_from(["answer", "answer", "skip", "flag"]),
    )
    def answer(self, who: str, label: str, kind: str) -> None:
        for lease in self.leases[who][:1]:
            item = lease.item.id
            body: dict[str, Any] = {"kind": kind, "item_id": item, "lease_id": lease.id}
            try:
                receipt = self.send(who, **body, answer={"label": label} if kind == "answer" else None)
            except ConflictError:
                assert item in self.said[who]
                continue
            self.said[who][item] = receipt.id
            self.leases[who] = self.leases[who][1:]

    @rule(who=person, label=some.sampled_from(["l_1", "l_2", "l_3"]))
    def correct(self, who: str, label: str) -> None:
        for item, standing in list(self.said[who].items())[-1:]:
            try:
                receipt = self.send(who, kind="correct", item_id=item, replaces=standing, answer={"label": label})
            except ConflictError:  # a skip or a flag cannot be corrected
                continue
            self.said[who][item] = receipt.id

    @rule(who=person)
    def undo(self, who: str) -> None:
        for item, standing in list(self.said[who].items())[-1:]:
            self.send(who, kind="undo", item_id=item, replaces=standing)
            del self.said[who][item]

    @rule(who=person)
    def give_back(self, who: str) -> None:
        for lease in self.leases[who][-1:]:
            holding.give_back(self.site, self.people[who], "topics", lease.id)

    @rule()
    def time_passes(self) -> None:
        with self.store.stage() as rows:
            rows.update(t.lease, t.lease.c.state == "live", expires_at=time.time() - 1)

    @precondition(lambda self: self.sent)
    @rule(data=some.data())
    def repeat(self, data: Any) -> None:
        who, body, receipt = data.draw(some.sampled_from(self.sent))
        again = annotations.give(self.site, self.people[who], "topics", [Given.of(**body)])
        assert again.repeated and again.receipts == [receipt]

    @precondition(lambda self: self.sent)
    @rule(who=person)
    def meddle(self, who: str) -> None:
        """Another person's annotation cannot be undone."""
        owner, body, receipt = self.sent[-1]
        if owner != who:
            with pytest.raises((ConflictError, ForbiddenError, NotFoundError)):
                self.send(who, kind="undo", item_id=body["item_id"], replaces=receipt.id)

    @invariant()
    def leases_stay_below_the_overlap(self) -> None:
        with self.store.read() as rows:
            live = rows.all(
                rows.select(t.lease.c.ordinal, t.lease.c.person_id).where(
                    t.lease.c.state == "live", t.lease.c.expires_at > time.time()
                )
            )
            answered = rows.all(
                rows.select(t.annotation.c.ordinal, t.annotation.c.person_id).where(
                    t.annotation.c.standing, t.annotation.c.kind.in_(("answer", "correct")), ~t.annotation.c.late
                )
            )
        assert max(Counter(live).values(), default=0) <= 1  # nobody holds an item twice
        holders = Counter(ordinal for ordinal, _ in {tuple(r) for r in live})
        late = Counter(ordinal for ordinal, _ in {tuple(r) for r in answered})
        assert all(n <= 2 for n in holders.values())
        assert all(n <= 2 for n in late.values())

    @invariant()
    def one_annotation_stands_for_a_person_and_item(self) -> None:
        table = t.annotation
        with self.store.read() as rows:
            for flag in (table.c.standing, table.c.first):
                counted = rows.select(func.count(), of=table).where(flag)
                assert max(rows.scalars(counted.group_by(table.c.ordinal, table.c.person_id)), default=0) <= 1
            standing = set(rows.scalars(rows.select(table.c.id).where(table.c.standing)))
        assert standing == {said for mine in self.said.values() for said in mine.values()}

    @invariant()
    def flags_agree_with_a_fold_of_the_events(self) -> None:
        with self.store.read() as rows:
            where = layout(self.store, rows, 90)
            kept = answers.counted(rows, where, "q_1")
            folded = answers.counted(rows, where, "q_1", self.store.head_seq(rows))
        assert kept == folded

    def teardown_check(self) -> None:
        assert verify(self.site, "topics").problems == []


def test_any_order_of_actions_keeps_the_record_whole(trained_once: Any) -> None:
    class Prepared(Labeling):
        prepared = trained_once.home

        def teardown(self) -> None:
            self.teardown_check()
            super().teardown()

    run_state_machine_as_test(
        Prepared,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
