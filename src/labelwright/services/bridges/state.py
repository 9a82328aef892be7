"""The memory of a bridge: one small file in the home, replaced as a whole, without any credential."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from labelwright.errors import ConflictError
from labelwright.services.site import Site
from labelwright.words import Figure, Reason

TOOL: Final = "label-studio"


@dataclass(frozen=True)
class Taken:
    """An annotation of the other tool as it was last taken.

    Attributes
    ----------
    annotation : int
        Its id there.
    updated_at : str
        When it was last changed there.
    stored : tuple of str
        Ids of the annotations here that came of it.
    """

    annotation: int
    updated_at: str
    stored: tuple[str, ...] = ()

    def is_of(self, annotation: int, updated_at: str) -> bool:
        """Whether that annotation has not changed since.

        >>> Taken(7, "2026-11-26T19:48:14Z").is_of(7, "2026-11-26T19:48:15Z")
        False
        """
        return (self.annotation, self.updated_at) == (annotation, updated_at)


@dataclass
class BridgeState:
    """What a bridge knows beside what it can look up on both sides.

    Attributes
    ----------
    peer : str
        The address of the other tool, without names or passwords.
    peer_project : int, optional
        The project's id there.
    taken : mapping of str to Taken
        By ``TASK:USER`` of the other tool.
    refused : mapping of str to str
        By the same key, why an annotation cannot be taken.
    waiting_since, reason : str, optional
        Since when the other tool does not answer, and why.
    """

    peer: str = ""
    peer_project: int | None = None
    taken: dict[str, Taken] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    waiting_since: str | None = None
    reason: str | None = None

    @classmethod
    def read(cls, path: Path) -> BridgeState:
        """The state of a file; a new one where there is none or it is damaged, as all of it can be found again."""
        try:
            found = json.loads(path.read_text("utf-8"))
            taken = {
                key: Taken(int(one["annotation"]), str(one["updated_at"]), tuple(map(str, one["stored"])))
                for key, one in found.pop("taken").items()
            }
            return cls(taken=taken, **found)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def write(self, path: Path) -> None:
        """Replace the file as a whole, so that a crash leaves the old or the new one."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}")
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)


def path_of(home: Path, slug: str) -> Path:
    """Where the memory of a project's bridge lies.

    >>> str(path_of(Path("home"), "reviews"))
    'home/bridges/reviews.label-studio.json'
    """
    return home / "bridges" / f"{slug}.{TOOL}.json"


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Refuse a second bridge with the same memory while this one runs."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConflictError(
                f"bridge: another process is the bridge of '{path.name.partition('.')[0]}' already.", "End it first."
            ) from None
        yield


def waiting(site: Site, slug: str) -> list[Reason]:
    """What *Progress* says of a bridge that waits, or of annotations that it cannot take."""
    path = path_of(site.settings.home, slug)
    if not path.exists():
        return []
    state, told = BridgeState.read(path), list[Reason]()
    host = urlsplit(state.peer).netloc
    if state.waiting_since is not None:
        since = state.waiting_since[:16].replace("T", " ")
        figures: dict[str, Figure] = {"host": host, "since": since, "reason": _clause(state.reason or "")}
        told.append(Reason("bridge-waits", figures))
    if state.refused:
        first = next(iter(state.refused.values()))
        told.append(Reason("bridge-refused", {"host": host, "n": len(state.refused), "reason": _clause(first)}))
    return told


def _clause(sentence: str) -> str:
    return sentence.strip().rstrip(".")
