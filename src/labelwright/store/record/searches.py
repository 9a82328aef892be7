"""Events about searches: a sample of what was not reviewed, and the signature under a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.record.entering import enter_decision
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class ElusionAsked(EventBody):
    """A random sample of the items that were not reviewed is to be labeled.

    Attributes
    ----------
    question : str
    items : tuple of int
        Drawn uniformly without replacement.
    n_unseen : int
        Items that they were drawn from.
    seed : int
    """

    kind: ClassVar[str] = "search.sampled"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision), Projected(t.project))

    question: str
    items: tuple[int, ...]
    n_unseen: int
    seed: int

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=None)
        rows.update(t.project, wanted_seq=event.seq)  # the next ranking begins with these items


@dataclass(frozen=True)
class SearchSigned(EventBody):
    """Somebody signs the report of a search.

    Attributes
    ----------
    question : str
    report : str
        Digest of the report that was signed.
    statement : SealedText
    """

    kind: ClassVar[str] = "search.signed"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    question: str
    report: str
    statement: SealedText

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=None)
