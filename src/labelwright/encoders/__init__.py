"""Encoders turn items into features, one file each; `default` names the one for a kind of item."""

from __future__ import annotations

from labelwright.check import complain
from labelwright.encoders.base import Encoder, Features
from labelwright.registry import find, plugins

__all__ = ["Encoder", "Features", "default", "load", "make", "names"]


def names() -> list[str]:
    """The encoders there are.

    >>> names()
    ['columns', 'pixels', 'tfidf']
    """
    return list(plugins(__name__, Encoder))


def make(name: str) -> Encoder:
    """An encoder that is not fitted yet; `InputError` if there is no such name."""
    return find(__name__, Encoder, name)()


def load(name: str, data: bytes) -> Encoder:
    """The fitted encoder that was dumped."""
    return find(__name__, Encoder, name).load(data)


def default(item_kind: str) -> str:
    """The encoder for a kind of item, where the project names none.

    Raises
    ------
    InputError
        If no encoder reads such items.

    Examples
    --------
    >>> default("text")
    'tfidf'
    """
    encoders = plugins(__name__, Encoder)
    readers = [name for name, encoder in encoders.items() if item_kind in encoder.items]
    readers.sort(key=lambda name: item_kind not in encoders[name].default_for)
    if not readers:
        known = ", ".join(sorted({kind for encoder in encoders.values() for kind in encoder.items}))
        raise complain("encoders", "the kind of item", f"one of {known}", repr(item_kind), "Install an encoder for it.")
    return readers[0]
