"""Changes of labels that were made, proposed or refused, as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.migrations.wanted import What
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.record.label_changes import PROPOSED


@dataclass(frozen=True)
class ChangeView:
    """A merger or a split.

    Attributes
    ----------
    label : str
        The name that the label had.
    into : list of str
        Names of the label that stays, or of the new ones.
    state : {"proposed", "approved", "refused"}
        "approved" where it is in force.
    by, decided_by : str
        Names of people; None where nobody has decided.
    reason, decided_reason : str, optional
        None where the text was erased.
    may_approve : bool
        Whether the caller may: nobody approves their own.
    """

    id: str
    what: What
    label: str
    into: list[str]
    state: Literal["proposed", "approved", "refused"]
    by: str
    at: str
    reason: str | None
    decided_by: str | None
    decided_at: str | None
    decided_reason: str | None
    may_approve: bool


def listing(site: Site, actor: Actor, slug: str, question_id: str) -> list[ChangeView]:
    """All changes of a question's labels; those that wait first, then the newest."""
    store, names = site.project(slug), site.names()
    with store.read() as rows:
        asked = access.ready(store, rows).question(question_id)
        version, table = t.schema_version, t.label_change
        called: dict[str, str] = {}
        for body in rows.scalars(
            rows.select(version.c.body).where(version.c.question_id == asked.id).order_by(version.c.version)
        ):
            called |= {str(label["id"]): str(label["name"]) for label in body.get("labels") or ()}
        found = rows.all(
            rows.select(table)
            .where(table.c.question_id == asked.id)
            .order_by((table.c.state == PROPOSED).desc(), table.c.seq.desc())
        )
        return [
            ChangeView(
                row.id, row.what, called.get(row.label, row.label), [called.get(one, one) for one in row.became],
                row.state, names.get(row.by, (row.by, False))[0], row.at, store.unseal(rows, row.reason_id),
                None if row.decided_by is None else names.get(row.decided_by, (row.decided_by, False))[0],
                row.decided_at, store.unseal(rows, row.decided_reason_id),
                row.state == PROPOSED and row.by != actor.person_id and actor.may("project.manage"),
            )
            for row in found
        ]  # fmt: skip
