"""Regression, multilabel, search and relabel strategies against slow references, or figures of their authors."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multioutput import MultiOutputClassifier
from sklearn.neighbors import NearestNeighbors

from labelwright import strategies
from labelwright.errors import InputError
from labelwright.evidence.base import Evidence
from labelwright.kernels import lines, shrinking
from labelwright.kernels.neighbours import near_any
from labelwright.kernels.places import Places
from labelwright.loop.learner import ActiveLearner
from labelwright.scores import multilabel, relabel
from labelwright.scores.regression import expected_model_change
from labelwright.strategies.class_balanced import take_turns
from labelwright.strategies.mmc import predicted_counts
from labelwright.strategies.select import select
from labelwright.tasks import make as make_task


def plain_keys(idx):
    return idx.astype(np.uint64)


def alone(k):
    return np.array([k])


def classes_task(n):
    return make_task("classification", {"labels": [{"id": f"l_{i}", "name": str(i)} for i in range(n)]})


def classified(proba, y, proba_labeled=None, **more):
    """Evidence over class probabilities, with labeled items that the model predicts too."""
    known = None if proba_labeled is None else lambda: classes_task(proba.shape[1]).predictions(proba_labeled)
    given = {"embed_labeled": np.zeros((len(y), 1)), "y_labeled": np.asarray(y), "ids": np.arange(len(proba))}
    return Evidence(
        np.zeros((len(proba), 1)), task=classes_task(proba.shape[1]), predict=lambda: classes_task(proba.shape[1]).predictions(proba),
        predict_labeled=known, **(given | more),
    )  # fmt: skip


# --- regression

rng = np.random.default_rng(0)
X = rng.normal(size=(90, 3)).astype(np.float32)
Y = X @ [1.0, -2.0, 0.5] + np.sin(3 * X[:, 0]) + 0.1 * rng.normal(size=90)
POOL, KNOWN = X[20:], {"X_labeled": X[:20], "y_labeled": Y[:20]}
MODEL = Ridge().fit(X[:20], Y[:20])


def near(rows):
    return rows


def test_predictive_variance_ranks_by_the_std_of_a_gaussian_process():
    model = GaussianProcessRegressor(RBF(1.0) + WhiteKernel(0.1), optimizer=None).fit(X[:20], Y[:20])
    std = model.predict(POOL, return_std=True)[1]
    found = select("predictive-variance", POOL, n=70, model=model)
    assert found.indices.tolist() == np.argsort(-std, kind="stable").tolist()
    assert np.allclose(found.scores, std[found.indices] ** 2)


def test_emcm_is_the_mean_length_of_the_members_gradients():
    draws, values = rng.normal(size=(6, 50)), rng.normal(size=50)
    rows = rng.normal(size=(50, 3))
    slow = [
        np.mean([np.linalg.norm((values[i] - draws[m, i]) * np.append(rows[i], 1)) for m in range(6)])
        for i in range(50)
    ]
    assert np.allclose(expected_model_change(values, draws, np.sqrt((rows**2).sum(axis=1) + 1)), slow)
    evidence = Evidence(
        rows,
        task=make_task("regression", {}),
        predict=lambda: make_task("regression", {}).predictions(values),
        committee=lambda: draws,
    )
    assert np.allclose(strategies.make("emcm").score(evidence), slow)


def slow_greedy(metric, values, n):
    """Wu, Lin, Huang: the farthest from all that is labeled, and it counts as labeled with its prediction."""
    known, taken = [*zip(X[:20].astype(float), Y[:20], strict=True)], []
    for _ in range(n):
        gaps = [-1 if i in taken else min(metric(POOL[i], values[i], x, y) for x, y in known) for i in range(len(POOL))]
        taken.append(int(np.argmax(gaps)))
        known.append((POOL[taken[-1]].astype(float), values[taken[-1]]))
    return taken


METRICS = {
    "greedy-x": lambda x, v, a, y: np.linalg.norm(x - a),
    "greedy-y": lambda x, v, a, y: abs(v - y),
    "improved-greedy": lambda x, v, a, y: np.linalg.norm(x - a) * abs(v - y),
}


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("max_bytes", [None, 4096])
def test_greedy_sampling_is_the_naive_loop(name, max_bytes):
    found = select(name, POOL, n=15, model=MODEL, embed=near, max_bytes=max_bytes, **KNOWN)
    assert found.indices.tolist() == slow_greedy(METRICS[name], MODEL.predict(POOL), 15)
    first = [METRICS[name](POOL[found.indices[0]], MODEL.predict(POOL)[found.indices[0]], a, y)
             for a, y in zip(X[:20], Y[:20], strict=True)]  # fmt: skip
    assert np.isclose(found.scores[0], min(first), rtol=1e-4)


def test_greedy_x_starts_at_the_centre_of_the_pool():
    found = select("greedy-x", POOL, n=4, embed=near)
    off = np.linalg.norm(POOL - POOL.mean(axis=0), axis=1)
    slow = [int(off.argmin())]
    for _ in range(3):
        slow.append(int(np.min([np.linalg.norm(POOL - POOL[i], axis=1) for i in slow], axis=0).argmax()))
    assert found.indices.tolist() == slow
    assert found.mode == "seed" and np.isclose(found.scores[0], -off.min(), rtol=1e-3)


@pytest.mark.parametrize(
    ("name", "theirs"), [("greedy-x", None), ("greedy-y", "GSy"), ("improved-greedy", "GSi")], ids=str
)
def test_greedy_sampling_is_that_of_scikit_activeml(name, theirs):
    """The same picks from labeled items on. Nothing labeled, theirs starts at the item with the least sum of
    distances; the paper, and ours, at the one nearest to the centroid."""
    pool = pytest.importorskip("skactiveml.pool")
    regressor = pytest.importorskip("skactiveml.regressor").SklearnRegressor
    y = np.concatenate([Y[:20], np.full(70, np.nan)])
    if theirs is None:
        found = pool.GreedySamplingX(random_state=0).query(X, y, batch_size=10)
    else:
        query = pool.GreedySamplingTarget(method=theirs, random_state=0).query
        found = query(X, y, reg=regressor(Ridge()), batch_size=10)
    assert (np.asarray(found) - 20).tolist() == select(
        name, POOL, n=10, model=MODEL, embed=near, **KNOWN
    ).indices.tolist()


def test_emcm_is_that_of_scikit_activeml_with_a_constant_feature(monkeypatch):
    """Theirs leaves the constant feature to a map of the user's; the paper's linear model has it."""
    theirs = pytest.importorskip("skactiveml.pool._expected_model_change_maximization")
    regressor = pytest.importorskip("skactiveml.regressor").SklearnRegressor
    members = [regressor(Ridge()).fit(X[start : start + 9], Y[start : start + 9]) for start in range(4)]
    monkeypatch.setattr(theirs, "_bootstrap_estimators", lambda *args, **kwargs: members)
    strategy = theirs.ExpectedModelChangeMaximization(
        feature_map=lambda rows: np.column_stack([rows, np.ones(len(rows))]), random_state=0
    )
    y = np.concatenate([Y[:20], np.full(70, np.nan)])
    _, utilities = strategy.query(X.astype(float), y, reg=regressor(Ridge()), return_utilities=True)
    draws = np.stack([member.predict(POOL) for member in members])
    found = select("emcm", POOL, n=70, model=MODEL, draws=draws, embed=near, **KNOWN)
    assert np.allclose(found.scores, utilities[0, 20:][found.indices], rtol=1e-4)


@pytest.mark.parametrize("front", [4, 4096])
def test_take_farthest_looks_at_the_front_and_picks_as_if_at_all(front, monkeypatch):
    monkeypatch.setattr(shrinking, "FRONT", front)
    x = np.random.default_rng(2).normal(size=80).round(1)  # with ties

    def nearest(rows, picks):
        return np.abs((x if rows is None else x[rows])[:, None] - x[picks]).min(axis=1)

    gap, taken, keys = shrinking.nearest_number(x, x[:3]), [], np.random.default_rng(3).permutation(80)
    for _ in range(80):
        gaps = [-1 if i in taken else min(abs(x[i] - x[j]) for j in [0, 1, 2, *taken]) for i in range(80)]
        taken.append(min((i for i in range(80) if gaps[i] == max(gaps)), key=lambda i: keys[i]))
    found, _ = shrinking.take_farthest(gap, nearest, 90, lambda i: keys[i].astype(np.uint64), alone)
    assert found.tolist() == taken


def test_improved_greedy_says_when_it_lacks_labeled_items():
    with pytest.raises(InputError, match="X_labeled 0, y_labeled 20"):
        select("improved-greedy", POOL, n=2, model=MODEL, y_labeled=Y[:20])


# --- multilabel

P = np.random.default_rng(1).random((60, 5))
PL = np.random.default_rng(2).random((40, 5))
YL = (PL > 0.6).astype(np.int8)


def test_expected_mistakes_is_the_papers_sum():
    counts = np.random.default_rng(3).integers(0, 6, 60)
    slow = []
    for p, count in zip(P, counts, strict=True):
        y = np.full(5, -1)
        y[np.argsort(-p)[:count]] = 1
        slow.append(((1 - y * (2 * p - 1)) / 2).sum())
    assert np.allclose(multilabel.expected_mistakes(P, counts), slow)
    with pytest.raises(InputError, match="between 0 and 5"):
        multilabel.expected_mistakes(P, counts + 1)


def test_mmc_learns_the_number_of_labels_from_sorted_shares():
    def shares(proba):
        rows = -np.sort(-proba, axis=1)
        return rows / rows.sum(axis=1, keepdims=True)

    slow = LogisticRegression(max_iter=1000).fit(shares(PL), YL.sum(axis=1)).predict(shares(P))
    assert predicted_counts(PL, YL.sum(axis=1), P, max_bytes=4096).tolist() == slow.tolist()
    assert predicted_counts(PL, np.full(40, 2), P).tolist() == [2] * 60
    rows = np.random.default_rng(4).normal(size=(120, 4))
    labels = (rows[:, :3] > 0).astype(int)
    model = MultiOutputClassifier(LogisticRegression()).fit(rows[:50], labels[:50])
    found = select("mmc", rows[50:], n=70, model=model, X_labeled=rows[:50], y_labeled=labels[:50])
    proba = [np.column_stack([p[:, 1] for p in model.predict_proba(part)]) for part in (rows[:50], rows[50:])]
    counts = predicted_counts(proba[0], labels[:50].sum(axis=1), proba[1])
    assert np.allclose(found.scores, np.sort(multilabel.expected_mistakes(proba[1], counts))[::-1], atol=1e-4)


def test_label_cardinality_is_the_distance_to_the_mean_of_the_labeled():
    slow = [abs(sum(p >= 0.5 for p in row) - YL.sum(axis=1).mean()) for row in P]
    found = select("label-cardinality", np.zeros((60, 1)), n=60, proba=P, X_labeled=np.zeros((40, 1)), y_labeled=YL)
    assert np.allclose(found.scores, np.array(slow)[found.indices])
    assert (np.diff(found.scores) <= 0).all()


# --- rare classes and search


def test_most_likely_positive_looks_for_the_class_with_the_fewest_answers():
    proba = np.random.default_rng(0).dirichlet([5, 3, 2], size=50)
    for y, params, column in (
        ([0, 0, 1, 2, 2], {}, 1),
        ([0, 0, 1, 1, 2, 2], {}, 2),  # a tie: the model predicts it least
        ([0, 0, 0, 1, 1], {}, 1),  # a class that was never seen is not looked for
        ([0, 0, 1, 2, 2], {"positive": 0}, 0),
    ):
        found = strategies.make("most-likely-positive", **params).pick(classified(proba, y), 50, rng)
        assert found.indices.tolist() == np.argsort(-proba[:, column], kind="stable").tolist()
    even = np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]])
    last = strategies.make("most-likely-positive").score(classified(even, [0, 1]))
    assert np.allclose(last, even[:, 1])
    with pytest.raises(InputError, match="below 3"):
        strategies.make("most-likely-positive", positive=3).pick(classified(proba, [0, 1]), 1, rng)


def test_most_likely_positive_for_labels():
    known = {"X_labeled": np.zeros((40, 1)), "y_labeled": YL}
    found = select("most-likely-positive", np.zeros((60, 1)), n=60, proba=P, **known)
    assert found.indices.tolist() == np.argsort(-P[:, YL.sum(axis=0).argmin()]).tolist()


def slow_galaxy(proba, y, known, n):
    """The authors' rounds over lists: bisect the shortest unlike stretch, then spread around the cuts."""
    both = np.concatenate([proba, known])
    label = {len(proba) + i: int(c) for i, c in enumerate(y)}
    seen = sorted(set(y), key=lambda c: (list(y).count(c), proba[:, c].sum()))
    order = {}
    for c in seen:
        lag = both[:, c] - both.max(axis=1)
        order[c] = sorted(range(len(both)), key=lambda i: (lag[i], both[i].max()))
    taken, turn = [], 0
    while len(taken) < n:
        c = seen[turn % len(seen)]
        turn += 1
        row = order[c]
        marks = [r for r, i in enumerate(row) if i in label]
        cuts = [(a, b) for a, b in pairwise(marks) if (label[row[a]] == c) != (label[row[b]] == c)]
        stretches = [(b - a, a, b) for a, b in cuts if b - a > 1]
        if stretches:
            length, a, _ = min(stretches)
            pick = row[a + (length + 1) // 2]
        else:
            free = [r for r in range(len(row)) if row[r] not in label]
            far = [(b - r, side, k, r) if r < a else (r - a, side, k, r)
                   for k, (a, b) in enumerate(cuts) for r in free for side in [int(r > a)]]  # fmt: skip
            if not far:
                continue
            pick = row[min(far)[3]]
        label[pick] = int(proba[pick].argmax())
        taken.append(pick)
    return taken


@pytest.mark.parametrize("seed", range(6))
def test_galaxy_is_the_slow_bisection(seed):
    draw = np.random.default_rng(seed)
    proba, known = draw.dirichlet([3.0, 1.0, 0.5], size=40), draw.dirichlet([3.0, 1.0, 0.5], size=9)
    y = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2])
    found = strategies.make("galaxy").pick(classified(proba, y, known), 25, rng)
    assert found.indices.tolist() == slow_galaxy(proba, y, known, 25)
    assert (found.scores <= 0.5).all() and np.allclose(1 / found.scores, found.reasons["path"])


