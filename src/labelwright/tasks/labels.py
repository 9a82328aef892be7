"""The set of labels in a schema: ids are stored, names are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from labelwright.check import complain
from labelwright.errors import InputError
from labelwright.tasks.base import Cell, is_blank
from labelwright.tasks.changed import Changed


@dataclass(frozen=True)
class LabelSet:
    """Label ids and names of one schema, in schema order.

    Attributes
    ----------
    position : mapping of str to int
        Of the labels that can be given.
    changed : Changed
        What became of labels that the schema had once.

    Examples
    --------
    >>> labels = LabelSet.of("classification", LabelSet.guess(["dog", "cat", "dog"]))
    >>> labels.names, labels.id_of("dog"), labels.position["l_2"]
    (('cat', 'dog'), 'l_2', 1)
    """

    task: str
    ids: tuple[str, ...]
    names: tuple[str, ...]
    position: Mapping[str, int]
    by_name: Mapping[str, str]
    changed: Changed

    @classmethod
    def of(cls, task: str, schema: Mapping[str, Any]) -> LabelSet:
        """Read and check ``schema["labels"]``.

        Raises
        ------
        InputError
            If it is not a list of objects with distinct ids and distinct names.
        """
        labels = schema.get("labels")
        form = 'a list of objects with a text "id" and "name"'
        if not isinstance(labels, (list, tuple)) or not (labels or schema.get("open")):
            raise complain(task, "schema labels", form, repr(labels), "Give --labels a,b or --open-labels.")
        for label in labels:
            if not isinstance(label, Mapping) or not all(
                isinstance(label.get(key), str) and label[key].strip() for key in ("id", "name")
            ):
                raise complain(task, "schema labels", form, repr(label))
        ids, names = tuple(label["id"] for label in labels), tuple(label["name"].strip() for label in labels)
        for what, values in (("label ids", ids), ("label names", names)):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise complain(task, what, "distinct", f"'{twice[0]}' twice")
        position = {id_: i for i, id_ in enumerate(ids)}
        return cls(task, ids, names, position, dict(zip(names, ids, strict=True)), Changed.of(task, schema, ids))

    @staticmethod
    def guess(cells: Iterable[Cell], keep_order: bool = False) -> dict[str, Any]:
        """A schema of the distinct names, sorted (numbers by value) or in the order given."""
        names = list(dict.fromkeys(text_of(cell) for cell in cells if not is_blank(cell)))
        if not keep_order:
            names.sort(key=_natural)
        return {"labels": [{"id": f"l_{i}", "name": name} for i, name in enumerate(names, 1)], "open": False}

    def __len__(self) -> int:
        return len(self.ids)

    def check_id(self, label: object) -> str:
        """Return the id, or raise `InputError` if the schema has no such label, or has it no more."""
        if isinstance(label, str) and label in self.position:
            return label
        if isinstance(label, str) and (label in self.changed.merged or label in self.changed.split):
            name, became = self.changed.was.get(label, label), self._became(label)
            raise InputError(
                f"{self.task}: label must be one of {_some(self.names)}, got '{name}', which was {became}.",
                "The labels have changed since. Reload the page, and answer again.",
            )
        raise complain(self.task, "label", f"an id of the schema ({_some(self.ids)})", repr(label))

    def index(self, label: str) -> int:
        """The position of a label, or of the one that it became."""
        return self.position[self.changed.now(label)]

    def id_of(self, name: str) -> str:
        """The id of a label by its name, or `InputError` naming what is unknown."""
        if name not in self.by_name:
            raise InputError(
                f"{self.task}: label must be one of {_some(self.names)}, got '{name}'.",
                "Correct the cell, or add the label to the schema.",
            )
        return self.by_name[name]

    def name_of(self, label: str) -> str:
        """The name of a label by its id: of the one that it became, or the last one it had if it was split."""
        now = self.changed.now(label)
        if now in self.changed.split:
            return self.changed.was.get(now, now)
        return self.names[self.position[self.check_id(now)]]

    def _became(self, label: str) -> str:
        if label in self.changed.merged:
            return f"merged into '{self.name_of(label)}'"
        parts = [
            self.changed.was.get(part, part) if part not in self.position else self.name_of(part)
            for part in self.changed.split[label]
        ]
        return f"split into {_some(tuple(parts))}"


def text_of(cell: Cell) -> str:
    """A cell as a label's name; whole numbers read as floats lose their point.

    >>> text_of(" cat "), text_of(3.0), text_of(0.5)
    ('cat', '3', '0.5')
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _natural(name: str) -> tuple[int, float, str]:
    try:
        return (0, float(name), name)
    except ValueError:
        return (1, 0.0, name)


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
