"""A metric by slice: where a model is worse than elsewhere, and whether that may be chance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from labelwright.check import Bools, Floats, check_same_length
from labelwright.evaluation.measure import Measurement
from labelwright.stats.estimate import Estimate
from labelwright.stats.exact import corrected, stratified_p_value
from labelwright.stats.intervals import normal_quantile
from labelwright.stats.many import levels, shrunk
from labelwright.stats.sample import Sample
from labelwright.tasks.metrics import Truth
from labelwright.tasks.predictions import Predictions

if TYPE_CHECKING:
    import pandas as pd

MIN_ITEMS: Final = 20
MANY_VALUES: Final = 20  # of numbers, which are cut into quarters
COLUMNS: Final = ("column", "slice", "value", "low", "high", "n", "shrunk", "p_value", "reason")


@dataclass(frozen=True, eq=False)
class Slice:
    """Some of the items: ``here`` marks them, (n_items,)."""

    column: str
    name: str
    here: Bools


def by_slice(
    measurement: Measurement, y: Truth, predictions: Predictions, sample: Sample, slices: object
) -> pd.DataFrame:
    """A row for each slice, the worst first.

    Parameters
    ----------
    measurement : Measurement
    y, predictions, sample
        Of n items.
    slices : array of shape (n,), DataFrame, or mapping of columns
        Each value of a column is a slice; numbers of more than 20 values are cut into quarters.

    Returns
    -------
    DataFrame
        ``column``, ``slice``; ``value`` with ``low`` and ``high``; ``n``, the items; ``shrunk``, the value
        drawn towards the others of its column; ``p_value`` of the difference from all other items, corrected after
        Benjamini and Hochberg; ``reason``, why there is no interval. Sorted by ``shrunk``, then by ``value``; limits
        hold for the worst rows although they were picked for being so, see `labelwright.stats.many.levels`. Values of
        fewer than 20 items share a row.

    Raises
    ------
    InputError
        If columns have another length than the items.
    """
    import pandas as pd

    cut = cut_by(slices, len(y))
    rows = [_Row.of(measurement, y, predictions, sample, part) for part in cut]
    drawn = _shrunk(rows, measurement)
    sign = 1.0 if measurement.metric.higher_is_better else -1.0
    order = np.lexsort((sign * np.array([row.estimate.value for row in rows]), sign * drawn))
    known = [k for k in order.tolist() if rows[k].estimate.known]
    found = {k: row.estimate for k, row in enumerate(rows)}
    for k, level in zip(known, levels(len(known), sample.level).tolist(), strict=True):
        if level != sample.level:
            found[k] = rows[k].at(measurement, y, predictions, sample, level)
    p_values = np.array([row.p_value for row in rows])
    tested = ~np.isnan(p_values)
    p_values[tested] = corrected(p_values[tested], method="benjamini-hochberg")
    table = [
        (rows[k].part.column, rows[k].part.name, found[k].value, found[k].low, found[k].high, found[k].n, drawn[k],
         p_values[k], str(found[k].reason) if found[k].reason.code else "")
        for k in [*known, *(k for k in order.tolist() if k not in set(known))]
    ]  # fmt: skip
    return pd.DataFrame(table, columns=list(COLUMNS))


def cut_by(slices: object, n: int) -> list[Slice]:
    """The slices of n items, column by column, as `by_slice` makes them.

    Raises
    ------
    InputError
        If columns have another length than the items.
    """
    return [part for column in _columns(slices, n) for part in _parts(column)]


@dataclass(frozen=True, eq=False)
class _Row:
    part: Slice
    estimate: Estimate
    variance: float
    p_value: float

    @classmethod
    def of(cls, m: Measurement, y: Truth, predictions: Predictions, sample: Sample, part: Slice) -> _Row:
        here = part.here
        if not sample.share[here].sum() > 0:
            return cls(part, Estimate(math.nan, math.nan, math.nan, 0), math.nan, math.nan)
        estimate = m.honest(y[here], m.task.take(predictions, np.flatnonzero(here)), sample.take(here))
        p_value = _p_value(m, y, predictions, sample, here, estimate) if estimate.known else math.nan
        return cls(part, estimate, _variance(estimate, sample.level), p_value)

    def at(self, m: Measurement, y: Truth, predictions: Predictions, sample: Sample, level: float) -> Estimate:
        here = self.part.here
        return m.of(y[here], m.task.take(predictions, np.flatnonzero(here)), replace(sample.take(here), level=level))


def _variance(estimate: Estimate, level: float) -> float:
    return ((estimate.high - estimate.low) / (2 * normal_quantile(level))) ** 2


def _p_value(
    m: Measurement, y: Truth, predictions: Predictions, sample: Sample, here: Bools, estimate: Estimate
) -> float:
    """Two-sided, of the slice against all other items; NaN where there are none."""
    from scipy.special import ndtr, stdtr

    if here.all():
        return math.nan
    if m.metric.parts is None:
        rest = m.of(y[~here], m.task.take(predictions, np.flatnonzero(~here)), sample.take(~here))
        error = math.sqrt(_variance(estimate, sample.level) + _variance(rest, sample.level))
        return float(2 * ndtr(-abs(estimate.value - rest.value) / error)) if error > 0 else math.nan
    parts = m.metric.parts(y, predictions)
    counted = ~np.isnan(parts)
    parts, within, kept = parts[counted], here[counted], sample.take(counted)
    if within.all() or not within.any():
        return math.nan
    if np.isin(parts, (0.0, 1.0)).all() and not kept.grouped and not kept.weighted:
        strata = np.array([[len(parts), int(parts.sum()), int(within.sum())]])
        return stratified_p_value(int(parts[within].sum()), strata)
    share = float(kept.share[within].sum())
    around = parts - kept.mean(parts)
    apart = np.where(within, around / share, -around / (1 - share))  # its mean is the difference
    error = kept.error(apart)
    return float(2 * stdtr(max(kept.n_groups - 1, 1), -abs(kept.mean(apart)) / error)) if error > 0 else 1.0


def _shrunk(rows: list[_Row], measurement: Measurement) -> Floats:
    """Each row's value drawn towards those of its column; as it is where it has no interval."""
    drawn = np.array([row.estimate.value for row in rows], dtype=np.float64)
    for column in {row.part.column for row in rows}:
        at = [k for k, row in enumerate(rows) if row.part.column == column and row.estimate.known]
        if len(at) < 2:
            continue
        n = np.array([rows[k].estimate.n for k in at], dtype=np.float64)
        variances = np.array([rows[k].variance for k in at])
        if measurement.metric.parts is not None and measurement.metric.high == 1.0:
            mean = float(n @ drawn[at] / n.sum())
            spread = mean * (1 - mean) or 1e-12
            own = np.maximum(drawn[at] * (1 - drawn[at]), 1e-12)
            effect = np.maximum(variances * n / own, 1.0)  # groups and weights
            effect = np.where(own > 1e-9, effect, 1.0)
            variances = spread / (n / effect)
        drawn[at] = shrunk(drawn[at], variances, n)
    return drawn


