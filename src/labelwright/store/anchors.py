"""The anchor file: signed heads of all chains of a site, a line before each commit, and one that says it succeeded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from labelwright.store.receipts import Receipt, receipt_of


@dataclass(frozen=True)
class Anchors:
    """What the anchor file holds of one chain.

    Attributes
    ----------
    heads : list of Receipt
        Of commits that are known to have succeeded.
    prepared : list of Receipt
        Signed before a commit whose success was not noted: it failed, or the process was killed.
    unreadable : int
        Lines that are no heads, such as one that was torn by a power cut; of whatever chain.
    """

    heads: list[Receipt]
    prepared: list[Receipt]
    unreadable: int = 0


def read_anchors(path: Path, project: str) -> Anchors:
    """The anchored heads of one chain, in the order of the file."""
    heads: dict[str, Receipt] = {}
    confirmed: set[str] = set()
    unreadable = 0
    if path.exists():
        with path.open("rb") as file:
            for line in filter(bytes.strip, file):
                read = read_line(line)
                if read is None:
                    unreadable += 1
                elif read.project == project and read.receipt is not None:
                    heads.setdefault(read.head, read.receipt)
                if read is not None and read.is_confirmed:
                    confirmed.add(read.head)
    return Anchors(
        [receipt for head, receipt in heads.items() if head in confirmed],
        [receipt for head, receipt in heads.items() if head not in confirmed],
        unreadable,
    )


@dataclass(frozen=True)
class Line:
    """One line of the anchor file: a head, or the word that the commit of one succeeded.

    Versions before 0.3 wrote heads after their commits alone, so those are confirmed by themselves.
    """

    project: str
    head: str
    receipt: Receipt | None
    is_confirmed: bool


def read_line(line: bytes) -> Line | None:
    """Read a line; None if it is none of ours."""
    try:
        read = json.loads(line)
        if "confirmed" in read:
            return Line(str(read["project"]), str(read["confirmed"]), None, True)
        is_confirmed = not read.pop("prepared", False)
        return Line(str(read["project"]), str(read["hash"]), receipt_of(read), is_confirmed)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
