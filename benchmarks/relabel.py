"""New item or second answer: answers that strategies need to reach what the whole crowd's labels teach a model.

python -m benchmarks.relabel DATA [--seeds 10] [--first-seed 20] [--only NAME ...]

DATA is a folder with crowd_dog.npz, crowd_lexical_rt.npz, satellite.npz and spambase.npz. The answers of real crowds
come without features, so people with the confusion matrices of the real ones answer about items that have features: 109
people who told four breeds of dogs apart label four kinds of soil, and 17 who told words from strings of letters label
mails as spam or not. Each takes as large a share of the answers as in the real crowd.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import LogisticRegression

import labelwright as lw
from benchmarks import label_sets
from benchmarks.crowds import crowd
from labelwright.stats.paired import corrected_resampled_t

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TEST_SIZE, N_INITIAL, BATCH, MAX_ITEMS = 0.4, 20, 20, 1500
SHARE = 0.95  # of the way from the first labels to those of the whole crowd
RESOLVER = "majority"
SMOOTHING = 4.0  # answers that the whole crowd's confusion counts for in a person's
OURS = "relabel-or-new"
# name, strategy, overlap
CONTESTANTS = (
    ("random, 1 answer", "random", 1),
    ("random, 3 answers", "random", 3),
    ("margin, 1 answer", "margin", 1),
    ("margin, 3 answers", "margin", 3),
    ("activelab", "activelab", 1),
    (OURS, OURS, 1),
)


@dataclass(frozen=True)
class Case:
    """A crowd, a set with features, the share of wrong answers (None as it is), and answers in all."""

    name: str
    crowd: str
    features: str
    noise: float | None
    budget: int


CASES = (
    Case("dog", "crowd_dog", "satellite", None, 900),
    Case("dog-20", "crowd_dog", "satellite", 0.2, 900),
    Case("lexical", "crowd_lexical_rt", "spambase", None, 900),
    Case("lexical-20", "crowd_lexical_rt", "spambase", 0.2, 900),
)


def team_of(path: Path, noise: float | None) -> tuple[list[lw.Annotator], float, int]:
    """People with the confusion matrices of a real crowd, their share of wrong answers, and answers an item.

    A person takes part as often as in the real crowd. With ``noise``, all errors are scaled by one factor.
    """
    answers, truth = crowd(path)
    item, person, given = answers.T
    n_classes, n_people = int(truth.max()) + 1, int(person.max()) + 1
    counts = np.zeros((n_people, n_classes, n_classes))
    np.add.at(counts, (person, truth[item], given), 1)
    pooled = counts.sum(axis=0)
    matrices = counts + SMOOTHING * pooled / pooled.sum(axis=1, keepdims=True)
    matrices /= matrices.sum(axis=2, keepdims=True)
    n_answers = counts.sum(axis=(1, 2))
    classes = np.bincount(truth) / len(truth)
    weights = n_answers[:, None] / n_answers.sum() * classes  # (n_people, n_classes)
    if noise is not None:
        matrices = _scaled(matrices, weights, noise)
    wrong = float((weights * (1 - matrices[:, range(n_classes), range(n_classes)])).sum())
    presence = n_answers / n_answers.max()
    team = [
        lw.Annotator(f"p{k}", errors=matrices[k].tolist(), presence=float(presence[k]))
        for k in np.flatnonzero(n_answers)
    ]
    return team, wrong, round(len(answers) / len(np.unique(item)))


def _scaled(matrices: Floats, weights: Floats, noise: float) -> Floats:
    """All chances of errors times one factor, so that their mean is ``noise``; no row errs more than always."""
    here = np.eye(matrices.shape[1], dtype=bool)

    def at(factor: float) -> Floats:
        off = np.where(here, 0.0, matrices * factor)
        off /= np.maximum(off.sum(axis=2, keepdims=True), 1.0)
        return np.where(here, 1 - off.sum(axis=2, keepdims=True), off)

    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        wrong = float((weights * (1 - at(middle)[:, here])).sum())
        low, high = (middle, high) if wrong < noise else (low, middle)
    return at(low)


def items_of(name: str, data: Path, n_classes: int) -> tuple[Floats, Ints]:
    """Features and classes: the most frequent classes of a set, a uniform sample of it."""
    found = label_sets.load(name, data, None, max_rows=10**9)
    assert found is not None
    kept = np.argsort(-np.bincount(found.y), kind="stable")[:n_classes]
    rows = np.flatnonzero(np.isin(found.y, kept))
    rows = np.sort(np.random.default_rng(0).permutation(rows)[:MAX_ITEMS])
    return found.X[rows], np.unique(found.y[rows], return_inverse=True)[1]


def run(case: Case, data: Path, seeds: list[int], contestants: tuple[tuple[str, object, int], ...]) -> pd.DataFrame:
    """Curves of all contestants; the contestant "whole crowd" has all answers to all items of the pool."""
    team, wrong, per_item = team_of(data / f"{case.crowd}.npz", case.noise)
    X, y = items_of(case.features, data, len(team[0].errors))
    print(f"\n{case.name}: {len(team)} people, {wrong:.1%} wrong; {case.features}, {len(y)} items", flush=True)
    n_pool = len(y) - round(TEST_SIZE * len(y))
    curves = []
    for name, strategy, overlap in (*contestants, ("whole crowd", "random", per_item)):
        started = time.perf_counter()
        whole = name == "whole crowd"
        model = LogisticRegression(max_iter=300)
        result = lw.simulate(
            X, y, model, strategies=[strategy], annotators=team, overlap=overlap, seeds=seeds,
            n_initial=N_INITIAL, batch_size=n_pool // 8 if whole else BATCH, test_size=TEST_SIZE, resolver=RESOLVER,
            budget=n_pool if whole else case.budget // overlap, progress=False,
        )  # fmt: skip
        found = result.curves.groupby("seed").tail(1) if whole else result.curves
        curves.append(found.assign(contestant=name))
        print(f"  {name}: {time.perf_counter() - started:.0f} s", flush=True)
    return pd.concat(curves)


def reached(curves: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers to the target (infinite where the budget was not enough) and mean value over answers, by seed."""
    whole = curves[curves["contestant"] == "whole crowd"].set_index("seed")["value"]
    rest = curves[curves["contestant"] != "whole crowd"]
    first = rest[rest["contestant"] == "random, 1 answer"].groupby("seed")["value"].first()
    target = first + SHARE * (whole - first)
    start = int(rest.groupby("contestant")["n_answers"].min().max())
    grid = np.arange(start, int(rest.groupby("contestant")["n_answers"].max().min()) + 1)
    to, area = {}, {}
    for (name, seed), one in rest.groupby(["contestant", "seed"], sort=False):
        there = one["n_answers"][one["value"] >= target[seed]]
        to[name, seed] = float(there.iloc[0]) if len(there) else np.inf
        area[name, seed] = float(np.interp(grid, one["n_answers"], one["value"]).mean())
    return pd.Series(to).unstack(0), pd.Series(area).unstack(0)


