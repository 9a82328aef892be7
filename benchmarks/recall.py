"""Searching for the relevant abstracts of a review: work saved beside ASReview's default, and certified stops.

python -m benchmarks.recall --data DIR

Each trial begins with one relevant and one irrelevant abstract, the same for all rankings, retrains after 1 more item,
later after 5 % more (``--growth``), and always reviews the likeliest. ASReview's ELAS u4 is rebuilt from scikit-learn
as its source has it: TF-IDF of words and pairs, linear SVM, balanced weights. Blind samples are drawn anew over the
stored rankings.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import labelwright as lw
from labelwright import encoders, models, tasks
from labelwright.evaluation.recall import blind_sample_size, blind_stop, quota, recall_curve, reviewed_for, wss
from labelwright.items.base import Content

Ints = npt.NDArray[np.int64]
Fitted = Callable[[Ints], Any]  # positions of labeled items -> a score an item, (n_items,), higher is likelier
ALPHA = 0.05
CERTIFICATES = ((0.95, 59), (0.95, 100), (0.9, 59), (0.8, 50))  # recall, blind positives


def read(path: Path) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """Texts and whether each is relevant."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if "_meta" not in row]
    return [row["text"] for row in rows], np.array([str(row["label"]) in ("included", "1", "True") for row in rows])


def ranking(relevant: npt.NDArray[np.bool_], score: Fitted, start: list[int], growth: float) -> Ints:
    """The order of review, (n_items,), most likely first, from the prior items on."""
    seen = list(start)
    while len(seen) < len(relevant):
        scores = np.asarray(score(np.array(seen)), dtype=np.float64)
        left = np.setdiff1d(np.arange(len(relevant)), seen)
        spread = np.ptp(scores) or 1.0
        likely = (scores[left] - scores.min()) / spread  # in [0, 1], in the same order
        n = min(max(1, int(growth * len(seen))), len(left))
        strategy = lw.strategies.make("most-likely-positive", positive=1)
        picked = lw.select(strategy, left[:, None], n=n, proba=np.column_stack([1 - likely, likely]))
        seen += left[picked.indices].tolist()
    return np.array(seen)


def learners(texts: list[str], relevant: npt.NDArray[np.bool_]) -> dict[str, Fitted]:
    """What ranks: our default encoder and model, words with a balanced logistic regression, and ELAS u4."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    y = relevant.astype(np.int64)
    task = tasks.make("classification", tasks.guess("classification", ["no", "yes"]))
    contents = [Content({"text": text}) for text in texts]
    ours = np.asarray(encoders.make("tfidf").fit(contents).transform(contents))
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95).fit_transform(texts)

    def default(seen: Ints) -> Any:
        return task.proba(models.make("linear", task).fit(ours[seen], y[seen]).predict(ours))[:, 1]

    def logistic(seen: Ints) -> Any:
        return LogisticRegression(class_weight="balanced", C=10).fit(words[seen], y[seen]).decision_function(words)

    def elas(seen: Ints) -> Any:
        few = y[seen] == 1
        weight = np.where(few, 1.0, few.sum() / (9.8 * (~few).sum()))
        svm = LinearSVC(C=0.11, loss="squared_hinge")
        return svm.fit(words[seen], y[seen], sample_weight=weight * len(seen) / weight.sum()).decision_function(words)

    return {
        "most-likely-positive, tfidf encoder, linear model": default,
        "most-likely-positive, words and pairs, balanced logistic regression": logistic,
        "ELAS u4 (ASReview's default)": elas,
    }


def work_saved(found: dict[str, list[npt.NDArray[np.bool_]]]) -> None:
    """WSS@95 and the share of relevant items after a tenth of the reviews, with standard errors over trials."""
    print(f"\n{'ranking':68} {'WSS@95 (s.e.)':>14} {'RRF@10 (s.e.)':>14}")
    for name, orders in found.items():
        saved = 100 * np.array([wss(order, 0.95) for order in orders])
        tenth = 100 * np.array([recall_curve(order)[round(len(order) / 10) - 1] for order in orders])
        cells = [f"{x.mean():5.1f} ({x.std(ddof=1) / len(x) ** 0.5:.2f})" for x in (saved, tenth)]
        print(f"{name:68} {cells[0]:>14} {cells[1]:>14}")


def certified(orders: list[npt.NDArray[np.bool_]], n_redraws: int) -> None:
    """How often a certified stop comes below its recall, and what it costs."""
    from scipy.special import betaincinv

    rng = np.random.default_rng(0)
    n_items, n_relevant = len(orders[0]), int(orders[0].sum())
    print(f"\nqbcb at alpha {ALPHA:g}, {n_redraws} blind samples over {len(orders)} rankings of {n_items} items")
    heads = ("recall", "r", "j", "below", "95 % bound", "reviewed", "at best", "for the sample")
    print("".join(f"{head:>15}" for head in heads))
    for recall, r in CERTIFICATES:
        j = quota(r, recall=recall, alpha=ALPHA)
        assert j is not None
        below, reviewed, best = 0, [], []
        for k in range(n_redraws):
            order = orders[k % len(orders)]
            stop = blind_stop(order, rng.choice(np.flatnonzero(order), r, replace=False), j)
            below += bool(recall_curve(order)[stop - 1] < recall)
            reviewed.append(stop)
            best.append(reviewed_for(order, recall))
        high = float(betaincinv(below + 1, n_redraws - below, 0.95))
        sample = blind_sample_size(r, prevalence=n_relevant / n_items, n_items=n_items)
        cells = (
            f"{recall:g}", r, j, f"{below / n_redraws:.2%}", f"{high:.2%}", f"{np.mean(reviewed):.0f}",
            f"{np.mean(best):.0f}", sample,
        )  # fmt: skip
        print("".join(f"{cell:>15}" for cell in cells))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with sr_bannach_brown.jsonl.gz")
    parser.add_argument("--trials", type=int, default=10)
    parser.add_argument("--growth", type=float, default=0.05, help="more labels from one training to the next")
    parser.add_argument("--redraws", type=int, default=2000)
    given = parser.parse_args()
    texts, relevant = read(given.data / "sr_bannach_brown.jsonl.gz")
    rng = np.random.default_rng(0)
    starts = [
        [int(rng.choice(np.flatnonzero(relevant))), int(rng.choice(np.flatnonzero(~relevant)))]
        for _ in range(given.trials)
    ]
    n_trials, growth = given.trials, given.growth
    print(f"{len(texts)} abstracts, {relevant.sum()} relevant, {n_trials} trials, trained again at {growth:.0%} more")
    found = {
        name: [relevant[ranking(relevant, score, start, given.growth)] for start in starts]
        for name, score in learners(texts, relevant).items()
    }
    work_saved(found)
    certified(found["most-likely-positive, words and pairs, balanced logistic regression"], given.redraws)


if __name__ == "__main__":
    main()
