"""What labels of another domain brought: where they came from, how much of them the model uses, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func

from labelwright.engine import sourcing
from labelwright.engine.layout import SOURCE
from labelwright.engine.reasons import reason_of
from labelwright.plain import JsonObject
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.imports import ItemsImported
from labelwright.store.record.transfer import TransferChosen
from labelwright.store.rows import Rows

N_PROVEN: Final = 2  # what was chosen, and no transfer


@dataclass(frozen=True)
class TriedView:
    """The best amount of a method, and its log-loss in the screening; no method is no transfer."""

    method: str | None
    amount: float
    loss: float | None


@dataclass(frozen=True)
class SourceView:
    """Labels of another domain that a project learns from, of all imports that brought some.

    Attributes
    ----------
    came_from : str
        Where they came from, in words; with how many of each where there are several.
    n_items : int
        Labeled items that are in use; where all were taken out, those that came.
    why : str, optional
        What the last model took from them; None before there is one.
    amount : float
        What one of them counts in labels of the project.
    """

    came_from: str
    n_items: int
    why: str | None
    method: str | None
    amount: float
    n_labels: int
    loss: float | None
    alone: float | None
    tried: list[TriedView]


def show(store: ProjectStore, rows: Rows, question_id: str) -> SourceView | None:
    """The source of a project; None where it started without one."""
    bodies = [record.read(event) for event in store.events(rows, kinds=(ItemsImported.kind,))]
    batches = [one for one in bodies if isinstance(one, ItemsImported) and one.labels_are == SOURCE]
    if not batches:
        return None
    came, used = Counter[str](), Counter[str]()
    for batch in batches:
        named = origin(batch.came_from or {})
        came[named] += batch.n_items
        used[named] += batch.n_items - _n_excluded(rows, batch)
    counted = +used or came
    n_items, came_from = counted.total(), in_words(counted)
    last = sourcing.last_chosen(rows, question_id)
    if last is None:
        return SourceView(came_from, n_items, None, None, 0.0, 0, None, None, [])
    return SourceView(
        came_from, n_items, str(reason_of(last.reason)), last.method, last.amount, last.n_labels, last.loss,
        last.alone, best_of_each(last),
    )  # fmt: skip


def best_of_each(chosen: TransferChosen) -> list[TriedView]:
    """The best amount of each method that was screened, the smallest loss first.

    Whatever was best in the screening is then compared with no transfer by the model itself, in another loss: that is
    what the sentence tells, and stands behind the screening in the event.
    """
    best: dict[str | None, TriedView] = {}
    proven = sum(one.method is None for one in chosen.tried) > 1
    for one in chosen.tried[:-N_PROVEN] if proven else chosen.tried:
        known = best.get(one.method)
        if known is None or _loss(one.loss) < _loss(known.loss):
            best[one.method] = TriedView(one.method, one.amount, one.loss)
    return sorted(best.values(), key=lambda one: _loss(one.loss))


def _loss(loss: float | None) -> float:
    return float("inf") if loss is None else loss


def _n_excluded(rows: Rows, batch: ItemsImported) -> int:
    """Items of an import that are excluded: by hand, for a copy that came later, or with the whole import."""
    table, first = t.exclusion, batch.first_ordinal
    inside = table.c.ordinal.between(first, first + batch.n_items - 1)
    return int(rows.scalar(rows.select(func.count(), of=table).where(inside)) or 0)


def in_words(counts: Mapping[str, int]) -> str:
    """Where items came from; with how many of each where there are several.

    >>> in_words({"project old": 3}), in_words({"project old at v1": 3, "project old": 2, "file a.csv": 1})
    ('project old', 'project old at v1 (3), the project old (2) and the file a.csv (1)')
    """
    if len(counts) == 1:
        return next(iter(counts))
    *others, last = (f"{named} ({n:,})" for named, n in counts.items())
    return ", the ".join(others) + f" and the {last}"


def origin(came_from: JsonObject) -> str:
    """Where labels of another domain came from, in words.

    >>> origin({"project": "reviews", "snapshot": "v1"}), origin({"file": "old.csv"})
    ('project reviews at v1', 'file old.csv')
    """
    if "project" not in came_from:
        return f"file {came_from.get('file', '')}"
    at = came_from.get("snapshot")
    return f"project {came_from['project']}" + ("" if at is None else f" at {at}")
