"""Where the rows of a home are, if they were ever moved, and who has it open: nobody goes on with those left behind."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from labelwright.errors import ConflictError, InputError

FILE: Final = "rows.json"
LOCK: Final = "in-use.lock"
SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True)
class Whereabouts:
    """What the last move did.

    Attributes
    ----------
    engine : str
        "sqlite", with the rows in the home, or "postgresql".
    at : str
        When they were moved there, UTC.
    head : str
        The hash of the last event of the site's chain that was moved.
    """

    engine: str
    at: str
    head: str


def read(home: Path) -> Whereabouts | None:
    """What the last move did; None if there was none."""
    path = home / FILE
    return Whereabouts(**json.loads(path.read_text("utf-8"))) if path.exists() else None


def write(home: Path, moved: Whereabouts) -> None:
    """Say where the rows are from now on, durably and at once."""
    temporary = home / f".{FILE}.{os.getpid()}.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(asdict(moved), file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, home / FILE)


def check(home: Path, engine: str) -> None:
    """Refuse to open the rows that a move left behind.

    Raises
    ------
    InputError
    """
    moved = read(home)
    if moved is None or moved.engine == engine:
        return
    if moved.engine == POSTGRESQL:
        raise InputError(
            f"{home}: the rows of this home were moved to PostgreSQL on {moved.at[:10]}, and no database is named.",
            "Set LABELWRIGHT_DATABASE_URL to it, or move them back with 'labelwright move --to sqlite'.",
        )
    raise InputError(
        f"{home}: the rows of this home were moved from PostgreSQL to SQLite on {moved.at[:10]}, "
        "and a PostgreSQL database is named.",
        "Take LABELWRIGHT_DATABASE_URL away, or move them again with 'labelwright move --to URL'.",
    )


class Use:
    """A process has a home open, which ends with the process at the latest.

    Raises
    ------
    ConflictError
        If its rows are being moved at this moment.
    """

    def __init__(self, home: Path) -> None:
        self._file: IO[str] = (home / LOCK).open("a")
        self._home = home
        self._lock(fcntl.LOCK_SH, f"{home}: the rows of this home are being moved at this moment.", "Try again soon.")

    def alone(self) -> None:
        """Keep everybody else out from now on.

        Raises
        ------
        ConflictError
            If another process has the home open.
        """
        self._lock(
            fcntl.LOCK_EX,
            f"move: nobody else may have {self._home} open, and a server, a worker or another command has.",
            "Stop them, on every machine, and try again.",
        )

    def end(self) -> None:
        """Let it go."""
        self._file.close()

    def _lock(self, kind: int, message: str, hint: str) -> None:
        try:
            fcntl.flock(self._file, kind | fcntl.LOCK_NB)
        except OSError as error:
            raise ConflictError(message, hint) from error
