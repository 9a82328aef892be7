"""The history that stopping rules judge: one row for each served model of the primary question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.project import Question
from labelwright.loop.state import RESERVE
from labelwright.store import tables as t
from labelwright.store.rows import Rows

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = ("cycle", "n_labels", "cost", "value", "low", "high", "n_reserve")


def history(rows: Rows, question: Question | QuestionInputs, upto_cycle: int | None = None) -> pd.DataFrame:
    """Measurements on the reserve; ``cost`` counts training and reserve labels."""
    import pandas as pd

    metric = t.metric
    query = (
        rows.select(metric.c.cycle, metric.c.n_labels, metric.c.value, metric.c.low, metric.c.high, metric.c.n)
        .where(metric.c.question_id == question.id, metric.c.metric == question.metric, metric.c.split == RESERVE)
        .order_by(metric.c.cycle)
    )
    if upto_cycle is not None:
        query = query.where(metric.c.cycle <= upto_cycle)
    measured = [(r.cycle, r.n_labels, float(r.n_labels + r.n), r.value, r.low, r.high, r.n) for r in rows.all(query)]
    return pd.DataFrame(measured, columns=list(COLUMNS))


def history_arrays(table: pd.DataFrame) -> dict[str, npt.NDArray[np.generic]]:
    """The table as it is frozen with a verdict."""
    return {name: table[name].to_numpy() for name in COLUMNS}
