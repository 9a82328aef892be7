"""`lw.select`, through its public interface."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import labelwright as lw
from labelwright.errors import InputError

rng = np.random.default_rng(0)
X = rng.normal(size=(120, 4))
Y = np.array(["a", "b", "c"])[X[:, :3].argmax(axis=1)]
KNOWN = {"X_labeled": X[:40], "y_labeled": Y[:40]}
POOL = X[40:]
TABLE = lw.strategies()


def test_the_package_can_be_called():
    table = lw.strategies()
    assert table.columns.tolist() == ["name", "family", "tasks", "needs", "batch_aware", "reference", "version"]
    assert {
        "random", "least-confidence", "margin", "entropy", "predictive-variance", "vote-entropy", "committee-kl",
        "expected-gradient-length", "k-center", "margin-diversity", "max-herding", "auto",
    } <= set(table.name)  # fmt: skip
    assert lw.stopping_rules().columns.tolist() == ["name", "needs", "guarantee", "reference"]


@pytest.mark.parametrize(
    "name", [name for name, tasks in zip(TABLE["name"], TABLE["tasks"], strict=True) if "classification" in tasks]
)
@pytest.mark.parametrize("model", [LogisticRegression(), RandomForestClassifier(10, random_state=0),
                                   make_pipeline(StandardScaler(), LogisticRegression())])  # fmt: skip
def test_every_strategy_with_a_fitted_model(name, model):
    model.fit(X[:40], Y[:40])
    before = str(model.get_params()), model.predict_proba(X)
    source = {"X_source": X[:40] + 1, "y_source": Y[:40]}  # which most do not look at
    s = lw.select(name, POOL, n=7, model=model, **KNOWN, **source)
    assert s.indices.dtype == np.int64 and len(set(s.indices.tolist())) == 7 == len(s.scores)
    assert name == "activelab" or set(s.source) == {"pool"}
    assert set(s.origin) <= {"strategy", "random"}
    assert str(model.get_params()) == before[0] and (model.predict_proba(X) == before[1]).all()


def test_a_decision_function_serves_margins_and_no_more():
    two = Y != "c"
    model = SVC().fit(X[two], Y[two])
    s = lw.select("margin", POOL, n=80, model=model)
    assert s.indices.tolist() == np.argsort(np.abs(model.decision_function(POOL))).tolist()
    many = SVC(decision_function_shape="ovr").fit(X, Y)
    top = np.sort(many.decision_function(POOL), axis=1)
    order = np.argsort(top[:, -1] - top[:, -2])
    assert lw.select("margin", POOL, n=5, model=many).indices.tolist() == order[:5].tolist()
    assert len(lw.select("auto", POOL, n=5, model=many, **KNOWN).indices) == 5
    with pytest.raises(InputError, match="predict_proba"):
        lw.select("entropy", POOL, n=5, model=many)


@pytest.mark.parametrize("name", ["auto", "k-center", "max-herding", "random"])
def test_a_seed_without_labels_from_any_kind_of_matrix(name):
    kinds = (X, pd.DataFrame(X), X.tolist(), np.asfortranarray(X))
    picks = [lw.select(name, kind, n=6).indices.tolist() for kind in kinds]
    assert all(pick == picks[0] for pick in picks)
    assert len(lw.select(name, sp.csr_matrix(np.abs(X)), n=6).indices) == 6


def test_memory_maps(tmp_path):
    whole = X.astype(np.float32)
    np.save(tmp_path / "x.npy", whole)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert lw.select("auto", mapped, n=5).indices.tolist() == lw.select("auto", whole, n=5).indices.tolist()


def test_positions_also_for_a_frame_with_its_own_index():
    frame = pd.DataFrame(POOL, index=np.arange(1000, 1080), columns=list("wxyz"))
    model = LogisticRegression().fit(pd.DataFrame(X[:40], columns=list("wxyz")), Y[:40])
    plain = LogisticRegression().fit(X[:40], Y[:40])
    assert lw.select("margin", frame, n=5, model=model).indices.tolist() == lw.select(
        "margin", POOL, n=5, model=plain).indices.tolist()  # fmt: skip


def test_auto_holds_its_random_share_with_propensity():
    found = [lw.select("auto", POOL, n=10, random_state=seed) for seed in range(5)]
    for s in found:
        drawn = s.origin == "random"
        assert drawn.sum() == 1 and s.propensity[drawn] == 1 / (80 - 9) and np.isnan(s.propensity[~drawn]).all()
        assert np.isnan(s.scores[drawn]).all()
    single = [lw.select("auto", POOL, n=1, random_state=seed).origin[0] for seed in range(200)]
    assert 8 <= single.count("random") <= 35


def test_random_logs_its_propensity():
    s = lw.select("random", POOL, n=3)
    assert s.propensity.tolist() == [1 / 80, 1 / 79, 1 / 78] and set(s.origin) == {"random"}


def test_draws_of_a_forest_or_a_bagged_committee():
    y = X[:, 0]
    forest = RandomForestRegressor(12, random_state=0).fit(X[:40], y[:40])
    trees = np.stack([tree.predict(POOL) for tree in forest.estimators_])
    assert lw.select("predictive-variance", POOL, n=1, model=forest).indices[0] == trees.var(axis=0).argmax()
    model = LogisticRegression().fit(X[:40], Y[:40])
    assert len(lw.select("vote-entropy", POOL, n=4, model=model, **KNOWN).indices) == 4
    with pytest.raises(InputError, match="draws must be given"):
        lw.select("vote-entropy", POOL, n=4, model=model)


def test_embed_may_be_a_function():
    s = lw.select("k-center", POOL, n=4, embed=lambda A: A[:, :2], X_labeled=X[:40])
    t = lw.select("k-center", POOL, n=4, embed=POOL[:, :2], X_labeled=X[:40, :2])
    assert s.indices.tolist() == t.indices.tolist()
    with pytest.raises(InputError, match="X_labeled must be of 2 columns"):
        lw.select("k-center", POOL, n=4, embed=POOL[:, :2], X_labeled=X[:40])


class Home:
    """A model that is not a subclass of scikit-learn's."""

    classes_ = np.array(["a", "b", "c"])

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        odds = np.exp(np.asarray(X)[:, : len(self.classes_)])
        return odds / odds.sum(axis=1, keepdims=True)


