"""Whether to stop, in plain words: what rules say, what more labels would bring and cost, what else could change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from labelwright.engine import sealed
from labelwright.engine.cycle import Cycle
from labelwright.engine.history import history
from labelwright.engine.project import Project
from labelwright.evaluation.forecast import forecast
from labelwright.evaluation.power_law import MIN_LOOKS
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering import curves, mistakes
from labelwright.services.steering.estimates import CurvePoint, rising_points
from labelwright.services.stopping.ledger import Entry, entries
from labelwright.stopping.plateau import MIN_RESERVE
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.decisions import RuleVerdict, VerdictReached
from labelwright.store.rows import Rows
from labelwright.words import Figure, Reason, in_words

if TYPE_CHECKING:
    import pandas as pd

Z: Final = 1.96
WORTH_NAMING: Final = 3  # confusions of two labels below which nothing is said of them
HEURISTICS: Final = ("kappa-stable", "prediction-change", "overall-uncertainty", "consecutive-irrelevant", "knee")


@dataclass(frozen=True)
class RuleView:
    """What one rule said at the last look.

    Attributes
    ----------
    heuristic : bool
        Whether it promises nothing.
    """

    rule: str
    stop: bool
    heuristic: bool
    text: str


@dataclass(frozen=True)
class ForecastPoint:
    """What is expected to be measured at a number of labels, with an 80 % band."""

    n_labels: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ForecastView:
    """Where the learning curve goes, at 80 %.

    Attributes
    ----------
    labels, labels_low, labels_high : int, optional
        Labels in all at which the goal is reached; None beyond four times the labels there are.
    chance : float
        That the goal is reached within four times the labels.
    cost : float, optional
        Of the labels that are missing.
    """

    labels: int | None
    labels_low: int | None
    labels_high: int | None
    chance: float
    cost: float | None
    text: str
    curve: list[ForecastPoint]


@dataclass(frozen=True)
class Advice:
    """Whether to stop, and why.

    Attributes
    ----------
    decision : str
        "go-on", "stop" or "too-early".
    text : str
        One or two sentences.
    rules : list of RuleView
    forecast : ForecastView, optional
    changes : list of str
        What else could be changed.
    ledger : list of Entry
    cycle : int
    at : str, optional
        When the rules looked last.
    """

    decision: str
    text: str
    rules: list[RuleView]
    forecast: ForecastView | None
    changes: list[str]
    ledger: list[Entry]
    cycle: int
    at: str | None


def show(site: Site, actor: Actor, slug: str) -> Advice:
    """The advice for a project now; nothing stops by itself."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        verdicts, at = last_verdicts(rows, project)
        extra = {column for rule in project.rules for column in rule.make().recorded}
        looks = history(rows, project.primary, looks=sorted(extra & {"change", "change_se", "change_n"}))
        ledger = entries(rows, project, looks)
        certified = any(one.passed for _, one in sealed.openings(rows))
    points = [point for point in curves.measured(site, store, project).points if point.estimate.enough]
    n_reserve = points[-1].estimate.n if points else 0
    decision, text = decide(verdicts, n_reserve, certified)
    return Advice(
        decision, text, rule_views(verdicts), _forecast(project, points), _changes(store, project, looks), ledger,
        project.row.cycle, at,
    )  # fmt: skip


def last_verdicts(rows: Rows, project: Project) -> tuple[Sequence[RuleVerdict], str | None]:
    """What the rules said at the last look, and when."""
    table = t.decision
    last = rows.first(
        rows.select(table.c.data, table.c.at)
        .where(table.c.kind == VerdictReached.kind, table.c.cycle <= project.row.cycle)
        .order_by(table.c.seq.desc())
    )
    if last is None:
        return (), None
    return VerdictReached.read(last.data, VerdictReached.body_version).verdicts, last.at


def rule_views(verdicts: Sequence[RuleVerdict]) -> list[RuleView]:
    """Verdicts in words."""
    return [RuleView(v.rule, v.stop, v.rule in HEURISTICS, in_words(_reason(v))) for v in verdicts]


