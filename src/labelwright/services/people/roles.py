"""Who may do what: one table, read by the server, the command line and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ANYONE: Final = "anyone"  # signed in or not
SELF: Final = "self"  # signed in; concerns the caller alone

_READ = {"project.list", "project.read"}
_WATCH = {"progress.read", "item.read", "event.read", "export"}

ROLES: Final[dict[str, frozenset[str]]] = {
    "admin": frozenset(
        _READ | _WATCH | {"label", "project.create", "project.manage", "label.add", "upload", "user.manage"}
    ),
    "lead": frozenset(_READ | _WATCH | {"label", "project.create", "project.manage", "label.add", "upload"}),
    "annotator": frozenset(_READ | {"label", "label.add"}),
    "reviewer": frozenset(_READ | {"label", "label.add", "progress.read", "item.read"}),
    "auditor": frozenset(_READ | _WATCH),
}


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with a role; the machine itself acts as ``SYSTEM``."""

    person_id: str
    role: str
    name: str = ""

    def may(self, permission: str) -> bool:
        """Whether the role table allows it."""
        return permission == SELF or permission in ROLES.get(self.role, frozenset())


SYSTEM: Final = Actor(person_id="system", role="admin", name="Labelwright")
