"""Moments in an item's life: who was lent it and why, who saw what others say, and which models learned from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from labelwright.engine.cycle import Cycle
from labelwright.engine.project import Project, question_as_of
from labelwright.loop.state import TRAIN
from labelwright.policy import kinds
from labelwright.services.projects.described import was_called
from labelwright.services.projects.entries import HistoryEntry
from labelwright.services.steering.reasons import Why, explain
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import AnyRow, Rows

MODELS = 20


@dataclass(frozen=True)
class Learned:
    """The models of a question that were trained on the item, of those whose labels are kept.

    Attributes
    ----------
    models : list of str
        Ids, the oldest first.
    n_kept : int
        Models that were looked at.
    """

    question: str
    models: list[str]
    n_kept: int


def lent(store: ProjectStore, rows: Rows, ordinal: int, names: dict[str, tuple[str, bool]]) -> list[HistoryEntry]:
    """Leases that no answer followed, who saw what others say before an own answer, and who erased the content."""
    lease, exposure, annotation = t.lease, t.exposure, t.annotation
    answered = set(rows.scalars(rows.select(annotation.c.lease_id).where(annotation.c.ordinal == ordinal)))
    entries = []
    for row in rows.all(rows.select(lease).where(lease.c.ordinal == ordinal).order_by(lease.c.granted_at)):
        if row.id not in answered:
            words = "Lent" if row.state == "live" else "Lent, and not answered"
            entries.append(_entry(row.granted_at, "lent", words, row.person_id, names, {"shown_as": row.slot_kind}))
    for row in rows.all(rows.select(exposure).where(exposure.c.ordinal == ordinal).order_by(exposure.c.at)):
        entries.append(_entry(row.at, "seen", "Saw what others or the model say", row.person_id, names, {}))
    for row in rows.all(rows.select(t.erasure).where(t.erasure.c.ordinal == ordinal)):
        who = names.get(row.by, (row.by, False))[0]
        why: dict[str, object] = {"reason": store.unseal(rows, row.reason_id)}
        entries.append(HistoryEntry(row.at, row.seq, "erased", "Content erased", who, None, why))
    return entries


def explained(
    store: ProjectStore, rows: Rows, project: Project, entry: HistoryEntry, annotation: AnyRow
) -> HistoryEntry:
    """An answer with the reason that its item was asked for, and the rules of then where they have changed."""
    detail = dict(entry.detail)
    if annotation.slot_kind in {kind.name for kind in kinds.all()}:
        detail["why"] = _in_words(explain(
            store, rows, annotation.slot_kind, annotation.ranking_id, annotation.position
        ))  # fmt: skip
    if annotation.kind in ANSWERING and annotation.question_id is not None:
        question = project.question(annotation.question_id)
        if annotation.guideline_version < question.guideline_version:
            detail["guideline"] = f"{annotation.guideline_version} of {question.guideline_version}"
        if annotation.schema_version < question.schema_version:
            detail["schema"] = f"{annotation.schema_version} of {question.schema_version}"
            then = question_as_of(rows, question, annotation.schema_version)
            if annotation.answer is not None and (was := was_called(question, then, annotation.answer)) is not None:
                detail["was"] = was
    return replace(entry, detail=detail)


def learned(store: ProjectStore, rows: Rows, project: Project, ordinal: int) -> list[Learned]:
    """Which of the last models of each question were trained on the item."""
    model, found = t.model, list[Learned]()
    for question in project.questions:
        query = rows.select(model.c.id, model.c.cycle).where(model.c.question_id == question.id)
        n_kept, trained = 0, list[str]()
        for row in reversed(rows.all(query.order_by(model.c.cycle.desc()).limit(MODELS))):
            cycle = Cycle(store, row.cycle)
            frozen = next((one for one in cycle.inputs.questions if one.id == question.id), None)
            if frozen is None or not cycle.has_labels(frozen):
                continue
            n_kept += 1
            if ordinal in cycle.labels(frozen).of(TRAIN)[0]:
                trained.append(row.id)
        found.append(Learned(question.id, trained, n_kept))
    return found


def _entry(
    at: float, kind: str, words: str, person: str, names: dict[str, tuple[str, bool]], detail: dict[str, object]
) -> HistoryEntry:
    return HistoryEntry(iso(at), None, kind, words, names.get(person, (person, False))[0], None, detail)


def _in_words(why: Why) -> str:
    """The reason in a line: what was asked for, by what, where in the order, and the parts of the score."""
    parts = [why.text]
    if why.strategy and why.position is not None:
        parts.append(f"Place {why.position} of the order by {why.strategy}, after {why.n_labels} labels.")
    parts += [part.text for part in why.parts]
    return " ".join(parts)
