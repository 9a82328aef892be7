"""Which annotations count: the one fold over what a person said of an item.

Everything that asks "what does this person say now?" or "what did they say first?" goes through
`standing`: the flags that projections keep, training, exports, screens, and replay of the past.

Per question a person has at most one standing answer, the last one that was neither undone nor
replaced, and at most one first answer, which a later correction does not replace. An undo withdraws it,
but for an item of the reserve, where it stays (decisions/0004, decisions/0018). A skip or a flag concerns
the item: it stands until the person undoes it or answers a question of the item. What was said before the
item's content was replaced counts no more.

An answer that names a label which was split since says nothing any more, and takes what it corrected with it. Where it
was the person's first answer, the next one that counts is the first that says something.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

ANSWER, CORRECT, UNDO, REOPEN, SKIP, FLAG = "answer", "correct", "undo", "reopen", "skip", "flag"
REPEAT: Final = "repeat"  # an answer given a second time, to see whether it is the same: never first, never standing
ANSWERING: Final = (ANSWER, CORRECT)  # the kinds of annotation that answer a question
UNDOING: Final = (UNDO, REOPEN)  # the second one leaves the first answer what it is
ABOUT_ITEM: Final = (SKIP, FLAG)  # the kinds that concern the item, whatever is asked about it


class FoldedAnnotation(Protocol):
    """The fields of an annotation that the fold reads; rows and types of the store have them."""

    @property
    def seq(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def question_id(self) -> str | None: ...
    @property
    def replaces(self) -> str | None: ...


@dataclass(frozen=True)
class Standing:
    """The sequence numbers of the annotations of one person and item that count.

    Attributes
    ----------
    standing : frozenset of int
        What the person says now: answers, and a skip or flag.
    first : frozenset of int
        The first answer to each question.
    """

    standing: frozenset[int]
    first: frozenset[int]


def standing(
    annotations: Iterable[FoldedAnnotation], *, since: int = 0, without: Container[int] = ()
) -> Standing:  # fmt: skip
    """Fold the annotations of one person and one item.

    Parameters
    ----------
    annotations : iterable
        Of one person and item, in the order they came.
    since : int
        Sequence number of the event that gave the item its content; earlier annotations do not count.
    without : container of int
        Sequence numbers of answers that were withdrawn by a split label, see `labelwright.store.record.withdrawn`.

    Examples
    --------
    >>> from types import SimpleNamespace as A
    >>> annotations = [A(seq=1, id="a", kind="answer", question_id="q", replaces=None),
    ...                A(seq=2, id="b", kind="correct", question_id="q", replaces="a")]
    >>> folded = standing(annotations)
    >>> sorted(folded.standing), sorted(folded.first)
    ([2], [1])
    """
    answers: dict[str | None, FoldedAnnotation] = {}
    first: dict[str | None, FoldedAnnotation] = {}
    about_item: FoldedAnnotation | None = None
    withdrawn: set[str | None] = set()
    for annotation in annotations:
        if annotation.seq <= since or annotation.kind == REPEAT:
            continue
        if annotation.kind in ABOUT_ITEM:
            about_item = annotation
        elif annotation.kind in UNDOING:
            if about_item is not None and about_item.id == annotation.replaces:
                about_item = None
            answers = {question: one for question, one in answers.items() if one.id != annotation.replaces}
            if annotation.kind == UNDO:
                first = {question: one for question, one in first.items() if one.id != annotation.replaces}
        elif annotation.seq in without:
            about_item = None
            answers.pop(annotation.question_id, None)
            withdrawn.add(annotation.question_id)
        else:
            about_item = None
            answers[annotation.question_id] = annotation
            if annotation.kind == ANSWER or annotation.question_id in withdrawn:
                first.setdefault(annotation.question_id, annotation)
    current = [one.seq for one in answers.values()] + ([about_item.seq] if about_item is not None else [])
    return Standing(frozenset(current), frozenset(one.seq for one in first.values()))
