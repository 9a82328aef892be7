"""People as others see them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """An account: who it is, and what it may do."""

    id: str
    email: str
    name: str
    role: str
    simulated: bool
    active: bool


@dataclass(frozen=True)
class Invited:
    """An account, the one-time link to send to its owner, and until when that works."""

    user: Person
    link: str
    expires_at: str


@dataclass(frozen=True)
class ProjectGiven:
    """A project with the role that somebody was given in it."""

    slug: str
    role: str
