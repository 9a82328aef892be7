"""The rules of a project by which answers are checked and reviewed, and what a lead says of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from labelwright.check import check_between, check_count, check_one_of
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.rows import Rows

NONE, SAMPLE, ALL = "none", "sample", "all"
REVIEWS: Final = (NONE, SAMPLE, ALL)


@dataclass(frozen=True)
class QualityRules:
    """How answers are checked and reviewed.

    Parameters
    ----------
    review : str
        Which labels get a second look besides conflicts: "none", a random "sample", or "all".
    review_share : float
        Of the sample, in (0, 1].
    conflicts : bool
        Whether disagreement opens a review by itself.
    strict : bool
        Whether every change of a label needs a second person's approval with a reason.
    feedback : bool
        Whether people see the right answer after they answered an item whose answer is known.
    ask_back : bool
        Whether people are asked "are you sure?" where a confident model differs, after their answer is stored.
    show_source : bool
        Whether people see the nearest labeled item of another domain after their answer is stored.
    pace_warning : bool
        Whether people are told that they answer much faster than they usually do.
    experts_relabel : bool
        Whether only experts are asked for second looks.
    route_below : float, optional
        Accuracy on known answers, in (0, 1): whoever is surely below it in a domain, source or group gets no more of
        its items.
    training : str, optional
        The session that a person has to pass before real work.
    remind_rounds : int
        Rounds after which the lead is asked to look at how items are chosen, in [0, 1000]; 0 for never.
    """

    review: str = NONE
    review_share: float = 0.1
    conflicts: bool = True
    strict: bool = False
    feedback: bool = False
    ask_back: bool = False
    show_source: bool = False
    pace_warning: bool = True
    experts_relabel: bool = False
    route_below: float | None = None
    training: str | None = None
    remind_rounds: int = 5

    def __post_init__(self) -> None:
        check_one_of("quality", "review", self.review, REVIEWS)
        check_count("quality", "remind_rounds", self.remind_rounds, 0, 1000)
        check_between("quality", "review_share", self.review_share, 0, 1)
        if self.route_below is not None:
            check_between("quality", "route_below", self.route_below, 0, 1)

    @classmethod
    def from_config(cls, config: JsonObject) -> QualityRules:
        """As a project's configuration has them."""
        stored: Any = config.get("quality") or {}
        known = {f.name for f in fields(cls)}
        return cls(**{key: value for key, value in stored.items() if key in known})

    def to_config(self) -> JsonObject:
        """As plain JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Profile:
    """What a lead says of a person.

    Parameters
    ----------
    rate : float, optional
        Cost of an hour, in the currency of the project.
    expert : bool
        Whether hard items go to this person.
    only : mapping of str to tuple of str
        By column ("domain", "source" or "group"), the values of the items that the person may get; all where empty.
    most_per_day : int, optional
        Items a day at most.
    skills : mapping of str to float
        By label id, how good the person is said to be, in [0, 1]; what is measured stands beside it.
    paused : bool
        Whether the person gets no work for now.
    excused : bool
        Whether the person works without having passed the training.
    """

    rate: float | None = None
    expert: bool = False
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    most_per_day: int | None = None
    skills: Mapping[str, float] = field(default_factory=dict)
    paused: bool = False
    excused: bool = False

    def __post_init__(self) -> None:
        if self.rate is not None:
            check_between("profile", "rate", self.rate, 0, 1e6)
        if self.most_per_day is not None:
            check_count("profile", "most_per_day", self.most_per_day)
        for label, skill in self.skills.items():
            check_between("profile", f"skill at {label}", skill, 0, 1)

    @classmethod
    def read(cls, stored: JsonObject) -> Profile:
        """As it was stored."""
        values: Any = dict(stored)
        values["only"] = {column: tuple(some) for column, some in values.get("only", {}).items()}
        return cls(**values)

    def to_json(self) -> JsonObject:
        """As plain JSON."""
        return {**asdict(self), "only": {column: list(values) for column, values in self.only.items()}}


def profile(rows: Rows, person_id: str) -> Profile:
    """What the lead says of somebody; nothing by default."""
    table = t.annotator
    stored = rows.scalar(rows.select(table.c.profile).where(table.c.person_id == person_id))
    return Profile() if stored is None else Profile.read(stored)


def profiles(rows: Rows) -> dict[str, Profile]:
    """What the lead says of everybody."""
    return {row.person_id: Profile.read(row.profile) for row in rows.all(rows.select(t.annotator))}
