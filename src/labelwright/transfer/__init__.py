"""What labels of another domain bring to this one: one method a file, and how much of the source is used."""

from __future__ import annotations

from labelwright.registry import find, plugins
from labelwright.transfer.base import Adapted, Transfer

__all__ = ["Adapted", "Transfer", "make", "names"]


def names() -> list[str]:
    """The methods there are.

    >>> names()
    ['augment', 'coral', 'label-shift', 'linear-ot', 'pooled', 'ridge', 'weights']
    """
    return list(plugins(__name__, Transfer))


def make(name: str) -> Transfer:
    """Build a method with its own parameters; `InputError` if there is no such name.

    >>> make("coral").name
    'coral'
    """
    return find(__name__, Transfer, name)()
