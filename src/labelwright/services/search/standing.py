"""Where a search stands: what was found, what certifies its recall, hints to stop, and what was spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from sqlalchemy import func

from labelwright.engine.cycle import Cycle
from labelwright.engine.history import history
from labelwright.engine.layout import POOL, layout
from labelwright.engine.project import Project
from labelwright.engine.search_goal import ELUSION, Ints, Search, samples
from labelwright.errors import ConflictError
from labelwright.evaluation.recall import elusion
from labelwright.loop.looks import SEARCH, relevant
from labelwright.policy.kinds.reserve import Reserve
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.described import describe_answer
from labelwright.services.search.blind import Blind, blind_of
from labelwright.services.site import Site
from labelwright.services.stopping.advice import RuleView, last_verdicts, rule_views
from labelwright.stats.certify import ALPHA
from labelwright.stats.estimate import Estimate
from labelwright.stats.intervals import wilson
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.searches import SearchSigned
from labelwright.store.rows import Rows

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = sorted(SEARCH | {"blind_positives", "blind_reached"} | ELUSION)


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, estimate: Estimate) -> Share:
        return cls(float(estimate.value), float(estimate.low), float(estimate.high), int(estimate.n))


@dataclass(frozen=True)
class Rest:
    """The last random sample of what was not reviewed.

    Attributes
    ----------
    n, n_labeled, positives : int
    missed_high : int, optional
        Upper bound (95 %) of the relevant items that were left out; None before all are labeled.
    recall_low : float, optional
        Lower bound of the recall by it.
    n_samples : int
        Samples so far.
    """

    n: int
    n_labeled: int
    positives: int
    missed_high: int | None
    recall_low: float | None
    n_samples: int


@dataclass(frozen=True)
class Look:
    """One look: reviewed and found in the pool."""

    cycle: int
    n_seen: int
    n_found: int


@dataclass(frozen=True)
class Signature:
    """Who signed which report."""

    at: str
    by: str
    report: str
    statement: str


@dataclass(frozen=True)
class SearchView:
    """Where a search stands.

    Attributes
    ----------
    positive : str
        The label that is searched for.
    goal : float
        The recall.
    n_items, n_seen, n_found : int
        Of all items, the blind sample among them: how many, reviewed, relevant.
    prevalence, relevant : Share, optional
        Of the blind sample, and how many relevant items that makes in all.
    recall : Share, optional
        Found by the ranking, as far as the blind sample tells.
    blind : Blind
    rest : Rest
    rules : list of RuleView
    looks : list of Look
    blind_seconds, seconds : float
        Active seconds for the blind sample, and in all.
    work_saved : float, optional
        Share of the pool that the ranking has not come to, less that at random for the recall estimated (WSS).
    signatures : list of Signature
    at : str, optional
    """

    positive: str
    goal: float
    n_items: int
    n_seen: int
    n_found: int
    prevalence: Share | None
    relevant: Share | None
    recall: Share | None
    blind: Blind
    rest: Rest
    rules: list[RuleView]
    looks: list[Look]
    blind_seconds: float
    seconds: float
    work_saved: float | None
    signatures: list[Signature]
    at: str | None


def search_of(project: Project) -> Search:
    """What a project looks for.

    Raises
    ------
    ConflictError
        If it is no search.
    """
    found = Search.of(project.row.config, project.primary.positive, project.primary.task)
    if found is None:
        raise ConflictError(
            f"search: '{project.row.slug}' is no search.", "Make one with --goal recall=0.95 --positive LABEL."
        )
    return found


def show(site: Site, actor: Actor, slug: str) -> SearchView:
    """Where it stands at the last training."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        search = search_of(project)
        return _view(site, store, rows, project, search)


