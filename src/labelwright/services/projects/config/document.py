"""What a project file says, table by table, after its names and types were checked."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from labelwright.errors import InputError
from labelwright.plain import JsonObject
from labelwright.services.projects.config import tables
from labelwright.services.projects.config.tables import LISTED, NEEDED, SINGLE, Keys

Table = Mapping[str, object]

_TABLE: Final[Callable[[Any], bool]] = lambda value: isinstance(value, dict)  # noqa: E731
_FITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    tables.TEXT: lambda value: isinstance(value, str),
    tables.WHOLE: lambda value: isinstance(value, int) and not isinstance(value, bool),
    tables.NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    tables.SWITCH: lambda value: isinstance(value, bool),
    tables.TEXTS: lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
    tables.TABLE: _TABLE,
    tables.TABLES: lambda value: isinstance(value, list) and all(map(_TABLE, value)),
    tables.DATE: lambda value: isinstance(value, str | date),
}


@dataclass(frozen=True)
class Document:
    """The tables of a project file.

    Attributes
    ----------
    single : mapping of str to JSON object
        The tables that stand once: "project", "goal", "policy", "quality"; what the file does not mention is missing.
    listed : mapping of str to tuple of JSON objects
        Those that may be repeated: "question", "slice", "target", "role", "annotator".
    file : str
        The name of the file, for errors.
    """

    single: Mapping[str, JsonObject] = field(default_factory=dict)
    listed: Mapping[str, tuple[JsonObject, ...]] = field(default_factory=dict)
    file: str = "the file"

    def table(self, name: str) -> JsonObject:
        """A table that stands once; empty if it is not mentioned."""
        return dict(self.single.get(name, {}))

    def rows(self, name: str) -> tuple[JsonObject, ...]:
        """A repeated table; empty if it is not mentioned."""
        return tuple(self.listed.get(name, ()))


def is_project_file(values: Table) -> bool:
    """Whether a TOML file has the tables of a project; else it holds options of the command line."""
    return "question" in values or "project" in values


def read_toml(path: Path) -> dict[str, object]:
    """The values of a TOML file; ``InputError`` if it cannot be read."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name} must be a readable TOML file ({error}).") from error


def parse_text(text: str, *, file: str = "the file") -> Document:
    """The tables of a text in TOML, as `parse` reads them.

    Raises
    ------
    InputError
        If it is no TOML, or as in `parse`.

    Examples
    --------
    >>> parse_text('[goal]\\nmetric = "accuracy"\\nvalue = 0.9').table("goal")["value"]
    0.9
    """
    try:
        return parse(tomllib.loads(text), file=file)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file}: the text must be TOML ({error}).") from error


def parse(values: Table, *, file: str = "the file", folder: Path | None = None) -> Document:
    """Check the names and types of all tables and keys.

    Parameters
    ----------
    folder : Path, optional
        Where guidelines may lie as files of their own; without one, they are text in the file.

    Raises
    ------
    InputError
        Naming the table, the key, and the nearest name that there is.

    Examples
    --------
    >>> parse({"policy": {"strategi": "margin"}})
    Traceback (most recent call last):
    labelwright.errors.InputError: the file: [policy] has no key 'strategi'. Did you mean 'strategy'?
    """
    _check_names(file, "the file", values, {**SINGLE, **LISTED}, "table")
    single = {name: _table(file, f"[{name}]", values[name], name) for name in SINGLE if name in values}
    listed: dict[str, tuple[JsonObject, ...]] = {}
    for name in LISTED:
        if name in values:
            rows = values[name]
            if not isinstance(rows, list):
                raise InputError(f"{file}: [[{name}]] must be a list of tables, got {rows!r}.", "Use double brackets.")
            listed[name] = tuple(_table(file, f"[[{name}]] {n}", row, name) for n, row in enumerate(rows, 1))
    if "question" in listed:
        listed["question"] = tuple(_with_guidelines(file, folder, n, q) for n, q in enumerate(listed["question"], 1))
    return Document(single, listed, file)


def _table(file: str, where: str, value: object, name: str) -> JsonObject:
    if not isinstance(value, dict):
        raise InputError(f"{file}: {where} must be a table, got {value!r}.")
    keys: Keys = SINGLE[name] if name in SINGLE else LISTED[name]
    _check_names(file, where, value, keys, "key")
    found: JsonObject = {}
    for key, given in value.items():
        if not _FITS[keys[key]](given):
            raise InputError(f"{file}: {where} {key} must be {keys[key]}, got {given!r}.")
        found[key] = given.isoformat() if isinstance(given, date) else given
    missing = [key for key in NEEDED.get(name, ()) if key not in found]
    if missing and (found or name != "goal"):  # an empty goal means none
        raise InputError(f"{file}: {where} must have {' and '.join(NEEDED[name])}, {missing[0]} is missing.")
    return found


def _check_names(file: str, where: str, values: Table, known: Mapping[str, object], what: str) -> None:
    for name in sorted(set(values) - set(known)):
        near = get_close_matches(name, list(known), n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(known)}."
        raise InputError(f"{file}: {where} has no {what} '{name}'.", hint)


def _with_guidelines(file: str, folder: Path | None, number: int, question: JsonObject) -> JsonObject:
    """Guidelines are Markdown, or the name of a Markdown file beside the project file."""
    text = str(question.get("guidelines", ""))
    if not text.endswith(".md") or "\n" in text:
        return question
    where = f"{file}: [[question]] {number} guidelines"
    if folder is None:
        raise InputError(f"{where} must be the text itself here, got the name of a file, '{text}'.")
    try:
        return {**question, "guidelines": (folder / text).read_text("utf-8")}
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{where} must be a readable text file ({error}).") from error
