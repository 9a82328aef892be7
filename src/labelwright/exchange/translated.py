"""Files of other labeling tools: objects that are translated into flat records, one a task.

Another tool keeps several annotations of a task, and answers that reject it or leave it open. A record has one label
for each question, so the last answer of a task counts, and `remarks` says how many others there were.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, ClassVar

from labelwright.errors import InputError
from labelwright.exchange.format import Format
from labelwright.exchange.json_array import JsonArray
from labelwright.exchange.jsonl import JsonLines, JsonObjects
from labelwright.exchange.reader import Record

MAX_COLUMNS = 10_000
LABEL = "label"
OTHER = "other"


@dataclass(frozen=True)
class Translation:
    """One object as cells and answers.

    Attributes
    ----------
    answers : dict
        By question, what the last annotation says: names of labels, or one number.
    key : str, optional
        Objects with one key are one task; the last one that has answers counts.
    left_out : tuple of str
        Names of remarks, once for each thing that is left out.
    """

    cells: dict[str, object]
    answers: dict[str, list[object]] = field(default_factory=dict)
    key: str | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Overview:
    cells: list[str]
    questions: dict[str, str]
    has_several: set[str]
    last: dict[str, int]
    n_left: Counter[str]


class Translated(JsonObjects, Format):
    """A file of another tool; a subclass says what one of its objects looks like and what it means.

    Attributes
    ----------
    remark_texts : dict
        What is said before the number of each of `Translation.left_out`.
    fixed_label : bool
        Whether the label column is called `label` where there is one question, whatever the tool calls it.
    """

    by_content: ClassVar[bool] = True
    items_only: ClassVar[bool] = True
    remark_texts: ClassVar[dict[str, str]] = {}
    fixed_label: ClassVar[bool] = True

    @classmethod
    def accepts(cls, path: Path) -> bool:
        """Whether the first object looks like one of the tool's."""
        if not (path.is_file() and path.name.lower().endswith(cls.suffixes)):
            return False
        stat = path.stat()
        first = first_object(path, stat.st_mtime_ns, stat.st_size)
        return first is not None and cls.looks_like(first)

    @classmethod
    @abstractmethod
    def looks_like(cls, value: dict[str, Any]) -> bool:
        """Whether an object is one of the tool's."""

    @abstractmethod
    def translate(self, value: dict[str, Any], number: int) -> Translation:
        """The cells and answers of an object."""

    @cached_property
    def columns(self) -> list[str]:
        """The cells of all objects, then one column for each question."""
        return [*self._overview.cells, *self._overview.questions.values()]

    @property
    def remarks(self) -> tuple[str, ...]:
        """How many annotations, predictions and the like are left out."""
        texts = {
            "other": "Further annotations of the same tasks left out, as the last one counts",
            **self.remark_texts,
        }
        return tuple(f"{texts[name]}: {n:,}." for name, n in sorted(self._overview.n_left.items()))

    def __iter__(self) -> Iterator[Record]:
        """Stream the tasks."""
        seen, count = self._overview, 0
        for number, place, value in self._objects():
            one = self.translate(value, number)
            if one.key is not None and seen.last[one.key] != number:
                continue
            count += 1
            cells: dict[str, object] = {name: one.cells.get(name) for name in seen.cells}
            for question, column in seen.questions.items():
                answers = one.answers.get(question)
                is_list = question in seen.has_several
                cells[column] = None if answers is None else answers if is_list else (answers or [None])[0]
            yield Record(count, f"{self.path.name}, {place}", cells)

    @cached_property
    def _overview(self) -> _Overview:
        cells, questions = dict[str, None](), dict[str, None]()
        has_several, last, answered = set[str](), dict[str, int](), set[str]()
        n_left: Counter[str] = Counter()
        for number, _, value in self._objects():
            one = self.translate(value, number)
            cells.update(dict.fromkeys(one.cells))
            if len(cells) > MAX_COLUMNS:
                raise self.fail(f"objects must have at most {MAX_COLUMNS:,} keys in all, got more.", row=number)
            questions.update(dict.fromkeys(one.answers))
            has_several |= {question for question, answers in one.answers.items() if len(answers) > 1}
            n_left.update(one.left_out)
            if one.key is None:
                continue
            if one.key in last and one.answers:
                n_left[OTHER] += one.key in answered
            if one.answers or one.key not in last:
                last[one.key] = number
            if one.answers:
                answered.add(one.key)
        only = len(questions) == 1 and self.fixed_label and LABEL not in cells
        names = {question: LABEL if only else _free(question, cells) for question in questions}
        return _Overview(list(cells), names, has_several, last, n_left)


def plain(value: object) -> object:
    """A value as a cell: what is no text, number or truth value becomes JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _free(name: str, taken: dict[str, None]) -> str:
    while name in taken:
        name += "_answer"
    return name


@lru_cache(maxsize=8)
def first_object(path: Path, changed_ns: int, size: int) -> dict[str, Any] | None:
    """The first object of a file; None where it has none, which the reader of its suffix then reports."""
    lines = path.name.lower().endswith(JsonLines.suffixes)
    reader = JsonLines(path) if lines else JsonArray(path)
    try:
        return next((value for _, _, value in reader._objects()), None)
    except InputError:
        return None
