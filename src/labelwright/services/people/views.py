"""A person as others see them."""

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
