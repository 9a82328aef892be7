"""How items were asked and what people wrote to them: notes to answers, reasons of skips and flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from labelwright.services.people.roles import Actor
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import UNDOING
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class ItemNote:
    """What a person wrote to an annotation that stands.

    Attributes
    ----------
    kind : str
        Of the annotation: "answer", "correct", "skip" or "flag".
    question : str, optional
        The question that was answered; None for a skip or flag, which concern the item.
    own : bool
        Whether the caller wrote it.
    """

    kind: str
    question: str | None
    text: str
    by: str
    at: str
    own: bool


@dataclass
class Asked:
    """How one item was asked.

    Attributes
    ----------
    kind : str, optional
        The kind of slot of the first annotation; None where it came without a slot.
    notes : list of ItemNote
        The newest first.
    """

    kind: str | None
    notes: list[ItemNote] = field(default_factory=list)


def asked(
    store: ProjectStore, rows: Rows, actor: Actor, ordinals: Sequence[int], names: Mapping[str, tuple[str, bool]]
) -> dict[int, Asked]:
    """How some items were asked, by ordinal; none of those that nobody has annotated.

    Notes of everybody are among them, so items that are leased to the caller must not be asked for.
    """
    table, found = t.annotation, dict[int, Asked]()
    columns = (
        table.c.ordinal, table.c.kind, table.c.question_id, table.c.person_id, table.c.reason_id, table.c.slot_kind,
        table.c.standing, table.c.at,
    )  # fmt: skip
    annotations = rows.all(
        rows.select(*columns)
        .where(table.c.ordinal.in_(list(ordinals)), table.c.kind.not_in(UNDOING))
        .order_by(table.c.seq)
    )
    texts = store.unseal_all(rows, [one.reason_id for one in annotations if one.standing and one.reason_id])
    for one in annotations:
        of_item = found.setdefault(one.ordinal, Asked(one.slot_kind))
        if one.standing and (text := texts.get(one.reason_id)):
            name = names.get(one.person_id, (one.person_id, False))[0]
            own = one.person_id == actor.person_id
            of_item.notes.insert(0, ItemNote(one.kind, one.question_id, text, name, one.at, own))
    return found
