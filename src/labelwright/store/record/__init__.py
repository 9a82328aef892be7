"""The record: every kind of event as a type, with its projector and the tables that follow from it.

A new kind of event is one class in a file of this package; nothing else lists it. ``docs/reference/events.md``
is generated from the types.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Mapping
from functools import cache
from inspect import isclass

from labelwright.errors import IntegrityError
from labelwright.plain import JsonObject
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText

__all__ = ["EventBody", "Projected", "SealedText", "kinds", "projected_tables", "read", "read_data"]


@cache
def kinds() -> Mapping[str, type[EventBody]]:
    """All kinds of event by name, sorted."""
    found: dict[str, type[EventBody]] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for value in vars(module).values():
            if not (isclass(value) and issubclass(value, EventBody) and value.kind):
                continue
            if found.setdefault(value.kind, value) is not value:
                raise IntegrityError(f"record: the kind '{value.kind}' is defined twice.")
    return dict(sorted(found.items()))


def read(event: Event) -> EventBody:
    """What a stored event says, as the newest version of its type.

    Raises
    ------
    IntegrityError
        If the kind or the version is not known, or a field does not fit.
    """
    try:
        envelope = json.loads(event.body)
        version, data = int(envelope["v"]), envelope["data"]
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(f"record: the body of event {event.seq} is not one of an event.") from error
    return read_data(event.kind, version, data)


def read_data(kind: str, version: int, data: JsonObject) -> EventBody:
    """The body of an event whose envelope was read already."""
    if kind not in kinds():
        raise IntegrityError(
            f"record: there is no kind of event '{kind}'.", "It was written by a newer version; upgrade Labelwright."
        )
    return kinds()[kind].read(data, version)


@cache
def projected_tables() -> tuple[Projected, ...]:
    """Every table that follows from events, once."""
    found = {p.table.name: p for kind in kinds().values() for p in kind.projected}
    return tuple(found[name] for name in sorted(found))
