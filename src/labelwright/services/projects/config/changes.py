"""Changes that a project file means for a project: what differs, what it does, and the act that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from labelwright.plain import Json, JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.site import Site

Act = Callable[[Site, Actor, str], object]
NOTHING = "none"
AT_CREATION = "It is fixed when a project is created: make another project from the file."


@dataclass(frozen=True)
class Difference:
    """One thing that the file says otherwise than the project.

    Attributes
    ----------
    table, key : str
        Where it stands in the file, such as "[policy]" and "strategy".
    before, after : str
        In the project and in the file, in words; "none" where there is nothing.
    effect : str
        What the change does, or why it is not possible.
    possible : bool
    """

    table: str
    key: str
    before: str
    after: str
    effect: str
    possible: bool = True


@dataclass(frozen=True)
class Change:
    """Differences that one act makes go away.

    Attributes
    ----------
    differences : tuple of Difference
    act : callable, optional
        Called with the site, the actor and the project's name; None where nothing can or need be done.
    """

    differences: tuple[Difference, ...]
    act: Act | None = None


def differing(
    where: str, before: Mapping[str, Json], after: Mapping[str, Json], effects: Mapping[str, str], other: str,
    keys: Iterable[str],
) -> tuple[Difference, ...]:  # fmt: skip
    """The keys of a table that differ, each with what it does.

    Parameters
    ----------
    effects : mapping of str to str
        By key; ``other`` for keys that are not among them.

    Examples
    --------
    >>> [one.key for one in differing("[goal]", {"value": 0.9}, {"value": 0.95}, {}, "It is judged anew.", ["value"])]
    ['value']
    """
    return tuple(
        Difference(where, key, in_words(before.get(key)), in_words(after.get(key)), effects.get(key, other))
        for key in keys
        if before.get(key) != after.get(key)
    )


def impossible(where: str, before: JsonObject, after: JsonObject, keys: Iterable[str], why: str) -> Change:
    """Keys that cannot be changed and that the file mentions with another value."""
    found = [key for key in keys if key in after and before.get(key) != after[key]]
    return Change(
        tuple(Difference(where, key, in_words(before.get(key)), in_words(after[key]), why, False) for key in found)
    )


def in_words(value: Json) -> str:
    """A value for people to read.

    >>> in_words(True), in_words(0.25), in_words(["a", "b"]), in_words({"n": 2}), in_words(None)
    ('yes', '0.25', 'a, b', 'n = 2', 'none')
    """
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return ("; " if any(isinstance(one, dict) for one in value) else ", ").join(in_words(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} = {in_words(one)}" for key, one in value.items() if one is not None)
    return str(value)
