"""What a merger or a split would do, in figures; nothing changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from labelwright.engine import answers
from labelwright.engine import labels as labeling
from labelwright.engine.differing import differ
from labelwright.engine.gold import known_answers
from labelwright.engine.layout import POOL, Layout, layout
from labelwright.engine.project import Project, Question
from labelwright.plain import JsonObject
from labelwright.policy import Policy
from labelwright.policy.kinds.reserve import Reserve
from labelwright.services.calibration.measuring import ALPHA, RAW, Said, estimates
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.migrations.accuracy import Accuracy, accuracy
from labelwright.services.projects.migrations.wanted import MERGE, Wanted, planned
from labelwright.services.projects.schema import labels_of
from labelwright.services.site import Site
from labelwright.services.targets.pace import pace
from labelwright.services.team.figure import FigureView
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows

HOUR = 3600.0


@dataclass(frozen=True)
class ClassCount:
    """Items with a label before and after; None where there is no such label."""

    name: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Shared:
    """How people agree on items that two or more of them answered.

    Attributes
    ----------
    n_disputed : int
        Items whose people say different things.
    raw, krippendorff : FigureView
        The share of pairs that agree, and agreement beyond chance.
    """

    n_disputed: int
    raw: FigureView
    krippendorff: FigureView


@dataclass(frozen=True)
class Again:
    """What a split asks people to do.

    Attributes
    ----------
    n_pool, n_reserve : int
        Items to be asked again: those of the reserve in the places that rankings keep for it, those of the pool where
        the strategy ranks them, and before others those that wait for one more person.
    n_answers : int
        Answers that count no more, as many as have to be given again.
    hours : float, optional
        Expected, at the pace of the last fourteen days; None without answers in them.
    cost : float, optional
        Expected, where the price of an answer is known.
    """

    n_pool: int
    n_reserve: int
    n_answers: int
    hours: float | None
    cost: float | None


@dataclass(frozen=True)
class Preview:
    """What a change would do.

    Attributes
    ----------
    n_answers, n_items, n_people : int
        Standing answers that name the label, their items, and who gave them.
    n_of_data, n_decided, n_gold, n_reserve : int
        Labels of the data, decisions of reviews, known answers, and items of the reserve that are concerned.
    accuracy : Accuracy, optional
        Of a merger, where a model is there.
    again : Again, optional
        Of a split.
    proposes : bool
        Whether another person has to approve it.
    settings_version : int
        To be sent with the change.
    """

    what: str
    label: str
    into: list[str]
    n_answers: int
    n_items: int
    n_people: int
    n_of_data: int
    n_decided: int
    n_gold: int
    n_reserve: int
    classes: list[ClassCount]
    before: Shared
    after: Shared
    accuracy: Accuracy | None
    again: Again | None
    proposes: bool
    settings_version: int


def preview_migration(site: Site, actor: Actor, slug: str, question_id: str, wanted: Wanted) -> Preview:
    """Figures of a merger or a split that is not made yet.

    Raises
    ------
    InputError, ConflictError
        As `labelwright.services.projects.migrations.acts.migrate`.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.changeable(store, rows)
        asked = project.question(question_id)
        plan = planned(rows, project, asked, wanted)
        made = replace(asked, schema=plan.schema, schema_version=asked.schema_version + 1)
        where = layout(store, rows, project.row.n_items)
        counts = _Counts(store, rows, where, asked, made, wanted.label)
        names = {str(label["id"]): str(label["name"]) for label in labels_of(made)}
        split = None if wanted.what == MERGE else _again(rows, project, where, counts)
        found = Preview(
            what=wanted.what, label=asked.task.describe(counts.answer), into=[names[one] for one in plan.into],
            n_answers=len(counts.named), n_items=len({one.ordinal for one in counts.named}),
            n_people=len({one.person for one in counts.named}), n_of_data=counts.n_of_data,
            n_decided=counts.n_decided, n_gold=counts.n_gold,
            n_reserve=len({o for o in counts.concerned if where.split[o] != POOL}), classes=counts.classes(),
            before=_shared(asked, counts.said), after=_shared(made, counts.said_after), accuracy=None, again=split,
            proposes=project.quality.strict, settings_version=project.row.settings_version,
        )  # fmt: skip
    return found if split is not None else replace(found, accuracy=accuracy(site, store, project, asked, made, wanted))


