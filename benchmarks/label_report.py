"""Tables from learning curves: gains over random, ranks, regret, labels to reach 95 %, and what is missing.

python -m benchmarks.label_report curves.jsonl --part core
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.stats import norm

from labelwright.stats.paired import corrected_resampled_t

TEST_SHARE = 0.3
CELL = ["set", "learner", "batch", "n_initial"]


def read(paths: list[Path], part: str) -> pd.DataFrame:
    """One row a run: its cell, strategy, seed, aulc, labels to 95 % (inf where the budget was not enough)."""
    rows = []
    for path in paths:
        for line in map(json.loads, path.read_text("utf-8").splitlines()):
            if line["part"] == part:
                line = _upwards(line) if line["learner"] == "ridge" else line
                rows.append(line | _figures(line))
    return pd.DataFrame(rows).drop_duplicates([*CELL, "strategy", "seed"], keep="last")


def _upwards(line: dict[str, Any]) -> dict[str, Any]:
    """An error as minus its multiple of what the model of the whole pool has, so that higher is better."""
    return line | {"values": [-value / line["full"] for value in line["values"]], "full": -1.0}


def _figures(line: dict[str, Any]) -> dict[str, float]:
    labels, values = np.array(line["labels"], dtype=float), np.array(line["values"])
    there = labels[values >= values[0] + 0.95 * (line["full"] - values[0])]
    return {
        "aulc": float(np.trapezoid(values, labels) / np.ptp(labels)),
        "to_95": float(there[0]) if len(there) else math.inf,
    }


def complete(frame: pd.DataFrame, strategies: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """aulc by cell and seed for cells in which every strategy ran the same seeds; what is missing, in words."""
    table = frame.pivot_table(index=[*CELL, "seed"], columns="strategy", values="aulc")
    table = table.reindex(columns=strategies)
    missing = [
        f"{name[0]} {name[1]}, {', '.join(table.columns[runs.isna().any()])}"
        for name, runs in table.groupby(CELL)
        if runs.isna().any(axis=None)
    ]
    return table.dropna(), missing


def gains(table: pd.DataFrame) -> pd.DataFrame:
    """Mean gain over random by cell, in points of a hundred."""
    return table.sub(table["random"], axis=0).groupby(CELL).mean() * 100


def beside(points: pd.DataFrame) -> pd.DataFrame:
    """auto's gain over random, its ratio to margin's gain, and its regret to the best of each cell, by learner.

    Intervals: percentiles of 10,000 bootstrap samples of the sets, each with all its learners.
    """
    gain = points.sub(points["random"], axis=0)
    cells = pd.DataFrame(
        {"auto": gain["auto"], "margin": gain["margin"], "regret": points.max(axis=1) - points["auto"]}
    ).reset_index()
    rng = np.random.default_rng(0)
    rows = []
    for name, some in [*cells.groupby("learner"), ("all", cells)]:
        sums = some.groupby("set")[["auto", "margin", "regret"]].sum().to_numpy()
        counts = some.groupby("set").size().to_numpy()
        drawn = rng.integers(len(sums), size=(10_000, len(sums)))
        means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)[:, None]
        here = sums.sum(axis=0) / counts.sum()
        figures = [here[0], here[0] - here[1], here[0] / here[1], here[2]]
        ratio = np.divide(means[:, 0], means[:, 1], out=np.full(len(means), math.inf), where=means[:, 1] > 0)
        many = [means[:, 0], means[:, 0] - means[:, 1], ratio, means[:, 2]]
        spans = [np.quantile(column, [0.025, 0.975], method="nearest") for column in many]
        texts = [f"{x:.2f} ({low:.2f} to {high:.2f})" for x, (low, high) in zip(figures, spans, strict=True)]
        rows.append((name, *texts, len(sums)))
    columns = ["learner", "gain over random", "minus margin's gain", "over margin's gain", "regret", "sets"]
    return pd.DataFrame(rows, columns=columns)


def holm(p: np.ndarray) -> np.ndarray:
    """Adjusted p-values.

    >>> holm(np.array([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p))))
    out = np.empty(len(p))
    out[order] = np.minimum(stepped, 1)
    return out