def test_galaxy_bisects_then_asks_on_both_sides_of_the_cut():
    """Two classes in a row: a yes at the one end, a no at the other, the model's own cut between 49 and 50."""
    p = np.linspace(0.001, 0.999, 100)
    proba = np.column_stack([1 - p, p])
    known = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    found = strategies.make("galaxy").pick(classified(proba, [0, 0, 1], known), 10, rng)
    assert found.indices.tolist() == [50, 25, 38, 44, 47, 49, 48, 51, 52, 46]
    assert found.reasons["path"].tolist() == [101, 51, 25, 12, 6, 3, 2, 2, 3, 4]


def test_galaxy_without_a_second_class_is_filled_up():
    proba = np.random.default_rng(0).dirichlet(np.ones(3), size=20)
    found = strategies.make("galaxy").pick(classified(proba, [1, 1], proba[:2]), 20, rng)
    assert sorted(found.indices.tolist()) == list(range(20))


def test_a_line_skips_what_is_labeled_and_ends():
    line = lines.Line(np.array([3, 1, 0, 2]))
    line.label(np.array([1, 0]), np.array([True, False]))
    assert line.next() == (3, 2)
    line.label(np.array([3]), np.array([True]))
    assert line.next() == (2, 2)
    line.label(np.array([2]), np.array([False]))
    assert line.next() is None


