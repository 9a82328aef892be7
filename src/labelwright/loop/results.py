"""Results of a simulation: curves, a comparison with random, and where rules would have stopped."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labelwright.check import Floats, check_one_of, complain
from labelwright.errors import MissingExtraError
from labelwright.stats.paired import corrected_resampled_t
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

BASELINE = "random"
AXES = {"n_labels": "labels", "n_answers": "answers", "hours": "hours worked", "cost": "cost"}


@dataclass(frozen=True, repr=False)
class Results:
    """Curves of strategies over seeds.

    Attributes
    ----------
    curves : DataFrame
        strategy, seed, n_labels, cost, value, fit_seconds, select_seconds; value on the test part. With simulated
        annotators also n_answers and hours.
    stops : DataFrame
        strategy, seed, rule, n_labels, value, regret_labels, regret_value, reason. n_labels is NaN where the rule
        never stopped. regret_labels: labels spent after the value was first reached; regret_value: what
        going on to the budget would have added.
    full : Series
        By seed: the value of the model that is trained on the whole pool.
    metric, higher_is_better, test_share
        What value is and how it was measured.
    transfers : DataFrame, optional
        With a source: strategy, seed, n_labels, method (None for no transfer), amount, loss and alone (out of fold,
        with and without the source). None without one.
    complete : bool
        False where the simulation was interrupted; only runs that have finished are here.
    """

    curves: pd.DataFrame
    stops: pd.DataFrame
    full: pd.Series
    metric: str
    higher_is_better: bool
    test_share: float
    histories: dict[tuple[str, int], pd.DataFrame]
    complete: bool = True
    transfers: pd.DataFrame | None = None

    def __repr__(self) -> str:
        names, n_seeds = ", ".join(self.curves["strategy"].unique()), self.curves["seed"].nunique()
        labels = f"from {self.curves['n_labels'].min()} to {self.curves['n_labels'].max()} labels"
        seeds = f"{n_seeds} seed{'s' if n_seeds > 1 else ''}{'' if self.complete else ' (interrupted)'}"
        return f"Results({self.metric} of {names} over {seeds}, {labels}; see summary(), curves, plot())"

    def history(self, strategy: str, seed: int) -> pd.DataFrame:
        """One run as stopping rules see it: n_labels, cost, value, low, high, n_reserve, and what rules look at."""
        if (strategy, seed) not in self.histories:
            raise complain("history", "strategy and seed", "of a run", f"{strategy!r}, {seed!r}")
        return self.histories[strategy, seed].copy()

    def summary(self) -> pd.DataFrame:
        """One row a strategy, best aulc first; differences to random are paired by seed.

        aulc is the trapezoid of value over n_labels divided by its range; labels_to_95 the median first
        n_labels that reaches start + 95 % of (full - start), NaN where the median run does not within the
        budget; wins, ties and losses count seeds against random, of those that both have finished.
        """
        import pandas as pd

        full: dict[Any, float] = self.full.to_dict()
        per_run = pd.DataFrame(
            [
                {"strategy": strategy, "seed": seed, **self._run(run, full[seed])}
                for (strategy, seed), run in self.curves.groupby(["strategy", "seed"], sort=False)
            ]
        )
        areas = per_run.pivot(index="seed", columns="strategy", values="aulc")
        rows = []
        for strategy, runs in per_run.groupby("strategy", sort=False):
            row = {"strategy": strategy, "aulc": runs["aulc"].mean()}
            for share in (95, 99):
                median = float(np.median(runs[f"labels_to_{share}"]))
                row[f"labels_to_{share}"] = median if math.isfinite(median) else math.nan
            row["reached_95"] = int(np.isfinite(runs["labels_to_95"]).sum())
            rows.append(row | self._against_random(areas, str(strategy)))
        return pd.DataFrame(rows).set_index("strategy").sort_values("aulc", ascending=not self.higher_is_better)

    def plot(self, ax: Axes | None = None, *, over: str = "n_labels") -> Axes:
        """Mean curves over labels, hours or money, and a dashed line for the model that is trained on the whole pool.

        The band around a curve is one standard error of the mean over seeds on either side, as the caption says; it is
        no confidence interval. There is none for one seed.

        Parameters
        ----------
        ax : matplotlib axes, optional
            A new figure otherwise.
        over : {"n_labels", "n_answers", "hours", "cost"}
            What the values are drawn over: each round stands at its mean over seeds. Answers and hours are there where
            annotators were simulated.

        Raises
        ------
        InputError
            If ``over`` is no such column of the curves.
        MissingExtraError
            If matplotlib is not installed.
        """
        check_one_of("plot", "over", over, [column for column in AXES if column in self.curves])
        try:
            import matplotlib.pyplot as plt
        except ImportError:
            raise MissingExtraError("plot: matplotlib must be installed.", "pip install 'labelwright[plot]'") from None
        ax = ax or plt.subplots(figsize=(7, 4.5))[1]
        n_seeds = self.curves["seed"].nunique()
        for strategy, runs in self.curves.groupby("strategy", sort=False):
            rounds = runs.groupby(runs.groupby("seed").cumcount())
            at, mean = rounds[over].mean(), rounds["value"].mean()
            (line,) = ax.plot(at, mean, label=str(strategy))
            if n_seeds > 1:
                error: Any = (rounds["value"].std() / np.sqrt(rounds["value"].count())).fillna(0)
                ax.fill_between(at, mean - error, mean + error, color=line.get_color(), alpha=0.15, lw=0)
        ax.axhline(self.full.mean(), color="0.4", linestyle="--", lw=1, label="trained on all labels of the pool")
        caption = f"Mean over {n_seeds} seeds; band: one standard error of the mean on either side"
        ax.set_title(caption if n_seeds > 1 else "One seed: no band", loc="left", fontsize="small", color="0.3")
        ax.set(xlabel=AXES[over], ylabel=f"{self.metric} on the test part")
        ax.legend(frameon=False)
        return ax

    def to_mlflow(self, uri: str, experiment: str = "labelwright-simulate") -> int:
        """Send the curves to an MLflow server: a run for each strategy and seed, and one with the summary.

        It is the only method here that leaves this machine. Sent again, the same results are the same runs.

        Parameters
        ----------
        uri : str
            Of the tracking server, such as ``http://127.0.0.1:5000``.
        experiment : str
            Made if there is none of this name.

        Returns
        -------
        int
            How many runs are new.

        Raises
        ------
        MissingExtraError
            If mlflow is not installed.
        UnreachableError
            If the server does not take it.
        """
        from labelwright.loop.tracked import runs_of
        from labelwright.tracking.mlflow_ import send

        return send(uri, experiment, runs_of(self)).n_new

    def _run(self, run: pd.DataFrame, full: float) -> dict[str, float]:
        labels, values = run["n_labels"].to_numpy(dtype=float), run["value"].to_numpy(dtype=float)
        figures = {"aulc": float(np.trapezoid(values, labels) / np.ptp(labels)) if np.ptp(labels) else float(values[0])}
        for share in (95, 99):
            goal = values[0] + share / 100 * (full - values[0])
            there = labels[_reached(values, goal, self.higher_is_better)]
            figures[f"labels_to_{share}"] = float(there[0]) if len(there) else math.inf
        return figures

    def _against_random(self, areas: pd.DataFrame, strategy: str) -> dict[str, float]:
        delta = (areas[strategy] - areas.get(BASELINE, math.nan)).dropna().to_numpy(dtype=float)
        if not len(delta):  # no seed that both have finished
            return dict.fromkeys(("delta_vs_random", "low", "high", "wins", "ties", "losses", "p_value"), math.nan)
        better = delta if self.higher_is_better else -delta
        test = corrected_resampled_t(delta, test_share=self.test_share)
        return {
            "delta_vs_random": test.estimate.value, "low": test.estimate.low, "high": test.estimate.high,
            "wins": int((better > 0).sum()), "ties": int((better == 0).sum()), "losses": int((better < 0).sum()),
            "p_value": test.p_value if strategy != BASELINE else math.nan,
        }  # fmt: skip


def _reached(values: Floats, goal: float, higher_is_better: bool) -> Any:
    return values >= goal if higher_is_better else values <= goal


def stop_row(strategy: str, seed: int, rule: str, history: pd.DataFrame, verdicts: Any, higher: bool) -> dict[str, Any]:
    """Where a rule first stopped on one run, and its regret in labels and in value.

    ``history`` holds n_labels and the value on the test part at each look, ``verdicts`` the rule's verdict.
    """
    at = next((k for k, verdict in enumerate(verdicts) if verdict.stop), None)
    base = {"strategy": strategy, "seed": seed, "rule": rule}
    if at is None:
        missing = dict.fromkeys(("n_labels", "value", "regret_labels", "regret_value"), math.nan)
        return base | missing | {"reason": str(verdicts[-1].reason if len(verdicts) else Reason("no-look"))}
    labels, values = history["n_labels"].to_numpy(dtype=float), history["value"].to_numpy(dtype=float)
    first = labels[_reached(values, values[at], higher)][0]
    added = values[-1] - values[at]
    return base | {
        "n_labels": labels[at], "value": values[at], "regret_labels": labels[at] - first,
        "regret_value": added if higher else -added, "reason": str(verdicts[at].reason),
    }  # fmt: skip
