"""A round as people see it: what was said of it, drafts of what was not said, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.engine import rounds as engine_rounds
from labelwright.engine.project import Project
from labelwright.services.site import Site
from labelwright.services.steering import drafts
from labelwright.services.steering.curves import Measured, measured
from labelwright.services.steering.estimates import EstimateView
from labelwright.services.steering.round_settings import Settings
from labelwright.stats.estimate import Estimate
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import AnyRow, Rows
from labelwright.words import Figure, Reason, in_words

TEXTS = ("change", "measure", "note")


@dataclass(frozen=True)
class Difference:
    """A paired difference of two models; the bounds are None where it has no interval."""

    value: float
    low: float | None
    high: float | None
    n: int

    @classmethod
    def of(cls, estimate: Estimate) -> Difference:
        """A difference that was just made."""
        low, high = (estimate.low, estimate.high) if estimate.known else (None, None)
        return cls(estimate.value, low, high, estimate.n)


@dataclass(frozen=True)
class RoundView:
    """One round.

    Attributes
    ----------
    hypothesis, change, measure, note : str
        What is expected, what was changed for it, what it is measured by, and what was seen.
    verdict : str
        "held", "failed" or "open".
    changed : bool
        Whether it ran with other settings than the round before.
    drafted : list of str
        Which of these no person has said: they are drafted from the data anew each time.
    asked : mapping of str to int
        First answers by kind of slot.
    before, after : EstimateView, optional
        The figures of the models at its beginning and end, both on the reserve labels of today, as on the curve.
    difference : Difference, optional
        Between them, paired by item.
    outcome : str
        A sentence.
    """

    id: str
    number: int
    hypothesis: str
    change: str
    measure: str
    verdict: str
    note: str
    changed: bool
    drafted: list[str]
    strategy: str
    planned: int
    state: str
    started_at: str
    ended_at: str | None
    asked: dict[str, int]
    answers: int
    seconds: float
    before: EstimateView | None
    after: EstimateView | None
    difference: Difference | None
    outcome: str


class Reader:
    """Makes views of the rounds of one project.

    Parameters
    ----------
    site : Site
    store : ProjectStore
    rows : Rows
    project : Project
    """

    def __init__(self, site: Site, store: ProjectStore, rows: Rows, project: Project) -> None:
        self.store, self.rows, self.project = store, rows, project
        self.settings = Settings(rows, project)
        self.curve = measured(site, store, project)

    def view(self, row: AnyRow) -> RoundView:
        """The view of a row of the table of rounds."""
        project, table, metric = self.project, t.round_, self.project.primary.metric
        earlier = self.rows.first(self.rows.select(table).where(table.c.number == row.number - 1))
        now, then = self.settings.of(row), None if earlier is None else self.settings.of(earlier)
        before, after = self.ends(row)
        difference = None if before is None or after is None else self.curve.change(before, after)
        higher = project.primary.task.higher_is_better(metric)
        said = {name: self.store.unseal(self.rows, row.said.get(name)) for name in TEXTS}
        said |= {
            "hypothesis": self.store.unseal(self.rows, row.hypothesis_id), "verdict": row.said.get("verdict"),
        }  # fmt: skip
        draft = {
            "hypothesis": drafts.hypothesis(then, now, metric), "change": drafts.change(then, now),
            "measure": drafts.measure(metric, project.goal), "note": "",
            "verdict": drafts.verdict(difference, higher_is_better=higher),
        }  # fmt: skip
        stands = {name: draft[name] if text is None else text for name, text in said.items()}
        if row.state == "running":
            found = engine_rounds.answered(self.rows, row.from_seq, project.row.wanted_seq)
            asked, n_answers, seconds = found.by_kind, found.n, found.seconds
        else:
            asked, n_answers, seconds = row.outcome["asked"], row.outcome["answers"], row.outcome["seconds"]
        return RoundView(
            row.id, row.number, stands["hypothesis"], stands["change"], stands["measure"], stands["verdict"],
            stands["note"], bool(drafts.differing(then, now)),
            sorted(name for name, text in said.items() if text is None and draft[name]),
            str(row.policy["strategy"]), row.planned, row.state, row.started_at, row.ended_at, asked, n_answers,
            seconds, _estimate(self.curve, before), _estimate(self.curve, after),
            None if difference is None else Difference.of(difference),
            in_words(_outcome(self.curve, before, after, row.state)),
        )  # fmt: skip

    def ends(self, row: AnyRow) -> tuple[int | None, int | None]:
        """Where the models at a round's beginning and end are on the curve; None while it runs."""
        if row.state == "running":
            return None, None
        return self.curve.position(row.outcome["cycle_before"]), self.curve.position(row.outcome["cycle_after"])


def _estimate(curve: Measured, position: int | None) -> EstimateView | None:
    return None if position is None else curve.points[position].estimate


def _outcome(curve: Measured, before: int | None, after: int | None, state: str) -> Reason:
    if state == "running":
        return Reason("round-running")
    if after is None or (now := curve.points[after].estimate) is None:
        return Reason("round-too-few")
    if before is None or (then := curve.points[before].estimate) is None:
        return Reason("round-first", {"value": now.value, "low": now.low, "high": now.high})
    change = curve.change(before, after)
    if change is None:
        return Reason("round-change-unpaired", {"before": then.value, "after": now.value})
    figures: dict[str, Figure] = {"change": change.value, "low": change.low, "high": change.high}
    by_chance = not change.low > 0 and not change.high < 0
    return Reason("round-change-by-chance" if by_chance else "round-change", figures)
