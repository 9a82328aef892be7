"""Projects from files, and more rows later; the command line, the API and the page go through here."""

from __future__ import annotations

import json
import logging
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from labelwright import items, tasks
from labelwright.engine.cold import publish_cold
from labelwright.engine.importing import Added, ImportSpec, LabelSource, SourceSpec, run_import
from labelwright.engine.importing.source import label_cells
from labelwright.errors import InputError
from labelwright.exchange import Columns, Guess, Reader, guess, open_source
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, notes, overview, uploads
from labelwright.services.projects.dismiss import unfinished
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft, ordered, record_project
from labelwright.services.projects.first_schema import known_task, task_of_cells
from labelwright.services.projects.notes import ImportNote
from labelwright.services.projects.source import check_source, opened
from labelwright.services.site import Site
from labelwright.store import record
from labelwright.store.project import ProjectStore
from labelwright.store.record.imports import ItemsImported
from labelwright.tasks import Cell, Task

__all__ = ["Added", "ProjectDraft", "QuestionDraft", "add", "create", "create_in_background"]

log = logging.getLogger("labelwright.imports")
Progress = Callable[[str, int, "int | None"], None]
LABELS_ARE = ("training", "random", "gold")


def create(site: Site, actor: Actor, draft: ProjectDraft, progress: Progress = lambda *_: None) -> Added:
    """Make a project from a file or folder; if anything is wrong, no trace of it stays.

    Raises
    ------
    InputError, ConflictError
        With file, row and column where a row is to blame.
    """
    draft = replace(draft, questions=ordered(draft.questions))
    reader, kind = _check(site, actor, draft)
    with site.store.claim(draft.slug):
        return _fill_or_discard(site, _created(site, draft.slug), actor, draft, reader, kind, progress)


def create_in_background(
    site: Site, actor: Actor, draft: ProjectDraft, request: JsonObject | None = None
) -> overview.ProjectDetail:
    """Start making a project; what can be checked at once is checked at once.

    The request is kept with the note of the import, so that one that fails can be tried again.
    """
    draft = replace(draft, questions=ordered(draft.questions))
    reader, kind = _check(site, actor, draft)
    with ExitStack() as stack:
        stack.enter_context(site.store.claim(draft.slug))
        store = _created(site, draft.slug)
        claimed = stack.pop_all()  # the thread releases the claim
    note = ImportNote(
        "reading", file=draft.source.name, title=draft.title, task=draft.primary.task, kind=kind.name, request=request
    )
    notes.begin(site, draft.slug, note)

    def run() -> None:
        try:
            with claimed:
                _fill_or_discard(site, store, actor, draft, reader, kind, note.progress)
            notes.drop(site, draft.slug)
        except Exception as error:  # shown on the project's page; the name can be used again by now
            log.error("import failed", exc_info=error, extra={"project": draft.slug})
            note.fail(error)
            notes.keep(site, draft.slug, note)

    threading.Thread(target=run, name=f"import-{draft.slug}", daemon=True).start()
    return overview.importing_view(actor, draft.slug, note)


def add(
    site: Site,
    actor: Actor,
    slug: str,
    *,
    source: Path | None = None,
    upload_id: str | None = None,
    rows: Sequence[JsonObject] | None = None,
    progress: Progress = lambda *_: None,
) -> Added:
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
            source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        assert source is not None
        return _add(site.project(slug), actor, open_source(source), site.settings.max_text, progress)


def _add(store: ProjectStore, actor: Actor, reader: Reader, max_text: int, progress: Progress) -> Added:
    with store.read() as rows:
        project = access.changeable(store, rows)
        first = record.read(next(store.events(rows, kinds=(ItemsImported.kind,))))
    assert isinstance(first, ItemsImported)
    columns = project.columns
    sources = {project.primary.id: columns.label, **dict(columns.labels)}
    if columns.label is not None and columns.label not in reader.columns:
        columns = replace(columns, label=None)
    columns = replace(columns, labels=tuple((q, column) for q, column in columns.labels if column in reader.columns))
    columns.check(reader.columns, f"add: {reader.path.name}")
    labels = tuple(
        LabelSource(question.id, column, question.task)
        for question in project.questions
        if (column := sources.get(question.id)) is not None and column in reader.columns
    )
    spec = ImportSpec(
        reader, columns, items.make(project.kind), labels, labels_are=project.labels_are,
        reserve_share=first.reserve_share, seed=project.seed, max_text=max_text,
    )  # fmt: skip
    return run_import(store, spec, actor=actor.person_id, progress=progress)


def _check(site: Site, actor: Actor, draft: ProjectDraft) -> tuple[Reader, items.ItemKind]:
    """What can be determined without reading the whole source."""
    if draft.labels_are not in LABELS_ARE:
        raise InputError(f"create: --labels-are must be one of {', '.join(LABELS_ARE)}, got '{draft.labels_are}'.")
    for question in draft.questions:
        if question.task not in tasks.names():
            raise InputError(f"create: --task must be one of {', '.join(tasks.names())}, got '{question.task}'.")
    if draft.start_from is not None:
        check_source(site, actor, draft.start_from, draft.primary.task)
    reader = open_source(draft.source)
    found = guess(reader, draft.columns, task=draft.primary.task)
    _check_answer(draft, found)
    for question in draft.questions:
        needs_labels = "labels" in tasks.guess(question.task, [])
        of_source = draft.start_from is not None and question.primary
        if needs_labels and not (_column(draft, question) or question.labels or question.open_labels or of_source):
            seen = found.columns.label
            raise InputError(
                f"create: a {question.task} project needs to know its labels.",
                (f"The column '{seen}' looks like labels: add --label {seen}. " if seen else "")
                + "Or name them: --labels a,b,c. Or let annotators make them up: --open-labels.",
            )
    return reader, items.make(found.kind)


