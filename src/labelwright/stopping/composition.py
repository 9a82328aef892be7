"""Rules that combine other rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labelwright.check import check_count, complain
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.words import Reason, join

if TYPE_CHECKING:
    import pandas as pd


class _Several(StoppingRule):
    needs = ()

    def __init__(self, *rules: StoppingRule) -> None:
        if not rules:
            raise complain("stopping", "rules", "one or more", "none")
        self.rules = rules

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(column for rule in self.rules for column in rule.columns))

    @property
    def recorded(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(column for rule in self.rules for column in rule.recorded))


class AnyOf(_Several):
    """Stop when any of the rules stops; its verdict is that of the first that does, else of the first."""

    def _judge(self, history: pd.DataFrame) -> Verdict:
        verdicts = [rule.judge(history) for rule in self.rules]
        return next((verdict for verdict in verdicts if verdict.stop), verdicts[0])


class AllOf(_Several):
    """Stop when all rules stop; its verdict is that of the first that does not, else of the last."""

    def _judge(self, history: pd.DataFrame) -> Verdict:
        verdicts = [rule.judge(history) for rule in self.rules]
        return next((verdict for verdict in verdicts if not verdict.stop), verdicts[-1])


class Patient(StoppingRule):
    """Stop when a rule has said so at several looks in a row.

    Parameters
    ----------
    rule : StoppingRule
    looks : int
        At least 1.
    """

    needs = ()

    def __init__(self, rule: StoppingRule, looks: int = 3) -> None:
        self.rule = rule
        self.looks = check_count("patient", "looks", looks)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.rule.columns

    @property
    def recorded(self) -> tuple[str, ...]:
        return self.rule.recorded

    def _judge(self, history: pd.DataFrame) -> Verdict:
        verdict = self.rule.judge(history)
        row = 0
        while row < self.looks and row < len(history) and self.rule.judge(history.iloc[: len(history) - row]).stop:
            row += 1
        reason = join(verdict.reason, Reason("in-a-row", {"row": row, "looks": self.looks}))
        return Verdict(row >= self.looks, verdict.value, verdict.limit, reason)
