"""Whether other intervals hold: active tests, slices, labels with errors, and the size of a certifying test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import binom

import labelwright as lw
from benchmarks import intervals_worlds
from labelwright.evaluation import accuracy_despite_label_errors, draw_test_items
from labelwright.stats import wilson
from labelwright.stats.certify import sealed_size, smallest_lead

Floats = npt.NDArray[np.float64]
SIZES = (30, 60, 100, 200, 400)
N_SLICES, PER_SLICE, SPREAD, N_WORST = 30, 60, 20.0, 5


def active(repeats: int, data: Path | None) -> None:
    """Items drawn where errors are likely against items drawn uniformly, from pools of real predictions."""
    print("\nactive tests of accuracy and log-loss: covered, mean width; uniform draws the same; labels saved")
    print(f"{'pool':26} {'loss':>9} {'n':>5} {'covered':>8} {'width':>7} {'uniform':>8} {'width':>7} {'saved':>6}")
    names = (*intervals_worlds.REAL, *intervals_worlds.MANY)
    for pool in intervals_worlds.real(data, names):
        own = pool.proba[np.arange(len(pool.y)), pool.y]
        wrong = (pool.proba.argmax(axis=1) != pool.y).astype(np.float64)
        surprise = -np.log(np.maximum(own, 1e-6))
        assert pool.other is not None
        chance = (pool.proba + pool.other) / 2  # of each class, by the tested model and another
        confidence = chance[np.arange(len(pool.y)), pool.proba.argmax(axis=1)]
        doubt = np.sqrt(1 - confidence)
        entropy = np.sqrt((chance * np.log(np.maximum(pool.proba, 1e-6)) ** 2).sum(axis=1))
        for name, losses, expected in (("error", wrong, doubt), ("log-loss", surprise, entropy)):
            for n in SIZES:
                if n > len(losses) / 2:
                    continue
                row = [_tested(losses, expected, n, uniform, repeats) for uniform in (None, 1.0)]
                (held, width, error), (held_plain, width_plain, error_plain) = row
                # labels of a uniform draw without replacement that have the active one's error
                n_all, ratio = len(losses), (error_plain / error) ** 2
                alike = n_all / (1 + (n_all / n - 1) / ratio)
                print(
                    f"{pool.name:26} {name:>9} {n:5} {held:8.3f} {width:7.3f} {held_plain:8.3f} {width_plain:7.3f} "
                    f"{1 - n / alike:6.0%}", flush=True,
                )  # fmt: skip


def _tested(
    losses: Floats, expected: Floats, n: int, uniform: float | None, repeats: int
) -> tuple[float, float, float]:
    """Share of intervals that cover, mean width, and the error of the estimates."""
    truth, found = losses.mean(), []
    for seed in range(repeats):
        drawn = draw_test_items(expected, n, random_state=seed, **({} if uniform is None else {"uniform": uniform}))
        found.append(lw.active_test(losses[drawn.indices], drawn.propensities, len(losses)))
    held = np.mean([e.low <= truth <= e.high for e in found])
    width = np.mean([e.high - e.low for e in found])
    return float(held), float(width), float(np.sqrt(np.mean([(e.value - truth) ** 2 for e in found])))


def slices(repeats: int) -> None:
    """The five worst of thirty slices, whose accuracies come from one distribution."""
    levels_of = {"each at 95 %": 0.95, "Bonferroni": 1 - 0.05 / N_SLICES}
    hits: dict[str, list[float]] = {name: [] for name in ("ours", *levels_of)}
    widths: dict[str, list[float]] = {name: [] for name in hits}
    apart: dict[str, list[float]] = {"raw": [], "shrunk": []}
    false, tested = 0, 0
    for seed in range(repeats):
        rng = np.random.default_rng(seed)
        truth = rng.beta(0.85 * SPREAD, 0.15 * SPREAD, N_SLICES)
        at = np.repeat(np.arange(N_SLICES), PER_SLICE)
        worst = _by_slice(rng.random(len(at)) < truth[at], at).head(N_WORST)
        own = truth[worst["slice"].astype(int)]
        for name in hits:
            shown = _plain(worst, levels_of[name]) if name in levels_of else worst
            hits[name].append(float(((shown["low"] <= own) & (own <= shown["high"])).mean()))
            widths[name].append(float((shown["high"] - shown["low"]).mean()))
        apart["raw"].append(float(((worst["value"] - own) ** 2).mean()))
        apart["shrunk"].append(float(((worst["shrunk"] - own) ** 2).mean()))
        alike = _by_slice(rng.random(len(at)) < 0.85, at)
        false, tested = false + bool((alike["p_value"] < 0.05).any()), tested + 1
    print(f"\nthe {N_WORST} worst of {N_SLICES} slices of {PER_SLICE} items: covered, mean width")
    for name in hits:
        print(f"  {name:28} {np.mean(hits[name]):.3f} {np.mean(widths[name]):.3f}")
    print("  error of their values: " + ", ".join(f"{k} {np.sqrt(np.mean(v)):.3f}" for k, v in apart.items()))
    print(f"  all slices alike: a corrected p-value below 0.05 in {false / tested:.3f} of tables")


def _by_slice(right: npt.NDArray[np.bool_], at: npt.NDArray[np.int64]) -> pd.DataFrame:
    """The accuracy of answers by slice."""
    proba = np.where(right, 0.9, 0.1)
    y = np.ones(len(at), dtype=np.int64)
    return lw.evaluate(y, proba, metric="accuracy", classes=[0, 1], slices=at.astype(str))


def _plain(table: pd.DataFrame, level: float) -> pd.DataFrame:
    """The table with Wilson's limits of one level for all rows."""
    found = [wilson(v * n, n, level=level) for v, n in zip(table["value"], table["n"], strict=True)]
    return table.assign(low=[e.low for e in found], high=[e.high for e in found])


