"""A moment of a project, and the one way to read one: for exports, versions and differences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from labelwright.errors import InputError
from labelwright.store import tables as t
from labelwright.store.clock import now
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

NAME: Final = re.compile(r"[a-z0-9._-]{1,80}", re.ASCII)
TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ][\d:.]+Z?)?", re.ASCII)
LABEL_VERSION: Final = "lv-"


@dataclass(frozen=True)
class Moment:
    """Which labels are wanted: of a version, or as of an event.

    Attributes
    ----------
    upto_seq : int
        The last event whose answers count.
    is_now : bool
        Whether it is whatever there is now; a moment that was named stays what it was.
    label_version : str, optional
        The version to read.
    is_snapshot : bool
        Whether somebody named it, so that nothing that it rests on is thinned.
    """

    upto_seq: int
    is_now: bool
    label_version: str | None = None
    is_snapshot: bool = False


def moment_of(store: ProjectStore, rows: Rows, at: str | None) -> Moment:
    """Read what a person calls a moment; one that has not come yet is now.

    Parameters
    ----------
    at : str, optional
        A label version (``lv-12``), the number of an event, a time (ISO, in UTC; a day or an hour means its end), or
        the name of a snapshot. Now if left out.

    Raises
    ------
    InputError
        If it is none of these.
    """
    head = store.head_seq(rows)
    if at is None:
        return Moment(head, True)
    if at.isascii() and at.isdigit() and len(at) < 18:
        return Moment(min(int(at), head), int(at) > head)
    if at.startswith(LABEL_VERSION):
        return Moment(_upto_of(rows, at), False, at)
    if TIME.fullmatch(at) is not None:
        bound = at.replace(" ", "T").rstrip("Z") + "~"
        event = t.event
        seq = rows.scalar(rows.select(event.c.seq).where(event.c.at <= bound).order_by(event.c.seq.desc()).limit(1))
        return Moment(int(seq or 0), bound >= now())
    table = t.snapshot
    found = rows.first(rows.select(table.c.upto_seq, table.c.label_version_id).where(table.c.name == at))
    if found is None:
        raise InputError(
            f"moment: must be a snapshot, a label version, an event number or an ISO time, got '{at}'.",
            "'labelwright versions NAME' lists those that there are.",
        )
    return Moment(int(found.upto_seq), False, found.label_version_id, is_snapshot=True)


def check_name(name: str) -> None:
    """Refuse a name of a snapshot that could be read as another kind of moment.

    Raises
    ------
    InputError
        If it has other characters than small letters, digits, dots, underscores and hyphens, is longer than 80,
        or is a number, a day, or the id of a label version.

    Examples
    --------
    >>> check_name("paper-2027.1")
    >>> check_name("lv-3")
    Traceback (most recent call last):
    ...
    labelwright.errors.InputError: snapshot: name must not be a number, a day or a label version, got 'lv-3'.
    """
    if NAME.fullmatch(name) is None:
        raise InputError(
            f"snapshot: name must be 1 to 80 of the characters a-z, 0-9, '.', '_' and '-', got '{name[:100]}'."
        )
    if name.startswith(LABEL_VERSION) or name.isdigit() or TIME.fullmatch(name) is not None:
        raise InputError(f"snapshot: name must not be a number, a day or a label version, got '{name}'.")


def _upto_of(rows: Rows, label_version: str) -> int:
    table = t.label_version
    seq = rows.scalar(rows.select(table.c.upto_seq).where(table.c.id == label_version))
    if seq is None:
        raise InputError(f"moment: there is no label version '{label_version}'.", "They are lv-1, lv-2, one a model.")
    return int(seq)
