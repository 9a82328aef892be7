"""Resolvers, which make one label of several people's answers; `make` builds one by name."""

from __future__ import annotations

from labelwright.annotators.base import DECIDED, Answers, Params, Resolver, Voice, resolve
from labelwright.registry import find, plugins

__all__ = ["DECIDED", "Answers", "Params", "Resolver", "Voice", "make", "names", "resolve"]


def names() -> list[str]:
    """The resolvers there are, sorted.

    >>> names()
    ['auto-1', 'crowdlab', 'dawid-skene', 'mace', 'majority', 'one-coin']
    """
    return list(plugins(__name__, Resolver))


def make(name: str) -> Resolver:
    """Build a resolver; `InputError` if there is no such name."""
    return find(__name__, Resolver, name)()