def against_random(table: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """Paired tests by cell, corrected for splits of one set, then by Holm over the cells; NaN with too few splits."""
    rows = []
    for cell, runs in table.groupby(CELL):
        test = corrected_resampled_t((runs[strategy] - runs["random"]).to_numpy(), test_share=TEST_SHARE)
        rows.append((*cell, test.estimate.value, test.estimate.low, test.estimate.high, test.p_value))
    found = pd.DataFrame(rows, columns=[*CELL, "delta", "low", "high", "p"])
    tested = found["p"].notna()
    found["holm"] = math.nan
    found.loc[tested, "holm"] = holm(found.loc[tested, "p"].to_numpy())
    return found


def labels_ratio(frame: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """Labels that a strategy needs to reach 95 %, over random's, by cell.

    ``restricted``: geometric means over seeds, each run counted up to the budget. ``censored``: from log-normal
    times with right censoring, a mean for each strategy and one spread; NaN where one of them never got there.
    """
    rows = []
    for cell, runs in frame[frame["strategy"].isin([strategy, "random"])].groupby(CELL):
        budget = float(runs["budget"].iloc[0])
        times = {name: part["to_95"].to_numpy() for name, part in runs.groupby("strategy")}
        if len(times) < 2:
            continue
        mine, random = times[strategy], times["random"]
        capped = [np.log(np.minimum(t, budget)).mean() for t in (mine, random)]
        rows.append(
            (*cell, math.exp(capped[0] - capped[1]), _censored(mine, random, budget), np.isinf(mine).sum(),
             np.isinf(random).sum(), len(mine))
        )  # fmt: skip
    return pd.DataFrame(rows, columns=[*CELL, "restricted", "censored", "unreached", "unreached_random", "seeds"])


def to_randoms_end(frame: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """Labels after which a strategy's mean curve is where random's ends, over the budget, by cell."""
    rows = []
    for cell, runs in frame[frame["strategy"].isin([strategy, "random"])].groupby(CELL):
        curves = {
            name: (np.array(part["labels"].iloc[0]), np.mean([values for values in part["values"]], axis=0))
            for name, part in runs.groupby("strategy")
        }
        if len(curves) == 2:
            labels, mean = curves[strategy]
            there = labels[mean >= curves["random"][1][-1]]
            rows.append((*cell, (float(there[0]) if len(there) else float(labels[-1])) / float(labels[-1])))
    return pd.DataFrame(rows, columns=[*CELL, "to_randoms_end"])


def _censored(mine: np.ndarray, random: np.ndarray, budget: float) -> float:
    if np.isinf(mine).all() or np.isinf(random).all():
        return math.nan
    logs = [np.log(np.minimum(t, budget)) for t in (mine, random)]
    ended = [np.isfinite(t) for t in (mine, random)]

    def loss(theta: np.ndarray) -> float:
        spread = math.exp(theta[2])
        total = 0.0
        for k in range(2):
            z = (logs[k] - theta[k]) / spread
            total -= (norm.logpdf(z[ended[k]]) - theta[2]).sum() + norm.logsf(z[~ended[k]]).sum()
        return total + 0.05 * theta[2] ** 2  # keeps the spread finite where all seeds agree

    start = [logs[0].mean(), logs[1].mean(), math.log(0.3)]
    found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 2000}).x
    return math.exp(found[0] - found[1])


def show(frame: pd.DataFrame) -> None:
    """Print all tables as Markdown."""
    strategies = list(dict.fromkeys(frame["strategy"]))
    hours = frame["seconds"].sum() / 3600
    print(f"{len(frame)} runs, {hours:.1f} hours of one core, code {', '.join(sorted(set(frame['code'])))}\n")
    table, missing = complete(frame, strategies)
    print("Missing: " + ("; ".join(missing) if missing else "no cell") + "\n")
    if table.empty:
        return
    delta = gains(table)
    seeds = table.groupby(CELL).size().rename("seeds")
    print("### Gain in aulc over random, points\n")
    print(markdown(pd.concat([delta, seeds], axis=1).reset_index()))
    print("\n### By learner\n")
    by = delta.groupby("learner").mean()
    ranks = table.groupby(CELL).mean().rank(axis=1, ascending=False)
    by.loc["all"] = delta.mean()
    by.loc["worst cell"] = delta.min()
    by.loc["mean rank"] = ranks.mean()
    best = table.groupby(CELL).mean()
    by.loc["mean regret"] = (best.rsub(best.max(axis=1), axis=0) * 100).mean()
    print(markdown(by.reset_index()))
    if "auto" in delta and "margin" in delta:
        print("\n### auto beside margin, with 95 % intervals over the sets\n")
        print(markdown(beside(best * 100)))
    if "auto" in delta:
        tests = against_random(table, "auto")
        worse = tests[(tests["delta"] < 0) & (tests["holm"] < 0.05)]
        better = tests[(tests["delta"] > 0) & (tests["holm"] < 0.05)]
        n_tested = tests["holm"].notna().sum()
        print(
            f"\nauto against random, Holm over {n_tested} cells of {len(tests)} that have splits enough: better "
            f"{len(better)}, worse {len(worse)}"
        )
        ratio = labels_ratio(frame, "auto")
        ratio = ratio.merge(to_randoms_end(frame, "auto"), on=CELL)
        print("\n### Labels to 95 %, auto over random; and until auto is where random ends, over the budget\n")
        print(markdown(ratio))
        censored = ratio["censored"].dropna()
        means = {key: np.exp(np.log(ratio[key]).mean()) for key in ("restricted", "to_randoms_end")}
        print(
            f"\ngeometric means: restricted to the budget {means['restricted']:.2f}; censored "
            f"{np.exp(np.log(censored).mean()):.2f} in {len(censored)} of {len(ratio)} cells; to random's end "
            f"{means['to_randoms_end']:.2f}"
        )


def markdown(frame: pd.DataFrame) -> str:
    def cell(value: Any) -> str:
        return f"{value:.2f}" if isinstance(value, float) else str(value)

    rows = [[cell(value) for value in row] for row in frame.itertuples(index=False)]
    head = [str(column) for column in frame.columns]
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def main() -> None:
    """Parse the options, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("curves", type=Path, nargs="+")
    parser.add_argument("--part", default="core")
    parser.add_argument("--learners", help="comma-separated")
    parser.add_argument("--strategies", help="comma-separated; those that are to be compared")
    args = parser.parse_args()
    frame = read(args.curves, args.part)
    if args.learners:
        frame = frame[frame["learner"].isin(args.learners.split(","))]
    if args.strategies:
        frame = frame[frame["strategy"].isin(args.strategies.split(","))]
    show(frame)


if __name__ == "__main__":
    main()
