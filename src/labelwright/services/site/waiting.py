"""Figures that are read from the store of files: while it is away the page goes without them and says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from labelwright.errors import UnavailableError
from labelwright.store.project import ProjectStore
from labelwright.words import Reason

T = TypeVar("T")


class Waiting:
    """What a page waits for.

    Parameters
    ----------
    store : ProjectStore
    """

    def __init__(self, store: ProjectStore) -> None:
        self._store, self._waits = store, False

    def read(self, make: Callable[[], list[T]]) -> list[T]:
        """What ``make`` gives, nothing while the store is away."""
        try:
            return make()
        except UnavailableError:
            self._waits = True
            return []

    def reasons(self) -> list[Reason]:
        """What to say of it; nothing where all could be read."""
        return [Reason("files-away", {"store": self._store.files_url or ""})] if self._waits else []
