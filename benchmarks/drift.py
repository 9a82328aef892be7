"""Drift: how many labels an alarm takes by size of the change, how often it is false, and what real weather raises.

python -m benchmarks.drift --data DIR

A model is trained once on a set. From a known item on, a share of the items is changed: they come from another source
(digit_shift), their label is that of the next class (swap), or they are all of the class that the model errs on most
(prevalence). False alarms are counted on shuffles of the unchanged items.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import labelwright as lw
from benchmarks import label_sets
from benchmarks.table import quantile
from labelwright.drift.scan import Scan, scan

N_TRAIN, N_REFERENCE, N_BEFORE, N_AFTER = 1000, 300, 500, 500
SHARES = (0.1, 0.3, 0.6)
SIZES = (25, 50, 100, 200, 400)  # current items
TESTS, DETECTORS = ("mmd", "classifier", "columns", "label-shift"), ("adwin", "page-hinkley")
ALPHA_TEST, ALPHA_MONITOR = 0.01, 0.01
N_ITEMS, CHANGE_AT, N_WINDOWS, ALPHA_LOOK = 600, 375, 8, 1 / 2400  # of a look at a project
POWER = 0.8


@dataclass(frozen=True)
class Items:
    """Features, the model's probabilities, whether it is wrong, and the labels."""

    X: Any
    proba: Any
    wrong: Any
    y: Any

    def take(self, idx: Any) -> Items:
        """Some of them."""
        return Items(self.X[idx], self.proba[idx], self.wrong[idx], self.y[idx])

    def then(self, other: Items) -> Items:
        """These, then others."""
        return Items(*(np.concatenate([a, b]) for a, b in zip(vars(self).values(), vars(other).values(), strict=True)))


@dataclass(frozen=True)
class World:
    """Items of a model as it was made for, and changed ones."""

    base: Items
    changed: Items

    def draw(self, n_before: int, n_after: int, share: float, rng: np.random.Generator) -> tuple[Items, Items]:
        """Unchanged items, then items of which about a share is changed."""
        order = rng.permutation(len(self.base.y))[: n_before + n_after]
        before, after = np.split(order, [n_before])
        is_changed = rng.random(n_after) < share
        other = self.changed.take(rng.integers(0, len(self.changed.y), int(is_changed.sum())))
        return self.base.take(before), self.base.take(after[~is_changed]).then(other).take(rng.permutation(n_after))


def items(model: Any, X: Any, y: Any) -> Items:
    """What the model makes of items."""
    proba = model.predict_proba(X)
    return Items(X, proba, (model.classes_[proba.argmax(axis=1)] != y).astype(float), y)


