"""The columns of a history that stopping rules look at, each defined once, whoever records them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

GROWTH: Final = 0.25
"""How much the labels must have grown, as a share, between the two looks that ``change`` compares."""

STOP_SET: Final = 2000
"""Items of the pool, at most, on which ``kappa``, ``changed`` and ``doubt`` are measured: one sample for all looks."""


@dataclass(frozen=True)
class Column:
    """One column: its dtype, what it holds, and whether a missing value (NaN) has a meaning."""

    dtype: str
    meaning: str
    may_be_missing: bool = False


COLUMNS: Final[Mapping[str, Column]] = {
    # always there
    "n_labels": Column("int64", "labels that the model of this look was trained on"),
    "cost": Column("float64", "what was spent so far, in answers or in money"),
    "value": Column("float64", "the metric on the reserve", True),
    "low": Column("float64", "lower bound of the value's 95 % interval", True),
    "high": Column("float64", "upper bound of the value's 95 % interval", True),
    "n_reserve": Column("int64", "reserve labels that the value was measured on"),
    # spent, for budgets
    "hours": Column("float64", "hours that people have worked so far, summed over people"),
    "date": Column("str", "the day of the look in UTC, YYYY-MM-DD"),
    # this model beside the one some label growth ago, on the same reserve labels
    "change": Column(
        "float64",
        "how much better, in units of the metric, this model is than that of the last look with at most "
        "1 / (1 + GROWTH) of its labels, on the reserve labels that both looks have; above 0 is better for every "
        "metric; missing where there is no such look",
        True,
    ),
    "change_se": Column("float64", "standard error of change, from differences paired by reserve item", True),
    "change_n": Column("int64", "reserve labels (groups, where items come in groups) that were paired, 0 for none"),
    # this model beside that of the look before, on a fixed random sample of the pool
    "kappa": Column(
        "float64",
        "agreement of the two models beyond chance: Cohen's kappa of classes and of marks, the concordance "
        "coefficient of numbers; missing at the first look",
        True,
    ),
    "changed": Column("float64", "share of the sample whose predicted answer is another now; missing at first", True),
    "doubt": Column("float64", "mean entropy of the predicted classes on the sample, as a share of the largest", True),
    # a search for the relevant items
    "n_seen": Column("int64", "items of the collection that were reviewed so far"),
    "n_found": Column("int64", "relevant items among them"),
    "n_unseen": Column("int64", "items of the collection that were not reviewed yet"),
    "irrelevant_run": Column("int64", "reviewed items since the last relevant one, in the order of review"),
    "blind_positives": Column("int64", "relevant items of the blind random sample, drawn before the review begins"),
    "blind_reached": Column("int64", "those of them that the ranking, which is not told of them, has reached"),
    "blind_left": Column("int64", "items of the blind sample that nobody has looked at, such as those of a new import"),
    "elusion_n": Column("int64", "items of the last random sample of what was not reviewed then, 0 for none"),
    "elusion_found": Column("int64", "relevant items among that sample"),
    "elusion_looks": Column("int64", "how many such samples were drawn so far"),
}
