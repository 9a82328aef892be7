"""Whether intervals hold: how often they cover the population's figure, and how wide they are.

python -m benchmarks.intervals [--repeats 1000] [--data DIR] [--part metrics,real,…] [--bootstrap]

Parts are metrics, resampled, real, active, slices, labels and sizes. Without DIR, real predictions are those on sets of
scikit-learn. With 1000 repeats a coverage of 0.95 has an error of 0.007.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import labelwright as lw
from benchmarks import intervals_other
from benchmarks.intervals_worlds import MANY, REAL, Population, real, synthetic
from labelwright.evaluation.inputs import read
from labelwright.stats import bootstrap
from labelwright.stats.sample import Sample

METRICS = (
    "accuracy", "roc-auc", "precision-at-recall:0.8", "precision-at-recall:0.95", "f1", "recall", "brier", "log-loss",
)  # fmt: skip
RESAMPLED = ("average-precision", "recall-at-precision:0.5", "calibration-error")
OF_MANY = ("accuracy", "macro-f1", "balanced-accuracy", "top-3", "log-loss")
APART = (1.0, 2.0, 3.0)  # areas under the ROC curve of 0.76, 0.92 and 0.98
CASES = ((100, 0.3, 1), (400, 0.05, 1), (400, 0.3, 1), (1000, 0.1, 1), (150, 0.3, 5), (400, 0.1, 5), (1000, 0.1, 5))
CORRELATION = 0.4


@dataclass
class Tally:
    """Intervals of one figure: how many cover it, how wide they are, how many there are none of."""

    truth: float
    covered: int = 0
    missed_above: int = 0
    refused: int = 0
    widths: list[float] = field(default_factory=list)

    def add(self, found: lw.Estimate) -> None:
        """Count one interval."""
        if not found.known:
            self.refused += 1
            return
        self.covered += found.low <= self.truth <= found.high
        self.missed_above += found.low > self.truth
        self.widths.append(found.high - found.low)

    def __str__(self) -> str:
        n = len(self.widths)
        if not n:
            return f"{'refused':>36}"
        above = f"{self.missed_above / n:.3f}"
        refused = f"{self.refused / (n + self.refused):.2f}" if self.refused else ""
        return f"{self.covered / n:7.3f} {above:>8} {np.mean(self.widths):9.4f} {refused:>9}"


def measured(population: Population, metric: str, n: int, repeats: int, *, resampled: bool = False) -> Tally:
    """Intervals of a metric from samples of a population."""
    tally = Tally(true_figure(population, metric))
    for seed in range(max(repeats // 5, 20) if metric in RESAMPLED or resampled else repeats):
        y, proba, groups = population.draw(np.random.default_rng([seed, n]), n)
        if resampled:
            tally.add(percentile(y, proba, metric, groups, seed))
        else:
            tally.add(lw.evaluate(y, proba, metric=metric, groups=groups, random_state=seed, classes=_classes(proba)))
    return tally


def true_figure(population: Population, metric: str) -> float:
    """The metric of all of the population."""
    given = read(population.y, population.proba, metric, _classes(population.proba))
    return given.task.metric(metric).figure(given.y, given.predictions, Sample.of(len(given.y)))


def percentile(y: np.ndarray, proba: np.ndarray, metric: str, groups: np.ndarray | None, seed: int) -> lw.Estimate:
    """What a percentile bootstrap over groups gives."""
    given = read(y, proba, metric, _classes(proba))
    found = given.task.metric(metric)
    every = Sample.of(len(y))

    def figure(idx: np.ndarray) -> float:
        return found.figure(given.y[idx], given.task.take(given.predictions, idx), every)

    return bootstrap(figure, len(y), np.random.default_rng(seed), groups=groups, n_resamples=300)


def _classes(proba: np.ndarray) -> range:
    return range(proba.shape[1])


HEAD = f"{'figure':>7} {'covered':>8} {'too high':>8} {'width':>8} {'refused':>9}"


def table(title: str, rows: Iterator[tuple[str, Tally]]) -> None:
    """Print a row for each tally as it is made."""
    print(f"\n{title}\n{'':46}{HEAD}", flush=True)
    for name, tally in rows:
        print(f"{name:46}{tally.truth:7.3f} {tally}", flush=True)


def metrics(repeats: int, with_bootstrap: bool, wanted: tuple[str, ...] = METRICS) -> None:
    """Synthetic populations, by how far classes are apart, n, share of positives and groups."""
    for n, share, size in CASES:
        for apart in APART if wanted == METRICS else APART[1:2]:
            population = synthetic(share, apart, correlation=CORRELATION if size > 1 else 0.0, size=size)

            def rows(population: Population = population, n: int = n) -> Iterator[tuple[str, Tally]]:
                for metric in wanted:
                    yield metric, measured(population, metric, n, repeats)
                    if with_bootstrap and metric.startswith(("roc", "prec")):
                        yield "  percentile bootstrap", measured(population, metric, n, repeats, resampled=True)

            table(f"{population.name}, n = {n}", rows())


def on_real(repeats: int, data: Path | None, with_bootstrap: bool) -> None:
    """Real predictions, resampled."""
    for names, wanted in ((REAL, METRICS), (MANY, OF_MANY)):
        for population in real(data, names):
            for n in (100, 400):

                def rows(
                    p: Population = population, n: int = n, wanted: tuple[str, ...] = wanted
                ) -> Iterator[tuple[str, Tally]]:
                    for metric in wanted:
                        yield metric, measured(p, metric, n, repeats)
                        if with_bootstrap and metric.startswith(("roc", "prec")):
                            yield "  percentile bootstrap", measured(p, metric, n, repeats, resampled=True)

                table(f"{population.name}, n = {n}", rows())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--part", default="metrics,resampled,real,active,slices,labels,sizes")
    parser.add_argument("--bootstrap", action="store_true", help="the percentile bootstrap beside ours")
    chosen = parser.parse_args()
    parts = chosen.part.split(",")
    started = time.perf_counter()
    if "metrics" in parts:
        metrics(chosen.repeats, chosen.bootstrap)
    if "resampled" in parts:
        metrics(chosen.repeats // 2, chosen.bootstrap, RESAMPLED)
    if "real" in parts:
        on_real(chosen.repeats, chosen.data, chosen.bootstrap)
    if "active" in parts:
        intervals_other.active(chosen.repeats, chosen.data)
    if "slices" in parts:
        intervals_other.slices(chosen.repeats)
    if "labels" in parts:
        intervals_other.label_errors(chosen.repeats)
    if "sizes" in parts:
        intervals_other.sizes()
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
