"""Projects from files, and more rows later; the command line, the API and the page go through here."""

from __future__ import annotations

import json
import logging
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from labelwright import items, tasks
from labelwright.engine.importing import Added, ImportSpec, run_import
from labelwright.engine.importing.run import is_importing
from labelwright.errors import InputError, LabelwrightError, NotReadyError
from labelwright.exchange import Columns, Reader, guess, open_source
from labelwright.policy import Policy
from labelwright.services import projects, uploads
from labelwright.services.plans import Plan, record_project
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import events
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.tasks import Task

__all__ = ["Columns", "Plan", "add", "create", "create_in_background"]

log = logging.getLogger("labelwright.imports")
Progress = Callable[[str, int, "int | None"], None]
LABELS_ARE = ("training", "random", "gold")
MAX_LABELS = 1000


def create(site: Site, actor: Actor, plan: Plan, progress: Progress = lambda *_: None) -> Added:
    """Make a project from a file or folder; if anything is wrong, no trace of it stays.

    Raises
    ------
    InputError, ConflictError
        With file, row and column where a row is to blame.
    """
    reader, kind = _check(plan)
    _clear_interrupted(site, plan.slug)
    store = site.store.create(plan.slug)
    try:
        return _fill(store, actor, plan, reader, kind, progress)
    except BaseException:
        site.store.discard(store)
        raise