def decide(verdicts: Sequence[RuleVerdict], n_reserve: int, certified: bool) -> tuple[str, str]:
    """The combination of rules that is sound: a plateau on which models agree, costs above gains, budget, certificate.

    Examples
    --------
    >>> decide([], 12, False)
    ('too-early', 'Too early to say: 12 of 50 reserve labels.')
    """
    by_rule = {verdict.rule: verdict for verdict in verdicts}
    stops = {name for name, verdict in by_rule.items() if verdict.stop}
    if certified:
        return "stop", in_words(Reason("advice-certified"))
    if "budget" in stops:
        return "stop", " ".join([in_words(Reason("advice-stop")), in_words(_reason(by_rule["budget"]))])
    if n_reserve < MIN_RESERVE:
        figures: dict[str, Figure] = {"n_reserve": n_reserve, "min_reserve": MIN_RESERVE}
        return "too-early", in_words(Reason("advice-too-early", figures))
    if "cost-benefit" in stops:
        return "stop", in_words(_reason(by_rule["cost-benefit"]))
    if {"plateau", "kappa-stable"} <= stops:
        return "stop", " ".join([in_words(Reason("advice-plateau")), in_words(_reason(by_rule["plateau"]))])
    if "target" in stops:
        return "go-on", in_words(Reason("advice-certify"))
    if "cost-benefit" in by_rule:
        return "go-on", in_words(_reason(by_rule["cost-benefit"]))
    return "go-on", in_words(Reason("advice-go-on"))


def _forecast(project: Project, points: Sequence[CurvePoint]) -> ForecastView | None:
    goal, rising = project.goal, rising_points(points)
    if goal is None or len(rising) < MIN_LOOKS:
        return None
    estimates = [point.estimate for point in rising]
    errors = np.array([(one.high - one.low) / (2 * Z) for one in estimates])
    known = bool(np.isfinite(errors).all() and errors.any())
    found = forecast(
        [point.n_labels for point in rising], [one.value for one in estimates], errors=errors if known else None,
        target=goal.value, cost_per_label=goal.label_cost,
        higher_is_better=project.primary.task.higher_is_better(goal.metric),
    )  # fmt: skip
    labels, low, high = (_whole(x) for x in (found.labels.value, found.labels.low, found.labels.high))
    cost = None if math.isnan(found.cost.value) else float(found.cost.value)
    figures: dict[str, Figure] = {
        "labels": labels, "low": low, "high": high, "chance": found.chance, "cost": cost, "goal": goal.value,
        "most": 4 * rising[-1].n_labels,
    }  # fmt: skip
    if labels is None:
        code = "forecast-unlikely"
    elif labels <= rising[-1].n_labels:
        code = "forecast-there"
    else:
        code = "forecast-open" if high is None else "forecast-labels"
    curve = [ForecastPoint(int(n), float(v), float(a), float(b)) for n, v, a, b in found.curve.itertuples(index=False)]
    return ForecastView(labels, low, high, found.chance, cost, in_words(Reason(code, figures)), curve)


def _changes(store: ProjectStore, project: Project, looks: pd.DataFrame) -> list[str]:
    """What else could be changed, from what is there: confusions, and the share of chosen items."""
    found = []
    seen = mistakes.compared(store, project, project.primary)
    wrong = [cell for cell in seen.cells if cell.truth != cell.predicted and cell.truth and cell.predicted]
    n_wrong = sum(cell.n for cell in wrong)
    if wrong and wrong[0].n >= WORTH_NAMING:
        worst = wrong[0]
        figures: dict[str, Figure] = {
            "truth": worst.truth or "", "predicted": worst.predicted or "", "n": worst.n, "n_wrong": n_wrong,
        }  # fmt: skip
        found.append(in_words(Reason("change-confused", figures)))
    if not project.policy.is_shared:
        found.append(in_words(Reason("change-overlap")))
    cycle = Cycle(store, project.row.cycle) if project.row.cycle else None
    if cycle is not None:
        question = cycle.inputs.primary
        found.append(in_words(Reason("change-model", {"model": question.model, "encoder": cycle.inputs.encoder})))
    return found


def _reason(verdict: RuleVerdict) -> Reason:
    return Reason(verdict.reason.code, dict(verdict.reason.figures))  # type: ignore[arg-type]


def _whole(x: float) -> int | None:
    return round(x) if math.isfinite(x) else None
