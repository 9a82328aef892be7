"""The next batch before it is asked: its items with reasons, its mix, its cost; and a person's leave for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import func

from labelwright.check import check_count
from labelwright.engine.contents import current_bodies
from labelwright.engine.layout import COLUMNS
from labelwright.engine.parts import PARTS
from labelwright.engine.project import Project
from labelwright.policy import kinds
from labelwright.policy.constraints import SLICE
from labelwright.policy.kinds.relabel import Relabel
from labelwright.services.labeling import leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown, table
from labelwright.services.projects import goal as goals
from labelwright.services.projects.filters import in_slice
from labelwright.services.site import Site
from labelwright.services.steering import reasons
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import AnyRow, Rows

MAX_BATCH: Final = 500
GATED: Final = (*kinds.chosen(), Relabel.name)  # what waits for a person's leave; the rest measures
MOST_VALUES: Final = 12


@dataclass(frozen=True)
class BatchItem:
    """One item of the batch.

    Attributes
    ----------
    position : int
        In the ranking, from 1.
    confidence : float, optional
        The model's, in [0, 1].
    reasons : list of WhyPart
        The parts of its score, in words.
    """

    position: int
    kind: str
    item_id: str
    key: str
    preview: str
    prediction: str | None
    confidence: float | None
    why: str
    reasons: list[reasons.WhyPart]


@dataclass(frozen=True)
class Share:
    """How many items of the batch have a value, and which share of the pool has it.

    Attributes
    ----------
    rule : str, optional
        What the policy asks of the value, such as "at-least 30%"; None where it asks nothing.
    """

    value: str
    n: int
    of_pool: float | None
    rule: str | None = None


@dataclass(frozen=True)
class Mix:
    """The batch by one column; ``values`` are the most frequent ones."""

    by: str
    values: list[Share]


@dataclass(frozen=True)
class BatchView:
    """The next batch.

    Attributes
    ----------
    ranking : str, optional
        None while no ranking is published.
    must_be_approved : bool
        Whether chosen items wait until a person lets them pass.
    approved : int
        Items that a person pinned or let pass, and that are not answered yet.
    seconds, cost : float, optional
        What the batch will take, by the median of the last answers and by the goal's price of an answer.
    dial : float, optional
        Candidates for each pick: 1 is doubt alone, more is more diverse. None where another strategy chooses.
    """

    ranking: str | None
    strategy: str
    must_be_approved: bool
    approved: int
    items: list[BatchItem]
    mix: list[Mix]
    seconds: float | None
    cost: float | None
    dial: float | None


def show(site: Site, actor: Actor, slug: str, n: int) -> BatchView:
    """The next ``n`` chosen items that are not approved yet, without those leased to the caller."""
    check_count("batch", "n", n, 1, MAX_BATCH)
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        slots = _slots(rows, project, actor, n)
        opinion = table.opinion(site, store, rows, project, project.primary)
        items = _items(store, rows, project, slots, opinion)
        mix = [_by_prediction(items), *_by_column(rows, project, slots), _by_slice(site, store, rows, project, slots)]
        waiting = int(rows.scalar(rows.select(func.count(), of=t.pin).where(t.pin.c.done == False)) or 0)  # noqa: E712
        seconds = _median_seconds(rows)
    policy, goal = project.policy, goals.view(project)
    price = None if goal is None else goal.label_cost
    dial = policy.params.get("prefilter") if str(policy.strategy).startswith("margin-diversity") else None
    return BatchView(
        project.row.ranking_id, str(policy.strategy), policy.approval, waiting, items,
        [one for one in mix if one.values], None if seconds is None else seconds * len(items),
        None if price is None else price * len(items), None if not isinstance(dial, (int, float)) else float(dial),
    )  # fmt: skip


def _slots(rows: Rows, project: Project, actor: Actor, n: int) -> list[AnyRow]:
    slot = t.slot
    found = rows.all(
        rows.select(slot.c.position, slot.c.kind, slot.c.ordinal)
        .where(
            slot.c.ranking_id == project.row.ranking_id, slot.c.done == False,  # noqa: E712
            slot.c.kind.in_(GATED), slot.c.ordinal.not_in(rows.select(t.pin.c.ordinal)),
            slot.c.ordinal.not_in(rows.select(t.exclusion.c.ordinal)),
        )
        .order_by(slot.c.position)
        .limit(2 * n)
    )  # fmt: skip
    own = leases.leased_to(rows, actor, [row.ordinal for row in found])
    return [row for row in found if row.ordinal not in own][:n]


def _items(
    store: ProjectStore, rows: Rows, project: Project, slots: list[AnyRow], opinion: table.Opinion
) -> list[BatchItem]:
    ordinals = [row.ordinal for row in slots]
    contents, item = current_bodies(rows, ordinals), t.item
    keys = {
        row.ordinal: row.key
        for row in rows.all(rows.select(item.c.ordinal, item.c.key).where(item.c.ordinal.in_(ordinals)))
    }
    told = opinion.in_words([o for o in ordinals if np.isfinite(opinion.confidence[o])], project.primary)
    why = reasons.explain_all(store, rows, project.row.ranking_id, [(row.kind, row.position) for row in slots])
    made = []
    for row, explained in zip(slots, why, strict=True):
        sure = float(opinion.confidence[row.ordinal])
        made.append(
            BatchItem(
                row.position + 1, row.kind, shown.item_id_of(row.ordinal), keys[row.ordinal],
                shown.preview(store, project, row.ordinal, contents[row.ordinal]), told.get(row.ordinal),
                sure if np.isfinite(sure) else None, explained.text, explained.parts,
            )
        )  # fmt: skip
    return made


def _by_prediction(items: list[BatchItem]) -> Mix:
    counted = Counter(item.prediction for item in items if item.prediction is not None)
    return Mix("prediction", [Share(value, n, None) for value, n in counted.most_common(MOST_VALUES)])


def _by_column(rows: Rows, project: Project, slots: list[AnyRow]) -> list[Mix]:
    """By each column that has more than one value here, and few enough to look at."""
    item, mixes = t.item, []
    ordinals = [row.ordinal for row in slots]
    for by in PARTS:
        column = item.c[COLUMNS[by]]
        values = rows.scalars(rows.select(column).where(item.c.ordinal.in_(ordinals), column.is_not(None))).all()
        counted = Counter(values).most_common()
        if not 1 < len(counted) <= MOST_VALUES:
            continue
        named = [value for value, _ in counted]
        counts = rows.select(column, func.count(), of=item).where(column.in_(named)).group_by(column)
        in_pool = {value: n for value, n in rows.all(counts)}
        of_pool = {value: in_pool[value] / project.row.n_items for value in named}
        mixes.append(Mix(by, [Share(value, n, of_pool[value], _rule(project, by, value)) for value, n in counted]))
    return mixes


def _by_slice(site: Site, store: ProjectStore, rows: Rows, project: Project, slots: list[AnyRow]) -> Mix:
    ordinals, saved = np.array([row.ordinal for row in slots], dtype=np.int64), t.saved_slice
    shares = []
    for row in rows.all(rows.select(saved.c.id, saved.c.name).order_by(saved.c.name)):
        keep = in_slice(site, store, rows, project, row.id).keep
        shares.append(Share(row.name, int(keep[ordinals].sum()), float(keep.mean()), _rule(project, SLICE, row.name)))
    return Mix("slice", shares)


def _rule(project: Project, column: str, value: str) -> str | None:
    rules = [rule.limit for rule in project.policy.rules() if (rule.column, rule.value) == (column, value)]
    return ", ".join(rules) or None


def _median_seconds(rows: Rows) -> float | None:
    table_ = t.annotation
    recent = rows.scalars(
        rows.select(table_.c.seconds).where(table_.c.seconds.is_not(None)).order_by(table_.c.seq.desc()).limit(500)
    ).all()
    return float(np.median(recent)) if recent else None
