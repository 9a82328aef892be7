"""Regret of stopping rules on real sets: labels too many, and score missed.

python -m benchmarks.stops --data DIR

A rule sees 300 reserve labels; the truth is measured on up to 1,000 other items. The right moment to stop is the first
number of labels whose value, smoothed over three looks, is within half a point of that at the end of the budget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.stop_runs import SETS, Run, options, runs
from labelwright import stopping
from labelwright.stopping import StoppingRule

NEAR = 0.005
WORTHS = (50, 150)  # labels that a point of accuracy is worth
RULES: dict[str, StoppingRule] = {
    "budget (400 labels)": stopping.make("budget", n_labels=400),
    "target (0.85)": stopping.make("target", threshold=0.85, min_reserve=50),
    "plateau": stopping.make("plateau"),
    "plateau (margin 0.03)": stopping.make("plateau", margin=0.03),
    "kappa-stable": stopping.make("kappa-stable"),
    "kappa-stable (0.97)": stopping.make("kappa-stable", threshold=0.97),
    "overall-uncertainty": stopping.make("overall-uncertainty"),
    "overall-uncertainty (0.3)": stopping.make("overall-uncertainty", threshold=0.3),
    "prediction-change": stopping.make("prediction-change"),
    "prediction-change (0.02)": stopping.make("prediction-change", threshold=0.02),
    "cost-benefit (a point worth 50 labels)": stopping.make("cost-benefit", value_of_point=50),
    "cost-benefit (a point worth 150 labels)": stopping.make("cost-benefit", value_of_point=150),
    "default": stopping.default(),
    "default (a point worth 100 labels)": stopping.default(value_of_point=100),
}


@dataclass(frozen=True)
class Outcome:
    """One rule on one run: labels too many (below 0: too few), score missed, both NaN where it never stopped.

    ``lost`` is what stopping there, or at the end, loses against the best look in hindsight: in labels, where a point
    is worth each of `WORTHS` labels.
    """

    set: str
    rule: str
    n_labels: float
    too_many: float
    missed: float
    lost: tuple[float, ...]

    @property
    def stopped(self) -> bool:
        """Whether it stopped within the budget."""
        return bool(np.isfinite(self.n_labels))


def outcomes(run: Run) -> list[Outcome]:
    """Each rule on a run."""
    labels = run.history["n_labels"].to_numpy(dtype=float)
    padded = np.pad(run.truth, 1, mode="edge")
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / 3  # (n_looks,)
    final = float(run.truth[-3:].mean())
    right = labels[np.flatnonzero(smooth >= final - NEAR)[0]]
    found = []
    for name, rule in RULES.items():
        at = next((k for k in range(len(labels)) if rule.judge(run.history.iloc[: k + 1]).stop), None)
        ended = len(labels) - 1 if at is None else at
        nets = [100 * worth * smooth - labels for worth in WORTHS]  # (n_looks,) each
        lost = tuple(float(net.max() - net[ended]) for net in nets)
        if at is None:
            found.append(Outcome(run.set, name, np.nan, np.nan, np.nan, lost))
        else:
            found.append(Outcome(run.set, name, labels[at], labels[at] - right, final - smooth[at], lost))
    return found


def report(found: Sequence[Outcome]) -> None:
    """A line for each rule."""
    heads = ("never", "labels", "too many", "too few", "missed", "worst", ">2 pt")
    heads += tuple(f"lost {worth}" for worth in WORTHS)
    print(f"{'rule':40}" + "".join(f"{head:>9}" for head in heads))
    for name in RULES:
        own = [one for one in found if one.rule == name]
        stopped = [one for one in own if one.stopped]
        cells = [f"{len(own) - len(stopped)}/{len(own)}"]
        if stopped:
            many = np.array([one.too_many for one in stopped])
            missed = 100 * np.array([one.missed for one in stopped])
            cells += [
                f"{np.median([one.n_labels for one in stopped]):.0f}", f"{np.maximum(many, 0).mean():.0f}",
                f"{np.maximum(-many, 0).mean():.0f}", f"{missed.mean():.2f}", f"{missed.max():.1f}",
                f"{(missed > 2).mean():.0%}",
            ]  # fmt: skip
        cells += [""] * (len(heads) - len(WORTHS) - len(cells))
        cells += [f"{np.mean([one.lost[k] for one in own]):.0f}" for k in range(len(WORTHS))]
        print(f"{name:40}" + "".join(f"{cell:>9}" for cell in cells))


def main() -> None:
    """Run and print."""
    given = options(__doc__, seeds=2, budget=1000, batch_size=25).parse_args()
    every = [
        one
        for run in runs(given.data, SETS, seeds=given.seeds, budget=given.budget, batch_size=given.batch_size)
        for one in outcomes(run)
    ]
    n_sets, n_runs = len({one.set for one in every}), len(every) // len(RULES)
    print(f"{n_sets} sets, {n_runs} runs: random and margin, {given.seeds} seeds")
    print("labels: median where it stopped; too many, too few: labels, on average; missed, worst: points of accuracy")
    print(
        "lost: labels, beside the best look in hindsight where a point is worth so many; at the end if it never stops"
    )
    report(every)


if __name__ == "__main__":
    main()
