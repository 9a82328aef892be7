"""What names an encoder: ``tfidf``, ``st:NAME_OR_PATH``, ``openai:MODEL@URL``, ``module:function``, ``A+B``…"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from labelwright.check import complain
from labelwright.errors import InputError
from labelwright.registry import unknown

FUNCTION: Final = "function"
JOINED: Final = "joined"
REFINED: Final = "refined"
JOINT: Final = "+"
MAX_SPEC: Final = 1000
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_UNSAFE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Spec:
    """A spec string in its two parts.

    Attributes
    ----------
    family : str
        The name of a class of encoders.
    argument : str
        What stands after the colon; "" where nothing does.
    """

    family: str
    argument: str

    @property
    def text(self) -> str:
        """As a user writes it."""
        if self.family in (FUNCTION, JOINED) or not self.argument:
            return self.argument or self.family
        return f"{self.family}:{self.argument}"

    @property
    def slug(self) -> str:
        """A short name for folders and tables: the spec itself where it is a plain name.

        >>> parse("tfidf", ["tfidf"]).slug
        'tfidf'
        >>> parse("st:/models/all-MiniLM-L6-v2", ["st"]).slug
        'st-all-minilm-l6-v2-96d97b72'
        """
        if not self.argument:
            return self.family
        last = re.split(r"[/\\]", self.argument.partition("@")[0].rstrip("/\\"))[-1]
        words = _UNSAFE.sub("-", last.lower()).strip("-")[:40]
        return f"{self.family}-{words}-{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"


def parse(text: str, families: list[str]) -> Spec:
    """Read a spec string.

    Parameters
    ----------
    families : list of str
        Names of the classes of encoders there are.

    Raises
    ------
    InputError
        If it is empty, too long, or its family is unknown and it is no ``module:function``.

    Examples
    --------
    >>> parse("st:all-MiniLM-L6-v2", ["st", "tfidf"])
    Spec(family='st', argument='all-MiniLM-L6-v2')
    >>> parse("mine.features:embed", ["st", "tfidf"])
    Spec(family='function', argument='mine.features:embed')
    >>> parse("tfidf+st:all-MiniLM-L6-v2", ["st", "tfidf"]).family
    'joined'
    >>> parse("refined:tfidf+st:all-MiniLM-L6-v2", ["refined", "st", "tfidf"]).argument
    'tfidf+st:all-MiniLM-L6-v2'
    """
    text = text.strip()
    if not text or len(text) > MAX_SPEC:
        raise InputError(f"encoders: a spec must have 1 to {MAX_SPEC} characters, got {len(text)}.")
    family, colon, argument = text.partition(":")
    others = [name for name in families if name != REFINED]
    if family == REFINED and REFINED in families and argument:
        return Spec(REFINED, parse(argument, others).text)
    if JOINT in text:
        parts = [parse(part, others).text for part in text.split(JOINT)]
        return Spec(JOINED, JOINT.join(parts))
    if family == REFINED and REFINED not in families:
        raise complain("encoders", "'refined:'", "at the beginning of a spec, once", repr(text[:100]),
                       "Write refined:A+B.")  # fmt: skip
    if family in families and family not in (FUNCTION, JOINED):
        return Spec(family, argument)
    if colon and _DOTTED.fullmatch(family) and _DOTTED.fullmatch(argument):
        return Spec(FUNCTION, text)
    raise unknown("encoders", "encoder", text[:100], set(families) - {FUNCTION, JOINED}, "lw.encoders()")


def split(text: str) -> list[str]:
    """The specs of a list such as ``tfidf,st:all-MiniLM-L6-v2``, each once, in their order.

    >>> split("tfidf, st:a/b ,tfidf")
    ['tfidf', 'st:a/b']
    """
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
