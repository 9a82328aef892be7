"""What reviews decided about a person's own answers, for that person."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.engine.contents import current_bodies
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import as_read, describe_answer
from labelwright.services.quality.deciding import APPEAL, SEND_BACK
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.record.reviews import DECIDED, LABEL

MOST = 200


@dataclass(frozen=True)
class OutcomeView:
    """A decision about an answer of the caller's.

    Attributes
    ----------
    annotation : str
        The caller's answer.
    own, decided : str
        In words; ``decided`` is None where no label was decided.
    outcome : str
        "label", "keep", "send-back" or "refused".
    waits : bool
        Whether the item was sent back and the caller has not answered it again.
    may_appeal : bool
    """

    review: str
    annotation: str
    question: str
    preview: str
    answer: JsonObject | None
    own: str
    outcome: str
    decided: str | None
    agrees: bool
    reason: str | None
    at: str
    waits: bool
    may_appeal: bool


def mine(site: Site, actor: Actor, slug: str) -> list[OutcomeView]:
    """The newest decisions about the caller's answers, the newest first; what was sent back comes before."""
    store = site.project(slug)
    said, table = t.annotation, t.review
    with store.read() as rows:
        project = access.ready(store, rows)
        own = {
            row.id: row
            for row in rows.all(
                rows.select(
                    said.c.id, said.c.ordinal, said.c.question_id, said.c.answer, said.c.standing, said.c.lease_id,
                ).where(said.c.person_id == actor.person_id, said.c.answer.is_not(None))
            )
        }  # fmt: skip
        decided = (
            rows.all(
                rows.select(table)
                .where(table.c.state == DECIDED, table.c.ordinal.in_({row.ordinal for row in own.values()}))
                .order_by(table.c.last_seq.desc())
                .limit(MOST)
            )
            if own
            else []
        )
        appealed = set(rows.scalars(rows.select(table.c.about).where(table.c.about.is_not(None))))
        contents = current_bodies(rows, sorted({row.ordinal for row in decided}))
        found = []
        for row in decided:
            mine_ = next((own[one] for one in row.annotations if one in own), None)
            if mine_ is None:
                continue
            question = project.question(row.question_id)
            agrees = row.answer is None or question.task.distance(dict(mine_.answer), dict(row.answer)) == 0
            found.append(
                OutcomeView(
                    row.id, mine_.id, row.question_id,
                    shown.preview(store, project, row.ordinal, contents[row.ordinal], mine_.lease_id),
                    as_read(project, row.question_id, mine_.answer),
                    describe_answer(question, mine_.answer), row.outcome,
                    describe_answer(question, row.answer) if row.outcome == LABEL else None, agrees,
                    store.unseal(rows, row.reason_id), row.decided_at, row.outcome == SEND_BACK and mine_.standing,
                    row.cause != APPEAL and row.id not in appealed and row.outcome == LABEL and not agrees,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: not one.waits)
