"""The registry of models: every one that was trained, what it rests on, how good it is, and which one serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from labelwright.engine.cycle import Cycle
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.project import Question
from labelwright.errors import ConflictError, NotFoundError
from labelwright.plain import JsonObject
from labelwright.services.cursors import seq_of
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering.estimates import EstimateView, of_model
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.versions import ModelChosen
from labelwright.store.rows import AnyRow, AnySelect, Rows

CANDIDATE, SERVED, RETIRED = "candidate", "served", "retired"
VERSIONS: Final = "versions"  # of libraries, among the parameters of the event
OPEN: Final = "Open 'Versions', block 'Models', for those whose predictions are kept."


@dataclass(frozen=True)
class KeptFile:
    """A file and whether it is there still.

    Attributes
    ----------
    hash : str
        SHA-256 as the record holds it; of frozen inputs, which no event names, that of the file; empty if unknown.
    """

    path: str
    hash: str
    is_kept: bool


@dataclass(frozen=True)
class ModelLine:
    """One model.

    Attributes
    ----------
    kind : str
        Name of the learner.
    label_version : str
        What it was trained on.
    n_labels : int
        Training labels.
    n_items : int
        Items of the project when it was trained; it predicts nothing of later ones.
    seed : int
    encoder, revision : str
        What made features of the items.
    params, versions : JSON object
        Parameters of the learner; of Labelwright, Python and the libraries.
    metrics : list of EstimateView
        As measured when it was trained, the question's metric first; empty without labels of the reserve.
    artifact : KeptFile
        The fitted model as a skops file.
    refit : list of KeptFile
        What a refit reads besides the features of ``revision``: the frozen inputs and the label version.
    stage : str
        "served" for the chosen one, or the newest if none is chosen; "candidate" if it is newer; "retired" if older.
    is_chosen, is_best : bool
        Best by the question's metric, of those that have a figure.
    can_serve : bool
        Whether model and predictions are kept, under labels that the question still has.
    """

    id: str
    cycle: int
    question: str
    kind: str
    at: str
    label_version: str
    n_labels: int
    n_items: int
    seed: int
    encoder: str
    revision: str
    params: JsonObject
    versions: JsonObject
    metrics: list[EstimateView]
    artifact: KeptFile
    refit: list[KeptFile]
    stage: str
    is_chosen: bool
    is_best: bool
    can_serve: bool


@dataclass(frozen=True)
class ModelPage:
    """A page of models, newest first, and how many items the project has now."""

    items: list[ModelLine]
    next_cursor: str | None
    n_items: int


@dataclass(frozen=True)
class _Serving:
    """Of a question: which model serves, whether somebody chose it, its event, and the best one's cycle."""

    model: str
    seq: int
    is_chosen: bool
    best: int | None


def models(
    site: Site, slug: str, *, question: str | None = None, cursor: str | None = None, limit: int = 50
) -> ModelPage:  # fmt: skip
    """A page of the models of all questions, or of one, newest first.

    Raises
    ------
    InputError, NotFoundError
        If no page gave the cursor, or there is no such question.
    """
    store, model = site.project(slug), t.model
    before = None if cursor is None else seq_of(cursor, "models")
    with store.read() as rows:
        project = access.ready(store, rows)
        asked = project.questions if question is None else (project.question(question),)
        query = _all(rows).where(model.c.question_id.in_([one.id for one in asked])).order_by(model.c.seq.desc())
        found = rows.all((query if before is None else query.where(model.c.seq < before)).limit(limit + 1))
        serving = {one.id: _serving(rows, one) for one in asked}
        by_id = {one.id: one for one in asked}
        page = [_line(store, rows, by_id[row.question_id], row, serving) for row in found[:limit]]
    return ModelPage(page, str(found[limit - 1].seq) if len(found) > limit else None, project.row.n_items)


def one_model(store: ProjectStore, rows: Rows, model_id: str | None) -> ModelLine:
    """One model by its id; the one that serves the primary question if none is named.

    Raises
    ------
    NotFoundError
        If there is no such model, or none yet.
    """
    project = access.ready(store, rows)
    serving = {one.id: _serving(rows, one) for one in project.questions}
    wanted = model_id
    if wanted is None:
        of_primary = serving[project.primary.id]
        wanted = "" if of_primary is None else of_primary.model
    row = rows.first(_all(rows).where(t.model.c.id == wanted))
    if row is None:
        said = "no model yet" if model_id is None else f"no model '{model_id[:60]}'"
        raise NotFoundError(f"model: '{store.slug}' has {said}.", "'Versions' lists the models that there are.")
    return _line(store, rows, project.question(row.question_id), row, serving)


