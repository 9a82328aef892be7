"""Promises 6 and 7: who gets which slot, over arbitrary heads, leases and answers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labelwright.policy import Head, Rules, assign

PEOPLE = ("ann", "bob", "cyd")
KINDS = ("chosen", "random", "reserve", "gold")

items = st.integers(0, 9)
heads = st.lists(st.tuples(items, st.sampled_from(KINDS)), max_size=12)
leases = st.lists(st.tuples(items, st.sampled_from(PEOPLE)), max_size=8, unique=True)
answers = st.lists(st.tuples(items, st.sampled_from(PEOPLE), st.sampled_from(("answer", "skip", "flag"))), max_size=12)
rules = st.builds(
    Rules,
    overlap=st.integers(1, 3),
    limit=st.integers(0, 6),
    exclude_kinds=st.frozensets(st.sampled_from(KINDS), max_size=2),
    overlap_by_kind=st.dictionaries(st.sampled_from(KINDS), st.integers(1, 3), max_size=2),
)


def head_of(slots):
    return Head(np.array([i for i, _ in slots], dtype=np.int64), np.array([k for _, k in slots], dtype="<U8"))


def may(slot, person, open_leases, given_answers, rule):
    """The rule as the promise states it."""
    item, kind = slot
    standing = {who for i, who, k in given_answers if i == item and k == "answer"}
    live = sum(i == item for i, _ in open_leases)
    touched = (item, person) in open_leases or any(i == item and who == person for i, who, _ in given_answers)
    return kind not in rule.exclude_kinds and live + len(standing) < rule.overlap_of(kind) and not touched


@given(heads, st.sampled_from(PEOPLE), leases, answers, rules)
def test_gives_the_first_slots_that_the_person_may_get(slots, person, open_leases, given_answers, rule):
    got = assign(head_of(slots), person, open_leases, given_answers, rule)
    allowed, seen = [], set()
    for position, slot in enumerate(slots):
        if slot[0] not in seen and may(slot, person, open_leases, given_answers, rule):
            allowed.append(position)
            seen.add(slot[0])
    assert got == allowed[: rule.limit]


moves = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("answer", "skip", "flag", "keep"))), max_size=40)


@given(heads, moves, rules)
def test_a_crowd_never_exceeds_the_overlap(slots, moves, rule):
    """People take slots one by one and answer, skip, flag or keep them: the overlap holds at every moment."""
    head, open_leases, done = head_of(slots), [], []
    for person, move in moves:
        got = assign(head, person, open_leases, done, Rules(rule.overlap, 1, rule.exclude_kinds, rule.overlap_by_kind))
        if got:
            lease = (int(head.item_idx[got[0]]), person)
            assert lease not in open_leases
            open_leases.append(lease)
            if move != "keep":
                open_leases.remove(lease)
                done.append((*lease, move))
        most = max(rule.overlap, *rule.overlap_by_kind.values(), 0) if rule.overlap_by_kind else rule.overlap
        checked = {item for item, kind in slots if kind == "gold"}  # everybody may be checked with those
        for item in set(head.item_idx.tolist()) - checked:
            live = sum(i == item for i, _ in open_leases)
            assert live + len({who for i, who, k in done if i == item and k == "answer"}) <= most


def test_a_skipped_reserve_item_goes_to_another_person():
    head = head_of([(1, "reserve")])
    for kind in ("skip", "flag"):
        assert assign(head, "ann", [], [(1, "ann", kind)], Rules()) == []
        assert assign(head, "bob", [], [(1, "ann", kind)], Rules()) == [0]


def test_an_abandoned_lease_gives_the_slot_back():
    head = head_of([(1, "chosen"), (2, "chosen")])
    assert assign(head, "bob", [(1, "ann")], [], Rules(limit=2)) == [1]
    assert assign(head, "bob", [], [], Rules(limit=2)) == [0, 1]
