"""Projects: list, show, pause, resume, guidelines, labels."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from labelwright import tasks
from labelwright.engine.importing.run import is_importing
from labelwright.engine.worker import live_workers
from labelwright.errors import ConflictError, InputError, LabelwrightError, NotReadyError
from labelwright.loop.steps import ENOUGH
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import site_tables
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.tasks import Task

ANSWERING = ("answer", "correct")
PACE_SECONDS, PACE_BINS = 300, 12


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
        mine = _mine(store, connection, actor)
    return _summary(project, latest, counts(site, store)) | {
        "question": question,
        "guidelines": guidelines,
        "counts": counts(site, store),
        "running": running(site, store),
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
        transaction.record(
            "guideline", {"version": version, "text": transaction.seal(markdown)}, actor=actor.person_id
        )
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


def counts(site: Site, store: ProjectStore) -> dict[str, int]:
    """How many items and answers there are, counted once for each state of the record."""
    with store.read() as connection:
        project = store.row(connection)
    key = ("counts", store.project_id, project.wanted_seq, project.n_items)
    return dict(site.cache.get(key, lambda: _count(store)))


def left(site: Site, store: ProjectStore) -> int:
    """How many items have no answer; up to two seconds old, for what is asked many times a second."""
    key = ("left", store.project_id, int(time.time() / 2))
    return int(site.cache.get(key, lambda: counts(site, store)["left"]))


def running(site: Site, store: ProjectStore) -> dict[str, Any]:
    """What the worker does for this project, or did last."""
    with store.read() as connection:
        project = store.row(connection)
        newest = connection.execute(
            select(t.cycle).where(t.cycle.c.project_id == store.project_id).order_by(t.cycle.c.id.desc()).limit(1)
        ).one_or_none()
        published = connection.scalar(
            select(t.ranking.c.at).where(t.ranking.c.project_id == store.project_id, t.ranking.c.id == project.ranking_id)
        )
    view: dict[str, Any] = {"state": "idle", "last_published": published}
    wants = project.wanted_seq > project.trained_seq or project.ranking_id is None
    if newest is not None:
        view |= {"step": newest.step, "since": newest.started_at, "n_labels": newest.n_labels}
        if newest.state in ("running", "failed"):
            view |= {"state": newest.state, "error": newest.error}
        elif newest.state == "waiting":
            view["state"] = "waiting"
    if view["state"] == "idle" and wants and project.state == "ready":
        view["state"] = "waiting"
    if view["state"] in ("waiting", "running") and not live_workers(site.store):
        view["state"] = "no-worker"
    return view


def estimate(row: Any) -> dict[str, Any]:
    """A metric's row as the client sees it."""
    return {
        "metric": row.metric, "value": row.value, "low": row.low, "high": row.high, "n": row.n,
        "n_labels": row.n_labels, "enough": row.n >= ENOUGH,
    }  # fmt: skip


def importing_view(slug: str, title: str = "", task: str = "classification", kind: str | None = None, *, alive: bool = True) -> dict[str, Any]:
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
            ("items", "pool", "reserve", "labeled", "reserve_labeled", "answers", "skipped", "flagged", "duplicates", "left"), 0
        ),
        "running": {"state": "idle"}, "mine": {"today": 0, "total": 0, "seconds_median": None, "pace": [0] * PACE_BINS},
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


def _mine(store: ProjectStore, connection: Connection, actor: Actor) -> dict[str, Any]:
    table = t.annotation
    own = (table.c.project_id == store.project_id, table.c.person_id == actor.person_id, table.c.kind == "answer")
    now = time.time()
    midnight = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00")
    total = connection.scalar(select(func.count()).select_from(table).where(*own)) or 0
    today = connection.scalar(select(func.count()).select_from(table).where(*own, table.c.at >= midnight)) or 0
    since = now - PACE_SECONDS * PACE_BINS
    recent = connection.execute(
        select(table.c.at, table.c.seconds).where(*own, table.c.at >= iso(since)).order_by(table.c.seq.desc()).limit(5000)
    ).all()
    pace = [0] * PACE_BINS
    for row in recent:
        age = now - datetime.fromisoformat(row.at).timestamp()
        if 0 <= age < PACE_SECONDS * PACE_BINS:
            pace[PACE_BINS - 1 - int(age / PACE_SECONDS)] += 1
    seconds = sorted(r.seconds for r in recent if r.seconds is not None)
    return {
        "today": today, "total": total, "pace": pace,
        "seconds_median": seconds[len(seconds) // 2] if seconds else None,
    }  # fmt: skip


def _count(store: ProjectStore) -> dict[str, int]:
    item, annotation = t.item, t.annotation
    mine = annotation.c.project_id == store.project_id
    with store.read() as connection:
        n_items = store.row(connection).n_items
        visible = (item.c.project_id == store.project_id, item.c.ordinal < n_items)
        splits = {r.split: r.n for r in connection.execute(
            select(item.c.split, func.count().label("n")).where(*visible).group_by(item.c.split)
        )}  # fmt: skip
        answered = {r.split: r.n for r in connection.execute(
            select(item.c.split, func.count(func.distinct(annotation.c.ordinal)).label("n"))
            .join(item, (item.c.project_id == annotation.c.project_id) & (item.c.ordinal == annotation.c.ordinal))
            .where(mine, annotation.c.standing, annotation.c.kind.in_(ANSWERING))
            .group_by(item.c.split)
        )}  # fmt: skip
        kinds = {r.kind: r.n for r in connection.execute(
            select(annotation.c.kind, func.count().label("n")).where(mine, annotation.c.standing).group_by(annotation.c.kind)
        )}  # fmt: skip
        groups = select(item.c.dup_group).where(*visible).group_by(item.c.dup_group).having(func.count() > 1)
        duplicates = connection.scalar(
            select(func.count()).select_from(item).where(*visible, item.c.dup_group.in_(groups))
        )
    pool, reserve = splits.get("pool", 0), splits.get("reserve", 0) + splits.get("sealed", 0)
    labeled, reserve_labeled = answered.get("pool", 0), answered.get("reserve", 0) + answered.get("sealed", 0)
    return {
        "items": pool + reserve, "pool": pool, "reserve": reserve, "labeled": labeled,
        "reserve_labeled": reserve_labeled, "answers": sum(kinds.get(k, 0) for k in ANSWERING),
        "skipped": kinds.get("skip", 0), "flagged": kinds.get("flag", 0), "duplicates": int(duplicates or 0),
        "left": pool + reserve - labeled - reserve_labeled,
    }  # fmt: skip


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
        return _summary(project, latest, counts(site, store))
    except (LabelwrightError, DatabaseError, OSError) as error:
        with site.store.read() as connection:
            row = connection.execute(select(site_tables.catalogue).where(site_tables.catalogue.c.slug == slug)).one()
        reason = error.message if isinstance(error, InputError | LabelwrightError) else str(error)
        return {
            "id": row.id, "slug": slug, "title": slug, "state": "damaged", "created_at": row.created_at,
            "error": f"{reason} Other projects are not affected.",
        }  # fmt: skip
