"""How often the 80 % interval of "labels to the target" holds, and how often a forecast is refused, on real sets.

python -m benchmarks.forecast_targets --data DIR

At each cut of a run the targets are what the model is worth, on items that no rule sees, at 1.3, 2 and 3 times the
labels; its curve is made monotone before. A forecast sees 300 reserve labels, as in a project. It is given where it
names a number of labels, and refused where it says that the target lies beyond four times the labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.stop_runs import REPORTED, TUNED, Run, options, runs
from labelwright.evaluation.forecast import forecast

CUTS = (100, 160, 240, 400)  # labels at which a forecast is made
TIMES = (1.3, 2.0, 3.0)


@dataclass(frozen=True)
class Case:
    """One forecast: labels to a target, with the interval, and the labels that it took."""

    set: str
    strategy: str
    times: float
    value: float
    low: float
    high: float
    took: float

    @property
    def given(self) -> bool:
        """Whether a number was named."""
        return bool(np.isfinite(self.value))

    @property
    def held(self) -> bool:
        """Whether the interval, open above where its end lies beyond the horizon, holds the labels that it took."""
        high = self.high if np.isfinite(self.high) else np.inf
        return self.low <= self.took <= high


def cases(run: Run) -> Iterator[Case]:
    """Each cut of a run with each target that lies above what the model is worth there."""
    from sklearn.isotonic import isotonic_regression

    looks = run.history
    n, seen = looks["n_labels"].to_numpy(dtype=float), looks["value"].to_numpy(dtype=float)
    errors = ((looks["high"] - looks["low"]) / 3.92).to_numpy(dtype=float)
    worth = np.asarray(isotonic_regression(run.truth[: len(n)]))
    for cut in CUTS:
        until = n <= cut
        for times in TIMES:
            if not (n >= times * cut).any() or until.sum() < 5:
                continue
            target = float(worth[int(np.flatnonzero(n >= times * cut)[0])])
            first = int(np.flatnonzero(worth >= target - 1e-12)[0])
            if n[first] <= cut:  # flat: it was there already
                continue
            found = forecast(n[until], seen[until], errors=errors[until], target=target).labels
            yield Case(run.set, run.strategy, times, found.value, found.low, found.high, float(n[first]))


def report(title: str, found: Sequence[Case]) -> None:
    """A line for each distance of the target, and one for all."""
    print(f"\n{title}: {len({case.set for case in found})} sets, {len(found)} forecasts")
    print(f"  {'target at':12} {'cases':>6} {'refused':>8} {'held, of those given':>21} {'error, median':>14}")
    for times in (*TIMES, None):
        own = [case for case in found if times in (None, case.times)]
        given = [case for case in own if case.given]
        if not given:
            continue
        ratio = np.median([abs(np.log(case.value / case.took)) for case in given])
        name = "all" if times is None else f"{times:g} x labels"
        held, refused = np.mean([case.held for case in given]), 1 - len(given) / len(own)
        print(f"  {name:12} {len(own):6} {refused:8.1%} {held:21.1%} {np.expm1(ratio):14.0%}")


def main() -> None:
    """Run and print."""
    given = options(__doc__, seeds=3, budget=800, batch_size=20).parse_args()
    sets = [*TUNED, *REPORTED]
    made = runs(given.data, sets, seeds=given.seeds, budget=given.budget, batch_size=given.batch_size)
    every = [case for run in made for case in cases(run)]
    report("all sets", every)
    report("the half that the constants were not tuned on", [case for case in every if case.set in REPORTED])
    print("\nheld, of those given, by set")
    for name in sorted({case.set for case in every}):
        own = [case for case in every if case.set == name and case.given]
        if own:
            print(f"  {name:18} {np.mean([case.held for case in own]):.0%} of {len(own)}")


if __name__ == "__main__":
    main()
