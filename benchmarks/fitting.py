"""Choosing encoder and model: regret to the best candidate in hindsight at 50, 100, 200 and 400 labels.

``python -m benchmarks.fitting run --data DIR --out FILE`` measures, ``… report --out FILE`` prints. All candidates
are fitted at each number of labels and scored on items held back; they are compared, as the loop does, on a fifth
fewer labels, the ones that were there when the comparison was last due. Regret is the accuracy of the best candidate
less that of the chosen one, in points. Constants of choosing are chosen on every other set (`DEVELOPED`, by the
alphabet) and reported on the others.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import label_sets
from benchmarks.fitting_report import SETS, report
from labelwright import ActiveLearner, encoders, tasks
from labelwright.items.base import Content
from labelwright.loop.out_of_fold import out_of_fold
from labelwright.loop.state import State
from labelwright.loop.steps import new_model, resolve
from labelwright.models import automatic
from labelwright.policy.kinds.random import Random

SIZES = (50, 100, 200, 400)
SEEN = 0.8  # of the labels, when they were compared last: at most a quarter is new since
ENCODERS = ("tfidf", "wordllama")
MAX_ROWS, MAX_TEST = 3000, 1000
BATCH = 10


@cache
def features(name: str, data: Path) -> tuple[dict[str, Any], Any]:
    """Features by encoder, and codes of classes."""
    if label_sets.FOLDER.get(name) != "text":
        found = label_sets.load(name, data, None, max_rows=MAX_ROWS)
        assert found is not None
        return {"given": found.X.astype(np.float32)}, found.y
    texts, labels = label_sets._jsonl(data / f"{name}.jsonl.gz")
    some = np.sort(np.random.default_rng(0).permutation(len(texts))[:MAX_ROWS])
    contents = [Content({"text": str(texts[i])}, None) for i in some]
    by_encoder = {one: encoders.make(one).fit(contents).transform(contents) for one in ENCODERS}
    return by_encoder, np.unique(labels[some], return_inverse=True)[1]


def order(X: Any, y: Any, pool: Any, seed: int, how: str) -> tuple[Any, Any]:
    """Items of the pool in the order of their labels, and which of them were drawn at random."""
    if how == "random":
        items = np.random.default_rng([seed, 1]).permutation(pool)[: max(SIZES)]
        return items, np.ones(len(items), dtype=bool)
    learner = ActiveLearner("linear", batch_size=BATCH, random_state=seed)
    items, drawn = [], []
    for batch in learner.rounds(X[pool]):
        learner.teach(batch, y[pool][batch.indices])
        items.append(pool[batch.indices])
        drawn.append(batch.kind == Random.name)
        if sum(map(len, items)) >= max(SIZES):
            break
    return np.concatenate(items), np.concatenate(drawn)


def measured(y: Any, proba: Any) -> dict[str, list[float]]:
    """Three losses, label by label."""
    given = np.maximum(proba[np.arange(len(y)), y], 1e-6)
    brier = (proba**2).sum(axis=1) - 2 * given + 1
    each = {"accuracy": (proba.argmax(axis=1) != y).astype(float), "log-loss": -np.log(given), "brier": brier}
    return {one: np.round(loss, 4).tolist() for one, loss in each.items()}


def lines(name: str, data: Path, seed: int, how: str) -> Iterator[dict[str, Any]]:
    """For each number of labels: accuracies of all candidates, and their losses out of fold, label by label."""
    by_encoder, y = features(name, data)
    n_items, n_classes = len(y), int(y.max()) + 1
    shuffled = np.random.default_rng([seed, 0]).permutation(n_items)
    n_test = min(MAX_TEST, n_items // 3)
    test, pool = np.sort(shuffled[:n_test]), np.sort(shuffled[n_test:])
    schema = {"labels": [{"id": str(k), "name": str(k)} for k in range(n_classes)]}
    task = tasks.make("classification", schema)
    items, drawn = order(next(iter(by_encoder.values())), y, pool, seed, how)
    mask = np.zeros(n_items, dtype=bool)
    for size in SIZES:
        if size > len(items):
            return
        found: dict[str, float] = {}
        losses: dict[str, dict[str, list[float]]] = {}
        few = items[: round(SEEN * size)]
        for encoder, X in by_encoder.items():
            base = State(
                task, X, ~mask, mask, few, ["p"] * len(few), [{"label": str(k)} for k in y[few]],
                drawn=few[drawn[: len(few)]], seed=seed,
            )  # fmt: skip
            labels = resolve(base)
            for learner in (*automatic.tried(task, X.shape[1]), "tabular"):
                if learner == "tabular" and X.shape[1] * n_classes > automatic.MOST_TREES:
                    continue
                state = replace(base, model=learner)
                model = new_model(state, 0).fit(X[items[:size]], y[items[:size]])
                predicted = model.predict(X[test])
                found[f"{encoder} {learner}"] = task.score("accuracy", y[test], predicted)
                if learner != "tabular" and (held := out_of_fold(state, labels)) is not None:
                    losses[f"{encoder} {learner}"] = measured(y[held[0]], task.proba(held[1]))
        random = np.isin(np.sort(few), few[drawn[: len(few)]]).tolist()
        yield {
            "set": name, "seed": seed, "how": how, "n": size, "accuracy": found, "losses": losses, "random": random,
        }  # fmt: skip


def main() -> None:
    """Measure, or report what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("run", "report"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--seeds", type=int, default=5)
    args = parser.parse_args()
    if args.what == "report":
        report([json.loads(line) for line in args.out.read_text("utf-8").splitlines()])
        return
    warnings.simplefilter("ignore")
    with args.out.open("a", encoding="utf-8") as file:
        for seed in range(args.seeds):
            for name in args.sets.split(","):
                for how in ("random", "auto"):
                    for line in lines(name, args.data, seed, how):
                        file.write(json.dumps(line) + "\n")
                        file.flush()


if __name__ == "__main__":
    main()