def test_a_model_of_ones_own_and_wide_sparse_text():
    assert len(lw.select("auto", POOL, n=5, model=Home(), **KNOWN).indices) == 5
    assert len(lw.select("vote-entropy", POOL, n=5, model=Home(), **KNOWN).indices) == 5
    assert len(lw.simulate(X, Y, Home(), strategies=["auto"], budget=30, seeds=[0]).curves) == 2
    text = sp.random(80, 60_000, density=1e-3, format="csr", random_state=0)
    model = LogisticRegression().fit(sp.random(30, 60_000, density=1e-3, random_state=1), np.arange(30) % 2)
    assert len(lw.select("margin", text, n=5, model=model).indices) == 5


def test_what_is_labeled_is_kept_away_from():
    far = np.array([[0.0, 0], [1, 0], [50, 0], [51, 0]])
    assert lw.select("k-center", far, n=1, X_labeled=far[2:3]).indices[0] == 0
    assert lw.select("k-center", far, n=1, X_labeled=far[0:1]).indices[0] == 3


def test_multilabel_and_regression_evidence():
    labels = rng.random((80, 3))
    s = lw.select("auto", POOL, n=5, proba=labels, X_labeled=X[:40], y_labeled=(X[:40, :3] > 0).astype(int))
    assert len(s.indices) == 5 and s.mode == "uncertainty-herding"
    draws = rng.normal(size=(5, 80))
    assert len(lw.select("auto", POOL, n=5, draws=draws, X_labeled=X[:40], y_labeled=X[:40, 0]).indices) == 5


