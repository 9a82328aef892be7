"""The steps of a cycle, one file each; they are found here and ordered by what each says it follows."""

from __future__ import annotations

from functools import cache

from labelwright.engine.steps.base import Hold, Step, TakenOverError
from labelwright.errors import IntegrityError
from labelwright.registry import plugins

__all__ = ["Hold", "Step", "TakenOverError", "steps"]


@cache
def steps() -> tuple[Step, ...]:
    """All steps in the order in which they run.

    >>> [step.name for step in steps()][:3]
    ['freeze', 'encode', 'resolve']
    """
    left = [kind() for kind in plugins(__name__, Step).values()]
    ordered: list[Step] = []
    while left:
        last = {"", *(step.name for step in ordered)}
        ready = [step for step in left if step.after in last and set(step.inputs) <= last | {"inputs"}]
        if not ready:
            raise IntegrityError(f"steps: '{left[0].name}' follows or reads a step that is not there.")
        for step in ready:
            ordered.append(step)
            left.remove(step)
    return tuple(ordered)
