"""What a model card tells of a model, read from the record; what is kept no longer is None or empty."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from labelwright.annotators import DECIDED
from labelwright.engine.answers import GIVEN, Answer
from labelwright.engine.coded import Codebook
from labelwright.engine.cycle import Cycle
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.past import project_as_of
from labelwright.engine.project import Question
from labelwright.loop.state import TRAIN, Labels
from labelwright.services.evaluation.reserve import on_reserve
from labelwright.services.evaluation.slicing import SliceLine, known_slices
from labelwright.services.projects import access
from labelwright.services.record.balance import Share, balance
from labelwright.services.record.models import ModelLine, one_model
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Imported:
    """One import: the name of its file, how many items it brought, and when."""

    source: str
    n_items: int
    at: str


@dataclass(frozen=True)
class TrainingData:
    """The labels that a model learned from and is measured on.

    Attributes
    ----------
    n_training, n_reserve : int
        Items with a label.
    classes : list of Share
        Each class with its training labels (``before``) and its reserve labels (``after``).
    origins : mapping of str to int, optional
        Training labels by why they are there: "given" with the data, "decided" in a review, or the kind of the slot
        of the first answer, such as "chosen" and "random"; "other" where nobody was asked. None if the frozen answers
        are kept no longer.
    n_people : int, optional
        Who answered.
    """

    n_training: int
    n_reserve: int
    classes: list[Share]
    origins: dict[str, int] | None
    n_people: int | None


@dataclass(frozen=True)
class ModelFacts:
    """Everything that a card tells.

    Attributes
    ----------
    labels : list of str
        Names of the labels that it can predict; empty for numbers.
    guidelines : str, optional
        Their first paragraph, as of the training.
    splits : mapping of str to int
        Items by "pool", "reserve", "sealed" and "source".
    data : TrainingData, optional
        None if the label version's file is kept no longer.
    slices : list of SliceLine
        With 30 labels of the reserve or more.
    event, event_hash
        Of the record, which the model was entered by.
    """

    project: str
    model: ModelLine
    text: str
    task: str
    labels: list[str]
    guidelines: str | None
    items_are: str
    imports: list[Imported]
    splits: dict[str, int]
    data: TrainingData | None
    resolver: str
    slices: list[SliceLine]
    event: int
    event_hash: str


def collect(site: Site, slug: str, model_id: str | None = None) -> ModelFacts:
    """Read what there is to know of a model; the one that serves the primary question if none is named.

    Raises
    ------
    NotFoundError
        If there is no such model, or none yet.
    """
    store, batch = site.project(slug), t.import_batch
    with store.read() as rows:
        project = access.ready(store, rows)
        line = one_model(store, rows, model_id)
        cycle = Cycle(store, line.cycle)
        frozen, upto = cycle.inputs.question(line.question), cycle.inputs.upto_seq
        then = project_as_of(store, rows, project, upto)
        question = then.question(line.question)
        imported = rows.all(
            rows.select(batch).where(batch.c.visible, batch.c.seq <= upto).order_by(batch.c.first_ordinal)
        )
        event = rows.one(
            rows.select(t.event.c.seq, t.event.c.hash).where(t.event.c.seq == t.model.c.seq, t.model.c.id == line.id)
        )
        split, n = np.unique(cycle.layout.split, return_counts=True)
        imports = [Imported(PurePath(row.source).name, row.n_items, row.at) for row in imported]
        measured = on_reserve(site, store, project, project.question(line.question), cycle=line.cycle)
        slices = [] if measured is None else known_slices(site, store, rows, project, measured)
        guide = _guidelines(store, rows, line.question, upto)
    return ModelFacts(
        project.title or slug, line, question.text, frozen.task, _names(frozen), guide, project.kind, imports,
        dict(zip(split.tolist(), n.tolist(), strict=True)), _data(cycle, frozen, question), frozen.resolver, slices,
        event.seq, event.hash,
    )  # fmt: skip


def _data(cycle: Cycle, frozen: QuestionInputs, question: Question) -> TrainingData | None:
    if not cycle.has_labels(frozen):
        return None
    labels, book = cycle.labels(frozen), Codebook(question.task)
    codes = np.array([book.code(answer) for answer in labels.answers], dtype=np.int64)
    trains = labels.split == TRAIN
    training, reserve = (np.bincount(codes[here], minlength=len(book.answers)) for here in (trains, ~trains))
    answers = _answers(cycle, frozen)
    people = None if answers is None else len({one.person_id for one in answers} - {GIVEN, DECIDED})
    return TrainingData(
        int(trains.sum()), int((~trains).sum()), balance(question, book.answers, training, reserve),
        None if answers is None else _origins(labels, answers), people,
    )  # fmt: skip


def _answers(cycle: Cycle, frozen: QuestionInputs) -> list[Answer] | None:
    is_there = cycle.is_old or cycle.store.arrays.has(cycle.input_arrays)
    return cycle.answers(frozen) if is_there else None


def _origins(labels: Labels, answers: list[Answer]) -> dict[str, int]:
    """Why each training item has a label, by its first answer; a review's decision comes after the answers."""
    first: dict[int, str] = {}
    for one in answers:
        why = one.person_id if one.person_id in (GIVEN, DECIDED) else one.slot_kind or "other"
        first.setdefault(one.ordinal, why)
    training = labels.item_idx[labels.split == TRAIN].tolist()
    return dict(Counter(first.get(ordinal, "other") for ordinal in training).most_common())


def _guidelines(store: ProjectStore, rows: Rows, question_id: str, upto_seq: int) -> str | None:
    table = t.guideline
    of_question = rows.select(table.c.sealed_id).where(table.c.question_id == question_id, table.c.seq <= upto_seq)
    sealed = rows.scalar(of_question.order_by(table.c.version.desc()).limit(1))
    text = "" if sealed is None else store.unseal(rows, sealed) or ""
    paragraphs = [part.strip() for part in text.split("\n\n")]
    return next((part for part in paragraphs if part and not part.startswith("#")), None)


def _names(frozen: QuestionInputs) -> list[str]:
    labels = frozen.schema.get("labels")
    return [str(one["name"]) for one in labels if isinstance(one, dict)] if isinstance(labels, list) else []