def create_in_background(site: Site, actor: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """Start making a project from an upload; what can be checked at once is checked at once."""
    upload = uploads.find(site, actor, body["upload_id"])
    plan = Plan(
        slug=body["slug"],
        source=upload,
        task=body["task"],
        columns=Columns.from_dict(body["columns"]),
        labels=tuple(body["labels"] or ()),
        open_labels=body["open_labels"],
        labels_are=body["labels_are"],
        title=body["title"],
        question=body["question"],
        guidelines=body["guidelines"],
        goal=body["goal"] or None,
        positive=body["positive"] or None,
        scale={key: body[key] for key in ("min", "max", "step", "unit")},
        policy=Policy(strategy=body["strategy"], batch_size=body["batch_size"], overlap=body["overlap"]),
    )
    reader, kind = _check(plan)
    _clear_interrupted(site, plan.slug)
    store = site.store.create(plan.slug)
    note = projects.ImportNote(phase="reading")
    projects.IMPORTS[plan.slug] = note

    def run() -> None:
        try:
            _fill(store, actor, plan, reader, kind, note.progress)
            projects.IMPORTS.pop(plan.slug, None)
        except Exception as error:  # shown on the project's page
            log.error("import failed", exc_info=error, extra={"project": plan.slug})
            site.store.discard(store)
            note.error = error.message if isinstance(error, LabelwrightError) else "The import failed on our side."
            note.hint = error.hint if isinstance(error, LabelwrightError) else "Look into the server's log."

    threading.Thread(target=run, name=f"import-{plan.slug}", daemon=True).start()
    return projects.importing_view(plan.slug, plan.title, plan.task, kind.name)


def add(
    site: Site,
    actor: Actor,
    slug: str,
    *,
    source: Path | None = None,
    upload_id: str | None = None,
    rows: list[dict[str, Any]] | None = None,
    progress: Progress = lambda *_: None,
) -> dict[str, Any]:
    """Add rows with the same checks; what is there by id and content stays as it is.

    Raises
    ------
    InputError, ConflictError
        With file, row and column; the project is then as it was.
    """
    if sum(given is not None for given in (source, upload_id, rows)) != 1:
        raise InputError("add: exactly one of a source, 'upload_id' and 'rows' must be given.")
    if upload_id is not None:
        source = uploads.find(site, actor, upload_id)
    with tempfile.TemporaryDirectory() as folder:
        if rows is not None:
            if not rows:
                raise InputError("add: 'rows' must hold at least one row, got none.")
            source = Path(folder) / "rows.jsonl"
            source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        assert source is not None
        return asdict(_add(site.project(slug), actor, open_source(source), progress))


def _add(store: ProjectStore, actor: Actor, reader: Reader, progress: Progress) -> Added:
    with store.read() as connection:
        project = store.row(connection)
        if project.n_items == 0:
            raise NotReadyError(f"add: '{store.slug}' is still being imported.", "Wait until it is ready.")
        first = next(
            events.Event(*row)
            for row in connection.execute(
                select(*[c for c in t.event.c if c.name != "project_id"])
                .where(t.event.c.project_id == store.project_id, t.event.c.kind == "import")
                .order_by(t.event.c.seq)
                .limit(1)
            )
        )
        schema = connection.execute(
            select(t.question.c.task, t.schema_version.c.body)
            .join(t.schema_version, t.schema_version.c.project_id == t.question.c.project_id)
            .where(t.question.c.project_id == store.project_id, t.schema_version.c.version == project.schema_version)
        ).one()
    columns = Columns.from_dict(project.config["columns"])
    if columns.label is not None and columns.label not in reader.columns:
        columns = replace(columns, label=None)
    columns.check(reader.columns, "add")
    spec = ImportSpec(
        reader,
        columns,
        items.make(project.config["kind"]),
        tasks.make(schema.task, schema.body),
        labels_are=project.config["labels_are"],
        reserve_share=first.data["reserve_share"],
        seed=project.config["seed"],
    )
    return run_import(store, spec, actor=actor.person_id, progress=progress)


def _check(plan: Plan) -> tuple[Reader, items.ItemKind]:
    """What can be told without reading the whole source."""
    if plan.task not in tasks.names():
        raise InputError(f"create: --task must be one of {', '.join(tasks.names())}, got '{plan.task}'.")
    if plan.labels_are not in LABELS_ARE:
        raise InputError(f"create: --labels-are must be one of {', '.join(LABELS_ARE)}, got '{plan.labels_are}'.")
    reader = open_source(plan.source)
    found = guess(reader, plan.columns, task=plan.task)
    needs_labels = "labels" in tasks.guess(plan.task, [])
    if needs_labels and not (plan.columns.label or plan.labels or plan.open_labels):
        seen = found.columns.label
        raise InputError(
            f"create: a {plan.task} project needs to know its labels.",
            (f"The column '{seen}' looks like labels: add --label {seen}. " if seen else "")
            + "Or name them: --labels a,b,c. Or let annotators make them up: --open-labels.",
        )
    return reader, items.make(found.kind)


def _clear_interrupted(site: Site, slug: str) -> None:
    """A first import that was killed left its name behind and nothing else: make room for the next try."""
    if slug in site.store.slugs():
        store = site.project(slug)
        with store.read() as connection:
            n_items = connection.scalar(select(t.project.c.n_items).where(t.project.c.project_id == store.project_id))
        if not n_items and not is_importing(store):
            site.store.discard(store)


def _fill(
    store: ProjectStore, actor: Actor, plan: Plan, reader: Reader, kind: items.ItemKind, progress: Progress
) -> Added:
    columns = guess(reader, plan.columns, task=plan.task).columns
    if plan.columns.label is None:
        columns = replace(columns, label=None)  # a guessed label column is left out, not trained on unasked

    def record(task: Task) -> Task:
        record_project(store, actor, plan, columns, kind, task)
        return task

    def from_cells(cells: list[Any]) -> Task:
        try:
            schema = tasks.guess(plan.task, [c for c in cells if c is not None]) | scale
        except InputError as error:
            raise _with_row(reader, plan.task, cells, columns.label, error) from error
        n_labels = len(schema.get("labels", ()))
        if n_labels > MAX_LABELS:
            raise reader.fail(
                f"a label column must have at most {MAX_LABELS} distinct values, got {n_labels}.",
                "Name the right column with --label, or the labels with --labels.",
                column=columns.label,
            )
        if plan.open_labels:
            schema["open"] = True
        return record(tasks.make(plan.task, schema))

    scale = {key: value for key, value in plan.scale.items() if value is not None}
    known: Task | None = None
    if plan.labels:
        schema = tasks.guess(plan.task, list(plan.labels), keep_order=True)
        known = record(tasks.make(plan.task, schema | ({"open": True} if plan.open_labels else {})))
    elif columns.label is None:
        schema = tasks.guess(plan.task, []) | scale
        known = record(tasks.make(plan.task, schema | ({"open": True} if plan.open_labels else {})))
    spec = ImportSpec(reader, columns, kind, known, make_task=from_cells, labels_are=plan.labels_are, seed=plan.seed)
    return run_import(store, spec, actor=actor.person_id, progress=progress)


def _with_row(reader: Reader, task: str, cells: list[Any], column: str | None, error: InputError) -> InputError:
    """Name the row whose label a schema cannot be made of; in a first import every row is new."""
    for number, cell in enumerate(cells, 1):
        try:
            tasks.guess(task, [] if cell is None else [cell])
        except InputError as fault:
            return reader.fail(fault.message, fault.hint, row=number, column=column)
    return error
