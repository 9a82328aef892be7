"""Annotations that a split label has withdrawn: they stay in the record, and count no more."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Text, cast, or_

from labelwright.store import tables as t
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows


def withdrawn(rows: Rows, upto_seq: int | None = None, *, ordinals: Sequence[int] | None = None) -> set[int]:
    """The events of answers that name a label which was split, as of an event or now; of all items or of some.

    Notes
    -----
    Costs one small query where no label was ever split, else one pass over the answers to the questions concerned.
    """
    return {seq for seq, _ in _naming(rows, 0, upto_seq, ordinals)}


def withdrawn_items(rows: Rows, *, since: int, upto_seq: int | None = None) -> list[int]:
    """Items with answers that name a label which was split by an event from a number on, up to another, sorted."""
    return sorted({ordinal for _, ordinal in _naming(rows, since, upto_seq, None)})


def _naming(rows: Rows, since: int, upto_seq: int | None, ordinals: Sequence[int] | None) -> list[tuple[int, int]]:
    version, table = t.schema_version, t.annotation
    query = rows.select(version.c.question_id, version.c.withdrawn).where(version.c.seq >= since)
    if upto_seq is not None:
        query = query.where(version.c.seq <= upto_seq)
    gone: dict[str, set[str]] = {}
    for question, labels in rows.all(query):
        gone.setdefault(question, set()).update(labels)
    found: list[tuple[int, int]] = []
    for question, labels in gone.items():
        if not labels:
            continue
        text = cast(table.c.answer, Text)
        named = rows.select(table.c.seq, table.c.ordinal).where(
            table.c.question_id == question, table.c.kind.in_(ANSWERING),
            or_(*(text.contains(f'"{label}"', autoescape=True) for label in sorted(labels))),
        )  # fmt: skip
        if upto_seq is not None:
            named = named.where(table.c.seq <= upto_seq)
        if ordinals is not None:
            named = named.where(table.c.ordinal.in_(ordinals))
        found += [(int(seq), int(ordinal)) for seq, ordinal in rows.all(named)]
    return found
