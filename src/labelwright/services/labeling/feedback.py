"""What a person is told after an answer: the known one, or that a sure model differs; only where the lead wants so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.engine import sourcing
from labelwright.engine.cycle import Cycle
from labelwright.engine.differing import differ
from labelwright.engine.gold import known_answer
from labelwright.engine.layout import POOL
from labelwright.engine.project import Project
from labelwright.engine.serving import serving_cycle
from labelwright.errors import NotFoundError, UnavailableError
from labelwright.plain import JsonObject
from labelwright.policy import kinds
from labelwright.policy.kinds.gold import Gold
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import describe_answer
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import AnyRow

SURE: Final = 0.9
PROMPT, FEEDBACK = "prompt", "feedback"


@dataclass(frozen=True)
class KnownView:
    """The right answer to an item whose answer is known."""

    answer: JsonObject
    label: str
    right: bool
    rule: str | None


@dataclass(frozen=True)
class PairView:
    """A labeled item of another domain, and its label."""

    item: shown.ItemView
    label: str


@dataclass(frozen=True)
class Feedback:
    """What a person is told about one of their answers.

    Attributes
    ----------
    known : KnownView, optional
        Where the answer is known and the lead wants people to see it.
    ask_back : bool
        Whether to ask "are you sure?": a model that did not learn from the answer is sure of another one.
    pair : PairView, optional
        The nearest labeled item of another domain, where the lead wants people to see it.
    """

    known: KnownView | None
    ask_back: bool
    pair: PairView | None = None


def of(site: Site, actor: Actor, slug: str, annotation_id: str) -> Feedback:
    """About one of the caller's standing answers; nothing about those of the reserve and the random share.

    Raises
    ------
    NotFoundError
        If it is not theirs.
    """
    store, table = site.project(slug), t.annotation
    with store.read() as rows:
        project = access.ready(store, rows)
        row = rows.first(rows.select(table).where(table.c.id == annotation_id, table.c.person_id == actor.person_id))
        if row is None:
            raise NotFoundError(f"There is no annotation '{annotation_id}' of yours.")
        if row.kind not in ANSWERING or not row.standing or row.answer is None:
            return Feedback(None, False)
        split = rows.scalar(rows.select(t.item.c.split).where(t.item.c.ordinal == row.ordinal))
        known = None
        if project.quality.feedback and row.slot_kind == Gold.name:
            found = known_answer(rows, row.ordinal, row.question_id)
            if found is not None:
                question = project.question(row.question_id)
                known = KnownView(
                    found.answer, describe_answer(question, found.answer),
                    not differ(question, row.answer, found.answer), store.unseal(rows, found.rule_id),
                )  # fmt: skip
        serving = serving_cycle(rows, row.question_id, project.row.cycle)
    may_ask = project.quality.ask_back and split == POOL and row.slot_kind is not None
    try:
        asks = may_ask and kinds.get(row.slot_kind).shows_model and _model_differs(store, project, row, serving)
    except UnavailableError:  # predictions are in a store that is away
        asks = False
    may_pair = project.quality.show_source and split == POOL and row.question_id == project.primary.id
    may_pair = may_pair and row.slot_kind is not None and kinds.get(row.slot_kind).shows_model
    return Feedback(known, asks, _pair(store, project, row.ordinal) if may_pair else None)


def _pair(store: ProjectStore, project: Project, ordinal: int) -> PairView | None:
    """The nearest item of the source, with its label as it is read now."""
    if project.row.awaits_features:
        return None
    try:
        near = sourcing.nearest(Cycle(store, project.row.cycle), ordinal)
    except UnavailableError:  # the answer is stored all the same
        return None
    if near is None:
        return None
    with store.read() as rows:
        answer = sourcing.label_in_source(rows, project.primary.id, near)
        item = shown.views(store, rows, project, [near])[near]
    return None if answer is None else PairView(item, describe_answer(project.primary, answer))


def came_after(project: Project, target: str | None, claimed: str | None) -> str | None:
    """What a revision came after: the right answer, if it could have been seen, else what the client says."""
    if target == Gold.name and project.quality.feedback:
        return FEEDBACK
    prompts = project.quality.ask_back or project.quality.show_source
    return PROMPT if claimed == PROMPT and prompts else None


def _model_differs(store: ProjectStore, project: Project, row: AnyRow, serving: int) -> bool:
    """Whether the model that serves is sure of another answer, and did not learn from this one."""
    if project.row.awaits_features:
        return False
    cycle = Cycle(store, serving)
    frozen = next((one for one in cycle.inputs.questions if one.id == row.question_id), None)
    question = project.question(row.question_id)
    if frozen is None or frozen.schema_version != question.schema_version or row.seq <= cycle.inputs.upto_seq:
        return False
    predictions = cycle.predictions(frozen) if row.ordinal < cycle.inputs.n_items else None
    if predictions is None:
        return False
    taken = question.task.take(predictions, np.array([row.ordinal]))
    said = question.task.decode(question.task.answer(taken))[0]
    return float(question.task.confidence(taken)[0]) >= SURE and differ(question, row.answer, said)