def test_class_balanced_makes_the_labeled_set_even():
    proba = np.random.default_rng(0).dirichlet([6, 2, 2], size=200)
    y = np.repeat([0, 1, 2], [10, 4, 1])
    found = strategies.make("class-balanced").pick(classified(proba, y), 9, rng)
    said = proba.argmax(axis=1)
    assert (np.bincount(said[found.indices], minlength=3) + np.bincount(y)).tolist() == [10, 7, 7]
    top = np.sort(proba, axis=1)
    for k in (1, 2):
        members = np.flatnonzero(said == k)
        best = members[np.argsort(top[members, -1] - top[members, -2])]
        ours = found.indices[said[found.indices] == k]
        assert ours.tolist() == best[: len(ours)].tolist()
    assert set(found.reasons) == {"margin"}


def test_turns_end_with_what_there_is():
    assert take_turns(np.array([0, 9]), np.array([2, 3]), np.zeros(2), 9).tolist() == [0, 0, 1, 1, 1]


def test_wrappers_take_any_inner_strategy_and_its_parameters():
    made = strategies.make("neighbours-only", k=3, inner={"positive": 1})
    assert made.params() == {"k": 3, "strategy": "most-likely-positive", "inner": {"positive": 1}}
    assert strategies.make(made.name, **made.params()).params() == made.params()
    assert made.has_gain and not made.batch_aware
    assert not strategies.make("neighbours-only", strategy="galaxy").has_gain
    assert "labeled" in strategies.make("class-balanced", strategy="galaxy").needs
    for bad, match in (
        ({"strategy": "nope"}, "must be one that exists"),
        ({"strategy": "activelab"}, "candidates only"),
        ({"strategy": "greedy-y"}, "one for classification"),
        ({"inner": {"x": 1}}, "parameter"),
    ):
        for name in ("class-balanced", "neighbours-only"):
            with pytest.raises(InputError, match=match):
                strategies.make(name, **bad)


