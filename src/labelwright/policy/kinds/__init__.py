"""Kinds of slot, one file each: why an item is asked. `get` finds a kind by its name, `by_code` by its code."""

from __future__ import annotations

from functools import cache

from labelwright.check import complain
from labelwright.policy.kinds.base import Color, SlotKind
from labelwright.policy.kinds.chosen import Chosen
from labelwright.registry import find, plugins

__all__ = ["Color", "SlotKind", "all", "by_code", "chosen", "get"]


@cache
def get(name: str) -> SlotKind:
    """The kind of that name; `InputError` if there is none.

    >>> get("reserve").in_grid, get("chosen").code
    (False, 0)
    """
    return find(__name__, SlotKind, name)()


def by_code(code: int) -> SlotKind:
    """The kind of that code; `InputError` if there is none.

    >>> by_code(3).name
    'gold'
    """
    for kind in all():
        if kind.code == code:
            return kind
    raise complain("kinds", "code", f"one of {', '.join(str(kind.code) for kind in all())}", code)


def all() -> tuple[SlotKind, ...]:
    """Every kind of slot, in the order of their codes.

    >>> [kind.name for kind in all()]
    ['chosen', 'random', 'reserve', 'gold', 'repeat', 'relabel', 'pinned', 'arm_a', 'arm_b']
    """
    return tuple(sorted((get(name) for name in plugins(__name__, SlotKind)), key=lambda kind: kind.code))


@cache
def chosen() -> tuple[str, ...]:
    """Names of the kinds whose items a strategy chose.

    >>> chosen()
    ('chosen', 'arm_a', 'arm_b')
    """
    return tuple(kind.name for kind in all() if isinstance(kind, Chosen))
