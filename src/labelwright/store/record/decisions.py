"""Events about decisions of a training cycle: verdicts, looks of the guard, models of the arm, routing of work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, cast

from labelwright.errors import IntegrityError
from labelwright.plain import Json, JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected
from labelwright.store.record.entering import enter_decision
from labelwright.store.record.features import FIRST_REVISION, EncoderFitted, ItemsEncoded
from labelwright.store.record.project import FIRST_QUESTION
from labelwright.store.record.reasons import TEXT, Reason
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class RuleVerdict:
    """What a stopping rule says of the history that it saw."""

    rule: str
    stop: bool
    value: float | None
    limit: float | None
    reason: Reason


@dataclass(frozen=True)
class VerdictReached(EventBody):
    """The stopping rules judged the history of a question.

    Attributes
    ----------
    cycle : int
    question : str
    verdicts : tuple of RuleVerdict
    history : str, optional
        Digest of the table that the rules saw.
    """

    kind: ClassVar[str] = "verdict"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    cycle: int
    question: str
    verdicts: tuple[RuleVerdict, ...]
    history: str | None

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)


@dataclass(frozen=True)
class LookTaken(EventBody):
    """What a cycle found of its model for stopping rules, beside the metric.

    Attributes
    ----------
    cycle : int
    question : str
    columns : mapping of str to float, or None where it could not be had
        See `labelwright.stopping.columns`.
    reached : tuple of int
        Of a search, the items outside of the pool that rankings have come to.
    """

    kind: ClassVar[str] = "look"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    cycle: int
    question: str
    columns: dict[str, float | None]
    reached: tuple[int, ...] = ()

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)


@dataclass(frozen=True)
class GuardLooked(EventBody):
    """The guard compared chosen with random labels.

    Attributes
    ----------
    cycle : int
    question : str
    look : int
        From 1.
    n_random, n_chosen : int
        Labels of either kind.
    effect, low : float
        What random labels bring over as many chosen ones, and its lower bound.
    random_share : float
        From now on.
    reason : Reason
    """

    kind: ClassVar[str] = "guard"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    cycle: int
    question: str
    look: int
    n_random: int
    n_chosen: int
    effect: float
    low: float
    random_share: float
    reason: Reason

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)


@dataclass(frozen=True)
class ControlFitted(EventBody):
    """A model was trained on the control arm alone, and its predictions of the reserve are kept.

    Attributes
    ----------
    cycle : int
        Whose labels it was trained on.
    question : str
    name : str
        The kind of model.
    n_labels : int
        In the arm.
    arrays : mapping of str to str
        Digest of the file of predictions.
    """

    kind: ClassVar[str] = "control"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    cycle: int
    question: str
    name: str
    n_labels: int
    arrays: dict[str, str]

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)


@dataclass(frozen=True)
class AwayFrom:
    """A slice that somebody gets no more items of.

    Attributes
    ----------
    column, value : str
        Such as "domain" and "legal".
    n_right, n : int
        First answers to known items of the slice.
    bound : float
        Upper bound of the accuracy, for all people and slices together.
    """

    person: str
    column: str
    value: str
    n_right: int
    n: int
    bound: float


@dataclass(frozen=True)
class WorkRouted(EventBody):
    """Slices that people get no more items of, by what was measured; it takes the place of the decision before.

    Attributes
    ----------
    cycle : int
    question : str
    bar : float, optional
        The accuracy that the lead asks for; None where it was taken back.
    away : tuple of AwayFrom
    """

    kind: ClassVar[str] = "work-routed"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    cycle: int
    question: str
    bar: float | None
    away: tuple[AwayFrom, ...]

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)


@dataclass(frozen=True)
class Decision(EventBody):
    """What versions before 0.3 wrote for four kinds of decision: read as a type of today, never written."""

    kind: ClassVar[str] = "decision"

    @classmethod
    def read(cls, data: JsonObject, version: int) -> EventBody:  # type: ignore[override]
        """The event type of today that says the same."""
        if version > cls.body_version or data.get("decision") not in _DECISIONS_1:
            raise IntegrityError(
                f"record: there is no decision '{data.get('decision')}' of version {version}.",
                "It was written by a newer version; upgrade Labelwright.",
            )
        return _DECISIONS_1[str(data["decision"])](dict(data))


def _encoder_1(data: dict[str, Json]) -> EventBody:
    fields: dict[str, Json] = {
        "revision": FIRST_REVISION, "name": str(data["kind"]), "folder": "features", "n_items": data["n_items"],
        "arrays": data["arrays"],
    }  # fmt: skip
    return EncoderFitted.read(fields, 1)


def _features_1(data: dict[str, Json]) -> EventBody:
    fields = {key: data[key] for key in ("first", "n_items", "arrays")}
    return ItemsEncoded.read({**fields, "revision": FIRST_REVISION, "replaces": False}, 1)


def _verdict_1(data: dict[str, Json]) -> EventBody:
    verdicts: list[Json] = [
        {**one, "reason": {"code": TEXT, "figures": {"text": one["reason"]}}}
        for one in cast(list[dict[str, Json]], data["verdicts"])
    ]
    fields: dict[str, Json] = {"cycle": data["cycle"], "question": FIRST_QUESTION, "verdicts": verdicts}
    return VerdictReached.read({**fields, "history": None}, 1)


def _guard_1(data: dict[str, Json]) -> EventBody:
    fields = {key: data[key] for key in ("cycle", "look", "n_chosen", "effect", "low", "random_share")}
    reason: Json = {"code": TEXT, "figures": {"text": data["reason"]}}
    return GuardLooked.read({**fields, "question": FIRST_QUESTION, "n_random": data["n_drawn"], "reason": reason}, 1)


_DECISIONS_1 = {"fit-encoder": _encoder_1, "encode": _features_1, "verdict": _verdict_1, "guard": _guard_1}