def _columns(slices: object, n: int) -> Iterator[pd.Series]:
    import pandas as pd

    if isinstance(slices, pd.DataFrame | Mapping):
        frame = pd.DataFrame(slices)
    elif isinstance(slices, pd.Series):
        frame = slices.to_frame(slices.name if slices.name is not None else "slice")
    else:
        frame = pd.DataFrame(np.asarray(slices))
        frame.columns = pd.Index(["slice"] if frame.shape[1] == 1 else [str(k) for k in range(frame.shape[1])])
    check_same_length("evaluate", items=n, slices=len(frame))
    return (frame[name] for name in frame.columns)


def _parts(column: pd.Series) -> Iterator[Slice]:
    """The slices of a column, by size; small ones together."""
    import pandas as pd

    values = column.reset_index(drop=True)
    if pd.api.types.is_float_dtype(values) or pd.api.types.is_integer_dtype(values):
        values = pd.qcut(values, 4, duplicates="drop") if values.nunique() > MANY_VALUES else values
    named = values.astype(object).where(values.notna(), "missing").astype(str)
    counts = named.value_counts(sort=False).sort_index()
    marks = named.to_numpy(dtype=object)
    small = [name for name, count in counts.items() if count < MIN_ITEMS]
    for name, count in counts.items():
        if count >= MIN_ITEMS or len(small) == 1:
            yield Slice(str(column.name), cast(str, name), marks == name)
    if len(small) > 1:
        yield Slice(
            str(column.name),
            f"{len(small)} values of fewer than {MIN_ITEMS} items",
            np.isin(marks.astype(str), np.array(small, dtype=str)),
        )
