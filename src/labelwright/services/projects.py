"""Projects: list, show, pause, resume, guidelines, labels."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from labelwright import tasks
from labelwright.engine.importing.run import is_importing
from labelwright.errors import ConflictError, InputError, LabelwrightError, NotReadyError
from labelwright.loop.steps import ENOUGH
from labelwright.services import figures
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import site_tables
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.tasks import Task


@dataclass
class ImportNote:
    """How far an import in this process is; what failed stays until the next try."""

    phase: str
    done: int = 0
    total: int | None = None
    error: str | None = None
    hint: str | None = None

    def progress(self, phase: str, done: int, total: int | None) -> None:
        """Called by the import."""
        self.phase, self.done, self.total = phase, done, total


IMPORTS: dict[str, ImportNote] = {}


def listing(site: Site, actor: Actor, *, cursor: str | None = None, limit: int = 100) -> dict[str, Any]:
    """A page of projects; one that cannot be read is listed as damaged."""
    slugs = [slug for slug in sorted(site.store.slugs()) if cursor is None or slug > cursor]
    found = [_summary_or_damage(site, slug) for slug in slugs[:limit]]
    if cursor is None:
        found += [importing_view(slug) for slug, note in IMPORTS.items() if note.error and slug not in slugs]
    return {"items": found, "next_cursor": slugs[limit - 1] if len(slugs) > limit else None}


def show(site: Site, actor: Actor, slug: str) -> dict[str, Any]:
    """Everything a page about one project starts from."""
    if slug in IMPORTS:
        return importing_view(slug)
    store = site.project(slug)
    with store.read() as connection:
        project = _row(store, connection)
        if project is None or project.n_items == 0:
            return importing_view(slug, alive=is_importing(store))
        latest = _latest(store, connection, project)
        question, guidelines = _question(store, connection, project), _guidelines(store, connection, project)
        mine = figures.mine(store, connection, actor)
    return _summary(project, latest, figures.counts(site, store)) | {
        "question": question,
        "guidelines": guidelines,
        "counts": figures.counts(site, store),
        "running": figures.running(site, store),
        "mine": mine,
        "goal": project.config["goal"],
        "policy": project.config["policy"],
        "import_state": None,
    }


def pause(site: Site, actor: Actor, slug: str) -> dict[str, Any]:
    """Stop handing out items and training."""
    return _set_state(site, actor, slug, "ready", "paused")


def resume(site: Site, actor: Actor, slug: str) -> dict[str, Any]:
    """Go on."""
    return _set_state(site, actor, slug, "paused", "ready")


def write_guidelines(site: Site, actor: Actor, slug: str, markdown: str) -> dict[str, Any]:
    """Store new guidelines as a new version."""
    store = site.project(slug)
    with store.write() as transaction:
        project = ready(store, transaction.connection)
        version = project.guideline_version + 1
        transaction.record("guideline", {"version": version, "text": transaction.seal(markdown)}, actor=actor.person_id)
    return {"version": version, "markdown": markdown}


def add_label(site: Site, actor: Actor, slug: str, name: str) -> dict[str, Any]:
    """Add a label to an open schema.

    Raises
    ------
    ConflictError
        If the schema is closed, or has the label.
    """
    store, name = site.project(slug), name.strip()
    with store.write() as transaction:
        connection = transaction.connection
        project = ready(store, connection)
        question = _question(store, connection, project)
        body = dict(_schema(store, connection, project))
        if not body.get("open"):
            raise ConflictError(f"labels: the labels of '{slug}' are fixed.", "Ask the project's lead to add one.")
        if any(label["name"] == name for label in body["labels"]):
            raise ConflictError(f"labels: there is a label '{name}' already.")
        used = [int(label["id"].removeprefix("l_")) for label in body["labels"]]
        body["labels"] = [*body["labels"], {"id": f"l_{max(used, default=0) + 1}", "name": name}]
        tasks.make(question["task"], body)
        transaction.record(
            "schema",
            {
                "question": question["id"], "name": question["name"], "task": question["task"], "primary": True,
                "version": project.schema_version + 1, "body": body,
            },
            actor=actor.person_id,
        )  # fmt: skip
        return _question(store, connection, store.row(connection))


def ready(store: ProjectStore, connection: Connection) -> Any:
    """The project's row, or ``NotReadyError`` while its first import runs."""
    project = _row(store, connection)
    if project is None or project.n_items == 0:
        raise NotReadyError(f"'{store.slug}' is still being imported.", "Wait until it is ready.")
    return project


def task_of(store: ProjectStore, connection: Connection, project: Any) -> Task:
    """The primary question's task under the current schema."""
    return tasks.make(project.config["task"], _schema(store, connection, project))


def estimate(row: Any) -> dict[str, Any]:
    """A metric's row as the client sees it."""
    return {
        "metric": row.metric, "value": row.value, "low": row.low, "high": row.high, "n": row.n,
        "n_labels": row.n_labels, "enough": row.n >= ENOUGH,
    }  # fmt: skip


