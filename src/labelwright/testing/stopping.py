"""Checks for a stopping rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from labelwright.errors import InputError
from labelwright.stopping import StoppingRule

if TYPE_CHECKING:
    import pandas as pd


def check_rule(rule: StoppingRule) -> None:
    """Run all checks on a rule."""
    for check in RULE_CHECKS:
        check(rule)


def sample_history(n_looks: int = 12) -> pd.DataFrame:
    """A learning curve that rises and levels off."""
    import pandas as pd

    labels = [20 * (k + 1) for k in range(n_looks)]
    value = [0.95 - 0.5 / (k + 1) for k in range(n_looks)]
    return pd.DataFrame(
        {
            "n_labels": labels,
            "cost": [0.1 * n for n in labels],
            "value": value,
            "low": [v - 0.05 for v in value],
            "high": [v + 0.03 for v in value],
            "n_reserve": [n // 2 for n in labels],
        }
    )


def pure_on_the_history(rule: StoppingRule) -> None:
    """The history is unchanged, and the same history gives the same verdict."""
    history = sample_history()
    before = history.copy()
    assert rule.judge(history) == rule.judge(history)
    assert history.equals(before)


def nothing_is_no_reason(rule: StoppingRule) -> None:
    """An empty history never stops; every verdict has a reason that prints."""
    history = sample_history()
    assert not rule.judge(history.iloc[:0]).stop
    for n_looks in range(1, len(history) + 1):
        assert str(rule.judge(history.iloc[:n_looks]).reason)


def missing_columns_are_named(rule: StoppingRule) -> None:
    """A column that is needed and not there is an error."""
    for column in rule.needs:
        try:
            rule.judge(sample_history().drop(columns=column))
        except InputError as error:
            assert column in error.message
        else:
            raise AssertionError(f"{column} is needed, and was not missed")


RULE_CHECKS: tuple[Callable[[StoppingRule], None], ...] = (
    pure_on_the_history, nothing_is_no_reason, missing_columns_are_named,
)  # fmt: skip
