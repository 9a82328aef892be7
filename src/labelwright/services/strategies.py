"""What there is to choose items by."""

from __future__ import annotations

from inspect import getdoc
from typing import Any

from labelwright.registry import room
from labelwright.strategies import Strategy

DEFAULT = "auto"


def listing() -> dict[str, Any]:
    """All strategies, the default first, each with its idea in a sentence.

    >>> listing()["items"][0]["name"]
    'auto'
    """
    kinds = room("labelwright.strategies", Strategy)
    items = [
        {"name": name, "family": kind.family, "tasks": list(kind.tasks), "idea": (getdoc(kind) or "").split("\n\n")[0]}
        for name, kind in kinds.items()
    ]
    return {"items": sorted(items, key=lambda item: (item["name"] != DEFAULT, item["family"], item["name"]))}
