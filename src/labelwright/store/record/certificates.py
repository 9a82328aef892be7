"""Events about certificates: the sealed part of the reserve is asked about, and opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected
from labelwright.store.record.entering import enter_decision
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class CertificationAsked(EventBody):
    """The lead asks for the labels of so many sealed items.

    Attributes
    ----------
    question : str
    metric : str
    threshold : float
        What is to be certified.
    n : int
        The first that many of the sealed items, one of each group, in an order fixed by the seed of the project.
    openings : int
        How often the sealed part may be opened in all; they share the error of the certificates equally.
    """

    kind: ClassVar[str] = "certificate.asked"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision), Projected(t.project))

    question: str
    metric: str
    threshold: float
    n: int
    openings: int

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=None)
        rows.update(t.project, wanted_seq=event.seq)  # the next ranking begins with these items


@dataclass(frozen=True)
class CertificateOpened(EventBody):
    """A model was tested on the sealed labels; nothing but pass or fail is told.

    Attributes
    ----------
    cycle : int
        Of the model.
    question, metric : str
    threshold : float
    n : int
        Labels that it was tested on.
    opening : int
        From 1.
    alpha : float
        Error of this opening.
    upto_seq : int
        The labels are those as of that event.
    labels : str
        Digest of the items and their labels.
    passed : bool
    """

    kind: ClassVar[str] = "certificate.opened"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    cycle: int
    question: str
    metric: str
    threshold: float
    n: int
    opening: int
    alpha: float
    upto_seq: int
    labels: str
    passed: bool

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)
