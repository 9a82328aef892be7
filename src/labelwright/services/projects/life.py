"""One item with its whole life: content, labels, history, what the models thought of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from sqlalchemy import or_

from labelwright.engine import labels as labeling
from labelwright.engine.cycle import Cycle
from labelwright.engine.layout import POOL, SOURCE, layout, shown_split
from labelwright.engine.pinned import pinned
from labelwright.engine.project import Project
from labelwright.engine.sourcing import label_in_source
from labelwright.errors import ForbiddenError, NotFoundError
from labelwright.services.labeling import exposure, leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, asking, shown
from labelwright.services.projects.described import describe_annotation, describe_answer
from labelwright.services.projects.entries import HistoryEntry, reviewed
from labelwright.services.site import Site
from labelwright.services.site.waiting import Waiting
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.imports import ItemContentReplaced
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows

MODELS = 20


@dataclass(frozen=True)
class LabelOfQuestion:
    """The label of one question."""

    question: str
    label: str
    confidence: float
    provisional: bool
    n_answers: int


@dataclass(frozen=True)
class Confidence:
    """What one model version thought."""

    question: str
    cycle: int
    n_labels: int
    answer: str
    confidence: float


@dataclass(frozen=True)
class ItemDetail:
    """An item with its whole life.

    Attributes
    ----------
    hidden : bool
        Whether the item is leased to the caller: what others and the model say is then left out.
    label, label_confidence
        Of the primary question.
    learned : list of Learned
        Models that were trained on the item, of each question.
    source_label : str, optional
        The label that an item of another domain came with.
    """

    item: shown.ItemView
    split: str | None
    group: str | None
    duplicates: list[str]
    batch: str
    hash: str
    hidden: bool
    excluded: bool
    erased: bool
    content_version: int
    label: str | None
    label_confidence: float | None
    labels: list[LabelOfQuestion]
    history: list[HistoryEntry]
    confidences: list[Confidence]
    learned: list[asking.Learned]
    time: str | None = None
    domain: str | None = None
    licence: str | None = None
    consent: str | None = None
    source_label: str | None = None


def show(site: Site, actor: Actor, slug: str, item_id: str) -> ItemDetail:
    """One item; noted as seen by the caller, unless it is leased to them and so hidden in part."""
    store, names = site.project(slug), site.names()
    with store.read() as rows:
        project = access.ready(store, rows)
        ordinal = shown.existing(project, item_id)
        row = rows.one(rows.select(t.item).where(t.item.c.ordinal == ordinal))
        hidden = bool(leases.leased_to(rows, actor, [ordinal]))
        view = shown.views(store, rows, project, [ordinal])[ordinal]
        same_group = rows.select(t.item.c.ordinal).where(
            t.item.c.dup_group == row.dup_group, t.item.c.ordinal != ordinal, t.item.c.ordinal < project.row.n_items
        )
        duplicates = [shown.item_id_of(o) for o in rows.scalars(same_group.limit(50))]
        replaced = rows.first(
            rows.select(t.replacement.c.version, t.replacement.c.content_hash)
            .where(t.replacement.c.ordinal == ordinal)
            .order_by(t.replacement.c.version.desc())
        )
        excluded = rows.first(rows.select(t.exclusion.c.seq).where(t.exclusion.c.ordinal == ordinal)) is not None
        erased = rows.first(rows.select(t.erasure.c.seq).where(t.erasure.c.ordinal == ordinal)) is not None
        labels = [] if hidden else _labels(store, rows, project, ordinal)
        history = _history(store, rows, project, ordinal, names, only=actor.person_id if hidden else None)
        open_reserve = row.split not in (POOL, SOURCE) and not any(one.question == project.primary.id for one in labels)
        waiting = Waiting(store)
        none_shown = hidden or open_reserve
        confidences = [] if none_shown else waiting.read(lambda: _confidences(store, rows, project, ordinal))
        learned = [] if hidden else waiting.read(lambda: asking.learned(store, rows, project, ordinal))
        of_source = label_in_source(rows, project.primary.id, ordinal) if row.split == SOURCE else None
        others = not hidden and _others_say_something(rows, actor, ordinal)
    if not hidden and (labels or confidences or others):
        exposure.note(store, actor, [ordinal])
    primary = next((one for one in labels if one.question == project.primary.id), None)
    return ItemDetail(
        item=view,
        split=None if hidden else shown_split(row.split),
        group=row.group_key,
        duplicates=duplicates,
        batch=row.batch_id,
        hash=row.content_hash if replaced is None else replaced.content_hash,
        hidden=hidden,
        excluded=excluded,
        erased=erased,
        content_version=0 if replaced is None else replaced.version,
        label=None if primary is None else primary.label,
        label_confidence=None if primary is None else primary.confidence,
        labels=labels,
        history=history,
        confidences=confidences,
        learned=learned,
        time=row.time,
        domain=row.domain,
        licence=row.licence,
        consent=row.consent,
        source_label=None if of_source is None else describe_answer(project.primary, of_source),
    )


def media(site: Site, actor: Actor, slug: str, item_id: str) -> shown.Media:
    """File and type of an item's image.

    Raises
    ------
    ForbiddenError
        If the caller may not read items, does not hold this one, has not annotated it, and it is no example.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        ordinal = shown.existing(project, item_id)
        may_see = actor.may("item.read") or leases.may_see(rows, actor, ordinal) or ordinal in pinned(rows)
        if not may_see:
            raise ForbiddenError(f"The item '{item_id}' is not assigned to you.")
        try:
            return shown.media(store, rows, ordinal)
        except NotFoundError as error:
            raise NotFoundError(f"There is no image of an item '{item_id}'.") from error


