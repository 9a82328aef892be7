"""Logs as JSON lines: ids only, never what an item or an answer says."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

_PLAIN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the ids given as extras.

    Of an error it has the type and the place, never the message: a database quotes what it was to store.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Format one record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {k: v for k, v in vars(record).items() if k not in _PLAIN and v is not None}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["frames"] = _frames(record.exc_info[2])
        return json.dumps(line, default=str)


def _frames(traceback: TracebackType | None) -> list[str]:
    """The innermost functions of this package that the error came through."""
    frames = extract_tb(traceback)
    own = [frame for frame in frames if "labelwright" in Path(frame.filename).parts]
    return [f"{frame.name} ({Path(frame.filename).name}:{frame.lineno})" for frame in (own or frames)[-3:]]


def set_up(level: str, path: str | None = None) -> None:
    """Log to standard error, or to a file."""
    handler: logging.Handler = logging.FileHandler(path) if path else logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger("labelwright")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False
