"""What people and the data say of items as columns: the answers of `answers.counted` without an object each."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Text, case, cast, literal, not_, or_

from labelwright.engine.answers import COUNTS_IN
from labelwright.engine.layout import POOL, Layout
from labelwright.engine.reading import changed_labels
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.record.rebuild import folded_flags
from labelwright.store.record.standing import ANSWER, ANSWERING
from labelwright.store.record.withdrawn import withdrawn_items
from labelwright.store.rows import Rows
from labelwright.store.tables.answers import IS_UNDOING

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
FEW = 20_000  # items whose answers are folded one by one; where there are more, all are folded at once
CHUNK = 500
FIRST, STANDS, EXPOSED = 1, 2, 4
BETWEEN = "\n"  # who answered and what: read as one text, since a million texts fewer save a fifth of the time


@dataclass(frozen=True)
class Said:
    """Answers that count.

    Attributes
    ----------
    ordinal : int64 array of shape (n_answers,)
        Of the items, in the order the answers came.
    text_idx : int64 array of shape (n_answers,)
        Positions in ``texts``.
    texts : list of str
        The distinct answers, as stored.
    """

    ordinal: Ints
    text_idx: Ints
    texts: list[str]

    def recoded(self, code: Callable[[JsonObject], int]) -> Ints:
        """The numbers that a function gives to the answers, each distinct one asked about once."""
        used = np.unique(self.text_idx)
        numbers = np.zeros(len(self.texts), dtype=np.int64)
        numbers[used] = [code(json.loads(self.texts[k])) for k in used]
        return numbers[self.text_idx]

    def without(self, *ordinals: Ints | Sequence[int]) -> Said:
        """The answers about other items than these."""
        gone = np.concatenate([np.asarray(part, dtype=np.int64) for part in ordinals])
        keep = ~np.isin(self.ordinal, gone)
        return Said(self.ordinal[keep], self.text_idx[keep], self.texts)


@dataclass(frozen=True)
class Heard:
    """All answers of people to a question up to an event, in the order they came, those too that count no more.

    Read once, it gives what counted at each moment until then.

    Attributes
    ----------
    ordinal, seq, person, text_idx : int64 arrays of shape (n_answers,)
        ``person`` and ``text_idx`` are positions in ``people`` and ``texts``.
    first, stands, exposed : bool arrays of shape (n_answers,)
        The flags of now.
    """

    ordinal: Ints
    seq: Ints
    person: Ints
    text_idx: Ints
    first: Bools
    stands: Bools
    exposed: Bools
    people: list[str]
    texts: list[str]

    @classmethod
    def read(cls, rows: Rows, question_id: str, upto_seq: int) -> Heard:
        """What was answered up to an event."""
        table = t.annotation
        flag = {"first": FIRST, "standing": STANDS, "exposed": EXPOSED}
        flags = sum((case((table.c[name], bit), else_=0) for name, bit in flag.items()), literal(0))
        answer = table.c.person_id + BETWEEN + cast(table.c.answer, Text)
        query = rows.scan(table.c.ordinal, table.c.seq * (2 * EXPOSED) + flags, answer, of=table).where(
            table.c.question_id == question_id, table.c.kind.in_(ANSWERING), table.c.seq <= upto_seq
        )
        known, pages = dict[str, int](), list[Ints]()
        for ordinals, flagged, answers in rows.columns(query):
            for one in set(answers).difference(known):
                known[one] = len(known)
            pages.append(np.array((ordinals, flagged, [*map(known.__getitem__, answers)]), dtype=np.int64))
        together = np.concatenate(pages, axis=1)
        if np.any(np.diff(together[1]) < 0):
            together = together[:, np.argsort(together[1], kind="stable")]
        ordinal, bits, number = together
        said = [one.split(BETWEEN, 1) for one in known]
        people, texts = (sorted({one[k] for one in said}) for k in (0, 1))
        person, text_idx = (
            np.array([bisect_left(names, one[k]) for one in said], dtype=np.int64)[number]
            for k, names in ((0, people), (1, texts))
        )
        first, stands, exposed = ((bits & bit) > 0 for bit in flag.values())
        return cls(ordinal, bits // (2 * EXPOSED), person, text_idx, first, stands, exposed, people, texts)

    def upto(self, seq: int) -> Heard:
        """The answers up to an earlier event, with copies of the flags."""
        n = int(np.searchsorted(self.seq, seq, side="right"))
        return Heard(
            self.ordinal[:n], self.seq[:n], self.person[:n], self.text_idx[:n], self.first[:n].copy(),
            self.stands[:n].copy(), self.exposed[:n], self.people, self.texts,
        )  # fmt: skip


def said_by_people(rows: Rows, where: Layout, question_id: str, upto_seq: int, heard: Heard | None = None) -> Said:
    """Answers of people that count as of an event: standing ones on the pool, first and blind ones on the reserve.

    Parameters
    ----------
    heard : Heard, optional
        The answers to the question up to this event or a later one, if they were read already.
    """
    then = (heard or Heard.read(rows, question_id, upto_seq)).upto(upto_seq)
    pair = then.ordinal * max(len(then.people), 1) + then.person
    _set_back(rows, upto_seq, then, pair)
    inside = then.ordinal < where.n_items
    in_pool = np.zeros(len(then.ordinal), dtype=bool)
    in_pool[inside] = where.split[then.ordinal[inside]] == POOL
    counts = inside & np.where(in_pool, then.stands, then.first & ~then.exposed)
    on_reserve = np.flatnonzero(counts & ~in_pool)
    # who withdrew an answer altogether says nothing
    counts[on_reserve] = np.isin(pair[on_reserve], pair[then.stands & ~in_pool])
    return Said(then.ordinal[counts], then.text_idx[counts], then.texts)


def said_by_data(rows: Rows, where: Layout, question_id: str, upto_seq: int | None = None) -> Said:
    """Labels that came with the data, where they count, as of an event or now."""
    table, changed = t.given, changed_labels(rows, question_id, upto_seq)
    found = rows.all(
        rows.select(table.c.ordinal, cast(table.c.answer, Text), table.c.labels_are)
        .where(table.c.question_id == question_id, table.c.labels_are.in_(list(COUNTS_IN)))
        .where(table.c.ordinal < where.n_items)
        .order_by(table.c.ordinal)
    )
    kept = [row for row in found if where.split[row[0]] in COUNTS_IN[row[2]]]
    if changed.split:
        kept = [row for row in kept if changed.current(json.loads(row[1])) is not None]
    texts = dict[str, int]()
    text_idx = [texts.setdefault(row[1], len(texts)) for row in kept]
    return Said(
        np.array([row[0] for row in kept], dtype=np.int64), np.array(text_idx, dtype=np.int64), list(texts)
    )  # fmt: skip


def _set_back(rows: Rows, upto_seq: int, then: Heard, pair: Ints) -> None:
    """Set flags back to what they were: they can differ only if something was said, replaced or split later.

    Where a person only answered and corrected, the last answer until then was the one that stood, and the first one is
    the first; a first answer that came later is of a pair that had said nothing. What was undone, replaced or split is
    folded anew.
    """
    table, replacement = t.annotation, t.replacement
    later = rows.columns(
        rows.select(table.c.ordinal, table.c.person_id).where(
            table.c.seq > upto_seq, or_(table.c.kind != ANSWER, not_(table.c.first))
        )
    )
    number = {person: k for k, person in enumerate(then.people)}
    items_and_people = [
        np.array((ordinals, [number.get(one, -1) for one in people]), dtype=np.int64) for ordinals, people in later
    ]
    items, codes = np.concatenate(items_and_people, axis=1)
    again = (items * max(len(number), 1) + codes)[codes >= 0]
    changed = np.isin(pair, again)
    moved = [
        *rows.scalars(rows.select(replacement.c.ordinal)).all(), *withdrawn_items(rows, since=0),
        *rows.scalars(rows.select(table.c.ordinal).where(IS_UNDOING)).all(),
    ]  # fmt: skip
    special = np.isin(then.ordinal, np.array(moved, dtype=np.int64))
    plain = np.flatnonzero(changed & ~special)
    then.stands[plain] = False
    _, last = np.unique(pair[plain][::-1], return_index=True)
    then.stands[plain[len(plain) - 1 - last]] = True
    moved_items = np.unique(then.ordinal[special]).tolist()
    if not moved_items:
        return
    if len(moved_items) > FEW:
        was_first, stood = folded_flags(rows, upto_seq)
    else:
        was_first, stood = set[int](), set[int]()
        for start in range(0, len(moved_items), CHUNK):
            one, other = folded_flags(rows, upto_seq, ordinals=moved_items[start : start + CHUNK])
            was_first |= one
            stood |= other
    then.first[special] = np.isin(then.seq[special], np.array(sorted(was_first), dtype=np.int64))
    then.stands[special] = np.isin(then.seq[special], np.array(sorted(stood), dtype=np.int64))