def fitted(X: Any, y: Any) -> Any:
    """The model that is watched."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=1000).fit(X, y)


def digit_shift(data: Path) -> World:
    """Handwritten digits of MNIST; the others were written for another form, and scanned otherwise."""
    with np.load(data / "digit_shift.npz", allow_pickle=False) as file:
        X, y, domain = file["X"].astype(np.float64), file["y"], file["domain"]
    X = X / X.max()
    first = domain == domain[0]
    order = np.random.default_rng(0).permutation(np.flatnonzero(first))
    model = fitted(X[order[:N_TRAIN]], y[order[:N_TRAIN]])
    return World(items(model, X[order[N_TRAIN:]], y[order[N_TRAIN:]]), items(model, X[~first], y[~first]))


def satellite(data: Path) -> tuple[Any, Items]:
    """Land seen by a satellite: the model and what it was not trained on."""
    whole = label_sets.load("satellite", data, None)
    if whole is None:
        raise SystemExit("satellite.npz is missing")
    order = np.random.default_rng(0).permutation(len(whole.y))
    model = fitted(whole.X[order[:N_TRAIN]], whole.y[order[:N_TRAIN]])
    return model, items(model, whole.X[order[N_TRAIN:]], whole.y[order[N_TRAIN:]])


def swap(data: Path) -> World:
    """Labels become those of the next class."""
    model, base = satellite(data)
    return World(base, items(model, base.X, (base.y + 1) % len(model.classes_)))


def prevalence(data: Path) -> World:
    """One class takes over: the one that the model errs on most."""
    model, base = satellite(data)
    worst = max(model.classes_, key=lambda k: base.wrong[base.y == k].mean())
    return World(base, base.take(np.flatnonzero(base.y == worst)))


WORLDS: dict[str, Callable[[Path], World]] = {"digit_shift": digit_shift, "swap": swap, "prevalence": prevalence}


def p_value(method: str, reference: Items, current: Items, seed: int) -> float:
    """Of one test."""
    if method == "label-shift":
        found = lw.drift(reference.proba, current.proba, method=method, y=reference.y, random_state=seed)
    else:
        found = lw.drift(reference.X, current.X, method=method, random_state=seed)
    return found.p_value


def alarms(method: str, errors: Any) -> tuple[lw.DriftMonitor, int | None]:
    """The monitor after a stream, and where its first alarm was."""
    monitor = lw.DriftMonitor(method, alpha=ALPHA_MONITOR)
    for error in errors:
        monitor.update(error=error)
    return monitor, monitor.alarms[0].at if monitor.alarms else None


def sampled(world: World, n_repeats: int, n_shuffles: int) -> Iterator[str]:
    """Rows of the tests of samples: false alarms, and how many current items it takes."""
    for method in TESTS:
        false = [
            p_value(method, *world.draw(N_REFERENCE, 200, 0.0, np.random.default_rng([1, seed])), seed)
            for seed in range(n_shuffles)
        ]
        cells = [f"{np.mean(np.array(false) <= level):7.1%}" for level in (0.05, ALPHA_TEST)]
        for share in SHARES:
            cells.append(f"{_needed(world, method, share, n_repeats):>8}")
        yield f"{method:13}" + " ".join(cells)


def _needed(world: World, method: str, share: float, n_repeats: int) -> str:
    """The least number of current items with which most repeats raise an alarm."""
    for n in SIZES:
        draws = (world.draw(N_REFERENCE, n, share, np.random.default_rng([2, seed])) for seed in range(n_repeats))
        if np.mean([p_value(method, *draw, seed) <= ALPHA_TEST for seed, draw in enumerate(draws)]) >= POWER:
            return str(n)
    return f"> {SIZES[-1]}"


def looked(world: World, n_repeats: int, n_shuffles: int) -> str:
    """The scan of a look: false alarms, then per share of changed items how often it is seen, and off by how much."""
    borders = np.round(np.linspace(0, N_ITEMS, N_WINDOWS + 1)).astype(np.int64)[1:-1]

    def look(share: float, seed: int, n_permutations: int) -> Scan:
        before, after = world.draw(CHANGE_AT, N_ITEMS - CHANGE_AT, share, np.random.default_rng([7, seed]))
        values = np.concatenate([before.X, after.X])
        return scan(values, borders, np.random.default_rng(seed), n_permutations=n_permutations)

    false = np.array([look(0.0, seed, 199).p_value for seed in range(n_shuffles)])
    cells = [f"{np.mean(false <= level):7.1%}" for level in (0.05, ALPHA_TEST)]
    for share in SHARES:
        found = [look(share, seed, round(1 / ALPHA_LOOK) - 1) for seed in range(n_repeats)]
        misses = [abs(int(borders[one.best]) - CHANGE_AT) for one in found if one.p_value <= ALPHA_LOOK * (1 + 1e-9)]
        dated = f"{quantile(misses, 0.5):.0f}" if misses else "-"
        cells.append(f"{len(misses) / n_repeats:6.0%} {dated:>4}")
    return f"{'scan':13}" + " ".join(cells)


def streamed(world: World, n_repeats: int, n_shuffles: int) -> Iterator[str]:
    """Rows of the monitors: false alarms, then per share of changed items the error, delay, and error of the onset."""
    for method in DETECTORS:
        n = N_BEFORE + N_AFTER
        shuffles = (world.draw(n, 0, 0.0, np.random.default_rng([3, seed]))[0].wrong for seed in range(n_shuffles))
        count = sum(len(alarms(method, wrong)[0].alarms) for wrong in shuffles)
        cells = [f"{count * 1000 / n / n_shuffles:6.2f}"]
        for share in SHARES:
            delays, misses, risen = [], [], []
            for seed in range(n_repeats):
                before, after = world.draw(N_BEFORE, N_AFTER, share, np.random.default_rng([4, seed]))
                risen.append(after.wrong.mean() - before.wrong.mean())
                monitor, at = alarms(method, np.concatenate([before.wrong, after.wrong]))
                delays.append(float("inf") if at is None or at < N_BEFORE else at - N_BEFORE)
                if delays[-1] < N_AFTER:
                    misses.append(abs(monitor.alarms[0].since - N_BEFORE))
            seen = len(misses) / n_repeats
            half = f"{quantile(delays, 0.5):.0f}" if seen > 0.5 else "-"
            dated = f"{quantile(misses, 0.5):.0f}" if misses else "-"
            cells.append(f"{np.mean(risen):+.2f} {seen:4.0%} {half:>4} {dated:>4}")
        yield f"{method:13}" + "  | ".join(cells)


def covered(world: World, share: float, n_repeats: int) -> str:
    """How often the intervals of the new prevalences hold them, where nothing but prevalences has changed."""
    n_classes = world.base.proba.shape[1]
    counts = [np.bincount(part.y, minlength=n_classes) / len(part.y) for part in (world.base, world.changed)]
    truth, held, widths = (1 - share) * counts[0] + share * counts[1], [], []
    for seed in range(n_repeats):
        reference, current = world.draw(N_REFERENCE, 200, share, np.random.default_rng([6, seed]))
        found = lw.drift(reference.proba, current.proba, method="label-shift", y=reference.y, random_state=seed)
        table = found.columns
        held.append((table["low"] <= truth) & (truth <= table["high"]))
        widths.append(table["high"] - table["low"])
    return (
        f"prevalences of 200 current items, share {share:.0%}: {np.mean(held):.1%} of {np.size(held)} intervals of "
        f"95 % hold the truth, mean width {np.mean(widths):.3f}"
    )


def rainfall(data: Path, n_shuffles: int) -> Iterator[str]:
    """Weather by day: alarms in time, and on shuffles of the same errors."""
    whole = label_sets.load("rainfall", data, None, max_rows=10**9)
    if whole is None:
        raise SystemExit("rainfall.npz is missing")
    model = fitted(whole.X[:N_TRAIN], whole.y[:N_TRAIN])
    wrong = items(model, whole.X[N_TRAIN:], whole.y[N_TRAIN:]).wrong
    yield f"rainfall: trained on days 1 to {N_TRAIN}; {len(wrong)} days after them, {wrong.mean():.3f} of them wrong"
    for method in DETECTORS:
        monitor, _ = alarms(method, wrong)
        yield f"  {method}: {len(monitor.alarms)} alarms, {monitor.per_thousand:.2f} in 1,000 labels"
        for alarm in monitor.alarms:
            days = f"day {alarm.at + N_TRAIN}, since day {alarm.since + N_TRAIN}"
            yield f"    {days}: error {alarm.before:.3f} -> {alarm.after:.3f}"
        rngs = [np.random.default_rng([5, seed]) for seed in range(n_shuffles)]
        count = sum(len(alarms(method, rng.permutation(wrong)[:1000])[0].alarms) for rng in rngs)
        yield f"    shuffled: {count / n_shuffles:.2f} in 1,000 labels, over {n_shuffles} shuffles"


def report(name: str, *, data: Path, n_repeats: int, n_shuffles: int) -> list[str]:
    """All lines of one kind of change."""
    os.environ["OMP_NUM_THREADS"] = "1"
    if name == "rainfall":
        return list(rainfall(data, n_shuffles))
    world = WORLDS[name](data)
    heads = " ".join(f"{share:8.0%}" for share in SHARES)
    lines = [
        f"{name}: {world.base.wrong.mean():.3f} of unchanged items wrong, {world.changed.wrong.mean():.3f} changed"
    ]
    lines.append(f"{'test':13}  p<.05   p<.01 {heads}   current items for {POWER:.0%} of alarms, by share changed")
    lines += sampled(world, n_repeats, n_shuffles)
    what = f"seen at 1/{1 / ALPHA_LOOK:.0f}, median |onset - truth|, by share of the last {N_ITEMS - CHANGE_AT} items"
    lines.append(f"{'look':13}  p<.05   p<.01 " + " ".join(f"{share:11.0%}" for share in SHARES) + f"   {what}")
    lines.append(looked(world, n_repeats, n_shuffles))
    heads = " | ".join(f"{share:>20.0%}" for share in SHARES)
    lines.append(f"{'monitor':13}/1,000 {heads}   rise of error, seen, median delay, median |onset - truth|, by share")
    lines += streamed(world, n_repeats, n_shuffles)
    return lines + [covered(world, share, n_shuffles) for share in SHARES] if name == "prevalence" else lines


def main() -> None:
    """Print a table a change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--shuffles", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    run = partial(report, data=options.data, n_repeats=options.repeats, n_shuffles=options.shuffles)
    print(f"{N_REFERENCE} reference items; {options.shuffles} shuffles; {options.repeats} repeats")
    with ProcessPoolExecutor(options.workers) as workers:
        for lines in workers.map(run, [*WORLDS, "rainfall"]):
            print("\n" + "\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
