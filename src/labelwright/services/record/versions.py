"""Versions of the labels: moments that somebody named, and those that trainings resolved."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.engine.coded import Codebook
from labelwright.engine.project import Project
from labelwright.errors import ConflictError
from labelwright.services.cursors import seq_of
from labelwright.services.people.roles import SYSTEM, Actor
from labelwright.services.projects import access
from labelwright.services.record.labels_at import Then
from labelwright.services.record.moments import Moment, check_name, moment_of
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.versions import SnapshotNamed
from labelwright.store.rows import AnyRow, Rows

SNAPSHOT, TRAINING = "snapshot", "training"


@dataclass(frozen=True)
class Counted:
    """How many items have a label of a question."""

    question: str
    n_labels: int


@dataclass(frozen=True)
class VersionLine:
    """One version.

    Attributes
    ----------
    name : str
        What it is read by, wherever a moment is asked for.
    kind : str
        "snapshot", which a person named, or "training", which a cycle resolved.
    seq : int
        The event that made it.
    upto_seq : int
        The last event that belongs to it.
    label_version : str, optional
        The label version that it is, or that was named.
    by : str
        The person's name, or "system".
    """

    name: str
    kind: str
    seq: int
    upto_seq: int
    label_version: str | None
    at: str
    by: str
    note: str | None
    labels: list[Counted]


@dataclass(frozen=True)
class VersionPage:
    """A page of versions, newest first."""

    items: list[VersionLine]
    next_cursor: str | None


def snapshot(
    site: Site, actor: Actor, slug: str, name: str, *, at: str | None = None, note: str | None = None
) -> VersionLine:  # fmt: skip
    """Give a moment a name. Nothing is copied: it is read from the events, so it never changes.

    Parameters
    ----------
    name : str
        1 to 80 of the characters a-z, 0-9, '.', '_' and '-'.
    at : str, optional
        Any moment that `moment_of` reads; now if left out.
    note : str, optional
        What it is for.

    Raises
    ------
    InputError
        If the name or the moment is not one.
    ConflictError
        If there is a snapshot of that name, or the project is archived.
    """
    check_name(name)
    store, names = site.project(slug), site.names()
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        if rows.first(rows.select(t.snapshot.c.seq).where(t.snapshot.c.name == name)) is not None:
            raise ConflictError(f"snapshot: '{slug}' has a snapshot '{name}' already.", "Choose another name.")
        moment = moment_of(store, rows, at)
        text = (note or "").strip()
        body = SnapshotNamed(
            name, moment.upto_seq, moment.label_version, transaction.seal(text) if text else None
        )  # fmt: skip
        transaction.record(body, actor=actor.person_id)
        row = rows.one(rows.select(t.snapshot).where(t.snapshot.c.name == name))
        return _named(site, store, rows, project, row, names)


def versions(site: Site, slug: str, *, cursor: str | None = None, limit: int = 50) -> VersionPage:
    """A page of versions, newest first.

    Raises
    ------
    InputError
        If no page gave the cursor.
    """
    store, names = site.project(slug), site.names()
    before = None if cursor is None else seq_of(cursor, "versions")
    with store.read() as rows:
        project = access.ready(store, rows)
        named, resolved = t.snapshot, t.label_version
        queries = (
            rows.select(named).order_by(named.c.seq.desc()),
            rows.select(resolved, t.event.c.at).where(t.event.c.seq == resolved.c.seq).order_by(resolved.c.seq.desc()),
        )
        if before is not None:
            queries = (queries[0].where(named.c.seq < before), queries[1].where(resolved.c.seq < before))
        snapshots, trainings = (rows.all(query.limit(limit + 1)) for query in queries)
        newest = sorted([*snapshots, *trainings], key=lambda row: -int(row.seq))
        page = [
            _trained(row) if "questions" in row._mapping else _named(site, store, rows, project, row, names)
            for row in newest[:limit]
        ]
    return VersionPage(page, str(page[-1].seq) if len(newest) > limit else None)


def _named(
    site: Site, store: ProjectStore, rows: Rows, project: Project, row: AnyRow, names: dict[str, tuple[str, bool]]
) -> VersionLine:  # fmt: skip
    moment = Moment(row.upto_seq, False, row.label_version_id)
    key = ("labels-counted", store.project_id, moment)
    counted: list[Counted] = site.cache.get(key, lambda: _counted(store, rows, project, moment))
    return VersionLine(
        row.name, SNAPSHOT, row.seq, row.upto_seq, row.label_version_id, row.at,
        names.get(row.by, (row.by, False))[0], store.unseal(rows, row.note_id), counted,
    )  # fmt: skip


def _counted(store: ProjectStore, rows: Rows, project: Project, moment: Moment) -> list[Counted]:
    then = Then.at(store, rows, project, moment)
    return [
        Counted(question.id, len(then.labels(question.id, Codebook(question.task)).item_idx))
        for question in then.project.questions
    ]


def _trained(row: AnyRow) -> VersionLine:
    counted = [Counted(question, int(one["n_labels"])) for question, one in row.questions.items()]
    return VersionLine(
        row.id, TRAINING, row.seq, row.upto_seq, row.id, row.at, SYSTEM.person_id, None, counted
    )  # fmt: skip
