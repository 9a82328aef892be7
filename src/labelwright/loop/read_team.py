"""Makes a team of the annotators that a user lists, or of a table of real answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, complain
from labelwright.loop.annotator import MAX_SPREAD, Annotator
from labelwright.loop.team import Team

if TYPE_CHECKING:
    import pandas as pd

WHO = "simulate"
COLUMNS = ("item", "person", "answer")
LEAST_TIMES = 5  # timed answers from which the spread of a person is measured


def read_team(
    given: Sequence[Annotator] | pd.DataFrame, y: npt.NDArray[Any], values: npt.NDArray[Any] | None, overlap: int
) -> Team:
    """Check the people of a simulation; a table of real answers gives its people.

    Parameters
    ----------
    given : sequence of Annotator, or DataFrame with columns item, person, answer and optionally seconds
    y : array of shape (n_items,) or (n_items, n_labels)
        Encoded true labels.
    values : array of shape (n_classes,), optional
        The classes as they were given; None where an item has several labels or a number.
    overlap : int
        Answers wanted of each item.

    Raises
    ------
    InputError
        If there is nobody, a name occurs twice, a skill does not fit the labels, there are fewer people than answers
        wanted, or an item has no real answer where nobody else answers.
    """
    people = _listed(given) if isinstance(given, Sequence) else people_of(given)
    names = [person.name for person in people]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise complain(WHO, "names of annotators", "distinct", f"'{twice}' twice")
    if len(people) < overlap:
        cure = "Lower overlap, or add people."
        raise complain(WHO, "overlap", f"at most {len(people)}, the number of annotators", overlap, cure)
    n_classes = None if values is None else len(values)
    for person in people:
        person.check_fits(y, n_classes)
    real = {person.name: _encoded(person, person.answers, y, values) for person in people if person.answers is not None}
    if len(real) == len(people):
        there = np.zeros(len(y), dtype=bool)
        there[[item for answers in real.values() for item in answers]] = True
        if not there.all():
            cure = "Drop items without answers from X and y."
            raise complain(WHO, "real answers", "one or more to each item", f"none to item {int(there.argmin())}", cure)
    return Team(tuple(people), y, n_classes, real)


def people_of(table: pd.DataFrame) -> list[Annotator]:
    """The people of a table of real answers, each with the first answer to each item.

    The median of the column ``seconds``, where there is one, is a person's speed; five times or more give the spread.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"item": [0, 1, 0], "person": ["ann", "ann", "bob"], "answer": ["cat", "dog", "dog"]})
    >>> [(person.name, person.answers) for person in people_of(table)]
    [('ann', {0: 'cat', 1: 'dog'}), ('bob', {0: 'dog'})]
    """
    columns = list(getattr(table, "columns", []))
    if not set(COLUMNS) <= set(columns):
        got = ", ".join(map(str, columns)) or repr(table)
        raise complain(WHO, "a table of real answers", f"with columns {', '.join(COLUMNS)}", got)
    items = table["item"].to_numpy()
    if not len(items) or items.dtype.kind not in "iu":
        cure = "Number the items by their rows in X."
        raise complain(WHO, "column item", "of positions in X, one or more", f"dtype {items.dtype}", cure)
    people = []
    for name, rows in table.groupby("person", sort=True):
        first = rows.drop_duplicates("item")
        answers = dict(zip(first["item"].tolist(), first["answer"].tolist(), strict=True))
        person = Annotator(str(name), answers=answers)
        people.append(_timed(person, first["seconds"].to_numpy(np.float64)) if "seconds" in first.columns else person)
    return people


def _timed(person: Annotator, seconds: Floats) -> Annotator:
    seconds = seconds[np.isfinite(seconds) & (seconds > 0)]
    if not len(seconds):
        return person
    spread = float(np.log(seconds).std()) if len(seconds) >= LEAST_TIMES else 0.0
    return replace(person, seconds=float(np.median(seconds)), spread=min(spread, MAX_SPREAD))


def _listed(given: Sequence[Annotator]) -> list[Annotator]:
    people = [person for person in given if isinstance(person, Annotator)]
    if not people or len(people) < len(given):
        got = repr(given) if len(given) else "none"
        raise complain(WHO, "annotators", "one or more Annotator, or a table of real answers", got)
    return people


def _encoded(
    person: Annotator, answers: Mapping[int, object], y: npt.NDArray[Any], values: npt.NDArray[Any] | None
) -> dict[int, object]:
    """Real answers as codes, checked."""
    what = f"answers of '{person.name}'"
    codes = None if values is None else {value: code for code, value in enumerate(values.tolist())}
    encoded: dict[int, object] = {}
    for item, answer in answers.items():
        if not 0 <= item < len(y):
            raise complain(WHO, what, f"to items from 0 to {len(y) - 1}", item)
        if codes is None:
            encoded[item] = np.asarray(answer, dtype=y.dtype)
        elif answer in codes:
            encoded[item] = codes[answer]
        else:
            raise complain(WHO, what, "values of y", repr(answer))
    return encoded
