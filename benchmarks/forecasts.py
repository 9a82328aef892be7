"""Forecasts of learning curves at twice the labels: how often the band holds the value, and errors beside baselines.

python -m benchmarks.forecasts --data DIR

Curves by random labels and by margin, measured on 300 reserve labels as a project's are. The constants of the forecast
were tuned on every other set by the alphabet; the two halves are shown apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.stop_runs import REPORTED, TUNED, Run, options, runs
from labelwright.evaluation.forecast import LEVEL, forecast

CUTS = (100, 160, 240, 400)  # labels at which a forecast is made, for twice as many
METHODS = ("forecast", "last value", "log-linear")


@dataclass(frozen=True)
class Case:
    """What a method forecast of the value at twice the labels, and the value that was measured."""

    set: str
    strategy: str
    method: str
    value: float
    low: float
    high: float
    realised: float

    @property
    def held(self) -> bool:
        """Whether the band holds the value."""
        return self.low <= self.realised <= self.high


def cases(run: Run) -> Iterator[Case]:
    """Each method at each cut of a run that goes on to twice the labels."""
    looks = run.history
    n, v = looks["n_labels"].to_numpy(dtype=float), looks["value"].to_numpy(dtype=float)
    errors = ((looks["high"] - looks["low"]) / 3.92).to_numpy(dtype=float)
    for cut in CUTS:
        later = np.flatnonzero(n >= 2 * cut)
        if not len(later):
            continue
        k, until = int(later[0]), n <= cut
        for method, said in said_of(n[until], v[until], errors[until], float(n[k])).items():
            yield Case(run.set, run.strategy, method, *said, float(v[k]))


def said_of(n: Any, v: Any, errors: Any, later: float) -> dict[str, tuple[float, float, float]]:
    """Value and 80 % band by method."""
    from scipy.special import ndtri, stdtrit

    curve = forecast(n, v, errors=errors, target=1.0).curve
    ours = tuple(float(np.interp(later, curve["n_labels"], curve[column])) for column in ("value", "low", "high"))
    step = float(ndtri(0.5 + LEVEL / 2) * np.diff(v).std(ddof=1))  # two values, each with its spread
    X = np.column_stack([np.ones(len(n)), np.log(n)])
    beta = np.linalg.lstsq(X, v, rcond=None)[0]
    x, left = np.array([1.0, np.log(later)]), len(n) - 2
    spread = np.sqrt(((v - X @ beta) ** 2).sum() / left * (1 + x @ np.linalg.inv(X.T @ X) @ x))
    line, half = float(x @ beta), float(stdtrit(left, 0.5 + LEVEL / 2) * spread)
    last = float(v[-1])
    return {
        "forecast": (ours[0], ours[1], ours[2]), "last value": (last, last - step, last + step),
        "log-linear": (line, line - half, line + half),
    }  # fmt: skip


def report(title: str, found: Sequence[Case]) -> None:
    """A line for each method."""
    print(f"\n{title}: {len({case.set for case in found})} sets, {len(found) // len(METHODS)} forecasts")
    print(f"  {'method':12} {'in the band':>12} {'mean width':>11} {'mean error':>11} {'bias':>8}")
    for method in METHODS:
        own = [case for case in found if case.method == method]
        error = np.array([case.value - case.realised for case in own])
        held = np.mean([case.held for case in own])
        width = np.mean([case.high - case.low for case in own])
        print(f"  {method:12} {held:12.1%} {width:11.3f} {np.abs(error).mean():11.4f} {error.mean():+8.4f}")


def main() -> None:
    """Run and print."""
    given = options(__doc__, seeds=3, budget=800, batch_size=20).parse_args()
    names = [*TUNED, *REPORTED]
    every = [
        case
        for run in runs(given.data, names, seeds=given.seeds, budget=given.budget, batch_size=given.batch_size)
        for case in cases(run)
    ]
    for title, sets in (("reported half", REPORTED), ("half that the constants were tuned on", TUNED)):
        some = [case for case in every if case.set in sets]
        if some:
            report(title, some)
    print("\nforecasts in the band, by set and strategy")
    for name in sorted({case.set for case in every}):
        own = [case for case in every if case.set == name and case.method == "forecast"]
        shares = [
            f"{strategy} {np.mean([case.held for case in own if case.strategy == strategy]):.0%}"
            for strategy in sorted({case.strategy for case in own})
        ]
        print(f"  {name:18} {', '.join(shares)}")


if __name__ == "__main__":
    main()
