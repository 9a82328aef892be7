"""Plans: how long a grid takes, and whether the saving of what is chosen among many holds on other repetitions.

python -m benchmarks.plans                      the grid of four strategies, two models, five seeds at 2,000 items
python -m benchmarks.plans --curse --seeds 30   choices from five seeds each, checked on the other seeds
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits, make_classification

from benchmarks.table import show
from labelwright.loop.plan_grid import SetUp
from labelwright.loop.plan_reach import reach_of
from labelwright.loop.plan_result import Plan
from labelwright.loop.planning import plan

STRATEGIES = ("random", "margin", "entropy", "auto")
MANY = (
    "random", "margin", "entropy", "least-confidence", "ratio", "k-center", "badge", "typiclust", "auto",
)  # fmt: skip
CHOSEN_FROM = 5  # seeds of a choice
N_CHOICES = 200


@dataclass(frozen=True)
class Choice:
    """What five seeds said of the set-up that they chose, and what the other seeds say of it."""

    naive: float
    honest: float
    low: float
    high: float
    truth: float

    @property
    def covered(self) -> bool:
        """Whether the interval holds what the other seeds say."""
        return self.low <= self.truth <= self.high


def timed(n_items: int, seeds: int, models: Sequence[str], jobs: int) -> None:
    """Play the grid and print when what was there."""
    X, y = make_classification(
        n_items, 20, n_informative=8, n_classes=3, n_clusters_per_class=2, class_sep=1.2, random_state=0
    )
    began = time.perf_counter()
    whole: list[float] = []
    counts: list[tuple[float, int]] = []

    def progress(partial: Plan) -> None:
        spent = time.perf_counter() - began
        counts.append((spent, len(partial.replays)))
        if len(partial.replays) == len(partial.grid.setups):
            whole.append(spent)
        if len(partial.replays) % len(partial.grid.setups) == 0:
            print(f"{spent:6.0f} s: {partial!r}", flush=True)

    found = plan(X, y, strategies=STRATEGIES, models=models, seeds=seeds, n_jobs=jobs, callback=progress)
    minute = max((n for spent, n in counts if spent <= 60), default=0)
    print(found.table.round(3).to_string(index=False))
    print(f"\n{found.text()}\n")
    print(
        f"{len(found.replays)} replays in {counts[-1][0]:.0f} s on {jobs} processes; the first after "
        f"{counts[0][0]:.0f} s, every set-up once after {whole[0]:.0f} s, {minute} within the first minute."
    )


def logs_of(found: Plan) -> npt.NDArray[np.float64]:
    """Logarithms of answers to the target, (n_setups, n_seeds)."""
    runs = {(run.cell.setup, run.cell.seed): run for run in found.replays}
    return np.array([
        [np.log(reach_of(runs[setup, seed], found.target, found.higher_is_better).answers) for seed in found.grid.seeds]
        for setup in found.grid.setups
    ])  # fmt: skip


def choices(found: Plan, n_choices: int) -> list[Choice]:
    """Choose from five random seeds, and compare with the seeds that are left."""
    rng, logs, made = np.random.default_rng(0), logs_of(found), list[Choice]()
    setups: list[SetUp] = list(found.grid.setups)
    for _ in range(n_choices):
        drawn = rng.choice(len(found.grid.seeds), CHOSEN_FROM, replace=False)
        left = np.setdiff1d(np.arange(len(found.grid.seeds)), drawn)
        seeds = {found.grid.seeds[k] for k in drawn}
        part = replace(
            found, grid=replace(found.grid, seeds=tuple(sorted(seeds))), given_target=found.target,
            replays=tuple(run for run in found.replays if run.cell.seed in seeds),
        )  # fmt: skip
        best = part.best
        at = setups.index(best.setup)
        naive = 1 - float(np.exp((logs[at] - logs[0])[drawn].mean()))
        truth = 1 - float(np.exp((logs[at] - logs[0])[left].mean()))
        if not np.isnan(best.saving.value):
            made.append(Choice(naive, best.saving.value, best.saving.low, best.saving.high, truth))
    return made


def curse(seeds: int, jobs: int) -> None:
    """Print what choosing among nine set-ups flatters, and what is left of it."""
    digits = load_digits()
    found = plan(
        digits.data / 16, digits.target, strategies=MANY, models=["linear"], seeds=seeds, budget=300, target=0.9,
        n_jobs=jobs,
    )  # fmt: skip
    made = choices(found, N_CHOICES)
    columns = {name: np.array([getattr(one, name) for one in made]) for name in ("naive", "honest", "truth")}
    rows = [
        (name, f"{values.mean():.3f}, too high by {(values - columns['truth']).mean():+.3f}")
        for name, values in columns.items()
    ]
    show(f"saving of the chosen of {len(found.grid.setups)} set-ups, from {CHOSEN_FROM} of {seeds} seeds", rows)
    print(f"\n{np.mean([one.covered for one in made]):.1%} of {len(made)} intervals hold what the other seeds say.")


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--models", default="linear,boosting")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--curse", action="store_true")
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")
    if asked.curse:
        curse(asked.seeds, asked.jobs)
    else:
        timed(asked.items, asked.seeds, asked.models.split(","), asked.jobs)


if __name__ == "__main__":
    main()
