"""Homes for experiments: made once, copied, acted on, and judged afterwards."""

from __future__ import annotations

import json
import shutil
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from labelwright.engine.worker import Worker
from labelwright.services.labeling import annotations, queue
from labelwright.services.labeling.annotations import Given
from labelwright.services.people import users
from labelwright.services.people.roles import Actor
from labelwright.services.projects import create
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
from labelwright.services.projects.migrations import acts as migrations
from labelwright.services.projects.migrations.wanted import Wanted
from labelwright.services.record import erasing, exports
from labelwright.services.record.verify import verify
from labelwright.services.site import Site
from labelwright.services.site.backup import backup
from labelwright.services.site.settings import load
from labelwright.store import tables as t
from labelwright.store.record.erasing import ItemsErased

SLUG: Final = "topics"
LABELS: Final = ("sport", "food", "law")
ERASED: Final = "t5"
UNFINISHED: Final = "erased items in it"
Acknowledge = Callable[[str], None]
OLD_HOME: Final = Path(__file__).parent.parent / "tests/fixtures/home-0.2.0.zip"


def rows_of(first: int, n: int) -> list[dict[str, str]]:
    """Texts of three topics."""
    words = ("the team won the late match", "simmer the onions in butter", "this clause survives termination")
    return [{"id": f"t{i}", "text": f"{words[i % 3]}, number {i} of {i % 7}"} for i in range(first, first + n)]


@contextmanager
def opened(home: Path) -> Iterator[tuple[Site, Actor]]:
    """The site of a home and its admin."""
    site = Site(load({"home": home}, environ={}))
    try:
        admin, _ = users.ensure_admin(site)
        yield site, admin
    finally:
        site.close()


def make(act: str, home: Path) -> str:
    """A home on which the act can be done: a project with a ranking, or one of an earlier version."""
    if act == "upgrade":
        with zipfile.ZipFile(OLD_HOME) as packed:
            packed.extractall(home)
        return ""
    source = home.parent / f"{act}.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows_of(0, 60)))
    with opened(home) as (site, admin):
        create.create(site, admin, ProjectDraft(SLUG, source, questions=(QuestionDraft(labels=LABELS),)))
        Worker(site.store).run(until_idle=True)
        answer(site, admin, 9)
    return ""


def copy(honest: Path, home: Path) -> None:
    """A fresh copy of a home in place of what is there."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(honest, home)


def answer(site: Site, admin: Actor, n: int, acknowledge: Acknowledge = lambda _: None) -> int:
    """Answer what the queue gives, and say of each answer when it is acknowledged."""
    leases = queue.take(site, admin, SLUG, n=n).leases
    for lease in leases:
        answer_id = str(uuid.uuid4())
        label = f"l_{1 + int(lease.item.key[1:]) % 3}"
        given = Given.of(
            answer_id=answer_id, lease_id=lease.id, item_id=lease.item.id, kind="answer", answer={"label": label},
            seconds=1.0, reason="because of the onions" if label == "l_2" else None,
        )  # fmt: skip
        annotations.give(site, admin, SLUG, [given])
        acknowledge(answer_id)
    return len(leases)


def _answers(home: Path, acknowledge: Acknowledge) -> None:
    with opened(home) as (site, admin):
        answer(site, admin, 3, acknowledge)


def _import(home: Path, acknowledge: Acknowledge) -> None:
    with opened(home) as (site, admin):
        create.add(site, admin, SLUG, rows=rows_of(100, 20))


def _training(home: Path, acknowledge: Acknowledge) -> None:
    with opened(home) as (site, _):
        Worker(site.store).run(until_idle=True)


def _upgrade(home: Path, acknowledge: Acknowledge) -> None:
    with opened(home) as (site, _):
        for slug in site.store.slugs():
            site.project(slug)


def _erasure(home: Path, acknowledge: Acknowledge) -> None:
    with opened(home) as (site, admin):
        erasing.erase_items(site, admin, SLUG, [ERASED], reason="its author withdrew consent")


def _merger(home: Path, acknowledge: Acknowledge) -> None:
    with opened(home) as (site, admin):
        migrations.migrate(site, admin, SLUG, "q_1", Wanted("merge", "l_3", ("l_1",)), reason="they mean the same")


def _export(home: Path, acknowledge: Acknowledge) -> None:
    with opened(home) as (site, admin):
        exports.export(site, admin, SLUG, home / "labels.jsonl")


def _backup(home: Path, acknowledge: Acknowledge) -> None:
    with opened(home) as (site, _):
        backup(site, home / "backup")


ACTS: Final[dict[str, Callable[[Path, Acknowledge], None]]] = {
    "answers": _answers, "import": _import, "training": _training, "upgrade": _upgrade, "erasure": _erasure,
    "merger": _merger, "export": _export, "backup": _backup,
}  # fmt: skip


def judge(home: Path, acknowledged: list[str]) -> str:
    """What is wrong with a home after a fault; empty if nothing is: all answers there, record whole, work goes on.

    An erasure that was interrupted is named by `verify` until a worker has finished it; then the content is nowhere.
    """
    with opened(home) as (site, admin):
        store = site.project(SLUG)
        with store.read() as rows:
            stored = list(rows.scalars(rows.select(t.annotation.c.answer_id)))
        if lost := [one for one in acknowledged if stored.count(one) != 1]:
            return f"{len(lost)} acknowledged answers are not there once"
        if problems := [one for one in verify(site, SLUG, full=True).problems if UNFINISHED not in one]:
            return f"verify: {problems[0]}"
        if not answer(site, admin, 2):
            return "the queue is empty"
        Worker(site.store).run(until_idle=True)
        with store.read() as rows:
            row = store.row(rows)
        if row.trained_seq < row.wanted_seq:
            return "training does not go on"
        if problems := verify(site, SLUG, full=True).problems:
            return f"verify, after more work: {problems[0]}"
        with store.read() as rows:
            is_erased = rows.first(rows.select(t.event.c.seq).where(t.event.c.kind == ItemsErased.kind)) is not None
    return _left_of_it(home) if is_erased else ""


def _left_of_it(home: Path) -> str:
    """Where the content of the erased item still is; a copy that an owner keeps elsewhere is not looked at."""
    text = next(row["text"] for row in rows_of(0, 60) if row["id"] == ERASED).encode()
    held = [path.name for path in home.rglob("*") if path.is_file() and text in path.read_bytes()]
    return f"the erased content is still in {', '.join(held)}" if held else ""