@pytest.mark.parametrize("max_bytes", [None, 4096])
@pytest.mark.parametrize("k", [1, 7, 200])
def test_near_any_is_a_search_for_neighbours(k, max_bytes):
    rows, centres = np.random.default_rng(0).normal(size=(150, 4)), np.random.default_rng(1).normal(size=(100, 4))
    slow = NearestNeighbors(n_neighbors=min(k, 150)).fit(rows).kneighbors(centres, return_distance=False)
    assert near_any(Places(rows, max_bytes=max_bytes), centres, k).tolist() == np.unique(slow).tolist()


def test_neighbours_only_asks_about_neighbours_and_fills_up():
    rows = np.random.default_rng(0).normal(size=(300, 2))
    y = (rows[:, 0] > 1).astype(int)
    model = LogisticRegression().fit(rows[:20], y[:20])
    known = {"model": model, "X_labeled": rows[:20], "y_labeled": y[:20], "embed": near}
    near_ones = near_any(Places(rows[20:]), rows[:20], 2)
    found = select(strategies.make("neighbours-only", k=2), rows[20:], n=5, **known)
    liked = model.predict_proba(rows[20:])[near_ones, 1]
    assert found.indices.tolist() == near_ones[np.argsort(-liked)[:5]].tolist()
    more = select(strategies.make("neighbours-only", k=2), rows[20:], n=100, **known)
    assert set(near_ones) <= set(more.indices) and len(set(more.indices.tolist())) == 100


