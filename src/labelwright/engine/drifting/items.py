"""Whether new items are like the old ones: embeddings, columns of a table, and what the model predicts of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from labelwright.drift.detect import drift
from labelwright.drift.scan import Scan, scan
from labelwright.engine.drifting.finding import (
    COLUMNS,
    FEW_ITEMS,
    INPUTS,
    PREDICTIONS,
    READY,
    Finding,
    Part,
    Point,
    Series,
    TestLine,
)
from labelwright.engine.drifting.ordering import Order
from labelwright.plain import Json

MOST: Final = 600  # items in a sample
LEAST: Final = 80
N_PERMUTATIONS: Final = 3999
MOST_PARTS: Final = 40
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def newest(order: Order) -> int:
    """Where the newest quarter begins: the fixed split of the tests that are not a scan.

    >>> newest(Order(np.arange(80), np.arange(80).astype(object), "time"))
    60
    """
    return int(order.borders()[-3])


def inputs(order: Order, features: Floats, level: float, rng: np.random.Generator) -> Finding:
    """Compare the features of a sample, (n, n_dims) in its order: at every split, and of the newest quarter."""
    if len(order) < LEAST:
        return Finding(INPUTS, FEW_ITEMS, len(order), LEAST)
    found = scan(features, order.borders()[1:-1], rng, n_permutations=N_PERMUTATIONS)
    split = newest(order)
    seed = int(rng.integers(2**31))
    told = drift(
        features[:split], features[split:], method="classifier", random_state=seed, n_permutations=N_PERMUTATIONS
    )
    lines = (
        _scanned(order, found),
        TestLine("classifier", told.p_value, told.effect, told.n_reference, told.n_current),
    )
    return _of_scan(INPUTS, order, found, lines, level)


def predictions(order: Order, predicted: Floats, level: float, rng: np.random.Generator) -> Finding:
    """Compare what one model predicts of items that it never learned from, (n, n_outputs) in their order."""
    if len(order) < LEAST:
        return Finding(PREDICTIONS, FEW_ITEMS, len(order), LEAST)
    found = scan(predicted, order.borders()[1:-1], rng, n_permutations=N_PERMUTATIONS)
    return _of_scan(PREDICTIONS, order, found, (_scanned(order, found),), level)


def columns(order: Order, cells: Sequence[dict[str, Json]], level: float) -> Finding:
    """Compare each column of the newest quarter with the same before, corrected for their number."""
    if len(order) < LEAST:
        return Finding(COLUMNS, FEW_ITEMS, len(order), LEAST)
    table = pd.DataFrame(list(cells))
    split = newest(order)
    told = drift(table.iloc[:split], table.iloc[split:], method="columns")
    parts = told.columns.sort_values("p_corrected", kind="stable")
    top = str(parts["column"].iloc[0])
    at = order.borders()[1:-1]
    every = [
        drift(table[[top]].iloc[:border], table[[top]].iloc[border:], method="columns").effect for border in at.tolist()
    ]
    effects = np.array(every, dtype=np.float64)
    best = int(np.argmax(effects**2 * at * (len(order) - at)))
    line = TestLine("columns", told.p_value, told.effect, told.n_reference, told.n_current)
    figures = parts[["effect", "p_corrected"]].to_numpy(np.float64)
    listed = [Part(name, *figure) for name, figure in zip(parts["column"].astype(str), figures.tolist(), strict=True)]
    return Finding(
        COLUMNS, READY, len(order), LEAST, level, told.p_value <= level, *_onset(order, best), None, (line,),
        (_by_border(f"column {top}", order, effects),), tuple(listed[:MOST_PARTS]),
    )  # fmt: skip


def _of_scan(what: str, order: Order, found: Scan, lines: tuple[TestLine, ...], level: float) -> Finding:
    alarm = any(line.p_value is not None and line.p_value <= level for line in lines)
    series = (_by_border("statistic", order, np.asarray(found.statistics, dtype=np.float64)),)
    return Finding(
        what, READY, len(order), LEAST, level, alarm, *_onset(order, found.best), found.limit, lines, series
    )  # fmt: skip


def _scanned(order: Order, found: Scan) -> TestLine:
    at = int(order.borders()[1:-1][found.best])
    return TestLine("mmd-scan", found.p_value, found.effect, at, len(order) - at)


def _onset(order: Order, border: int) -> tuple[str, int]:
    at = int(order.borders()[1:-1][border])
    return order.name_at(at), int(order.items[at])


def _by_border(name: str, order: Order, values: Floats) -> Series:
    points = []
    for at, value in zip(order.borders()[1:-1].tolist(), values.tolist(), strict=True):
        points.append(Point(order.name_at(at), int(order.items[at]), value, value, value, len(order)))
    return Series(name, tuple(points))
