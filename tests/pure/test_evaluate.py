"""``evaluate``: values against scikit-learn, intervals by simulation, slices, and what is refused."""

import math

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as theirs

import labelwright as lw
from benchmarks.intervals_worlds import normal, synthetic
from labelwright import tasks
from labelwright.errors import InputError
from labelwright.stats.ranking import precision_at_recall, roc_auc
from labelwright.stats.sample import Sample

rng = np.random.default_rng(0)
Y, P = normal(rng, 500, 0.3, 1.5, 0.0, 1)
YES, WEIGHTS = P[:, 1], rng.integers(1, 4, 500)
SAID = P.argmax(axis=1)
CASES = [
    ("accuracy", {}, theirs.accuracy_score(Y, SAID, sample_weight=WEIGHTS)),
    ("roc-auc", {}, theirs.roc_auc_score(Y, YES, sample_weight=WEIGHTS)),
    ("average-precision", {}, theirs.average_precision_score(Y, YES, sample_weight=WEIGHTS)),
    ("f1", {}, theirs.f1_score(Y, SAID, sample_weight=WEIGHTS)),
    ("f1", {"threshold": 0.3}, theirs.f1_score(Y, YES >= 0.3, sample_weight=WEIGHTS)),
    ("precision", {"positive": 0}, theirs.precision_score(Y, SAID, pos_label=0, sample_weight=WEIGHTS)),
    ("precision-at-recall", {"threshold": 0.3}, theirs.precision_score(Y, YES >= 0.3, sample_weight=WEIGHTS)),
    ("recall", {"threshold": 0.3}, theirs.recall_score(Y, YES >= 0.3, sample_weight=WEIGHTS)),
    ("macro-f1", {}, theirs.f1_score(Y, SAID, average="macro", sample_weight=WEIGHTS)),
    ("balanced-accuracy", {}, theirs.balanced_accuracy_score(Y, SAID, sample_weight=WEIGHTS)),
    ("brier", {}, theirs.brier_score_loss(Y, YES, sample_weight=WEIGHTS)),
    ("log-loss", {}, theirs.log_loss(Y, YES, sample_weight=WEIGHTS)),
    ("matthews_corrcoef", {}, theirs.matthews_corrcoef(Y, SAID, sample_weight=WEIGHTS)),
    ("cost", {"cost_matrix": [[0, 1], [5, 0]]}, np.average(np.array([[0, 1], [5, 0]])[Y, SAID], weights=WEIGHTS)),
]


@pytest.mark.parametrize(("metric", "options", "value"), CASES, ids=[f"{m} {list(o)}" for m, o, _ in CASES])
def test_values_are_those_of_scikit_learn_also_with_weights(metric, options, value):
    found = lw.evaluate(Y, YES, metric=metric, weights=WEIGHTS, **options)
    assert np.isclose(found.value, value) and found.low < found.value < found.high
    twice = np.repeat(np.arange(500), WEIGHTS)
    assert np.isclose(lw.evaluate(Y[twice], P[twice], metric=metric, **options).value, value)


def test_precision_at_recall_and_its_mirror_are_on_the_curve():
    precision, recall, _ = theirs.precision_recall_curve(Y, YES)
    at_recall = lw.evaluate(Y, YES, metric="precision-at-recall", recall=0.8).value
    assert np.isclose(at_recall, precision[np.flatnonzero(recall >= 0.8)[-1]])
    assert lw.evaluate(Y, YES, metric="precision-at-recall:0.8:1").value == at_recall
    best = recall[precision >= 0.7].max()
    assert np.isclose(lw.evaluate(Y, YES, metric="recall-at-precision", precision=0.7).value, best)


def test_many_classes_top_k_and_one_class():
    y, proba = rng.integers(0, 4, 300), rng.dirichlet(np.ones(4), 300)
    for k in (1, 2, 3):
        expected = theirs.top_k_accuracy_score(y, proba, k=k, labels=range(4))
        assert np.isclose(lw.evaluate(y, proba, metric=f"top-{k}").value, expected)
    words = np.array(["d", "c", "b", "a"])
    one = lw.evaluate(words[y], proba, metric="roc-auc", classes=list(words), positive="c")
    assert np.isclose(one.value, theirs.roc_auc_score(y == 1, proba[:, 1]))
    squares = ((proba - np.eye(4)[y]) ** 2).sum(axis=1).mean()
    assert np.isclose(lw.evaluate(y, proba, metric="brier").value, squares)


