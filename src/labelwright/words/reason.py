"""Reasons, and the sentences made of them."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from labelwright.errors import InputError
from labelwright.words.parts import PARTS
from labelwright.words.templates import TEMPLATES, TEXT

Figure = int | float | str | bool | None

AND: Final = "+"  # between the codes of reasons that belong together


@dataclass(frozen=True)
class Reason:
    """Why something was done, as plain JSON: a code and the figures of its sentence.

    Parameters
    ----------
    code : str
        One of `codes`, or several of them joined by "+"; "" for no reason. A code of a plugin's own is allowed, and
        prints as its name and figures.
    figures : mapping of str to int, float, str, bool or None
        NaN and infinity become None, because JSON has neither.

    Raises
    ------
    InputError
        If a figure is anything else.

    Examples
    --------
    >>> print(Reason("labels-spent", {"spent": 100, "limit": 100}))
    100 of 100 labels are spent.
    >>> print(Reason("text", {"text": "Said so by an earlier version."}))
    Said so by an earlier version.
    """

    code: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for name, value in self.figures.items():
            if value is not None and type(value) not in (int, float, str, bool):
                raise InputError(
                    f"Reason: the figure '{name}' of '{self.code}' must be plain JSON, got {type(value).__name__}."
                )
        figures = {name: None if _is_unbounded(value) else value for name, value in self.figures.items()}
        object.__setattr__(self, "figures", figures)

    def __bool__(self) -> bool:
        return bool(self.code)

    def __str__(self) -> str:
        return in_words(self)


NO_REASON: Final = Reason()


def text(sentence: str) -> Reason:
    """A reason that is a sentence already, for plugins and for what earlier versions stored.

    >>> str(text("The sky is blue."))
    'The sky is blue.'
    """
    return Reason(TEXT, {TEXT: sentence})


def join(*reasons: Reason) -> Reason:
    """Reasons that belong together as one: codes are joined by "+", figures are put together.

    Where two of them give one figure different values, the result is their sentences as a text.

    Examples
    --------
    >>> join(Reason("seed"), Reason(), Reason("in-a-row", {"row": 1, "looks": 3})).code
    'seed+in-a-row'
    """
    given = [reason for reason in reasons if reason]
    figures: dict[str, Figure] = {}
    for reason in given:
        for name, value in reason.figures.items():
            if figures.setdefault(name, value) != value:
                return text(" ".join(map(in_words, given)))
    return Reason(AND.join(reason.code for reason in given), figures)


def counted(n: int, noun: str) -> str:
    """A number with its noun in the singular or the plural.

    >>> counted(1, "item"), counted(1200, "label")
    ('1 item', '1,200 labels')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def in_words(reason: Reason) -> str:
    """The sentence, or sentences, of a reason; "" for no reason.

    A code that is not in the table, or one whose figures are not those of its template (stored by another version),
    prints as the code and its figures.

    Examples
    --------
    >>> in_words(Reason("target-too-few", {"n_reserve": 1, "min_reserve": 30}))
    'Too few to judge: 1 of 30 reserve labels.'
    >>> in_words(Reason("eclipse", {"at": "noon"}))
    'Eclipse (at noon).'
    """
    return " ".join(_sentence(code, reason.figures) for code in reason.code.split(AND) if code)


def of_part(name: str, value: float) -> str:
    """One part of a score, for somebody who never heard of it.

    >>> of_part("margin", -0.04)
    'The two likeliest labels are 4 points apart.'
    >>> of_part("my-own", 0.25)
    'My own: 0.25.'
    """
    template = PARTS.get(name)
    if template is None:
        return f"{_spoken(name)}: {value:.3g}."
    return _FORMATTER.format(template, value=value, size=abs(value), rest=1 - value, points=100 * abs(value))


def codes() -> tuple[str, ...]:
    """Every code that has a template, sorted.

    >>> "labels-spent" in codes()
    True
    """
    return tuple(sorted(TEMPLATES))


def figures_of(code: str) -> tuple[str, ...]:
    """Names of the figures that a code's template prints, in their order; empty for an unknown code.

    >>> figures_of("labels-spent")
    ('spent', 'limit')
    """
    names = [name for _, name, _, _ in string.Formatter().parse(TEMPLATES.get(code, "")) if name]
    return tuple(dict.fromkeys(names))


class _Formatter(string.Formatter):
    """Format strings that can count, and that can print a figure that is not known."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        if format_spec.startswith("count "):
            noun = format_spec.removeprefix("count ")
            return f"{value} {noun}" if value == 1 else f"{'unknown' if value is None else value} {noun}s"
        if format_spec == "capital":
            return str(value)[:1].upper() + str(value)[1:]
        return "unknown" if value is None else super().format_field(value, format_spec)


_FORMATTER = _Formatter()


def _sentence(code: str, figures: Mapping[str, Figure]) -> str:
    try:
        return _FORMATTER.vformat(TEMPLATES[code], (), figures)
    except (KeyError, ValueError, TypeError):
        listed = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
        return f"{_spoken(code)} ({listed})." if listed else f"{_spoken(code)}."


def _spoken(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def _is_unbounded(value: Figure) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
