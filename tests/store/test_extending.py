"""A stranger adds an event kind, a kind of slot and an engine step: one file each, found without a list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelwright.engine import steps as engine_steps
from labelwright.policy import kinds as slot_kinds
from labelwright.registry import plugins
from labelwright.services.people import users
from labelwright.services.record.verify import verify
from labelwright.store import record
from labelwright.store import tables as t
from tests.conftest import train_until_idle

EVENT = '''
"""Events about notes of the lead."""

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class ItemNoted(EventBody):
    """The lead put an item on a list."""

    kind: ClassVar[str] = "item.noted"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.exclusion),)

    stars: int

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(t.exclusion, {"ordinal": event.ordinal, "seq": event.seq})
'''

KIND = '''
"""Slots that a lead urgent."""

from labelwright.policy.kinds.base import Color, SlotKind


class Urgent(SlotKind):
    """The lead wants an answer to this item."""

    name = "urgent"
    code = 17
    reason = "slot-urgent"
    label = "Urgent"
    color = Color("slot-urgent", "#444444", "#bbbbbb")
'''

STEP = '''
"""Count what a cycle made."""

from labelwright.engine.steps.base import Step


class Count(Step):
    """Write how many labels there are."""

    name = "count"
    after = "represent"
    inputs = ("inputs", "resolve", "publish")

    def done(self, cycle):
        return cycle.store.arrays.has(f"{cycle.files.folder}/count.txt")

    def run(self, cycle, hold):
        n = len(cycle.labels(cycle.inputs.primary))
        cycle.store.arrays.write_bytes(f"{cycle.files.folder}/count.txt", str(n).encode())
'''


def extended(monkeypatch: pytest.MonkeyPatch, package: Any, folder: Path, name: str, text: str) -> None:
    """A file more in a package."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(text)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])


@pytest.fixture
def forgetful() -> Iterator[None]:
    """What was discovered is forgotten before and after."""

    def forget() -> None:
        for cached in (record.kinds, record.projected_tables, plugins, slot_kinds.get, engine_steps.steps):
            cached.cache_clear()

    forget()
    yield
    forget()


def test_an_event_kind_is_one_file(
    trained: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, forgetful: None
) -> None:
    extended(monkeypatch, record, tmp_path / "more", "extra_notes", EVENT)
    noted: Any = record.kinds()["item.noted"]
    admin, _ = users.ensure_admin(trained.site)
    with trained.store.write() as transaction:
        transaction.record(noted(stars=3), actor=admin.person_id, ordinal=5)
    assert verify(trained.site, "topics").problems == []
    with trained.store.stage() as rows:
        rows.delete(t.exclusion)
    assert any("exclusion" in problem for problem in verify(trained.site, "topics").problems)


def test_a_kind_of_slot_is_one_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, forgetful: None) -> None:
    from labelwright.policy import Rules, enough_answers

    extended(monkeypatch, slot_kinds, tmp_path / "more", "extra_urgent", KIND)
    assert slot_kinds.by_code(17).name == "urgent"
    assert enough_answers("urgent", 2, Rules(overlap=2)) and not enough_answers("urgent", 1, Rules(overlap=2))


def test_an_engine_step_is_one_file(
    trained: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, forgetful: None
) -> None:
    extended(monkeypatch, engine_steps, tmp_path / "more", "extra_count", STEP)
    assert [step.name for step in engine_steps.steps()][-1] == "count"
    for lease in trained.api.queue("topics", n=6):
        trained.api.answer("topics", lease, trained.right(lease))
    train_until_idle(trained.site)
    with trained.store.read() as rows:
        cycle = trained.store.row(rows).cycle
    assert trained.store.arrays.read_bytes(f"cycles/{cycle:06d}/count.txt") == b"6"
    assert verify(trained.site, "topics", replay=True).problems == []
