"""What an event says: the base of all event types, and how their bodies are written and read.

One file of this package is one family of events. An event type is a frozen dataclass that states its
``kind`` and ``body_version``; its fields are the ``data`` of the stored body. Beside it stand its projector
(``project``, what the event means for the tables) and the tables that ``verify`` recomputes from it.

Bodies are stored and hashed as they were written, forever. A type whose fields change gets the next
version and an upcaster: a pure function from one stored body to one body of the next version, under
which the old event keeps its old meaning.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import Table

from labelwright.errors import IntegrityError
from labelwright.plain import Json, JsonObject
from labelwright.store.chain import Event
from labelwright.store.rows import Rows

Upcaster = Callable[[dict[str, Json]], dict[str, Json]]


@dataclass(frozen=True)
class SealedText:
    """A reference to free text that lies outside the chain: its id and its salted hash."""

    id: str
    hash: str


@dataclass(frozen=True)
class Projected:
    """A table that follows from events.

    Parameters
    ----------
    table : Table
    columns : tuple of str, optional
        Those that follow from events; all where none are named.
    """

    table: Table
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True)
class EventBody:
    """One kind of event.

    Attributes
    ----------
    kind : str
        Stored with the event; never changes its meaning.
    body_version : int
        Of the fields, per kind.
    upcasters : mapping of int to callable
        From the stored data of a version to that of the next.
    projected : tuple of Projected
        Tables that this kind writes and ``verify`` recomputes.
    """

    kind: ClassVar[str] = ""
    body_version: ClassVar[int] = 1
    upcasters: ClassVar[Mapping[int, Upcaster]] = {}
    projected: ClassVar[tuple[Projected, ...]] = ()
    __pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    def project(self, rows: Rows, event: Event) -> None:
        """Write what the event means; nothing where the event is its own only trace."""

    def data(self) -> dict[str, Json]:
        """The stored form of the fields."""
        written: dict[str, Json] = {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}
        return written

    @classmethod
    def read(cls, data: JsonObject, version: int) -> Self:
        """The body of a stored event of this or an earlier version.

        Raises
        ------
        IntegrityError
            If the version is newer than this installation, or the fields are not those of its version.
        """
        if version > cls.body_version:
            raise IntegrityError(
                f"record: a '{cls.kind}' event has version {version}, this installation knows {cls.body_version}.",
                "It was written by a newer version; upgrade Labelwright.",
            )
        fields = dict(data)
        for step in range(version, cls.body_version):
            fields = cls.upcasters[step](fields)
        try:
            read: Self = _adapter(cls).validate_python(fields)  # type: ignore[arg-type]
            return read
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise IntegrityError(
                f"record: a '{cls.kind}' event has a wrong field '{where}': {first['msg']}."
            ) from error


@cache
def _adapter(kind: type[object]) -> TypeAdapter[Any]:
    """The reader of a type, made once."""
    return TypeAdapter(kind)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    return value
