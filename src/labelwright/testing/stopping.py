"""Checks for a stopping rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from labelwright.errors import InputError
from labelwright.stopping import StoppingRule
from labelwright.stopping.columns import COLUMNS

if TYPE_CHECKING:
    import pandas as pd


def check_rule(rule: StoppingRule) -> None:
    """Run all checks on a rule."""
    for check in RULE_CHECKS:
        check(rule)


def sample_history(n_looks: int = 12) -> pd.DataFrame:
    """A learning curve that rises and levels off, and a search that ends, with every column there is."""
    import pandas as pd

    labels = [20 * (k + 1) for k in range(n_looks)]
    value = [0.95 - 0.5 / (k + 1) for k in range(n_looks)]
    looks = range(n_looks)
    return pd.DataFrame(
        {
            "n_labels": labels, "cost": [0.1 * n for n in labels], "value": value, "low": [v - 0.05 for v in value],
            "high": [v + 0.03 for v in value], "n_reserve": [n // 2 for n in labels],
            "hours": [0.05 * n for n in labels], "date": [f"2027-03-{k + 1:02d}" for k in looks],
            "change": [math.nan if k < 2 else 0.1 / k for k in looks], "change_se": [0.002] * n_looks,
            "change_n": [60 * k for k in looks], "kappa": [math.nan if k < 1 else 1 - 0.1 / k**2 for k in looks],
            "changed": [math.nan if k < 1 else 0.1 / k**2 for k in looks], "doubt": [0.5 / (k + 1) for k in looks],
            "n_seen": labels, "n_found": [10 * min(k, 6) for k in looks], "n_unseen": [1000 - n for n in labels],
            "irrelevant_run": [20 * max(k - 6, 0) for k in looks], "blind_positives": [59] * n_looks,
            "blind_reached": [min(10 * k, 59) for k in looks], "elusion_n": [0 if k < 9 else 300 for k in looks],
            "elusion_found": [0] * n_looks, "elusion_looks": [0 if k < 9 else 1 for k in looks],
        }
    )  # fmt: skip


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
    for column in rule.columns:
        try:
            rule.judge(sample_history().drop(columns=column))
        except InputError as error:
            assert column in error.message
        else:
            raise AssertionError(f"{column} is needed, and was not missed")


def columns_are_defined(rule: StoppingRule) -> None:
    """A rule looks at columns that are defined, so that whoever records a history knows what they hold."""
    unknown = [column for column in rule.columns if column not in COLUMNS]
    assert not unknown, f"{unknown[0]} is not among labelwright.stopping.columns.COLUMNS"


def nothing_measured_never_stops(rule: StoppingRule) -> None:
    """Missing values are no evidence: a rule that looks at what may be missing does not stop where all of it is."""
    optional = [column for column in rule.columns if column in COLUMNS and COLUMNS[column].may_be_missing]
    if optional and set(optional) == set(rule.needs) - {"n_labels", "n_reserve", "change_se", "change_n", "cost"}:
        history = sample_history()
        history[optional] = math.nan
        verdict = rule.judge(history)
        assert not verdict.stop and str(verdict.reason)


def labels_may_be_taken_back(rule: StoppingRule) -> None:
    """Labels that are undone, and a look without new ones, are no error."""
    import pandas as pd

    history = sample_history()
    fewer = pd.concat([history, history.iloc[[6]], history.iloc[[6]]], ignore_index=True)
    assert str(rule.judge(fewer).reason)


RULE_CHECKS: tuple[Callable[[StoppingRule], None], ...] = (
    pure_on_the_history, nothing_is_no_reason, missing_columns_are_named, columns_are_defined,
    nothing_measured_never_stops, labels_may_be_taken_back,
)  # fmt: skip
