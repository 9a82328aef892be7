"""Bodies of the routes by which a lead selects items."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.projects.item_schemas import Shown

Items = Annotated[list[Annotated[str, Field(max_length=400)]], Field(max_length=50_000)]


class SliceFilter(Body):
    """What the items of a slice have in common; all that is named holds."""

    show: Shown = "all"
    question: str | None = Field(None, max_length=40)
    label: str | None = Field(None, max_length=64, description="A label's id.")
    search: str | None = Field(None, max_length=200)
    column: Literal["domain", "source", "group", "licence", "consent"] | None = None
    value: str | None = Field(None, max_length=400)


class NewSlice(Body):
    """A name for the items that a filter finds, or for those that are listed."""

    name: str = Field(max_length=200)
    filter: SliceFilter | None = None
    items: Items = []


class FilterView(View):
    """What the items of a slice have in common."""

    show: str
    question: str | None
    label: str | None
    search: str | None
    column: str | None
    value: str | None


class Slice(View):
    """A part of the items with a name."""

    id: str
    name: str
    filter: FilterView | None = Field(description="Null: its items were named one by one.")
    items: int
    by: str
    at: str


class SliceList(View):
    """All slices, by name."""

    items: list[Slice]


class NewPins(Body):
    """Items to be asked first, in this order."""

    items: Annotated[Items, Field(min_length=1)]
    reason: str = Field("", max_length=4000)


class NoPins(Body):
    """Items to be asked in their order again; all that are pinned where none are named."""

    items: Items = []


class Pinned(View):
    """How many items were pinned or let go, and how many of those named were left out."""

    changed: int
    left_out: int = Field(description="Reserve items, which are sampled at random, and excluded ones.")


class Pin(View):
    """One item that is asked first."""

    item_id: str
    key: str
    preview: str
    kind: str
    by: str


class PinList(View):
    """The next items that are asked first."""

    items: list[Pin]
    count: int


class ReasonPart(View):
    """One part of a score."""

    name: str
    value: float
    text: str


class BatchItem(View):
    """One item of the batch."""

    position: int
    kind: str
    item_id: str
    key: str
    preview: str
    prediction: str | None
    confidence: float | None
    why: str
    reasons: list[ReasonPart]


class BatchShare(View):
    """How many items of the batch have a value, and which share of all items has it."""

    value: str
    n: int
    of_pool: float | None
    rule: str | None = Field(description="What the policy asks of the value, such as at-least 30%.")


class Mix(View):
    """The batch by prediction, column or slice."""

    by: str
    values: list[BatchShare]


class Batch(View):
    """The next chosen items."""

    ranking: str | None
    strategy: str
    must_be_approved: bool
    approved: int
    items: list[BatchItem]
    mix: list[Mix]
    seconds: float | None
    cost: float | None
    dial: float | None = Field(description="Candidates for each pick; null where another strategy chooses.")


class Approval(Body):
    """Items of a batch that may be asked, in this order, and those that were left out."""

    ranking: str = Field(max_length=40)
    items: Annotated[list[Annotated[str, Field(max_length=400)]], Field(min_length=1, max_length=500)]
    dropped: Annotated[list[Annotated[str, Field(max_length=400)]], Field(max_length=500)] = []


class ApprovalRule(Body):
    """Whether chosen items wait until a lead has let them pass."""

    required: bool


class Dial(Body):
    """How many doubtful candidates there are for each item that is asked; 1 is doubt alone."""

    candidates: float = Field(ge=1, le=1000)