def test_marks_and_numbers():
    marks, p = (rng.random((200, 3)) < 0.4).astype(int), rng.random((200, 3))
    assert np.isclose(lw.evaluate(marks, p, metric="f1:1").value, theirs.f1_score(marks[:, 1], p[:, 1] >= 0.5))
    assert np.isclose(lw.evaluate(marks, p, metric="exact-match").value, theirs.accuracy_score(marks, p >= 0.5))
    y = rng.normal(size=200)
    guess = y + rng.normal(size=200)
    assert np.isclose(lw.evaluate(y, guess, metric="rmse").value, theirs.root_mean_squared_error(y, guess))
    assert np.isclose(lw.evaluate(y, guess, metric="r2").value, theirs.r2_score(y, guess))
    assert np.isclose(lw.evaluate(y, guess, metric="neg_max_error").value, -theirs.max_error(y, guess))


def test_coverage_of_a_committees_intervals():
    task, y = tasks.make("regression", {}), np.array([0.0, 10.0])
    said = task.predictions(np.zeros(2), draws=np.linspace(-1, 1, 101)[:, None] * np.ones(2))
    assert task.score("coverage:0.9", y, said) == 0.5
    with pytest.raises(InputError, match="draws must be given"):
        task.score("coverage:0.9", y, task.predictions(np.zeros(2)))


def test_calibration_error_is_zero_of_honest_and_large_of_boastful_models():
    n, sure = 200_000, rng.uniform(0.5, 1, 200_000)
    y = (rng.random(n) > sure).astype(int)
    honest = lw.evaluate(y[:2000], np.column_stack([sure, 1 - sure])[:2000], metric="calibration-error")
    assert honest.value < 0.05 and honest.low <= honest.value <= honest.high
    task = tasks.make("classification", tasks.guess("classification", ["0", "1"]))
    boast = np.where(sure > 0, 0.95, 0)
    assert np.isclose(
        task.score("calibration-error", y, task.predictions(np.column_stack([boast, 1 - boast]))), 0.2, atol=0.01
    )


