"""Events about what left the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import Json
from labelwright.store.record.base import EventBody, Upcaster


def _export_1_to_2(data: dict[str, Json]) -> dict[str, Json]:
    """Version 1 did not say which label version was written."""
    return {**data, "label_version": None}


@dataclass(frozen=True)
class LabelsExported(EventBody):
    """Labels were written to a file.

    Attributes
    ----------
    format : str
    n_items : int
    upto_seq : int, optional
        The last event whose answers are in the file; version 1 left it out for an export of the moment.
    label_version : str, optional
        The version that was written, where one was asked for.
    """

    kind: ClassVar[str] = "export"
    body_version: ClassVar[int] = 2
    upcasters: ClassVar[Mapping[int, Upcaster]] = {1: _export_1_to_2}

    format: str
    n_items: int
    upto_seq: int | None
    label_version: str | None
