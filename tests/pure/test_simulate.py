"""The simulator and the notebook's learner."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import labelwright as lw
from labelwright.errors import ConflictError, InputError
from labelwright.stopping import make as make_rule

rng = np.random.default_rng(0)
X = rng.normal(size=(300, 4))
Y = np.array(["no", "yes"])[(X[:, 0] + X[:, 1] > 0).astype(int)]
SMALL = {"strategies": ["random", "margin", "auto"], "n_initial": 10, "batch_size": 10, "budget": 45, "seeds": range(3)}


@pytest.fixture(scope="module")
def results():
    return lw.simulate(X, Y, LogisticRegression(), stop=make_rule("budget", n_labels=30), **SMALL)


def test_curves(results):
    assert results.curves.columns.tolist() == [
        "strategy", "seed", "n_labels", "cost", "value", "fit_seconds", "select_seconds"
    ]  # fmt: skip
    for _, run in results.curves.groupby(["strategy", "seed"]):
        assert run["n_labels"].tolist() == [10, 20, 30, 40, 45] == run["cost"].tolist()
        assert run["value"].between(0.4, 1).all()


def test_strategies_of_one_seed_share_split_and_start(results):
    first = results.curves[results.curves.n_labels == 10]
    assert (first.groupby("seed")["value"].nunique() == 1).all()


def test_summary(results):
    table = results.summary()
    assert table.columns.tolist() == [
        "aulc", "labels_to_95", "labels_to_99", "reached_95", "delta_vs_random", "low", "high", "wins", "ties",
        "losses", "p_value",
    ]  # fmt: skip
    run = results.curves.query("strategy == 'margin' and seed == 1")
    area = sum((a + b) / 2 * w for a, b, w in zip(run.value[:-1], run.value[1:], [10, 10, 10, 5], strict=True)) / 35
    others = [results.curves.query(f"strategy == 'margin' and seed == {s}") for s in range(3)]
    areas = [np.trapezoid(r.value, r.n_labels) / 35 for r in others]
    assert np.isclose(areas[1], area) and np.isclose(table.loc["margin", "aulc"], np.mean(areas))
    assert (table[["wins", "ties", "losses"]].sum(axis=1) == 3).all() and table["p_value"].isna().all()
    assert table.loc["random", "delta_vs_random"] == 0


def test_labels_to_95_counts_what_is_not_reached_as_beyond_the_budget():
    from labelwright.loop.results import Results

    curves = pd.DataFrame(
        [("a", s, n, n, v, 0.0, 0.0) for s, vs in enumerate([(0.5, 0.96, 1), (0.5, 0.6, 0.7), (0.5, 0.7, 0.99)])
         for n, v in zip((10, 20, 30), vs, strict=True)],
        columns=["strategy", "seed", "n_labels", "cost", "value", "fit_seconds", "select_seconds"],
    )  # fmt: skip
    full = pd.Series({0: 1.0, 1: 1.0, 2: 1.0})
    table = Results(curves, pd.DataFrame(), full, "accuracy", True, 0.3, {}).summary()
    assert table.loc["a", "labels_to_95"] == 30 and table.loc["a", "reached_95"] == 2
    assert np.isnan(table.loc["a", "labels_to_99"])  # one run of three reaches .995: the median is beyond the budget
    assert np.isnan(table.loc["a", "delta_vs_random"])


def test_stops(results):
    stops = results.stops
    assert stops["n_labels"].eq(30).all() and len(stops) == 9 and stops["rule"].eq("budget").all()
    run = results.history("margin", 0)
    assert run.columns.tolist() == ["n_labels", "cost", "value", "low", "high", "n_reserve"]
    row = stops.query("strategy == 'margin' and seed == 0").iloc[0]
    assert np.isclose(row["regret_value"], run["value"].iloc[-1] - run["value"].iloc[2])


def test_jobs_change_nothing(results):
    two = lw.simulate(X, Y, LogisticRegression(), n_jobs=2, **SMALL)
    kept = ["strategy", "seed", "n_labels", "value"]
    assert two.curves[kept].equals(results.curves[kept])


def test_cold_start_overlap_costs_and_an_oracle_that_errs():
    calls = []

    def oracle(indices, rng):
        calls.append(len(indices))
        return np.where(rng.random(len(indices)) < 0.1, "no", Y[indices])

    r = lw.simulate(X, Y, LogisticRegression(), strategies=["random", "auto", "margin"], n_initial=0, batch_size=5,
                    budget=20, overlap=3, oracle=oracle, costs=np.full(300, 0.5), seeds=[4])  # fmt: skip
    assert r.curves.groupby("strategy")["n_labels"].apply(list).map(lambda n: n == [5, 10, 15, 20]).all()
    assert r.curves.query("n_labels == 20")["cost"].eq(20 * 3 * 0.5).all()
    assert len(calls) == 3 * 4 * 3


@pytest.mark.parametrize(
    ("y", "estimator", "metric"),
    [(X @ [1.0, 2, 0, 0], Ridge(), "mae"), ((X[:, :3] > 0).astype(int), "linear", "micro-f1"),
     (X @ [1.0, 2, 0, 0], Ridge(), "r2")],
)  # fmt: skip
def test_other_tasks(y, estimator, metric):
    r = lw.simulate(X, y, estimator, strategies=["random", "auto"], budget=60, metric=metric, seeds=range(3))
    ends = r.curves.groupby(["strategy", "seed"])["value"].agg(["first", "last"]).groupby("strategy").mean()
    assert ((ends["last"] < ends["first"]) == (metric == "mae")).all()
    assert r.higher_is_better == (metric != "mae")


def test_groups_are_never_split():
    groups = np.arange(300) // 10
    seen = []
    lw.simulate(X, Y, LogisticRegression(), strategies=["random"], budget=200, groups=groups, seeds=[0],
                oracle=lambda idx, rng: (seen.extend(groups[idx]), Y[idx])[1])  # fmt: skip
    assert len(set(seen)) <= 21


@pytest.mark.parametrize(
    "bad", [{"strategies": ["nope"]}, {"strategies": "margin"}, {"strategies": []}, {"budget": 5}, {"budget": 250},
            {"test_size": 1.0}, {"metric": "mae"}, {"batch_size": 0}, {"strategies": ["margin", "margin"]},
            {"oracle": lambda idx, rng: ["maybe"] * len(idx)}, {"oracle": lambda idx, rng: []}],
)  # fmt: skip
def test_bad_settings_are_refused(bad):
    with pytest.raises(InputError, match="must be"):
        lw.simulate(X, Y, LogisticRegression(), **(SMALL | {"seeds": [0]} | bad))


def test_a_plot_says_what_its_band_and_its_dashed_line_are(results):
    pytest.importorskip("matplotlib").use("Agg")
    ax = results.plot()
    *curves, whole = ax.lines
    assert [line.get_label() for line in curves] == ["random", "margin", "auto"] and ax.get_xlabel() == "labels"
    assert whole.get_label() == "trained on all labels of the pool" and whole.get_linestyle() == "--"
    assert np.allclose(whole.get_ydata(), results.full.mean())
    assert whole.get_label() in [text.get_text() for text in ax.get_legend().get_texts()]
    assert ax.get_title(loc="left") == "Mean over 3 seeds; band: one standard error of the mean on either side"


def test_a_plot_of_one_seed_has_no_band():
    pytest.importorskip("matplotlib").use("Agg")
    ax = lw.simulate(X, Y, LogisticRegression(), **SMALL | {"seeds": 1}).plot()
    assert not ax.collections and ax.get_title(loc="left") == "One seed: no band"


def test_learner_speaks_the_users_classes():
    learner = lw.ActiveLearner(LogisticRegression(), batch_size=5, random_state=1)
    for batch in learner.rounds(X):
        learner.teach(batch, Y[batch.indices])
        if len(learner.history_) == 6:
            break
    assert learner.history_["n_labels"].tolist() == [5, 10, 15, 20, 25, 30]
    assert learner.history_["mode"].iloc[0] == "seed" and set(learner.model_.classes_) == {"no", "yes"}
    assert (learner.model_.predict(X) == Y).mean() > 0.85


def test_learner_skips_ends_and_stops():
    learner, asked = lw.ActiveLearner(LogisticRegression(), batch_size=8), []
    for batch in learner.rounds(X[:30]):
        asked += batch.indices.tolist()
        learner.teach(batch, [None if i % 5 == 0 else Y[i] for i in batch.indices])
    assert sorted(asked) == list(range(30)) and learner.history_["n_skipped"].sum() == 6
    stopped = lw.ActiveLearner(LogisticRegression(), batch_size=8, stop=make_rule("budget", n_labels=16))
    for batch in stopped.rounds(X):
        stopped.teach(batch, Y[batch.indices])
    assert stopped.history_["n_labels"].tolist() == [8, 16]


def test_learner_takes_frames_with_words_through_a_pipeline():
    frame = pd.DataFrame({"colour": np.array(["red", "green", "blue"])[np.arange(60) % 3], "size": np.arange(60.0)})
    y = frame["colour"] == "red"
    pipeline = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    learner = lw.ActiveLearner(pipeline, batch_size=6)
    for batch in learner.rounds(frame):
        learner.teach(batch, y.iloc[batch.indices].to_numpy())
        if len(learner.history_) == 3:
            break
    assert learner.model_.predict(frame).shape == (60,)


def test_learner_refuses_disorder():
    learner = lw.ActiveLearner(make_pipeline(StandardScaler(), LogisticRegression()), batch_size=3)
    rounds = learner.rounds(X)
    batch = next(rounds)
    with pytest.raises(InputError, match="of length 3"):
        learner.teach(batch, ["no"])
    with pytest.raises(ConflictError, match="must be taught"):
        next(rounds)
    learner = lw.ActiveLearner(LogisticRegression(), batch_size=3)
    batch = next(learner.rounds(X))
    learner.teach(batch, ["no", "yes", "no"])
    with pytest.raises(ConflictError, match="waiting"):
        learner.teach(batch, ["no", "yes", "no"])


def test_every_strategy_plays_under_the_same_constraints():
    kind = np.where(np.arange(300) % 5 == 0, "legal", "news")
    asked: list[np.ndarray] = []

    def oracle(indices, rng):
        asked.append(kind[indices])
        return Y[indices]

    ask = {"n_initial": 10, "batch_size": 10, "seeds": [0], "oracle": oracle, "columns": {"kind": kind}}
    for strategy in ("random", "margin", "auto"):
        asked.clear()
        rules = {"strategies": [strategy], "constraints": ["kind at-least 60% legal"]}
        assert lw.simulate(X, Y, "linear", budget=50, **rules, **ask).curves["n_labels"].max() == 50
        assert all((batch == "legal").sum() >= 6 for batch in asked[1:])
    asked.clear()
    ended = lw.simulate(X, Y, "linear", budget=150, strategies=["margin"], constraints=["kind only legal"], **ask)
    assert (np.concatenate(asked[1:]) == "legal").all()  # until none is left, before the budget
    assert ended.curves["n_labels"].max() == sum(map(len, asked)) < 10 + 60
