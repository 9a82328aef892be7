"""A simulation as runs of an experiment tracker."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from labelwright.tracking.mlflow_ import Point, TrackedRun

if TYPE_CHECKING:
    from labelwright.loop.results import Results

COLUMNS = ("cost", "hours", "n_answers", "fit_seconds", "select_seconds")


def runs_of(results: Results) -> list[TrackedRun]:
    """A run for each strategy and seed, whose steps are labels, and one with the summary and the curves as tables.

    The same results have the same identity, which is a hash of what was measured, and not of how long it took.
    """
    curves = results.curves
    measured = curves[["strategy", "seed", "n_labels", "value"]].to_csv(index=False)
    digest = hashlib.sha256(f"{results.metric}\n{measured}".encode()).hexdigest()[:16]
    full: dict[object, float] = results.full.to_dict()
    found = []
    for (strategy, seed), run in curves.groupby(["strategy", "seed"], sort=False):
        columns = [column for column in COLUMNS if column in run]
        points = [
            Point(results.metric if column == "value" else column, float(value), int(step))
            for column in ("value", *columns)
            for step, value in zip(run["n_labels"], run[column], strict=True)
        ]
        found.append(
            TrackedRun(
                f"{strategy}, seed {seed}",
                {
                    "labelwright.simulation": digest,
                    "labelwright.strategy": str(strategy),
                    "labelwright.seed": str(seed),
                },
                params={"strategy": str(strategy), "seed": str(seed), "metric": results.metric},
                points=[*points, Point(f"{results.metric} whole pool", full[seed])],
            )
        )
    summary = results.summary()
    rows = [
        Point(f"{column}/{name}", float(value)) for column, values in summary.items() for name, value in values.items()
    ]
    files = {
        "summary.csv": summary.to_csv().encode(), "curves.csv": curves.to_csv(index=False).encode(),
        "stops.csv": results.stops.to_csv(index=False).encode(),
    }  # fmt: skip
    identity = {"labelwright.simulation": digest, "labelwright.strategy": "summary"}
    return [*found, TrackedRun("summary", identity, params={"metric": results.metric}, points=rows, files=files)]
