"""Transfer: labels that a source of another domain saves, and that a source with shuffled labels does no harm.

python -m benchmarks.transfer --data DIR [--seeds 10] [--batch 10] [--only SOURCE ...]

DIR is a folder with office_surf.npz and digit_shift.npz, each of two domains that serve as source and as target in
turn. The learner is a logistic regression on scaled columns, asked by `auto`, from ten random labels on. The level is
what the labels of the target alone reach at 300 labels, or at half the pool; the labels to it are the first at which
the mean curve of the seeds reaches it. Differences of aulc are paired by seed, in points.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import labelwright as lw

Floats = npt.NDArray[np.float64]

SETS, N_INITIAL, BUDGET, TEST_SIZE = ("office_surf", "digit_shift"), 10, 300, 0.3


@dataclass(frozen=True)
class Pair:
    """Two domains of one set: items and labels of the source, then of the target."""

    source: str
    X_source: Floats
    y_source: npt.NDArray[np.int64]
    X: Floats
    y: npt.NDArray[np.int64]


def pairs(folder: Path) -> Iterator[Pair]:
    """Every pair, both ways."""
    for name in SETS:
        with np.load(folder / f"{name}.npz") as data:
            X, y, domain = data["X"].astype(np.float64), data["y"].astype(np.int64), data["domain"]
        for source in np.unique(domain):
            here = domain != source
            yield Pair(str(source), X[~here], y[~here], X[here], y[here])


def curves(pair: Pair, y_source: npt.NDArray[np.int64] | None, n_seeds: int, batch: int) -> pd.DataFrame:
    """The value at each number of labels (rows) for each seed (columns)."""
    estimator = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    n_pool = round((1 - TEST_SIZE) * len(pair.y))
    given = {} if y_source is None else {"X_source": pair.X_source, "y_source": y_source}
    found = lw.simulate(
        pair.X, pair.y, estimator, strategies=["auto"], n_initial=N_INITIAL, batch_size=batch,
        budget=min(BUDGET, n_pool // 2), test_size=TEST_SIZE, seeds=n_seeds, progress=False, **given,
    ).curves  # fmt: skip
    return found.pivot(index="n_labels", columns="seed", values="value")


def labels_to(level: float, curve: pd.Series) -> float:
    """The first number of labels at which a curve reaches a level; NaN where it does not."""
    reached = curve.index[curve >= level - 1e-9]
    return float(reached[0]) if len(reached) else float("nan")


def loss_bound(alone: pd.DataFrame, other: pd.DataFrame) -> tuple[float, float]:
    """Points of aulc that are lost against the target alone: the mean of the seeds, and its upper 95 % bound."""
    span = alone.index[-1] - alone.index[0]
    areas = [np.trapezoid(table.to_numpy(), table.index.to_numpy(), axis=0) / span for table in (alone, other)]
    lost = 100 * (areas[0] - areas[1])
    error = lost.std(ddof=1) / np.sqrt(len(lost))
    return float(lost.mean()), float(lost.mean() + stats.t.ppf(0.95, len(lost) - 1) * error)


def measured(pair: Pair, n_seeds: int, batch: int) -> dict[str, object]:
    """The row of a pair."""
    shuffled = np.random.default_rng(0).permutation(pair.y_source)
    alone, given, wrong = (curves(pair, y, n_seeds, batch) for y in (None, pair.y_source, shuffled))
    mean = alone.mean(axis=1)
    level = float(mean.iloc[-1])
    n_alone, n_given = labels_to(level, mean), labels_to(level, given.mean(axis=1))
    lost, bound = loss_bound(alone, given)
    lost_wrong, bound_wrong = loss_bound(alone, wrong)
    return {
        "source": pair.source, "level": level, "labels alone": n_alone, "with source": n_given,
        "ratio": n_given / n_alone, "first alone": float(mean.iloc[0]), "first with": float(given.mean(axis=1).iloc[0]),
        "aulc lost": lost, "upper 95 %": bound, "shuffled lost": lost_wrong, "its upper 95 %": bound_wrong,
    }  # fmt: skip


def main() -> None:
    """Print a row a pair, and the geometric mean of the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args()
    rows = []
    for pair in pairs(asked.data):
        if not asked.only or pair.source in asked.only:
            rows.append(measured(pair, asked.seeds, asked.batch))
            print(pd.DataFrame(rows[-1:]).round(3).to_string(index=False), flush=True)
    ratios = np.array([row["ratio"] for row in rows], dtype=np.float64)
    missed = int(np.isnan(ratios).sum())
    print(f"geometric mean of the ratios: {np.exp(np.nanmean(np.log(ratios))):.2f}; {missed} pairs did not reach it")


if __name__ == "__main__":
    main()