# --- relabel

NOT = -1
WIDE = np.array([[0, 0, NOT], [1, NOT, NOT], [2, 1, 2], [NOT, 1, 1], [0, 2, 0], [NOT, NOT, 2], [1, 1, NOT]])
ONE = np.array([0, 1, 2, 1, 0, 2, 1])
SAID = np.array(
    [[.7, .2, .1], [.3, .5, .2], [.2, .3, .5], [.1, .8, .1], [.4, .3, .3], [.25, .15, .6], [.5, .3, .2]]
)  # fmt: skip
NEW = np.array([[0.6, 0.3, 0.1], [0.34, 0.33, 0.33], [0.05, 0.05, 0.9]])


def test_activelab_is_that_of_its_authors():
    """Scores of cleanlab 2.9.0, which are one minus ours, with one mistake of it put right: it counts answers in
    a matrix of floats, where its count puts the classes that are there into the first columns, whichever they are,
    and so fits the temperature to other shares than the annotators'. As released it says 0.538 for the first item."""
    item, annotator = np.nonzero(WIDE != NOT)
    again, new = relabel.activelab(SAID, NEW, item, annotator, WIDE[item, annotator])
    assert np.allclose(1 - again, [0.916828, 0.741286, 0.741285, 0.969768, 0.539105, 0.886515, 0.690362], atol=1e-6)
    assert np.allclose(1 - new, [0.853691, 0.351823, 0.974302], atol=1e-6)