class _Counts:
    """What is said of the items of a question, read once, before and after."""

    def __init__(
        self, store: ProjectStore, rows: Rows, where: Layout, asked: Question, made: Question, label: str
    ) -> None:
        self._before, self._after, self._label = asked, made, label
        self.answer: JsonObject = {"label": label} if asked.task.one_class else {"labels": [label]}
        self.said = _standing(rows, where, asked)
        self.named = [one for one in self.said if self._names(one.answer)]
        read = ((one, made.task.current(one.answer)) for one in self.said)
        self.said_after = [replace(one, answer=answer) for one, answer in read if answer is not None]
        people = answers.counted(rows, where, asked.id)
        from_data = answers.given(rows, where, asked.id)
        by_people = {one.ordinal for one in people}
        self._now = labeling.labels(store, rows, where, asked)
        after_people = answers.read_under(made.task, people)
        still = {one.ordinal for one in after_people}
        after_data = [one for one in answers.read_under(made.task, from_data) if one.ordinal not in still]
        self._then = labeling.resolved(store, made, [*after_data, *after_people], None)
        used = [one for one in from_data if one.ordinal not in by_people] + people
        self.concerned = {one.ordinal for one in used if self._names(one.answer)} | {one.ordinal for one in self.named}
        self.n_of_data = sum(self._names(one.answer) for one in from_data)
        self.n_decided = sum(self._names(one.answer) for one in answers.decided(rows, where, asked.id))
        self.n_gold = sum(self._names(one.answer) for one in known_answers(rows, asked.id).values())
        self._left = Counter(ordinal for ordinal, _ in {(one.ordinal, one.person) for one in self.said_after})

    def again(self, policy: Policy, where: Layout) -> set[int]:
        """Items concerned that are left without a label, or with answers of fewer people than they need."""
        of_reserve = policy.overlap_by_kind.get(Reserve.name, policy.overlap)
        return {
            ordinal
            for ordinal in self.concerned
            if ordinal not in self._then
            or self._left[ordinal] < (policy.overlap if where.split[ordinal] == POOL else of_reserve)
        }

    def classes(self) -> list[ClassCount]:
        """Items by label, in the order of the schema."""
        before, after = (Counter(_ids(one.answer for one in of.values())) for of in (self._now, self._then))
        names = {str(one["id"]): str(one["name"]) for q in (self._before, self._after) for one in labels_of(q)}
        known = [{str(one["id"]) for one in labels_of(question)} for question in (self._before, self._after)]
        return [
            ClassCount(name, before[k] if k in known[0] else None, after[k] if k in known[1] else None)
            for k, name in names.items()
        ]

    def _names(self, answer: JsonObject) -> bool:
        return self._label in _ids([answer])


def _ids(found: Iterable[JsonObject]) -> list[str]:
    """Ids of labels in answers, one after the other."""
    return [str(one) for answer in found for value in answer.values() for one in _listed(value)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _standing(rows: Rows, where: Layout, asked: Question) -> list[Said]:
    """Standing answers of people as they are read now."""
    table = t.annotation
    query = rows.select(table.c.ordinal, table.c.person_id, table.c.answer).where(
        table.c.question_id == asked.id, table.c.standing, table.c.kind.in_(ANSWERING),
        table.c.ordinal < where.n_items,
    )  # fmt: skip
    read = ((row, asked.task.current(row.answer)) for row in rows.stream(query.order_by(table.c.seq)))
    return [Said(row.ordinal, row.person_id, answer) for row, answer in read if answer is not None]


def _shared(question: Question, said: list[Said]) -> Shared:
    n_of = Counter(one.ordinal for one in said)
    several = [one for one in said if n_of[one.ordinal] > 1]
    by_item: dict[int, list[JsonObject]] = {}
    for one in several:
        by_item.setdefault(one.ordinal, []).append(one.answer)
    disputed = sum(any(differ(question, found[0], other) for other in found[1:]) for found in by_item.values())
    found = estimates(question, several)
    return Shared(disputed, FigureView.of(found[RAW]), FigureView.of(found[ALPHA]))


def _again(rows: Rows, project: Project, where: Layout, counts: _Counts) -> Again:
    again = counts.again(project.policy, where)
    in_pool = sum(where.split[ordinal] == POOL for ordinal in again)
    known = pace(rows, project, 0)
    n = len(counts.named)
    return Again(
        int(in_pool), len(again) - int(in_pool), n,
        None if known.seconds is None else float(np.round(n * known.seconds / HOUR, 3)),
        None if known.price is None else n * known.price,
    )  # fmt: skip
