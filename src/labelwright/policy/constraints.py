"""Quotas and limits on what a round asks: which column values, how many of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Ints, check_between, check_count, check_one_of, complain
from labelwright.errors import ConflictError, InputError
from labelwright.plain import Json, JsonObject

ONLY, NEVER, AT_LEAST, AT_MOST = "only", "never", "at-least", "at-most"
Columns = Mapping[str, npt.NDArray[Any]]  # name -> a value for each candidate, (n_items,)


@dataclass(frozen=True)
class Constraint:
    """One rule on one column.

    Parameters
    ----------
    column : str
        A column of the items, such as "domain" or "group"; "predicted" is the model's likeliest label.
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

    def count(self, size: int) -> int:
        """Items of a round of a given size: a lower limit is rounded up, an upper limit down."""
        if self.n is not None:
            return self.n
        exact = (self.share or 0) * size
        return ceil(exact - 1e-9) if self.rule == AT_LEAST else floor(exact + 1e-9)

    def __str__(self) -> str:
        number = f" {self.n}" if self.n is not None else f" {100 * self.share:g}%" if self.share is not None else ""
        return f"{self.column} {self.rule}{number} of {self.value if self.value is not None else 'each'}"


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
    for column in dict.fromkeys(c.column for c in constraints):
        own = [c for c in constraints if c.column == column]
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


class Window:
    """Which candidates a round may still take: counts so far against the limits.

    Parameters
    ----------
    constraints : sequence of Constraint
    columns : mapping
        Values of the candidates.
    size : int
        Items of a round.
    counts : mapping of column to counts by value, optional
        What this round has asked already.

    Examples
    --------
    >>> window = Window([Constraint("domain", "at-most", "b", n=1)], {"domain": np.array(["a", "b", "b"])}, size=3)
    >>> window.take(1)
    >>> window.allowed().tolist()
    [True, False, False]
    """

    def __init__(
        self, constraints: Sequence[Constraint], columns: Columns, size: int,
        counts: Mapping[str, Mapping[str, int]] | None = None,
    ) -> None:  # fmt: skip
        self.size = size
        self.codes: dict[str, Ints] = {}
        self.left: dict[str, Ints] = {}  # open candidates by value
        self.asked: dict[str, Ints] = {}  # items of this round by value
        self.least: dict[str, Ints] = {}
        self.most: dict[str, Ints] = {}
        for column in dict.fromkeys(c.column for c in constraints):
            names, self.codes[column] = np.unique(_values(columns, column), return_inverse=True)
            before = (counts or {}).get(column, {})
            self.left[column] = np.bincount(self.codes[column], minlength=len(names))
            self.asked[column] = np.array([before.get(str(name), 0) for name in names], dtype=np.int64)
            least, most = np.zeros(len(names), dtype=np.int64), np.full(len(names), np.iinfo(np.int64).max)
            for c in (c for c in constraints if c.column == column):
                where = slice(None) if c.value is None else names == str(c.value)
                if c.rule == AT_LEAST:
                    least[where] = np.maximum(least[where], c.count(size))
                elif c.rule == AT_MOST:
                    most[where] = np.minimum(most[where], c.count(size))
            self.least[column], self.most[column] = least, most
        self.taken = max((sum(c.values()) for c in (counts or {}).values()), default=0) % size
        self._masks: dict[Any, Bools] = {}

    def allowed(self) -> Bools:
        """Which candidates the limits allow, with enough places kept for the lower limits, (n_items,)."""
        full = {column: self.asked[column] >= self.most[column] for column in self.codes}
        owed = {
            column: np.minimum(np.maximum(self.least[column] - self.asked[column], 0), self.left[column])
            for column in self.codes
        }
        pressed = max((int(o.sum()) for o in owed.values()), default=0) >= self.size - self.taken
        key = (pressed, *(part.tobytes() for part in full.values()), *((o > 0).tobytes() for o in owed.values()))
        if key not in self._masks:
            n_items = len(next(iter(self.codes.values()), ()))
            mask = np.ones(n_items, dtype=bool)
            for column, codes in self.codes.items():
                mask &= ~full[column][codes]
                if pressed and owed[column].any():
                    mask &= (owed[column] > 0)[codes]
            self._masks = {key: mask}
        return self._masks[key]

    def take(self, position: int) -> None:
        """Count a candidate, and begin the next round if this one is full."""
        self.taken += 1
        for column, codes in self.codes.items():
            self.asked[column][codes[position]] += 1
        if self.taken >= self.size:
            self.turn()

    def turn(self) -> bool:
        """Begin the next round though this one is not full; whether that changes anything."""
        some = self.taken > 0
        self.taken = 0
        for asked in self.asked.values():
            asked[:] = 0
        return some

    def close(self, positions: Ints) -> None:
        """These candidates are no longer open."""
        for column, codes in self.codes.items():
            self.left[column] -= np.bincount(codes[positions], minlength=len(self.left[column]))


def _values(columns: Columns, column: str) -> npt.NDArray[np.str_]:
    if column not in columns:
        known = ", ".join(sorted(columns)) or "none"
        raise complain("policy", "a constraint's column", f"one of {known}", repr(column))
    return np.asarray(columns[column]).astype(str)


def eligible(constraints: Sequence[Constraint], columns: Columns, n_items: int) -> Bools:
    """Which candidates "only" and "never" allow, (n_items,)."""
    ok = np.ones(n_items, dtype=bool)
    for column in dict.fromkeys(c.column for c in constraints if c.rule in (ONLY, NEVER)):
        values = _values(columns, column)
        only = [str(c.value) for c in constraints if c.column == column and c.rule == ONLY]
        never = [str(c.value) for c in constraints if c.column == column and c.rule == NEVER]
        if only:
            ok &= np.isin(values, only)
        ok &= ~np.isin(values, never)
    return ok


def of_value(constraint: Constraint, columns: Columns) -> Ints:
    """Positions of the candidates with the constraint's value."""
    return np.flatnonzero(_values(columns, constraint.column) == str(constraint.value))