def _others_say_something(rows: Rows, actor: Actor, ordinal: int) -> bool:
    """Whether the history shows an answer or a note of somebody else."""
    table = t.annotation
    of_others = rows.select(table.c.seq).where(
        table.c.ordinal == ordinal, table.c.person_id != actor.person_id,
        or_(table.c.kind.in_(ANSWERING), table.c.reason_id.is_not(None)),
    )  # fmt: skip
    return rows.first(of_others) is not None


def _labels(store: ProjectStore, rows: Rows, project: Project, ordinal: int) -> list[LabelOfQuestion]:
    where = layout(store, rows, project.row.n_items)
    found = []
    for question in project.questions:
        label = labeling.labels(store, rows, where, question, ordinals=[ordinal]).get(ordinal)
        if label is not None:
            words = describe_answer(question, label.answer)
            found.append(LabelOfQuestion(question.id, words, label.confidence, label.provisional, len(label.people)))
    return found


def _history(
    store: ProjectStore, rows: Rows, project: Project, ordinal: int, names: dict[str, tuple[str, bool]],
    only: str | None,
) -> list[HistoryEntry]:  # fmt: skip
    """Imported, replaced, and all annotations; only the person's own while the item is leased to them."""
    item, batch, given, annotation = t.item, t.import_batch, t.given, t.annotation
    row = rows.one(
        rows.select(item.c.source, batch.c.at, batch.c.seq).where(
            batch.c.id == item.c.batch_id, item.c.ordinal == ordinal
        )
    )
    summary = f"Imported from {row.source}"
    for known in rows.all(rows.select(given).where(given.c.ordinal == ordinal)) if only is None else ():
        question = project.question(known.question_id)
        summary += f" with the label {describe_answer(question, known.answer)} ({known.labels_are})"
    entries = [HistoryEntry(row.at, row.seq, "imported", summary)]
    for event in store.events(rows, kinds=(ItemContentReplaced.kind,)):
        if event.ordinal == ordinal:
            body = record.read(event)
            assert isinstance(body, ItemContentReplaced)
            words = f"Content replaced (version {body.version}); earlier answers count no more"
            who = names.get(event.actor, (event.actor, False))[0]
            entries.append(HistoryEntry(event.at, event.seq, "replaced", words, who))
    query = rows.select(annotation).where(annotation.c.ordinal == ordinal).order_by(annotation.c.seq)
    if only is not None:
        query = query.where(annotation.c.person_id == only)
    for a in rows.all(query):
        detail: dict[str, object] = {
            "seconds": a.seconds, "ranking": a.ranking_id, "position": a.position, "standing": a.standing,
            "late": a.late, "grid": a.grid, "exposed": a.exposed, "reason": store.unseal(rows, a.reason_id),
        }  # fmt: skip
        if only is None:
            detail["shown_as"] = a.slot_kind
        entry = HistoryEntry(
            a.at, a.seq, a.kind, describe_annotation(project, a.kind, a.question_id, a.answer),
            names.get(a.person_id, (a.person_id, False))[0], a.question_id, detail,
        )  # fmt: skip
        entries.append(entry if only is not None else asking.explained(store, rows, project, entry, a))
    if only is None:
        entries += reviewed(store, rows, project, ordinal, names)
        entries += asking.lent(store, rows, ordinal, names)
    return sorted(entries, key=lambda entry: (entry.at, entry.seq or 0))


def _confidences(store: ProjectStore, rows: Rows, project: Project, ordinal: int) -> list[Confidence]:
    """What the last models thought of the item, oldest first, each in its own schema's words.

    A model of numbers has no confidence.
    """
    model, confidences = t.model, list[Confidence]()
    for question in project.questions:
        models = rows.all(
            rows.select(model.c.cycle, model.c.n_labels)
            .where(model.c.question_id == question.id)
            .order_by(model.c.cycle.desc())
            .limit(MODELS)
        )
        for one in reversed(models):
            cycle = Cycle(store, one.cycle)
            frozen = next((q for q in cycle.inputs.questions if q.id == question.id), None)
            predictions = None if frozen is None or ordinal >= cycle.inputs.n_items else cycle.predictions(frozen)
            if frozen is None or predictions is None:
                continue
            task = frozen.make_task()
            taken = task.take(predictions, np.array([ordinal]))
            confidence = float(task.confidence(taken)[0])
            if math.isfinite(confidence):
                answer = task.describe(task.decode(task.answer(taken))[0])
                confidences.append(Confidence(question.id, one.cycle, one.n_labels, answer, confidence))
    return confidences