def test_activelab_with_one_answer_each_is_that_of_its_authors():
    again, new = relabel.activelab(SAID, NEW, np.arange(7), np.array([0, 1, 2, 0, 1, 2, 0]), ONE)
    assert np.allclose(1 - again, [0.577778, 0.444444, 0.444444, 0.644444, 0.377778, 0.511111, 0.311111], atol=1e-6)
    assert np.allclose(1 - new, [0.466667, 0.336667, 0.616667], atol=1e-6)


def test_activelab_refuses_an_item_without_an_answer():
    with pytest.raises(InputError, match="none for item 6"):
        relabel.activelab(SAID, NEW, np.arange(6), np.zeros(6, dtype=int), ONE[:6])


def relabeled(n, annotations=None, **params):
    evidence = classified(NEW, ONE, SAID, annotations=annotations)
    return strategies.make("activelab", **params).select(evidence, n, np.random.default_rng(0))


def test_activelab_picks_new_and_labeled_items_on_one_scale():
    found = relabeled(3)
    assert list(zip(found.source.tolist(), found.indices.tolist(), strict=True)) == [
        ("labeled", 6), ("pool", 1), ("labeled", 4),
    ]  # fmt: skip
    assert np.allclose(found.scores, 1 - np.array([0.311111, 0.336667, 0.377778]), atol=1e-6)
    assert found.reasons["answers"].tolist() == [1, 0, 1]
    assert set(relabeled(3, max_answers=1).source) == {"pool"}


def test_activelab_counts_a_persons_first_answer_only_and_stops_at_the_most():
    item, annotator = np.nonzero(WIDE != NOT)
    answer = WIDE[item, annotator]
    plain = strategies.Annotations(item, annotator, answer)
    found = relabeled(3, plain)
    assert (found.source[0], found.indices[0]) == ("pool", 1)
    twice = strategies.Annotations(
        np.append(item, [0, 4]), np.append(annotator, [0, 1]), np.append(answer, [2, 1])
    )  # fmt: skip
    assert relabeled(3, twice).scores.tolist() == found.scores.tolist()
    assert ("labeled", 4) in zip(found.source.tolist(), found.indices.tolist(), strict=True)
    less = relabeled(3, plain, max_answers=3)
    assert ("labeled", 4) not in zip(less.source.tolist(), less.indices.tolist(), strict=True)


def test_activelab_may_ask_about_labeled_items_alone():
    sure = np.tile([0.9, 0.05, 0.05], (8, 1))
    evidence = classified(sure, ONE, np.full((7, 3), 1 / 3), ids=None)
    found = strategies.make("activelab").pick(evidence, 5, np.random.default_rng(0))
    assert set(found.sources) == {"labeled"} and len(set(found.indices.tolist())) == 5
    most = strategies.make("activelab").pick(evidence, 8, np.random.default_rng(0))
    assert set(most.sources.tolist()) == {"labeled", "pool"}


def test_activelab_from_select_with_annotations():
    draw = np.random.default_rng(0)
    rows = draw.normal(size=(60, 2))
    y = np.where(rows[:, 0] > 0, "yes", "no")
    wrong = np.where(y[:20] == "yes", "no", "yes")
    model = LogisticRegression().fit(rows[:20], y[:20])
    annotations = (np.tile(np.arange(20), 2), np.repeat(["ann", "bob"], 20), np.concatenate([y[:20], wrong]))
    found = select(
        "activelab", rows[20:], n=10, model=model, X_labeled=rows[:20], y_labeled=y[:20], annotations=annotations
    )
    assert "labeled" in found.source and len(found) == 10


# --- in the loop


@pytest.mark.parametrize(
    "name", ["emcm", "greedy-x", "greedy-y", "improved-greedy", "predictive-variance"]
)  # fmt: skip
def test_regression_strategies_in_the_loop(name):
    learner = ActiveLearner(Ridge(), strategy=name, batch_size=6)
    for batch in learner.rounds(X):
        learner.teach(batch, Y[batch.indices])
        if len(learner.history_) == 3:
            break
    assert learner.history_["n_labels"].tolist() == [6, 12, 18]
