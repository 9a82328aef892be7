"""Bodies of the routes of the map."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.projects.item_schemas import ItemSummary

MAX_ORDINAL = 2**53


class MapLayer(View):
    """How far one projection is made."""

    name: str = Field(description="`pca` or `neighbour`.")
    n_placed: int
    done: bool
    method: str | None = Field(description="What embedded the sample, such as openTSNE.")
    n_sampled: int | None = Field(description="Items that were embedded; the rest is placed by its neighbours.")


class MapState(View):
    """What there is to be drawn."""

    n_items: int
    n_encoded: int = Field(description="Items that have features.")
    share: float = Field(description="How much of the work on the map is done, from 0 to 1.")
    projections: list[MapLayer]
    colours: list[str] = Field(description="What points can be coloured by, for the caller.")


class MapEntry(View):
    """One value, and how many items have it."""

    name: str | None = Field(description="Null: all values that have no entry of their own.")
    n: int


class Points(Body):
    """Points of the map, as ordinals of items."""

    ordinals: list[Annotated[int, Field(ge=0, le=MAX_ORDINAL)]] = Field(min_length=1, max_length=200_000)


class SelectedPoints(View):
    """What is in a selection."""

    n: int
    n_answered: int = Field(description="Items that somebody has answered.")
    labels: list[MapEntry]
    clusters: list[MapEntry]
    items: list[ItemSummary] = Field(description="The first hundred.")


class Likeness(Body):
    """What others shall be like: a text, or an item."""

    text: str | None = Field(default=None, min_length=1, max_length=20_000)
    item: str | None = Field(default=None, max_length=20, description="An item's id.")
    n: int = Field(default=50, ge=1, le=200)


class Near(View):
    """An item that is like the example."""

    ordinal: int
    distance: float = Field(description="In the features, at least 0.")
    item: ItemSummary


class Nearest(View):
    """The items that are most like the example, the nearest first."""

    items: list[Near]


class MapMatches(View):
    """Items that hold the words that were searched for."""

    ordinals: list[int]
    complete: bool = Field(description="Whether all items were searched.")
