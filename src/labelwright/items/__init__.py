"""What an item is: decode a row, hash it, show it, compare it. Bytes and rows in, no files."""

from __future__ import annotations

from labelwright.items.base import Content, ItemKind
from labelwright.registry import find, plugins

__all__ = ["Content", "ItemKind", "make", "names"]


def make(name: str) -> ItemKind:
    """The item kind of that name: text, image or table.

    >>> make("text").name
    'text'
    """
    return find("labelwright.items", ItemKind, name)()


def names() -> list[str]:
    """The item kinds there are.

    >>> names()
    ['image', 'table', 'text']
    """
    return list(plugins("labelwright.items", ItemKind))