def importing_view(
    slug: str, title: str = "", task: str = "classification", kind: str | None = None, *, alive: bool = True
) -> dict[str, Any]:
    """The detail of a project whose first import runs or failed."""
    note = IMPORTS.get(slug) or ImportNote(
        phase="reading",
        error=None if alive else "The first import was interrupted before it ended.",
        hint=None if alive else "Nothing was imported. Create the project again.",
    )
    return {
        "id": slug, "slug": slug, "title": title or slug, "task": task, "kind": kind,
        "state": "failed" if note.error else "importing", "created_at": iso(time.time()), "error": note.error,
        "question": {"id": "", "name": "", "task": task, "view": "", "schema_version": 0},
        "guidelines": {"version": 0, "markdown": ""},
        "counts": dict.fromkeys(
            (
                "items", "pool", "reserve", "labeled", "reserve_labeled", "answers", "skipped", "flagged",
                "duplicates", "left",
            ), 0
        ),
        "running": {"state": "idle"},
        "mine": {"today": 0, "total": 0, "seconds_median": None, "pace": [0] * figures.PACE_BINS},
        "goal": None, "policy": {},
        "import_state": {
            "phase": note.phase, "done": note.done, "total": note.total, "error": note.error, "hint": note.hint,
        },
    }  # fmt: skip


def _set_state(site: Site, actor: Actor, slug: str, before: str, after: str) -> dict[str, Any]:
    store = site.project(slug)
    with store.write() as transaction:
        project = ready(store, transaction.connection)
        if project.state == before:
            transaction.record("project.state", {"state": after}, actor=actor.person_id)
    return show(site, actor, slug)


def _row(store: ProjectStore, connection: Connection) -> Any:
    return connection.execute(select(t.project).where(t.project.c.project_id == store.project_id)).one_or_none()


def _schema(store: ProjectStore, connection: Connection, project: Any) -> dict[str, Any]:
    body: dict[str, Any] = connection.execute(
        select(t.schema_version.c.body).where(
            t.schema_version.c.project_id == store.project_id, t.schema_version.c.version == project.schema_version
        )
    ).scalar_one()
    return body


def _question(store: ProjectStore, connection: Connection, project: Any) -> dict[str, Any]:
    row = connection.execute(
        select(t.question).where(t.question.c.project_id == store.project_id, t.question.c.is_primary)
    ).one()
    body = _schema(store, connection, project)
    view = tasks.make(row.task, body).view
    return {
        "id": row.id, "name": row.name, "task": row.task, "view": view, "schema_version": project.schema_version,
        "labels": body.get("labels", []), "open": bool(body.get("open")),
        **{key: body.get(key) for key in ("min", "max", "step", "unit")},
    }  # fmt: skip


def _guidelines(store: ProjectStore, connection: Connection, project: Any) -> dict[str, Any]:
    sealed_id = connection.scalar(
        select(t.guideline.c.sealed_id).where(
            t.guideline.c.project_id == store.project_id, t.guideline.c.version == project.guideline_version
        )
    )
    return {"version": project.guideline_version, "markdown": store.unseal(connection, sealed_id) or ""}


def _latest(store: ProjectStore, connection: Connection, project: Any) -> dict[str, Any] | None:
    row = connection.execute(
        select(t.metric)
        .where(t.metric.c.project_id == store.project_id, t.metric.c.metric == project.config["metric"])
        .order_by(t.metric.c.cycle.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else estimate(row)


def _summary(project: Any, latest: dict[str, Any] | None, counted: dict[str, int]) -> dict[str, Any]:
    config = project.config
    return {
        "id": project.project_id, "slug": project.slug, "title": config["title"], "task": config["task"],
        "kind": config["kind"], "state": project.state, "demo": config["demo"], "created_at": project.created_at,
        "items": counted["items"], "answers": counted["answers"], "latest": latest, "error": None,
    }  # fmt: skip


def _summary_or_damage(site: Site, slug: str) -> dict[str, Any]:
    try:
        if slug in IMPORTS:
            return importing_view(slug)
        store = site.project(slug)
        with store.read() as connection:
            project = _row(store, connection)
            if project is None or project.n_items == 0:
                return importing_view(slug, alive=is_importing(store))
            latest = _latest(store, connection, project)
        return _summary(project, latest, figures.counts(site, store))
    except (LabelwrightError, DatabaseError, OSError) as error:
        with site.store.read() as connection:
            row = connection.execute(select(site_tables.catalogue).where(site_tables.catalogue.c.slug == slug)).one()
        reason = error.message if isinstance(error, InputError | LabelwrightError) else str(error)
        return {
            "id": row.id, "slug": slug, "title": slug, "state": "damaged", "created_at": row.created_at,
            "error": f"{reason} Other projects are not affected.",
        }  # fmt: skip
