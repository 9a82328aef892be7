"""The history that stopping rules judge: one row for each served model of the primary question."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.inputs import OF_ANSWERS, OF_LABELS, QuestionInputs
from labelwright.engine.project import Question
from labelwright.loop.state import RESERVE
from labelwright.stopping.columns import COLUMNS as DEFINED
from labelwright.store import tables as t
from labelwright.store.record.decisions import LookTaken
from labelwright.store.record.label_changes import last_change
from labelwright.store.record.standing import ANSWER
from labelwright.store.rows import Rows

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = ("cycle", "n_labels", "cost", "value", "low", "high", "n_reserve")


def history(
    rows: Rows, question: Question | QuestionInputs, upto_cycle: int | None = None, *, cost: str = OF_ANSWERS,
    looks: Collection[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Measurements on the reserve, since labels of the question were last merged or split.

    Parameters
    ----------
    looks : collection of str
        More columns, see `labelwright.stopping.columns`; missing where a cycle recorded none.
    cost : str
        What the cost counts: "answers" of people, who also answer what others have answered and are not paid for
        labels that came with the data; or "labels", as it was before.
    """
    import pandas as pd

    metric = t.metric
    query = (
        rows.select(metric.c.cycle, metric.c.n_labels, metric.c.value, metric.c.low, metric.c.high, metric.c.n)
        .where(metric.c.question_id == question.id, metric.c.metric == question.metric, metric.c.split == RESERVE)
        .order_by(metric.c.cycle)
    )
    if upto_cycle is not None:
        query = query.where(metric.c.cycle <= upto_cycle)
    if (changed := last_change(rows, question.id, question.schema_version)) is not None:
        version = t.label_version
        query = query.where(metric.c.cycle.in_(rows.select(version.c.cycle).where(version.c.upto_seq >= changed[0])))
    found = rows.all(query)
    labels = {row.cycle: row.n_labels + row.n for row in found}
    costs = labels if cost == OF_LABELS else _answers_of_people(rows, question)
    measured = [(r.cycle, r.n_labels, float(costs[r.cycle]), r.value, r.low, r.high, r.n) for r in found]
    table = pd.DataFrame(measured, columns=list(COLUMNS))
    recorded = _recorded(rows, upto_cycle) if looks else {}
    for name in sorted(looks):
        table[name] = [_value(name, recorded.get(int(cycle), {}).get(name)) for cycle in table["cycle"]]
    return table


def _recorded(rows: Rows, upto_cycle: int | None) -> dict[int, dict[str, float | None]]:
    """What cycles recorded for rules, by cycle."""
    table = t.decision
    query = rows.select(table.c.data).where(table.c.kind == LookTaken.kind).order_by(table.c.seq)
    found = [LookTaken.read(data, LookTaken.body_version) for data in rows.scalars(query)]
    return {look.cycle: look.columns for look in found if upto_cycle is None or look.cycle <= upto_cycle}


def _value(name: str, recorded: float | None) -> float | int:
    column = DEFINED[name]
    if column.dtype == "int64":
        return int(recorded or 0)
    return math.nan if recorded is None else float(recorded)


def _answers_of_people(rows: Rows, question: Question | QuestionInputs) -> dict[int, int]:
    """How many first answers each cycle knew."""
    given, version = t.annotation, t.label_version
    seqs = np.array(
        rows.scalars(
            rows.select(given.c.seq)
            .where(given.c.question_id == question.id, given.c.kind == ANSWER, given.c.first)
            .order_by(given.c.seq)
        ).all(),
        dtype=np.int64,
    )
    known = rows.all(rows.select(version.c.cycle, version.c.upto_seq))
    return {row.cycle: int(np.searchsorted(seqs, row.upto_seq, side="right")) for row in known}


def history_arrays(table: pd.DataFrame) -> dict[str, npt.NDArray[np.generic]]:
    """The table as it is frozen with a verdict."""
    return {str(name): table[name].to_numpy() for name in table.columns}
