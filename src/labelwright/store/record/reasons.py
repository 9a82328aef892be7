"""Why, as events store it: codes and figures; sentences are made when somebody reads them."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.plain import JsonObject

TEXT = "text"  # the code of a reason that an earlier version stored as a sentence


@dataclass(frozen=True)
class Reason:
    """Why, as a code and figures; `labelwright.words` makes a sentence of it."""

    code: str
    figures: JsonObject
