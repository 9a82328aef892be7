"""Events about labels of another domain: what a model took from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected
from labelwright.store.record.entering import enter_decision
from labelwright.store.record.reasons import Reason
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class TransferTried:
    """A method, an amount and its loss out of fold; no method is no transfer."""

    method: str | None
    amount: float
    loss: float | None


@dataclass(frozen=True)
class TransferChosen(EventBody):
    """A model was fitted in a project with a source: by which method and amount, or without it.

    Attributes
    ----------
    cycle : int
    question : str
    n_labels, n_source : int
        Training labels of the project, and labeled items of the source.
    method : str, optional
        None for no transfer.
    amount : float
        What an item of the source counts in items of the project, in [0, 1].
    loss, alone : float, optional
        Mean loss out of fold on the project's training labels, as chosen and without the source; None without labels.
    tried : tuple of TransferTried
        Everything that was compared.
    reason : Reason
    """

    kind: ClassVar[str] = "transfer.chosen"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    cycle: int
    question: str
    n_labels: int
    n_source: int
    method: str | None
    amount: float
    loss: float | None
    alone: float | None
    tried: tuple[TransferTried, ...]
    reason: Reason

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)
