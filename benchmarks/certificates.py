"""How often certificates are wrong: models that are just not good enough, tested on redrawn sealed labels of real sets.

Three models of growing training sets are tried in the order of their figure on an open reserve, until one passes or the
openings are used up; the threshold is the true accuracy of the best of them, so that every pass is an error. The truth
is the accuracy on all items that the models did not learn from.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import label_sets
from labelwright.stats.certify import ALPHA, critical_count
from labelwright.stats.intervals import wilson

SETS = ("breast_cancer", "spambase", "digits", "satellite", "mnist_5k", "credit")
LABELS = (100, 200, 400)  # that the models learn from
OPEN = 100  # reserve labels by which a model is chosen
Hits = npt.NDArray[np.bool_]


def hits_of(data: Path | None) -> Iterator[tuple[str, Hits]]:
    """Which hidden items each model predicts rightly, (n_models, n_items), of the sets that are there."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    for name in SETS:
        found = label_sets.load(name, data, None)
        if found is None:
            continue
        order = np.random.default_rng(0).permutation(len(found.y))
        train, hidden = order[: max(LABELS)], order[max(LABELS) :]
        if len(hidden) < OPEN:
            continue
        rows = []
        for n in LABELS:
            model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
            model.fit(found.X[train[:n]], found.y[train[:n]])
            rows.append(model.predict(found.X[hidden]) == found.y[hidden])
        yield name, np.array(rows)


def errors(hits: Hits, n_sealed: int, openings: int, draws: int, rng: np.random.Generator) -> int:
    """Draws in which a model passes although none is above the threshold."""
    threshold, n_items = float(hits.mean(axis=1).max()), hits.shape[1]
    needed = critical_count(n_sealed, threshold, alpha=ALPHA / openings)
    wrong = 0
    for _ in range(draws):
        open_ = rng.integers(n_items, size=OPEN)
        sealed = hits[:, rng.integers(n_items, size=n_sealed)].sum(axis=1)  # the same labels at each opening
        tried = np.argsort(-hits[:, open_].mean(axis=1), kind="stable")[:openings]
        wrong += bool((sealed[tried] >= needed).any())
    return wrong


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None, help="a folder with more sets")
    parser.add_argument("--draws", type=int, default=2000)
    chosen = parser.parse_args()
    print("| set | best model | sealed labels | openings | wrong | upper 95 % bound |\n|---|---|---|---|---|---|")
    for name, hits in hits_of(chosen.data):
        for n_sealed in (100, 300):
            for openings in (1, 3):
                wrong = errors(hits, n_sealed, openings, chosen.draws, np.random.default_rng([n_sealed, openings]))
                bound = wilson(wrong, chosen.draws, level=0.9).high
                share = f"{wrong / chosen.draws:.2%}"
                print(f"| {name} | {hits.mean(axis=1).max():.3f} | {n_sealed} | {openings} | {share} | {bound:.2%} |")


if __name__ == "__main__":
    main()