def _check_answer(draft: ProjectDraft, found: Guess) -> None:
    """Refuse to decide for the person whether a column that looks like the answer is one."""
    column = found.answer or found.columns.label
    taken = {_column(draft, question) for question in draft.questions}
    if found.kind != "table" or draft.columns.features or column is None or column in taken:
        return
    features = ",".join([*found.columns.features, column])
    raise InputError(
        f"create: the column '{column}' looks like the answer.",
        f"Say what it is: --label {column}, or --features {features} to keep it as a feature.",
    )


def _column(draft: ProjectDraft, question: QuestionDraft) -> str | None:
    """Where the labels of a question are in the data."""
    return question.column or (draft.columns.label if question.primary else None) or None


def _created(site: Site, slug: str) -> ProjectStore:
    """A new, empty project under a name that the caller has claimed.

    A first import that was killed left its name behind and nothing else, so that is removed before.
    """
    if (store := unfinished(site, slug)) is not None:
        site.store.discard(store)
    created = site.store.create(slug)
    notes.drop(site, slug)
    return created


def _fill_or_discard(
    site: Site, store: ProjectStore, actor: Actor, draft: ProjectDraft, reader: Reader, kind: items.ItemKind,
    progress: Progress,
) -> Added:  # fmt: skip
    try:
        columns = guess(reader, draft.columns, task=draft.primary.task).columns
        with ExitStack() as stack:
            source = None
            if draft.start_from is not None:
                to_open = opened(
                    site, draft.start_from, kind=kind.name, columns=_label_columns(draft, columns)[0],
                    question_id=draft.primary.id,
                )  # fmt: skip
                source = stack.enter_context(to_open)
                draft = _with_labels(draft, source)
            added = _fill(store, actor, draft, reader, kind, source, site.settings.max_text, progress)
    except BaseException:
        site.store.discard(store)
        raise
    publish_cold(site.store, store)
    return added


def _fill(
    store: ProjectStore, actor: Actor, draft: ProjectDraft, reader: Reader, kind: items.ItemKind,
    source: SourceSpec | None, max_text: int, progress: Progress,
) -> Added:  # fmt: skip
    columns, label_columns = _label_columns(draft, guess(reader, draft.columns, task=draft.primary.task).columns)
    columns.check(reader.columns, f"create: {reader.path.name}")
    known = {
        question.id: task
        for question in draft.questions
        if (task := known_task(question, label_columns.get(question.id))) is not None
    }

    def from_cells(cells: Mapping[str, list[Cell]]) -> dict[str, Task]:
        """Make the schemas that depend on the data, once all label cells are read; then record the project."""
        made = {
            question.id: task_of_cells(reader, question, cells[question.id], label_columns[question.id])
            for question in draft.questions
            if question.id not in known
        }
        record_project(store, actor, draft, columns, kind, {**known, **made})
        return made

    if len(known) == len(draft.questions):
        record_project(store, actor, draft, columns, kind, known)
    spec = ImportSpec(
        reader,
        columns,
        kind,
        tuple(
            LabelSource(question_id, column, known.get(question_id)) for question_id, column in label_columns.items()
        ),
        make_tasks=None if len(known) == len(draft.questions) else from_cells,
        labels_are=draft.labels_are,
        certifies=None if draft.goal is None else draft.goal.certifies,
        blind=None if draft.goal is None else draft.goal.blind,
        seed=draft.seed,
        source=None if source is None else replace(source, task=known.get(draft.primary.id)),
        max_text=max_text,
    )
    return run_import(store, spec, actor=actor.person_id, progress=progress)


def _with_labels(draft: ProjectDraft, source: SourceSpec) -> ProjectDraft:
    """The draft with the classes of the source as its labels, where it names none and its data have none."""
    primary = draft.primary
    if primary.labels or _column(draft, primary):
        return draft
    labels = tuple(sorted({str(cell) for cell in label_cells(source)}))
    return replace(draft, questions=(replace(primary, labels=labels), *draft.questions[1:]))


def _label_columns(draft: ProjectDraft, guessed: Columns) -> tuple[Columns, dict[str, str]]:
    """Columns with their label columns, and those by question; a guessed one is left out, not trained on unasked."""
    by_question = {q.id: column for q in draft.questions if (column := _column(draft, q)) is not None}
    primary = by_question.get(draft.primary.id)
    others = tuple((q, column) for q, column in by_question.items() if q != draft.primary.id)
    taken = set(by_question.values())
    features = tuple(name for name in guessed.features if name not in taken)
    return replace(guessed, label=primary, labels=others, features=features), by_question
