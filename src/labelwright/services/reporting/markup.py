"""HTML written by functions: text is escaped unless it is markup already."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

VOID = ("meta", "br")


class Markup(str):
    """Text that is HTML already; only `tag` and `joined` make it."""

    __slots__ = ()


def tag(name: str, /, *children: str | None, **attributes: str | float) -> Markup:
    """An element; an underscore in the name of an attribute stands for a hyphen, one at its end for nothing.

    Parameters
    ----------
    name : str
    *children : str or None
        Markup as it is, other text escaped; None is left out.
    **attributes : str or float

    Examples
    --------
    >>> tag("p", "1 < 2", class_="note")
    '<p class="note">1 &lt; 2</p>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"' for key, value in attributes.items()
    )
    inner = joined(child for child in children if child is not None)
    return Markup(f"<{name}{given}>" if name in VOID and not inner else f"<{name}{given}>{inner}</{name}>")


def joined(parts: Iterable[str]) -> Markup:
    """Parts one after the other: markup as it is, other text escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