def _view(site: Site, store: ProjectStore, rows: Rows, project: Project, search: Search) -> SearchView:
    question, n_items = project.primary, project.row.n_items
    where = layout(store, rows, n_items)
    in_pool = where.split == POOL
    items, hit = _labels(store, project, search)
    of_pool = in_pool[items]
    looks = history(rows, question, looks=COLUMNS)
    last = looks.iloc[-1] if len(looks) else None
    blind = blind_of(rows, search, where, items[~of_pool], hit[~of_pool], last)
    drawn = samples(rows)
    verdicts, at = last_verdicts(rows, project)
    seconds, of_blind = _seconds(rows)
    prevalence = wilson(float(blind.positives), float(blind.n_labeled)) if blind.n_labeled else None
    recall = wilson(float(blind.reached), float(blind.positives)) if blind.positives else None
    excluded = int(rows.scalar(rows.select(func.count(), of=t.exclusion)) or 0)
    total = n_items - excluded
    seen = None if last is None else float(last["n_seen"]) / max(float(last["n_seen"] + last["n_unseen"]), 1.0)
    return SearchView(
        positive=_name(project, search), goal=search.recall, n_items=total, n_seen=len(items), n_found=int(hit.sum()),
        prevalence=None if prevalence is None else Share.of(prevalence),
        relevant=None if prevalence is None else _times(prevalence, total),
        recall=None if recall is None else Share.of(recall), blind=blind,
        rest=_rest(drawn[-1].items if drawn else None, len(drawn), items, hit, last),
        rules=rule_views(verdicts),
        looks=[Look(*map(int, row)) for row in looks[["cycle", "n_seen", "n_found"]].to_numpy().tolist()],
        blind_seconds=of_blind, seconds=seconds,
        work_saved=None if seen is None or recall is None else 1 - seen - (1 - recall.value),
        signatures=_signatures(site, store, rows), at=at,
    )  # fmt: skip


def _labels(store: ProjectStore, project: Project, search: Search) -> tuple[Ints, np.ndarray]:
    """Labeled items of the last training, and which are relevant."""
    nothing = np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
    if not project.row.cycle:
        return nothing
    cycle = Cycle(store, project.row.cycle)
    question = cycle.inputs.primary
    if not cycle.has_labels(question):
        return nothing
    labels = cycle.labels(question)
    return labels.item_idx, relevant(question.make_task(), labels.y, search.position)


def _rest(drawn: Ints | None, n_samples: int, items: Ints, hit: np.ndarray, last: pd.Series[float] | None) -> Rest:
    if drawn is None:
        return Rest(0, 0, 0, None, None, 0)
    known = np.isin(items, drawn)
    positives, n_labeled = int(hit[known].sum()), int(known.sum())
    if n_labeled < len(drawn) or last is None or not int(last["elusion_n"]):
        return Rest(len(drawn), n_labeled, positives, None, None, n_samples)
    found = elusion(int(last["n_unseen"]), len(drawn), positives, n_found=int(last["n_found"]), alpha=ALPHA)
    return Rest(len(drawn), n_labeled, positives, found.missed_high, found.recall_low, n_samples)


def _times(share: Estimate, n: int) -> Share:
    return Share(share.value * n, share.low * n, share.high * n, int(share.n))


def _name(project: Project, search: Search) -> str:
    task = project.primary.task
    marks = np.eye(task.n_outputs, dtype=np.int64)[[search.position]]
    answer = task.decode(np.array([search.position]) if task.one_class else marks)[0]
    return describe_answer(project.primary, answer)


def _seconds(rows: Rows) -> tuple[float, float]:
    """Active seconds of all answers, and of those about the blind sample."""
    table = t.annotation
    query = rows.select(table.c.slot_kind, func.coalesce(func.sum(table.c.seconds), 0.0), of=table)
    by_kind = {kind: float(seconds) for kind, seconds in rows.all(query.group_by(table.c.slot_kind))}
    return sum(by_kind.values()), by_kind.get(Reserve.name, 0.0)


def _signatures(site: Site, store: ProjectStore, rows: Rows) -> list[Signature]:
    table = t.decision
    names = {person: name for person, (name, _) in site.names().items()}
    found = rows.all(rows.select(table).where(table.c.kind == SearchSigned.kind).order_by(table.c.seq))
    signed = [(row, SearchSigned.read(row.data, SearchSigned.body_version)) for row in found]
    return [
        Signature(row.at, names.get(row.actor, row.actor), one.report, store.unseal(rows, one.statement.id) or "")
        for row, one in signed
    ]
