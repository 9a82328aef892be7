"""Whether labels and errors have changed: on the reserve, which is sampled at random and teaches no model."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from labelwright.drift.detect import drift
from labelwright.drift.monitor import DriftMonitor
from labelwright.engine.drifting.finding import (
    ERRORS,
    FEW_LABELS,
    LABELS,
    READY,
    UNCLEAR,
    Finding,
    Part,
    Point,
    Series,
    TestLine,
)
from labelwright.engine.drifting.items import N_PERMUTATIONS, newest
from labelwright.engine.drifting.ordering import N_WINDOWS, Order
from labelwright.engine.drifting.schedule import LEAST_LABELS
from labelwright.errors import InputError
from labelwright.stats.intervals import wilson

ALPHA: Final = 0.01  # of the detector: no false alarm in 100 shuffles of 1,000 labels (docs/theory/drift.md)
IN_WINDOW: Final = 10  # labels of a window, at least
IN_CLASS: Final = 3  # labels of a class before the split, at least
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def labels(
    order: Order, codes: Ints, predicted: Order, proba: Floats, names: list[str], level: float, seed: int
) -> Finding:  # fmt: skip
    """Estimate how common each class is in the newest quarter, from predictions and the labels before it.

    Parameters
    ----------
    order, codes : of the labeled items of the reserve, (n,)
    predicted, proba : of all items of the reserve, (m, n_classes)
    names : list of str
        Ids of the classes.
    """
    if len(order) < LEAST_LABELS or len(predicted) < LEAST_LABELS:
        return Finding(LABELS, FEW_LABELS, min(len(order), len(predicted)), LEAST_LABELS)
    split_item = int(predicted.items[newest(predicted)])
    later = set(predicted.since(split_item).items.tolist())
    is_later = np.array([item in later for item in order.items.tolist()], dtype=bool)
    place = {item: k for k, item in enumerate(predicted.items.tolist())}
    of_old = proba[[place[item] for item in order.items[~is_later].tolist()]]
    of_new = proba[newest(predicted) :]
    counts = np.bincount(codes[~is_later], minlength=len(names))
    kept = np.flatnonzero(counts >= IN_CLASS)
    known = np.isin(codes[~is_later], kept)
    series = tuple(_shares(names[k], order, codes == k) for k in kept.tolist())
    at = _best_split(order, codes, len(names))
    onset = order.name_at(at), int(order.items[at])
    if len(kept) < 2 or known.sum() < IN_CLASS * 2:
        return Finding(LABELS, UNCLEAR, len(order), LEAST_LABELS, level, series=series)
    try:
        told = drift(
            _named(of_old[known][:, kept], kept), _named(of_new[:, kept], kept), method="label-shift",
            y=codes[~is_later][known], random_state=seed, n_permutations=N_PERMUTATIONS,
        )  # fmt: skip
    except InputError:  # the model confuses classes wholly, or one is too rare
        return Finding(LABELS, UNCLEAR, len(order), LEAST_LABELS, level, series=series)
    line = TestLine("label-shift", told.p_value, told.effect, told.n_reference, told.n_current)
    parts = tuple(
        Part(
            names[int(row["class"])], abs(float(row["current"]) - float(row["reference"])), float(row["p_corrected"]),
            float(row["reference"]), float(row["current"]), float(row["low"]), float(row["high"]),
        )
        for _, row in told.columns.iterrows()
    )  # fmt: skip
    return Finding(
        LABELS, READY, len(order), LEAST_LABELS, level, told.p_value <= level, *onset, None, (line,), series, parts
    )  # fmt: skip


def errors(order: Order, wrong: Bools, what: str = ERRORS) -> Finding:
    """Follow the errors on labels that were sampled at random, by ADWIN, in the order of items or of answers."""
    if len(order) < LEAST_LABELS:
        return Finding(what, FEW_LABELS, len(order), LEAST_LABELS)
    monitor = DriftMonitor("adwin", alpha=ALPHA)
    for one in wrong.tolist():
        monitor.update(error=float(one))
    series = (_shares("error", order, wrong),)
    if not monitor.alarms:
        line = TestLine("adwin", None, 0.0, len(order), 0)
        return Finding(what, READY, len(order), LEAST_LABELS, ALPHA, tests=(line,), series=series)
    last = monitor.alarms[-1]
    line = TestLine("adwin", None, last.after - last.before, last.since, len(order) - last.since)
    onset = order.name_at(last.since), int(order.items[last.since])
    return Finding(what, READY, len(order), LEAST_LABELS, ALPHA, True, *onset, None, (line,), series)


def _shares(name: str, order: Order, hits: Bools) -> Series:
    """The share of hits in windows of equally many labels, with Wilson's intervals."""
    borders = order.borders(max(1, min(N_WINDOWS, len(order) // IN_WINDOW)))
    points = []
    for start, end in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
        share = wilson(float(hits[start:end].sum()), end - start)
        points.append(
            Point(order.name_at(start), int(order.items[start]), share.value, share.low, share.high, end - start)
        )
    return Series(name, tuple(points))


def _best_split(order: Order, codes: Ints, n_classes: int) -> int:
    """The border at which the shares of the classes differ most, weighted by the sizes of both sides."""
    marks = np.eye(n_classes)[codes]
    borders = order.borders()[1:-1]
    apart = [
        np.abs(marks[:at].mean(axis=0) - marks[at:].mean(axis=0)).sum() * np.sqrt(at * (len(order) - at))
        for at in borders.tolist()
    ]
    return int(borders[int(np.argmax(apart))])


def _named(proba: Floats, kept: Ints) -> pd.DataFrame:
    """Probabilities of the classes that were seen, which sum to 1, named by their codes."""
    total = proba.sum(axis=1, keepdims=True)
    shares = np.divide(proba, total, out=np.full_like(proba, 1 / proba.shape[1]), where=total > 0)
    return pd.DataFrame(shares, columns=kept.tolist())
