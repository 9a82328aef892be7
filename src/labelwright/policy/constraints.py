"""Quotas and limits on what a round asks: which column values, how many of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Ints, check_between, check_count, check_one_of, complain
from labelwright.errors import ConflictError, InputError
from labelwright.plain import Json, JsonObject

ONLY, NEVER, AT_LEAST, AT_MOST = "only", "never", "at-least", "at-most"
SLICE = "slice"  # a rule on the items of a part with a name; parts may overlap, so each is a column of its own
INSIDE, OUTSIDE = "inside", "outside"
Columns = Mapping[str, npt.NDArray[Any]]  # name -> a value for each candidate, (n_items,)


@dataclass(frozen=True)
class Constraint:
    """One rule on one column.

    Parameters
    ----------
    column : str
        A column of the items, such as "domain" or "group"; "predicted" is the model's likeliest label, "slice" the
        part of the items that has the value as its name.
    rule : {"only", "never", "at-least", "at-most"}
    value : str, optional
        The value that it limits; without one, "at-most" limits each value separately.
    n : int, optional
        Items of a round, for "at-least" and "at-most".
    share : float, optional
        The same as a share of a round, in (0, 1].

    Examples
    --------
    >>> Constraint("domain", "at-least", "legal", share=0.25).count(10)
    3
    >>> print(Constraint("group", "at-most", n=2))
    group at-most 2 of each
    """

    column: str
    rule: str
    value: str | None = None
    n: int | None = None
    share: float | None = None

    def __post_init__(self) -> None:
        check_one_of("constraint", "rule", self.rule, (ONLY, NEVER, AT_LEAST, AT_MOST))
        if not self.column:
            raise complain("constraint", "column", "a name", repr(self.column))
        counted = self.rule in (AT_LEAST, AT_MOST)
        if counted != ((self.n is None) != (self.share is None)):
            expected = "given as n or as share" if counted else "None for 'only' and 'never'"
            raise complain("constraint", "the number", expected, f"n {self.n}, share {self.share}")
        if self.n is not None:
            check_count("constraint", "n", self.n, low=0 if self.rule == AT_MOST else 1)
        if self.share is not None:
            check_between("constraint", "share", self.share, 1e-9, 1)
        if self.value is None and self.rule != AT_MOST:
            raise complain("constraint", "value", f"given for '{self.rule}'", "None")

    @classmethod
    def read(cls, given: Constraint | Mapping[str, Json]) -> Constraint:
        """A constraint from plain JSON.

        >>> Constraint.read({"column": "domain", "rule": "never", "value": "spam"}).rule
        'never'
        """
        if isinstance(given, Constraint):
            return given
        for key in given:
            check_one_of("constraint", "key", key, tuple(cls.__dataclass_fields__))
        values: dict[str, Any] = dict(given)  # checked in __post_init__
        return cls(**values)

    @classmethod
    def parse(cls, text: str) -> Constraint:
        """A constraint as people write it: COLUMN only|never VALUE, or COLUMN at-least|at-most N|P% [VALUE].

        >>> Constraint.parse("domain at-least 30% legal").share, Constraint.parse("group at-most 2").n
        (0.3, 2)
        """
        words = text.split(maxsplit=3)
        if len(words) >= 3 and words[1] in (ONLY, NEVER):
            return cls(words[0], words[1], text.split(maxsplit=2)[2])
        if len(words) < 3 or words[1] not in (AT_LEAST, AT_MOST):
            raise complain(
                "constraint", "the rule", "COLUMN only|never VALUE or COLUMN at-least|at-most N|P% [VALUE]", text
            )
        value = words[3] if len(words) > 3 else None
        try:
            if words[2].endswith("%"):
                return cls(words[0], words[1], value, share=float(words[2][:-1]) / 100)
            return cls(words[0], words[1], value, n=int(words[2]))
        except ValueError as error:
            if isinstance(error, InputError):
                raise
            raise complain("constraint", "the number", "an integer or a percentage", repr(words[2])) from None

    def to_json(self) -> JsonObject:
        """The constraint as plain JSON, without what is not set."""
        return {key: value for key, value in vars(self).items() if value is not None}

    @property
    def of_slice(self) -> str | None:
        """The name of the part of the items that it limits; None where it limits values of a column."""
        return self.value if self.column == SLICE else None

    def on_columns(self) -> Constraint:
        """The same rule on the columns that a ranking has: a part of the items is a column of its own.

        >>> print(Constraint("slice", "at-least", "Short reviews", share=0.3).on_columns())
        slice:Short reviews at-least 30% of inside
        """
        if self.column != SLICE or self.value is None:
            return self
        return replace(self, column=slice_column(self.value), value=INSIDE)

    def count(self, size: int) -> int:
        """Items of a round of a given size: a lower limit is rounded up, an upper limit down."""
        if self.n is not None:
            return self.n
        exact = (self.share or 0) * size
        return ceil(exact - 1e-9) if self.rule == AT_LEAST else floor(exact + 1e-9)

    @property
    def limit(self) -> str:
        """The rule without what it limits.

        >>> Constraint("domain", "at-least", "legal", share=0.25).limit
        'at-least 25%'
        """
        number = f" {self.n}" if self.n is not None else f" {100 * self.share:g}%" if self.share is not None else ""
        return f"{self.rule}{number}"

    def __str__(self) -> str:
        return f"{self.column} {self.limit} of {self.value if self.value is not None else 'each'}"


def slice_column(name: str) -> str:
    """The column that tells which items are in a part.

    >>> slice_column("Short reviews")
    'slice:Short reviews'
    """
    return f"{SLICE}:{name}"


def slice_values(inside: Bools) -> npt.NDArray[np.str_]:
    """A part of the items as a column.

    >>> slice_values(np.array([True, False])).tolist()
    ['inside', 'outside']
    """
    return np.where(inside, INSIDE, OUTSIDE)


def check_together(constraints: Sequence[Constraint], size: int) -> None:
    """Refuse constraints that no round of ``size`` items can meet, naming those that conflict.

    Raises
    ------
    ConflictError

    Examples
    --------
    >>> try:
    ...     check_together([Constraint("a", "at-least", "x", n=7), Constraint("a", "at-most", n=5)], 10)
    ... except ConflictError as error:
    ...     print(error.message)
    policy: the constraints must fit into a round of 10, got a at-least 7 of x and a at-most 5 of each.
    """
    least = [c for c in constraints if c.rule == AT_LEAST]
    if any(c.column == SLICE for c in least) and sum(c.count(size) for c in least) > size:
        raise _conflict(least, size)  # parts may have no items in common
    for column in dict.fromkeys((c.column, c.of_slice) for c in constraints):
        own = [c for c in constraints if (c.column, c.of_slice) == column]
        least = [c for c in own if c.rule == AT_LEAST]
        only, never = [c for c in own if c.rule == ONLY], [c for c in own if c.rule == NEVER]
        if sum(c.count(size) for c in least) > size:
            raise _conflict(least, size)
        for c in least:
            against = [o for o in only if all(p.value != c.value for p in only)] + [
                o for o in never if o.value == c.value
            ]
            against += [
                m for m in own
                if m.rule == AT_MOST and m.value in (None, c.value) and m.count(size) < c.count(size)
            ]  # fmt: skip
            if against:
                raise _conflict([c, against[0]], size)
        for o in only:
            if any(o.value == n.value for n in never):
                raise _conflict([o, *[n for n in never if n.value == o.value]], size)


def _conflict(those: Sequence[Constraint], size: int) -> ConflictError:
    named = " and ".join(map(str, those))
    return ConflictError(
        f"policy: the constraints must fit into a round of {size}, got {named}.", "Change or drop one of them."
    )


def values_of(columns: Columns, column: str) -> npt.NDArray[np.str_]:
    """The values of a column as text, (n_items,); ``InputError`` if there is no such column."""
    if column not in columns:
        known = ", ".join(sorted(columns)) or "none"
        raise complain("policy", "a constraint's column", f"one of {known}", repr(column))
    return np.asarray(columns[column]).astype(str)


def eligible(constraints: Sequence[Constraint], columns: Columns, n_items: int) -> Bools:
    """Which candidates "only" and "never" allow, (n_items,)."""
    ok = np.ones(n_items, dtype=bool)
    for column in dict.fromkeys(c.column for c in constraints if c.rule in (ONLY, NEVER)):
        values = values_of(columns, column)
        only = [str(c.value) for c in constraints if c.column == column and c.rule == ONLY]
        never = [str(c.value) for c in constraints if c.column == column and c.rule == NEVER]
        if only:
            ok &= np.isin(values, only)
        ok &= ~np.isin(values, never)
    return ok


def of_value(constraint: Constraint, columns: Columns) -> Ints:
    """Positions of the candidates with the constraint's value."""
    return np.flatnonzero(values_of(columns, constraint.column) == str(constraint.value))
