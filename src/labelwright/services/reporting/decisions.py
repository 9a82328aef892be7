"""What was decided in a project, by people and by the machine, in sentences without names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from labelwright.engine import forks
from labelwright.engine.goals import Goal
from labelwright.engine.project import Project
from labelwright.engine.reasons import reason_of
from labelwright.plain import JsonObject
from labelwright.policy import Policy
from labelwright.services.steering.fork_views import arm_in_words, outcome_in_words
from labelwright.services.steering.round_settings import Setting, beside
from labelwright.services.steering.source import origin
from labelwright.store import record
from labelwright.store.project import ProjectStore
from labelwright.store.record.base import EventBody
from labelwright.store.record.certificates import CertificateOpened, CertificationAsked
from labelwright.store.record.decisions import GuardLooked, VerdictReached
from labelwright.store.record.erasing import ItemsErased
from labelwright.store.record.features import EncodersCompared, EncodersNamed
from labelwright.store.record.forks import ForkEnded, ForkStarted
from labelwright.store.record.imports import ItemsImported
from labelwright.store.record.label_changes import LabelsChanged
from labelwright.store.record.project import (
    GoalChanged,
    GuidelineWritten,
    PolicyChanged,
    ProjectCreated,
    ProjectStateChanged,
)
from labelwright.store.record.rounds import DesignReviewed
from labelwright.store.record.transfer import TransferChosen
from labelwright.store.record.versions import ModelChosen
from labelwright.store.rows import Rows
from labelwright.tasks.changed import WAS
from labelwright.words import Figure, Reason, in_words

MACHINE: Final = "system"
KINDS: Final = (
    ProjectCreated, PolicyChanged, GoalChanged, GuidelineWritten, ProjectStateChanged, DesignReviewed, GuardLooked,
    VerdictReached, CertificationAsked, CertificateOpened, ForkStarted, ForkEnded,
    ModelChosen, ItemsErased, LabelsChanged, EncodersNamed, EncodersCompared, ItemsImported, TransferChosen,
)  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """One decision.

    Attributes
    ----------
    at : str
        ISO, in UTC.
    by_machine : bool
    text : str
        A sentence or two.
    """

    at: str
    by_machine: bool
    text: str


def decisions(store: ProjectStore, rows: Rows, project: Project) -> list[Decision]:
    """All decisions, the oldest first; looks at which nothing changed are left out."""
    teller = _Teller(store, rows, project)
    found: list[Decision] = []
    for event in store.events(rows, kinds=tuple(kind.kind for kind in KINDS)):
        text = " ".join(map(in_words, teller.told(record.read(event))))
        if text:
            found.append(Decision(event.at, event.actor == MACHINE, text))
    return found


class _Teller:
    """Tells each decision by what it changed: it remembers how things stood."""

    def __init__(self, store: ProjectStore, rows: Rows, project: Project) -> None:
        self.store, self.rows, self.project = store, rows, project
        self.policy: Policy | None = None
        self.stops: frozenset[str] = frozenset()
        self.transfer: tuple[str | None, float] | None = None
        self.is_first_source = True
        self.names = {question.id: question.text for question in project.questions}

    def told(self, body: EventBody) -> Iterator[Reason]:
        """Sentences for one event, none where it changed nothing."""
        match body:
            case ProjectCreated():
                self.policy = Policy.from_stored(body.config["policy"])  # type: ignore[arg-type]
                yield Reason("decision-created", {"strategy": str(self.policy.strategy)})
            case PolicyChanged():
                yield from self._policy(Policy.from_stored(body.policy))
            case GoalChanged():
                goal = Goal.from_config(body.config)
                figures: dict[str, Figure] = {} if goal is None else {"metric": goal.metric, "value": goal.value}
                yield Reason("decision-no-goal" if goal is None else "decision-goal", figures)
            case GuidelineWritten():
                question = self.names.get(body.question, body.question)
                yield Reason("decision-guidelines", {"version": body.version, "question": question})
            case LabelsChanged():
                yield self._labels(body)
            case ProjectStateChanged():
                yield Reason("decision-state", {"state": body.state})
            case DesignReviewed():
                note = None if body.note is None else self.store.unseal(self.rows, body.note.id)
                yield Reason("decision-reviewed-note" if note else "decision-reviewed", {"note": note})
            case ForkStarted():
                one, two = (arm_in_words(arm.strategy, arm.model, arm.dial) for arm in body.arms)
                yield Reason("decision-fork", {"a": one, "b": two, "per_arm": body.per_arm})
            case ForkEnded():
                row = forks.find(self.rows, body.id)
                yield outcome_in_words(row, body)
            case ModelChosen():
                yield Reason("decision-model" if body.model else "decision-newest", {"model": body.model})
            case EncodersNamed():
                yield Reason("decision-encoders", {"encoders": ", ".join(body.specs)})
            case EncodersCompared() if body.chosen != body.before:
                yield Reason(body.reason.code, dict(body.reason.figures))  # type: ignore[arg-type]
            case ItemsImported() if body.came_from is not None:
                code = "decision-source" if self.is_first_source else "decision-source-more"
                self.is_first_source = False
                yield Reason(code, {"n": body.n_items, "origin": origin(body.came_from)})
            case TransferChosen() if (body.method, body.amount) != self.transfer:
                self.transfer = (body.method, body.amount)
                yield reason_of(body.reason)
            case ItemsErased():
                yield Reason("decision-erased", {"n": len(body.items)})
            case GuardLooked():
                yield Reason("decision-guard", {"look": body.look, "share": body.random_share})
                yield Reason(body.reason.code, dict(body.reason.figures))  # type: ignore[arg-type]
            case VerdictReached():
                yield from self._verdict(body)
            case CertificationAsked():
                yield Reason("decision-asked", {"n": body.n, "metric": body.metric, "value": body.threshold})
            case CertificateOpened():
                passed = "decision-passed" if body.passed else "decision-not-passed"
                yield Reason(passed, {"n": body.n, "metric": body.metric, "value": body.threshold})

    def _labels(self, body: LabelsChanged) -> Reason:
        labels: list[JsonObject] = list(body.body.get("labels") or ())  # type: ignore[arg-type]
        into = ", ".join(str(label["name"]) for label in labels if label["id"] in body.into)
        was: JsonObject = body.body[WAS]  # type: ignore[assignment]
        figures: dict[str, Figure] = {
            "label": str(was[body.label]), "question": self.names.get(body.question, body.question), "into": into,
            "reason": self.store.unseal(self.rows, body.reason.id) or "",
        }  # fmt: skip
        return Reason("decision-merged" if body.what == "merge" else "decision-split", figures)

    def _policy(self, now: Policy) -> Iterator[Reason]:
        before, self.policy = self.policy, now
        if before is not None:
            for line in beside(Setting(before, {}, None), Setting(now, {}, None)):
                if line.before != line.now:
                    yield Reason("round-changed", {"what": line.what, "before": line.before, "now": line.now})

    def _verdict(self, body: VerdictReached) -> Iterator[Reason]:
        """Rules that say stop now and did not before, and those that take it back."""
        stops = frozenset(verdict.rule for verdict in body.verdicts if verdict.stop)
        for verdict in body.verdicts:
            if verdict.rule in stops - self.stops:
                yield Reason("decision-stop", {"rule": verdict.rule})
                yield Reason(verdict.reason.code, dict(verdict.reason.figures))  # type: ignore[arg-type]
        for rule in sorted(self.stops - stops):
            yield Reason("decision-no-stop", {"rule": rule})
        self.stops = stops