def label_errors(repeats: int) -> None:
    """Accuracy against labels with errors, corrected with a matrix that is known, or counted on known items."""
    print("\naccuracy of 0.85 against labels that err in one of ten: mean value, covered, mean width")
    chances = np.array([[0.92, 0.08], [0.12, 0.88]])
    for n, known in ((200, 0), (200, 100), (1000, 0), (1000, 200)):
        plain, found = [], []
        for seed in range(repeats):
            rng = np.random.default_rng(seed)
            truth = (rng.random(n) < 0.4).astype(int)
            predicted = np.where(rng.random(n) < 0.85, truth, 1 - truth)
            given = np.where(rng.random(n) < chances[truth, 1 - truth], 1 - truth, truth)
            matrix = chances if not known else np.array([rng.multinomial(known // 2, row) for row in chances])
            plain.append(float((predicted == given).mean()))
            found.append(accuracy_despite_label_errors(predicted, given, matrix))
        held = np.mean([e.low <= 0.85 <= e.high for e in found])
        value, width = np.mean([e.value for e in found]), np.mean([e.high - e.low for e in found])
        print(
            f"  n = {n:4}, known items {known:3}: {np.mean(plain):.3f} uncorrected; {value:.3f} {held:.3f} {width:.3f}"
        )


def sizes() -> None:
    """What a certifying test takes, and how often it errs, exactly."""
    print(
        "\nto certify a share above a threshold with power 0.8: labels, fewest right, chance if the share is no larger"
    )
    for threshold, expected, openings in (
        (0.9, 0.93, 1),
        (0.9, 0.95, 1),
        (0.9, 0.95, 3),
        (0.8, 0.85, 1),
        (0.95, 0.98, 1),
    ):
        size = sealed_size(threshold, expected, n_openings=openings)
        wrong = binom.sf(size.n_hits - 1, size.n, threshold)
        print(f"  {threshold} if {expected} is true, {openings} openings: {size.n:5} {size.n_hits:5} {wrong:.4f}")
    for n in (25, 50, 100, 200, 400):
        print(f"  {n} labels certify 0.9 if the true share is {0.9 + smallest_lead(n, 0.9):.3f} or more")
