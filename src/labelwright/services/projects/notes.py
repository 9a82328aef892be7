"""How far imports are that run in this process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class ImportNote:
    """How far an import is; what failed stays until the next try."""

    phase: str
    done: int = 0
    total: int | None = None
    error: str | None = None
    hint: str | None = None

    def progress(self, phase: str, done: int, total: int | None) -> None:
        """Called by the import."""
        self.phase, self.done, self.total = phase, done, total


IMPORTS: dict[str, ImportNote] = {}
