"""Bodies of the routes about searches."""

from __future__ import annotations

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.stopping.schemas import RuleView


class Share(View):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


class Blind(View):
    """The blind sample, which no model learns from."""

    n: int
    n_labeled: int
    positives: int
    reached: int = Field(description="Relevant ones that the ranking has come to.")
    least: int = Field(description="Relevant ones that can certify the goal at least.")
    needed: int | None = Field(description="How many must be reached; null while there are too few.")
    left: int = Field(description="Items of it that nobody has looked at: while there are some, nothing is certified.")
    certified: bool


class Rest(View):
    """The last random sample of what was not reviewed."""

    n: int
    n_labeled: int
    positives: int
    missed_high: int | None = Field(description="At most so many relevant items were left out (95 %).")
    recall_low: float | None
    n_samples: int


class SearchLook(View):
    """One look: reviewed and found in the pool."""

    cycle: int
    n_seen: int
    n_found: int


class Signature(View):
    """Who signed which report."""

    at: str
    by: str
    report: str = Field(description="Digest (SHA-256) of the report.")
    statement: str


class Search(View):
    """Where a search stands."""

    positive: str
    goal: float
    n_items: int
    n_seen: int
    n_found: int
    prevalence: Share | None
    relevant: Share | None = Field(description="Relevant items in all, as the blind sample tells.")
    recall: Share | None = Field(description="Found by the ranking, as the blind sample tells.")
    blind: Blind
    rest: Rest
    rules: list[RuleView]
    looks: list[SearchLook]
    blind_seconds: float
    seconds: float
    work_saved: float | None = Field(description="WSS at the recall estimated; the blind sample is not counted.")
    signatures: list[Signature]
    at: str | None


class NewSample(Body):
    """A random sample of what was not reviewed."""

    n: int = Field(ge=1, le=100_000)


class NewSignature(Body):
    """A statement under the report."""

    statement: str = Field(min_length=1, max_length=4000)


class Report(View):
    """The report as Markdown."""

    markdown: str
    digest: str
