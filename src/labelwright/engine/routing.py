"""Slices that somebody gets no more items of, because their answers to known items there are not good enough."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from labelwright.engine.gold import known_answers
from labelwright.engine.layout import COLUMNS
from labelwright.engine.project import Project
from labelwright.policy.base import SLICED_BY
from labelwright.policy.kinds.gold import Gold
from labelwright.stats.intervals import wilson
from labelwright.store import tables as t
from labelwright.store.record.decisions import AwayFrom, WorkRouted
from labelwright.store.record.standing import ANSWER
from labelwright.store.rows import Rows

MIN_KNOWN: Final = 10  # answers to known items of a slice, below which nobody is judged there
ALPHA: Final = 0.05  # the chance that anybody is kept from any slice whose accuracy is at the bar
Slice = tuple[str, str]


def routed(rows: Rows, project: Project) -> tuple[AwayFrom, ...]:
    """Whom the answers so far keep from which slices, by the bar that the lead has set.

    A person is kept from a slice if the upper bound of their accuracy there, on first answers to items whose answer is
    known, is below the bar; the bound holds for all people and slices together (Bonferroni). Whoever is best in a slice
    among those looked at gets its items all the same, so that somebody does.
    """
    bar = project.quality.route_below
    if bar is None:
        return ()
    looks = {key: (right, n) for key, (right, n) in _hits(rows, project).items() if n >= MIN_KNOWN}
    best: dict[Slice, tuple[float, str]] = {}
    for (person, of), (right, n) in sorted(looks.items()):
        best[of] = max(best.get(of, (-1.0, "")), (right / n, person))
    away = []
    for (person, (column, value)), (right, n) in sorted(looks.items()):
        bound = wilson(right, n, level=1 - 2 * ALPHA / len(looks)).high
        if bound < bar and best[column, value][1] != person:
            away.append(AwayFrom(person, column, value, right, n, bound))
    return tuple(away)


def away_of(rows: Rows, person_id: str | None = None) -> list[AwayFrom]:
    """What the newest decision keeps somebody, or everybody, from."""
    table = t.decision
    data = rows.scalar(
        rows.select(table.c.data).where(table.c.kind == WorkRouted.kind).order_by(table.c.seq.desc()).limit(1)
    )
    if data is None:
        return []
    decided = WorkRouted.read(data, WorkRouted.body_version)
    return [one for one in decided.away if person_id in (None, one.person)]


def _hits(rows: Rows, project: Project) -> dict[tuple[str, Slice], tuple[int, int]]:
    """By person and slice, how many first answers to known items were right, and how many there were."""
    question, said, item = project.primary, t.annotation, t.item
    known, task = known_answers(rows, question.id), question.task
    columns = [item.c[COLUMNS[name]] for name in SLICED_BY]
    counted: defaultdict[tuple[str, Slice], tuple[int, int]] = defaultdict(lambda: (0, 0))
    query = rows.select(said.c.ordinal, said.c.person_id, said.c.answer, *columns).where(
        said.c.question_id == question.id, said.c.slot_kind == Gold.name, said.c.first, said.c.kind == ANSWER,
        said.c.exposed == False, item.c.ordinal == said.c.ordinal,  # noqa: E712
    )  # fmt: skip
    for ordinal, person, answer, *values in rows.stream(query):
        truth = known.get((ordinal, question.id))
        if truth is None or answer is None:
            continue
        right = task.distance(dict(answer), dict(truth.answer)) == 0
        for column, value in zip(SLICED_BY, values, strict=True):
            if value is not None:
                n_right, n = counted[person, (column, str(value))]
                counted[person, (column, str(value))] = n_right + right, n + 1
    return dict(counted)