@pytest.mark.parametrize(
    ("metric", "apart", "share", "n", "size"),
    [("accuracy", 1, 0.3, 100, 1), ("accuracy", 2, 0.3, 150, 5), ("roc-auc", 2, 0.1, 400, 1), ("roc-auc", 3, 0.05, 400, 1),
     ("roc-auc", 2, 0.1, 400, 5), ("precision-at-recall:0.8", 2, 0.1, 400, 5), ("precision-at-recall:0.8", 3, 0.3, 100, 1),
     ("f1", 1, 0.3, 150, 5)],
)  # fmt: skip
def test_intervals_hold(metric, apart, share, n, size):
    truth = _figure(synthetic(share, apart), metric)
    covered, tried = 0, 0
    for seed in range(200):
        y, proba = normal(np.random.default_rng(seed), n, share, apart, 0.4 if size > 1 else 0.0, size)
        groups = np.repeat(np.arange(n // size), size) if size > 1 else None
        found = lw.evaluate(y, proba, metric=metric, groups=groups)
        tried += found.known
        covered += found.low <= truth <= found.high
    assert tried > 140 and covered / tried > 0.93 - 2 * math.sqrt(0.93 * 0.07 / tried)


def _figure(population, metric):
    positive, score, sample = population.y == 1, population.proba[:, 1], Sample.of(len(population.y))
    if metric == "roc-auc":
        return roc_auc(positive, score, sample)[0]
    if metric.startswith("precision-at-recall"):
        return precision_at_recall(positive, score, float(metric.partition(":")[2]), sample)[0]
    return lw.evaluate(population.y, population.proba, metric=metric).value


def test_too_few_positives_or_groups_have_no_interval_and_a_reason():
    y = np.r_[np.ones(7, dtype=int), np.zeros(93, dtype=int)]
    few = lw.evaluate(y, rng.random(100), metric="roc-auc")
    assert (
        math.isnan(few.low)
        and not few.known
        and few.reason.figures == {"n": 7, "needed": 10}
        and "rests on 7" in str(few)
    )
    assert lw.evaluate(1 - y, rng.random(100), metric="roc-auc").reason.figures["n"] == 7
    groups = lw.evaluate(Y, YES, metric="accuracy", groups=np.arange(500) % 19)
    assert groups.reason.code == "few-groups" and math.isnan(groups.high)
    assert lw.evaluate(Y, YES, metric="accuracy", groups=np.arange(500) % 20).known
    far = lw.evaluate(Y[:120], YES[:120], metric="precision-at-recall", recall=0.99)
    assert far.reason.figures["needed"] == 200


@pytest.mark.parametrize(
    ("y", "proba", "options", "message"),
    [(Y, YES, {"metric": "precision-at-recall"}, "recall of 'precision-at-recall' must be given"),
     (Y, YES, {"metric": "accuracy", "threshold": 0.3}, "threshold must be left out"),
     (Y, YES, {"metric": "cost"}, r"costs must be finite, of shape \(2, 2\)"),
     (Y, YES, {"metric": "roc-auc", "positive": "spam"}, "positive must be one of 0, 1, got 'spam'"),
     (Y, YES, {"metric": "acuracy"}, "Did you mean 'accuracy'"),
     (Y, YES, {"metric": "top-5"}, "top-K must be between 1 and 2"),
     (Y, YES[:9], {"metric": "accuracy"}, "one length"),
     (Y, P * 2, {"metric": "accuracy"}, "sum to 1"),
     (Y, YES, {"metric": "accuracy", "weights": -np.ones(500)}, "weights must be"),
     (np.array([0, 2, 3]), np.full((3, 2), 0.5), {"metric": "accuracy"}, "one of the classes 0, 1, got 2"),
     (np.array([0, 1, 2]), np.full((3, 3), 1 / 3), {"metric": "roc-auc"}, "the positive class of 'roc-auc' must be given"),
     (Y.astype(float), YES, {"metric": "r2", "recall": 2.0}, "recall must be between")],
)  # fmt: skip
def test_what_does_not_fit_is_refused(y, proba, options, message):
    with pytest.raises(InputError, match=message):
        lw.evaluate(y, proba, **options)


def test_slices_are_worst_first_and_small_ones_share_a_row():
    where = rng.choice(["good", "bad", "tiny-1", "tiny-2"], 600, p=[0.6, 0.37, 0.015, 0.015])
    right = rng.random(600) < np.where(where == "bad", 0.6, 0.95)
    said = np.where(right, 0.9, 0.1)
    table = lw.evaluate(np.ones(600, dtype=int), said, metric="accuracy", classes=[0, 1],
                        slices=pd.DataFrame({"where": where, "length": rng.normal(size=600)}))  # fmt: skip
    assert table.iloc[0][["column", "slice"]].tolist() == ["where", "bad"] and table.iloc[0]["p_value"] < 1e-6
    row = table.iloc[0]
    assert row["value"] < row["shrunk"] < table["value"].max() and row["low"] <= row["value"] <= row["high"]
    small = table[table["slice"].str.startswith("2 values of fewer")]
    assert len(small) == 1 and small["n"].iloc[0] == np.isin(where, ["tiny-1", "tiny-2"]).sum()
    quarters = table[table["column"] == "length"]
    assert len(quarters) == 4 and quarters["n"].eq(150).all() and (quarters["p_value"] > 0.01).all()
    with pytest.raises(InputError, match="one length"):
        lw.evaluate(Y, YES, metric="accuracy", slices=where)


def test_a_slice_of_few_positives_is_listed_last_with_its_reason():
    table = lw.evaluate(Y, YES, metric="roc-auc", slices=np.where(np.arange(500) < 30, "few", "rest"))
    assert (
        table["slice"].tolist() == ["rest", "few"]
        and "rests on" in table["reason"].iloc[1]
        and not table["reason"].iloc[0]
    )


def test_intervals_of_the_five_worst_slices_hold_where_plain_ones_do_not():
    ours, plain = [], []
    for seed in range(40):
        draw = np.random.default_rng(seed)
        truth = draw.beta(17, 3, 30)
        at = np.repeat(np.arange(30), 60)
        said = np.where(draw.random(len(at)) < truth[at], 0.9, 0.1)
        table = lw.evaluate(np.ones(len(at), dtype=int), said, metric="accuracy", classes=[0, 1], slices=at.astype(str))
        for row in table.head(5).itertuples():
            own = truth[int(row.slice)]
            alone = lw.evaluate(np.ones(60, dtype=int), said[at == int(row.slice)], metric="accuracy", classes=[0, 1])
            ours.append(row.low <= own <= row.high)
            plain.append(alone.low <= own <= alone.high)
    assert np.mean(ours) > 0.94 > np.mean(plain)


def test_groups_widen_intervals_of_every_kind():
    groups = np.repeat(np.arange(100), 5)
    y, proba = normal(np.random.default_rng(1), 500, 0.4, 1.5, 0.6, 5)
    for metric in ("accuracy", "roc-auc", "precision-at-recall:0.8", "f1", "log-loss", "matthews_corrcoef"):
        alone, grouped = (lw.evaluate(y, proba, metric=metric, groups=g) for g in (None, groups))
        assert grouped.value == alone.value and grouped.high - grouped.low > alone.high - alone.low
