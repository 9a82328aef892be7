"""Which of many finished models is best: asking where they differ, beside labels sampled at random.

python -m benchmarks.picking --seeds 10
python -m benchmarks.picking --seeds 10 --data DIR    # also letter, satellite and spambase

Candidates are our learners, each trained on several small sets of labels; regret is in points of accuracy on the whole
pool, to the best of them. The two constants of the prior were chosen on the first three sets, with four seeds; the
others had no part in it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.preprocessing import StandardScaler

from benchmarks.table import show
from labelwright import ModelPicker, models, tasks

SETS = {"digits": load_digits, "breast_cancer": load_breast_cancer, "wine": load_wine}
LEARNERS = ("linear", "nearest-mean", "svm", "boosting")
OUTSIDE = ("letter", "satellite", "spambase")
TRAINED_ON = (20, 30, 45)
MOST_ITEMS = 2000


def candidates(X: npt.NDArray[Any], y: npt.NDArray[Any], seed: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Predicted classes of a pool, (n_models, n_items), and its labels."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(y))
    pool = order[max(TRAINED_ON) * 2 :]
    task = tasks.make("classification", tasks.guess("classification", [str(one) for one in np.unique(y)]))
    predicted = []
    for learner in LEARNERS:
        for n in TRAINED_ON:
            labeled = rng.choice(order[: max(TRAINED_ON) * 2], n, replace=False)
            model = models.make(learner, task, random_state=seed).fit(X[labeled], y[labeled])
            predicted.append(task.proba(model.predict(X[pool])).argmax(axis=1))
    return np.array(predicted), y[pool]


def regrets(predicted: npt.NDArray[Any], y: npt.NDArray[Any], at: list[int], seed: int) -> dict[tuple[str, int], float]:
    """Points lost by the chosen model, by way of choosing and number of labels."""
    accuracy = (predicted == y).mean(axis=1)
    rng = np.random.default_rng([seed, 1])
    order, found = rng.permutation(len(y)), {}
    picker = ModelPicker(predicted, classes=np.unique(y), random_state=seed)
    names = {name: k for k, name in enumerate(picker.names)}
    for n in range(max(at) + 1):
        if n in at:
            right = (predicted[:, order[:n]] == y[order[:n]]).mean(axis=1) if n else np.zeros(len(predicted))
            best = rng.choice(np.flatnonzero(right == right.max()))
            found["random", n] = 100 * (accuracy.max() - accuracy[best])
            found["picker", n] = 100 * (accuracy.max() - accuracy[names[picker.best]])
        asked = picker.query()
        picker.teach(asked, y[asked])
    return found


def main() -> None:
    """Parse the options, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--labels", type=int, nargs="+", default=[0, 5, 10, 20, 40, 80])
    parser.add_argument("--data", type=Path, help="a folder with more sets, as .npz with X and y")
    args = parser.parse_args()
    sets = {name: loader(return_X_y=True) for name, loader in SETS.items()}
    for name in OUTSIDE if args.data else ():
        with np.load(args.data / f"{name}.npz") as file:
            some = np.random.default_rng(0).permutation(len(file["y"]))[:MOST_ITEMS]
            sets[name] = file["X"][some], np.unique(file["y"], return_inverse=True)[1][some]
    for name, (X, y) in sets.items():
        X = StandardScaler().fit_transform(X).astype(np.float32)
        every = defaultdict[tuple[str, int], list[float]](list)
        for seed in range(args.seeds):
            predicted, truth = candidates(X, y, seed)
            at = [n for n in args.labels if n < len(truth) - 1]
            for key, lost in regrets(predicted, truth, at, seed).items():
                every[key].append(lost)
        show(f"{name}: regret in points, {len(LEARNERS) * len(TRAINED_ON)} models, {args.seeds} seeds", [
            (f"{n} labels", "; ".join(f"{way} {np.mean(every[way, n]):.2f} (s.e. "
                                      f"{np.std(every[way, n], ddof=1) / len(every[way, n]) ** 0.5:.2f})"
                                      for way in ("picker", "random")))
            for n in at
        ])  # fmt: skip


if __name__ == "__main__":
    main()
