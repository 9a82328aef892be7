"""The contract of a stopping rule: a pure function of the history."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labelwright.check import complain
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Verdict:
    """Whether to stop, the figure looked at, the limit it is compared with, and why; ``str(reason)`` is a sentence."""

    stop: bool
    value: float
    limit: float
    reason: Reason


class StoppingRule(ABC):
    """One rule. It depends on the history alone, so that a verdict can be recomputed.

    The history is a DataFrame with a row a look, in order. n_labels, cost, value, low, high and n_reserve are always
    there; `labelwright.stopping.columns` defines these and all others, which are recorded where a rule asks for them.

    Attributes
    ----------
    name : str
        Stored in databases.
    needs : tuple of str
        Columns that it looks at, unless its parameters say otherwise (`columns`).
    heeds : tuple of str
        Columns that it looks at besides, where they are recorded.
    guarantee : str
        What the rule guarantees, and under which assumptions.
    reference : str
    """

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]
    heeds: ClassVar[tuple[str, ...]] = ()
    guarantee: ClassVar[str] = ""
    reference: ClassVar[str] = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that this rule with its parameters looks at."""
        return self.needs

    @property
    def recorded(self) -> tuple[str, ...]:
        """Columns that are to be recorded for this rule: those that it needs, and those that it heeds."""
        return (*self.columns, *self.heeds)

    def judge(self, history: pd.DataFrame) -> Verdict:
        """Judge the last row, given those before.

        Raises
        ------
        InputError
            If a column that the rule needs is missing.
        """
        missing = [column for column in self.columns if column not in history.columns]
        if missing:
            expected = f"with the columns {', '.join(self.columns)}"
            who = getattr(self, "name", type(self).__name__)  # combinations have no name
            raise complain(who, "history", expected, f"none named '{missing[0]}'")
        if not len(history):
            return Verdict(False, math.nan, math.nan, Reason("no-look"))
        return self._judge(history)

    @abstractmethod
    def _judge(self, history: pd.DataFrame) -> Verdict:
        """Judge a history of one row or more."""