def show(curves: pd.DataFrame, names: list[str], ours: str) -> None:
    """Print the table of one case."""
    to, area = reached(curves)
    rng = np.random.default_rng(0)
    print(f"  {'':24}  answers to the target (median, 90 %)   reached   mean accuracy   ours minus this (95 %)")
    for name in names:
        drawn = np.median(rng.choice(to[name].to_numpy(), (2000, len(to))), axis=1)
        low, high = np.quantile(drawn, [0.05, 0.95], method="nearest")
        spread = f"{np.median(to[name]):6.0f} [{low:.0f}, {high:.0f}]"
        versus = ""
        if name != ours:
            estimate = corrected_resampled_t((area[ours] - area[name]).to_numpy(), test_share=TEST_SIZE).estimate
            versus = f"{estimate.value:+.4f} [{estimate.low:+.4f}, {estimate.high:+.4f}]"
        n_reached, mean = int(np.isfinite(to[name]).sum()), area[name].mean()
        print(f"  {name:24}  {spread:38} {n_reached:3}/{len(to)}      {mean:.4f}       {versus}")


def main() -> None:
    """Parse the options and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder of the four files")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument(
        "--first-seed", type=int, default=20, help="the strategy was made while looking at seeds 0 to 5"
    )
    parser.add_argument("--only", nargs="*", default=[case.name for case in CASES], help="names of cases")
    args = parser.parse_args()
    for case in CASES:
        if case.name in args.only:
            curves = run(case, args.data, list(range(args.first_seed, args.first_seed + args.seeds)), CONTESTANTS)
            show(curves, [name for name, _, _ in CONTESTANTS], OURS)


if __name__ == "__main__":
    main()