def choose_model(
    site: Site, actor: Actor, slug: str, question: str | None, model: str | None, *, note: str | None = None
) -> ModelLine:  # fmt: skip
    """Let a model serve until somebody says otherwise, or the newest one again, whichever that is.

    Predictions on screens, in exports and in the model file come from it; rankings learn from the newest one.

    Parameters
    ----------
    question : str, optional
        The primary one if left out.
    model : str, optional
        Its id; the newest one, and every newer one after it, if left out.
    note : str, optional
        Why.

    Raises
    ------
    NotFoundError
        If there is no such question, or no such model of it.
    ConflictError
        If it serves already, its model or predictions are kept no longer, it knows labels that the question has no
        longer, or the project is archived.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        asked = project.primary if question is None else project.question(question)
        now = _serving(rows, asked)
        if now is None:
            raise NotFoundError(f"model: question '{asked.id}' has no model yet.", "Label some items first.")
        if model is None and not now.is_chosen:
            raise ConflictError("model: the newest model serves already, so nothing is to be changed.")
        if model is not None:
            row = rows.first(_all(rows).where(t.model.c.id == model, t.model.c.question_id == asked.id))
            if row is None:
                raise NotFoundError(f"model: question '{asked.id}' has no model '{model[:60]}'.", OPEN)
            if now.is_chosen and now.model == model:
                raise ConflictError(f"model: '{model}' serves already, so nothing is to be changed.")
            _check_can_serve(store, asked, row)
        text = (note or "").strip()
        transaction.record(
            ModelChosen(asked.id, model, transaction.seal(text) if text else None), actor=actor.person_id
        )  # fmt: skip
        after = _serving(rows, asked)
        assert after is not None
        return one_model(store, rows, after.model)


def _check_can_serve(store: ProjectStore, question: Question, row: AnyRow) -> None:
    cycle, frozen = _frozen(store, row)
    if not _is_there(store, cycle, frozen):
        raise ConflictError(
            f"model: the predictions of '{row.id}' are kept no longer, so it cannot serve.",
            "Choose the best model or one of the last twenty; a snapshot of a label version keeps its model.",
        )
    if lost := sorted(_labels(frozen.schema) - _labels(question.schema)):
        raise ConflictError(
            f"model: '{row.id}' predicts {', '.join(lost)}, which question '{question.id}' has no longer.",
            "Choose a model that was trained on the labels of today.",
        )


def _serving(rows: Rows, question: Question) -> _Serving | None:
    model, metric, choice = t.model, t.metric, t.model_choice
    of_question = rows.select(model.c.id, model.c.seq).where(model.c.question_id == question.id)
    chosen = rows.first(of_question.where(choice.c.question_id == question.id, choice.c.model_id == model.c.id))
    row = chosen or rows.first(of_question.order_by(model.c.seq.desc()).limit(1))
    if row is None:
        return None
    value = metric.c.value.desc() if question.task.higher_is_better(question.metric) else metric.c.value.asc()
    best = rows.scalar(
        rows.select(metric.c.cycle)
        .where(metric.c.question_id == question.id, metric.c.metric == question.metric)
        .order_by(value, metric.c.cycle)
        .limit(1)
    )
    return _Serving(row.id, row.seq, chosen is not None, best)


def _all(rows: Rows) -> AnySelect:
    return rows.select(t.model, t.event.c.at).where(t.event.c.seq == t.model.c.seq)


def _frozen(store: ProjectStore, row: AnyRow) -> tuple[Cycle, QuestionInputs]:
    cycle = Cycle(store, row.cycle)
    return cycle, cycle.inputs.question(row.question_id)


def _is_there(store: ProjectStore, cycle: Cycle, frozen: QuestionInputs) -> bool:
    arrays = store.arrays
    return arrays.has(cycle.model_path(frozen)) and bool(arrays.files(cycle.predictions_folder(frozen)))


def _refit(
    store: ProjectStore, cycle: Cycle, frozen: QuestionInputs, labels: Mapping[str, str]
) -> list[KeptFile]:  # fmt: skip
    arrays, inputs = store.arrays, cycle.files.inputs
    named = {path: digest for path, digest in labels.items() if cycle.is_old or f"/{frozen.id}/" in path}
    if arrays.has(inputs):
        named[inputs] = arrays.digest(inputs) or ""
    return [KeptFile(path, digest, arrays.has(path)) for path, digest in sorted(named.items())]


def _labels(schema: JsonObject) -> set[str]:
    labels = schema.get("labels")
    return {str(one["id"]) for one in labels if isinstance(one, dict)} if isinstance(labels, list) else set()


def _line(
    store: ProjectStore, rows: Rows, question: Question, row: AnyRow, serving: Mapping[str, _Serving | None]
) -> ModelLine:  # fmt: skip
    cycle, frozen = _frozen(store, row)
    of_question = serving[question.id]
    assert of_question is not None
    stage = CANDIDATE if row.seq > of_question.seq else SERVED if row.seq == of_question.seq else RETIRED
    params: JsonObject = {name: value for name, value in row.params.items() if name != VERSIONS}
    known = row.params.get(VERSIONS)
    path, digest = next(iter(row.arrays.items()), (cycle.model_path(frozen), ""))
    version = rows.first(rows.select(t.label_version).where(t.label_version.c.cycle == row.cycle))
    return ModelLine(
        row.id, row.cycle, question.id, row.name, row.at, f"lv-{row.cycle}", row.n_labels, cycle.inputs.n_items,
        cycle.inputs.seed, cycle.inputs.encoder, cycle.inputs.revision, params,
        known if isinstance(known, dict) else {"labelwright": cycle.inputs.version},
        of_model(rows, question, row.cycle), KeptFile(path, digest, store.arrays.has(path)),
        _refit(store, cycle, frozen, {} if version is None else version.arrays),
        stage, stage == SERVED and of_question.is_chosen, row.cycle == of_question.best,
        _is_there(store, cycle, frozen) and _labels(frozen.schema) <= _labels(question.schema),
    )  # fmt: skip
