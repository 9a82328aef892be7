"""Events of the site's own chain about its projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store.record.base import EventBody


@dataclass(frozen=True)
class ProjectDeleted(EventBody):
    """A project was taken away from everybody's sight; its files are kept.

    Attributes
    ----------
    project_id : str
        The project's id.
    """

    kind: ClassVar[str] = "project.deleted"

    project_id: str


@dataclass(frozen=True)
class ProjectRestored(EventBody):
    """A deleted project is there again."""

    kind: ClassVar[str] = "project.restored"

    project_id: str


@dataclass(frozen=True)
class ProjectRemoved(EventBody):
    """A deleted project was removed for good, with its record and its files."""

    kind: ClassVar[str] = "project.removed"

    project_id: str
    slug: str


@dataclass(frozen=True)
class KeyRotated(EventBody):
    """Another key signs from now on.

    Attributes
    ----------
    old, new : str
        Public keys, in hex digits.
    vouched : bool
        Whether the old key signed the transition; false where it was lost.
    """

    kind: ClassVar[str] = "key.rotated"

    old: str
    new: str
    vouched: bool