@pytest.mark.parametrize(
    "bad",
    [{"n": 0}, {"n": 81}, {"strategy": "nope"}, {"proba": np.full((80, 3), 0.5)}, {"proba": np.full((79, 2), 0.5)},
     {"costs": np.zeros(80)}, {"annotations": []}, {"X": np.zeros(80)}, {"strategy": "k-center", "costs": np.ones(80)},
     {"strategy": "auto", "X": np.full((80, 2), np.nan)}, {"groups": np.zeros(3)},
     {"strategy": "k-center", "X": np.array([["a", "b"]] * 80)}, {"strategy": "k-center", "embed": np.zeros((3, 2))}],
    ids=str,
)  # fmt: skip
def test_bad_input_is_refused(bad):
    proba = np.stack([np.linspace(0, 1, 80), 1 - np.linspace(0, 1, 80)], axis=1)
    arguments = {"strategy": "margin", "X": POOL, "n": 5, "proba": proba} | bad
    with pytest.raises(InputError, match="must be"):
        lw.select(**arguments)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("columns", [
    np.repeat(X[:1] * [1, 100, 1, 5], 60, axis=0), np.c_[X * [1, 50, 1000, 1], np.full(120, 0.1)], np.ones((60, 3)),
], ids=["equal rows", "one constant column", "all constant"])  # fmt: skip
def test_constant_columns_are_no_reason_to_warn(columns):
    for name in ("auto", "k-center"):
        assert len(lw.select(name, columns, n=2).indices) == 2


@pytest.mark.parametrize("given", ["rows and labels", "rows", "model alone", "text and labels"])
def test_a_fixed_seed_keeps_the_random_share_round_after_round(given):
    """A loop that always passes random_state=0 and asks for one item: a tenth is random, and a call can be repeated."""
    pool, answers = np.random.default_rng(1).normal(size=(330, 2)), np.arange(330) % 2
    model = LogisticRegression().fit(pool, answers)
    asked, origins = [0, 1], []
    for _ in range(300):
        left = np.setdiff1d(np.arange(330), asked)
        more = {"X_labeled": pool[asked], "y_labeled": answers[asked]}
        if given == "rows":
            more = {"X_labeled": pool[asked]}
        if given == "model alone":
            more = {"model": model}
        if given == "text and labels":  # whose columns are words: nothing but the proba is looked at
            more |= {
                "X_labeled": pd.DataFrame({"a": pool[asked, 0].astype(str)}),
                "proba": model.predict_proba(pool[left]),
            }
            more |= {"embed": lambda A: np.zeros((len(A), 2))}
        s = lw.select("auto", pool[left], n=1, random_state=0, **more)
        origins.append(s.origin[0])
        asked.append(int(left[s.indices[0]]))
    assert 15 <= origins.count("random") <= 50
    again = lw.select("auto", pool[left], n=1, random_state=0, **more)
    assert again.indices.tolist() == s.indices.tolist() and again.origin.tolist() == s.origin.tolist()


def test_the_order_of_what_is_labeled_changes_nothing():
    picks = lw.select("auto", POOL, n=9, **KNOWN).indices.tolist()
    turned = {"X_labeled": X[:40][::-1], "y_labeled": Y[:40][::-1]}
    assert lw.select("auto", POOL, n=9, **turned).indices.tolist() == picks


def test_versions_of_a_strategy():
    assert lw.strategies.resolve("auto") == "auto-3" and lw.strategies.make("auto").name == "auto-3"
    assert lw.strategies.names().count("auto") == 1 and "auto-2" not in lw.strategies.names()
    assert lw.strategies().set_index("name")["version"][["auto", "margin"]].tolist() == [3, 1]
    one, two = (lw.select(name, POOL, n=8, **KNOWN).indices.tolist() for name in ("auto", "auto-3"))
    assert one == two
    with pytest.raises(InputError, match="Did you mean 'margin'"):
        lw.strategies.resolve("margn")
