"""Encoders turn items into features, one file each; `default` names the one for a kind of item.

The package itself can be called: ``labelwright.encoders()`` lists the encoders there are.
"""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import TYPE_CHECKING

from labelwright.check import complain
from labelwright.encoders.base import Encoder, Features
from labelwright.encoders.spec import JOINT, REFINED, Spec, parse, split
from labelwright.errors import ForbiddenError
from labelwright.registry import find, plugins

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Encoder", "Features", "Spec", "base_of", "check_fits", "checked", "default", "is_default", "is_safe", "load",
    "make", "names", "parts", "slug", "spec_of", "split",
]  # fmt: skip

MOST = 8  # encoders that a project may try


def names() -> list[str]:
    """The encoders there are.

    >>> names()[:4]
    ['columns', 'function', 'given', 'hog']
    """
    return list(plugins(__name__, Encoder))


def spec_of(text: str) -> Spec:
    """A spec string in its parts; `InputError` if there is no such encoder."""
    return parse(text, names())


def slug(text: str) -> str:
    """What names an encoder in tables and folders.

    >>> slug("tfidf")
    'tfidf'
    """
    return spec_of(text).slug


def is_default(text: str) -> bool:
    """Whether a kind of item has this encoder where the project names none.

    >>> is_default("tfidf"), is_default("hog")
    (True, False)
    """
    return bool(find(__name__, Encoder, spec_of(text).family).default_for)


def make(text: str) -> Encoder:
    """An encoder that is not fitted yet.

    Raises
    ------
    InputError
        If there is no such encoder, or its argument is missing.

    Examples
    --------
    >>> make("tfidf").name
    'tfidf'
    """
    spec = spec_of(text)
    encoder = find(__name__, Encoder, spec.family)
    return encoder(spec.argument) if spec.argument else encoder()


def check_fits(text: str, item_kind: str) -> Encoder:
    """An encoder that can read such items.

    Raises
    ------
    InputError
        If it cannot, a package that it needs is missing, or its weights are.
    """
    encoder = make(text)
    encoder.check_there(item_kind)
    return encoder


def checked(text: str, item_kind: str, *, embedded: bool) -> list[str]:
    """The specs of a list with commas, if all of them can be used here.

    Parameters
    ----------
    embedded : bool
        Whether embeddings came with the items.

    Raises
    ------
    InputError
        If there is none or more than eight, one is unknown, cannot read such items, or misses packages or weights.

    Examples
    --------
    >>> checked("tfidf, tfidf", "text", embedded=False)
    ['tfidf']
    """
    wanted = split(text)
    if not 1 <= len(wanted) <= MOST:
        raise complain("encoders", "a list of them", f"of 1 to {MOST}", len(wanted))
    for spec in wanted:
        if check_fits(spec, item_kind).comes_with_items and not embedded:
            cure = "Name their column when the project is made: --embedding COLUMN."
            raise complain("encoders", f"the items, for '{spec}'", "given with embeddings", "none", cure)
    return wanted


def base_of(text: str) -> str | None:
    """The spec of the encoder whose features a spec refines; None where it refines none.

    >>> base_of("refined:tfidf + wordllama"), base_of("tfidf")
    ('tfidf+wordllama', None)
    """
    spec = spec_of(text)
    return spec.argument if spec.family == REFINED else None


def parts(text: str) -> list[Spec]:
    """The specs that a spec joins, or refines; itself alone where it does neither.

    >>> [part.text for part in parts("tfidf + wordllama")], [part.text for part in parts("refined:tfidf")]
    (['tfidf', 'wordllama'], ['tfidf'])
    """
    return [spec_of(part) for part in (base_of(text) or spec_of(text).text).split(JOINT)]


def is_safe(text: str) -> bool:
    """Whether a spec runs no code and reaches no host that it names.

    >>> is_safe("tfidf+wordllama"), is_safe("tfidf+json:dumps")
    (True, False)
    """
    return all(find(__name__, Encoder, part.family).is_safe for part in parts(text))


def load(name: str, data: bytes, *, trusted: bool = True) -> Encoder:
    """The fitted encoder that was dumped.

    Parameters
    ----------
    trusted : bool
        Whether it comes from where only this installation writes. Elsewhere, an encoder that runs code of a name of its
        own, or sends items to an address, is refused.

    Raises
    ------
    ForbiddenError
        See ``trusted``.
    """
    if data.startswith(b"{"):  # of pre-trained ones the spec is in what is stored
        name = str(json.loads(data)["spec"])
    encoder = find(__name__, Encoder, spec_of(name).family)
    if not (trusted or is_safe(name)):
        raise ForbiddenError(
            f"encoders: the file wants the encoder '{name}', which runs code or sends items elsewhere.",
            "Make the features yourself with lw.encode, if you trust it.",
        )
    return encoder.load(data)


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
    able = {name: encoder for name, encoder in encoders.items() if not (encoder.takes or encoder.comes_with_items)}
    readers = [name for name, encoder in able.items() if item_kind in encoder.items]
    readers.sort(key=lambda name: (item_kind not in encoders[name].default_for, bool(encoders[name].packages)))
    if not readers:
        known = ", ".join(sorted({kind for encoder in encoders.values() for kind in encoder.items}))
        raise complain("encoders", "the kind of item", f"one of {known}", repr(item_kind), "Install an encoder for it.")
    return readers[0]


class _Callable(ModuleType):
    """The package, callable so that ``labelwright.encoders()`` lists the encoders."""

    def __call__(self) -> pd.DataFrame:
        """See `labelwright.encoders.catalogue.table`."""
        from labelwright.encoders.catalogue import table

        return table()


sys.modules[__name__].__class__ = _Callable
