"""`auto` knows the metric: what is asked for accuracy stays, other metrics change it, and old rankings replay."""

import numpy as np
import pytest

import labelwright as lw
from labelwright import strategies
from labelwright.errors import InputError
from labelwright.loop.learner import ActiveLearner
from labelwright.policy import Policy
from labelwright.policy.rank import rank
from labelwright.strategies.auto import balanced_doubt
from labelwright.strategies.shared.aims import aim_of
from labelwright.testing.samples import evidence_of, sample_arrays, sample_task

rng = np.random.default_rng(0)
X = rng.normal(size=(400, 3))
P = 1 / (1 + np.exp(-(2 * X[:, 0] - 3)))  # the second class is rare
KNOWN = {
    "proba": np.column_stack([1 - P, P]), "X_labeled": rng.normal(size=(60, 3)), "y_labeled": np.arange(60) % 3 == 0,
}  # fmt: skip
BEYOND = {  # metrics that look at more than which answers are right, with their random share
    "balanced-accuracy": 0.1, "macro-f1": 0.1, "cost:0,1/5,0": 0.1, "roc-auc": 0.2, "average-precision:spam": 0.2,
    "log-loss": 0.6, "brier": 0.6,
}  # fmt: skip

# what auto-2 picked in version 1.0, of the sample of each task
PICKED = {
    "classification": [8, 69, 53, 63, 60, 73, 51, 61],
    "multilabel": [69, 8, 64, 73, 6, 32, 7, 10],
    "regression": [11, 41, 10, 76, 69, 53, 8, 49],
}


@pytest.mark.parametrize("name", PICKED)
@pytest.mark.parametrize("metric", [None, "log-loss"])
def test_auto_2_picks_what_it_picked_whatever_the_metric(name, metric):
    task = sample_task(name)
    picks = strategies.make("auto-2").pick(
        evidence_of(task, sample_arrays(task), metric=metric), 8, np.random.default_rng(0)
    )
    assert picks.indices.tolist() == PICKED[name]


@pytest.mark.parametrize("name", PICKED)
@pytest.mark.parametrize("metric", [None, "accuracy", "mae"])
def test_auto_asks_for_accuracy_and_numbers_what_auto_2_asks(name, metric):
    task = sample_task(name)
    picks = strategies.make("auto").pick(
        evidence_of(task, sample_arrays(task), metric=metric), 8, np.random.default_rng(0)
    )
    assert picks.indices.tolist() == PICKED[name] and "balanced-doubt" not in picks.reasons


@pytest.mark.parametrize("metric", BEYOND)
def test_other_metrics_change_the_picks_and_say_so(metric):
    plain, other = (lw.select("auto", X, n=20, metric=name, **KNOWN) for name in (None, metric))
    assert set(plain.indices) != set(other.indices)
    share = BEYOND[metric]
    assert (other.origin == "random").sum() == 20 * share and (plain.origin == "random").sum() == 2
    sentence = f"For {metric}, {share:.0%} of the items at least are sampled at random."
    assert (sentence in str(other.why)) == (share > 0.1)
    assert "more weight on rare classes" in str(other.why) and "rare" not in str(plain.why)
    chosen = other.origin == "strategy"
    assert np.isfinite(other.reasons["balanced-doubt"][chosen]).all()
    again = lw.select("auto", X, n=20, metric=metric, **KNOWN)
    assert again.indices.tolist() == other.indices.tolist() and again.scores.tobytes() == other.scores.tobytes()


def test_metrics_that_look_at_the_same_thing_ask_the_same():
    brier, loss = (
        lw.select("auto", X, n=10, metric=name, **KNOWN).indices.tolist() for name in ("neg_brier_score", "log-loss")
    )
    assert brier == loss


def test_balanced_doubt_lies_between_even_odds_and_those_of_the_pool():
    proba = np.column_stack([1 - P, P])
    order = np.argsort(P)
    at = [P[balanced_doubt(proba, power).argmax()] for power in (0.0, 0.5, 1.0)]
    assert at[0] > at[1] > at[2] and abs(at[0] - 0.5) < 0.05 and abs(at[2] - P.mean()) < 0.02
    assert np.allclose(balanced_doubt(proba, 0.0)[order], 1 - np.abs(1 - 2 * P[order]))


def test_many_classes_and_one_that_is_never_predicted():
    proba = np.array([[0.5, 0.5, 0.0], [0.9, 0.1, 0.0]])
    doubt = balanced_doubt(proba, 0.5)
    assert np.isfinite(doubt).all() and doubt[0] > doubt[1] and (doubt <= 1).all()


def test_a_policy_takes_the_share_of_the_metric_unless_it_has_none():
    task = sample_task("classification")
    arrays = sample_arrays(task)

    def ranked(metric, **policy):
        evidence = evidence_of(task, arrays, metric=metric)
        candidates, generator = np.arange(evidence.n_items), np.random.default_rng(0)
        return rank(
            Policy("auto", n_slots=20, **policy), evidence, candidates=candidates, reserve=candidates[:0], rng=generator
        )

    counts = {name: (ranked(name).kind == "random").sum() for name in (None, "macro-f1", "roc-auc:a", "log-loss")}
    assert counts == {None: 2, "macro-f1": 2, "roc-auc:a": 4, "log-loss": 12}
    assert (ranked("roc-auc:a", random_share=0.0).kind == "random").sum() == 0
    assert (ranked("roc-auc:a", random_share=0.6).kind == "random").sum() == 12
    one, two = ranked("log-loss"), ranked("log-loss")
    assert one.item_idx.tobytes() == two.item_idx.tobytes() and one.why == two.why
    assert "random-for-metric" in one.why.code
    assert "random-for-metric" not in ranked("log-loss", random_share=0.0).why.code


def test_a_learner_and_a_simulation_pass_the_metric_on():
    y = (X[:, 0] > 1).astype(int)
    asked = {}
    for metric in (None, "accuracy", "log-loss"):
        learner = ActiveLearner("linear", metric=metric)
        known = np.where(np.arange(400) < 40, y, None)
        asked[metric] = next(learner.rounds(X, known))
    assert asked[None].indices.tolist() == asked["accuracy"].indices.tolist()
    assert (asked["log-loss"].kind == "random").sum() == 6 and (asked[None].kind == "random").sum() == 1
    run = {"strategies": ["auto", "auto-2"], "budget": 60, "n_initial": 30, "seeds": 1, "progress": False}
    for metric, same in (("accuracy", True), ("log-loss", False)):
        curves = lw.simulate(X, y, "linear", metric=metric, **run).curves.set_index("strategy")["value"]
        assert (curves["auto"].tolist() == curves["auto-2"].tolist()) == same


@pytest.mark.parametrize("metric", ["rocauc", "accurcy:spam"])
def test_the_name_of_no_metric_is_refused(metric):
    with pytest.raises(InputError, match="metric must be one that exists"):
        lw.select("auto", X, n=2, metric=metric, **KNOWN)
    with pytest.raises(InputError, match="metric must be one that exists"):
        ActiveLearner("linear", metric=metric).rounds(X)


def test_every_metric_there_is_has_an_aim():
    """A metric that is added to a task must be given one, so that `auto` does not take it for accuracy unseen."""
    from labelwright.strategies.shared.aims import AIMS
    from labelwright.tasks import kind

    for name in ("classification", "multilabel"):
        known = {metric.partition(":")[0] for metric in (*kind(name).metrics, *kind(name).further_metrics)}
        assert {"top" if metric.startswith("top-") else metric for metric in known} <= set(AIMS)
    assert aim_of("top-3") == aim_of(None) == "answers"
