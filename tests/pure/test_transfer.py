"""Methods of transfer: against skada where it is installed, against closed forms, and a source that must not harm."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from labelwright import models, tasks, transfer
from labelwright.errors import InputError
from labelwright.transfer.choice import AMOUNTS, Choice, Screen, clearly_lower
from labelwright.transfer.coral import Coral
from labelwright.transfer.domains import source_log_odds
from labelwright.transfer.least_squares import Moments, left_out, with_one
from labelwright.transfer.linear_ot import LinearOt
from labelwright.transfer.mixing import Mixed, Source
from labelwright.transfer.weights import Weights


def classes(n):
    return tasks.make("classification", {"labels": [{"id": f"l_{i}", "name": str(i)} for i in range(n)]})


NUMBERS = tasks.make("regression", {})


def clouds(seed=0, n_source=200, n_target=150, n_dims=4):
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(n_dims, n_dims)) + 2 * np.eye(n_dims)
    return rng.normal(size=(n_source, n_dims)) @ mixing, rng.normal(size=(n_target, n_dims)) + 1


def domains(seed=0, n_source=300, n_target=300, turn=0.5, n_classes=4):
    """Classes around centres that are turned and moved in the target."""
    rng = np.random.default_rng(seed)
    centres = 1.6 * rng.normal(size=(n_classes, 6))
    angle = np.eye(6)
    angle[:2, :2] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    ys, yt = (np.arange(n) % n_classes for n in (n_source, n_target))
    Xs = centres[ys] + rng.normal(size=(n_source, 6))
    Xt = (centres[yt] + rng.normal(size=(n_target, 6))) @ angle + 0.5
    return Xs, ys, Xt, yt


# --- the methods


def test_coral_is_that_of_skada_but_keeps_the_target_in_its_place():
    adapters = pytest.importorskip("skada._mapping")
    source, target = clouds()
    X, domain = np.concatenate([source, target]), np.repeat([1, -2], [len(source), len(target)])
    theirs = adapters.CORALAdapter(reg=0.1).fit_transform(X, sample_domain=domain)[domain > 0]
    ours = Coral(shrinkage=0.1).fit(source, np.zeros(len(source)), target, NUMBERS).X_source
    assert np.allclose(ours, theirs + target.mean(axis=0), atol=1e-6)


def test_linear_ot_is_that_of_skada():
    adapters = pytest.importorskip("skada._mapping")
    source, target = clouds()
    X, domain = np.concatenate([source, target]), np.repeat([1, -2], [len(source), len(target)])
    theirs = adapters.LinearOTMappingAdapter(reg=1e-10).fit_transform(X, sample_domain=domain)[domain > 0]
    ours = LinearOt(shrinkage=0).fit(source, np.zeros(len(source)), target, NUMBERS).X_source
    assert np.allclose(ours, theirs, atol=1e-5)


def test_log_odds_of_domains_are_those_of_skadas_classifier():
    reweight = pytest.importorskip("skada._reweight")
    source, target = clouds(n_target=200)
    both = np.concatenate([source, target])
    z = (both - both.mean(axis=0)) / both.std(axis=0)
    domain = np.repeat([1, -2], [len(source), len(target)])
    theirs = reweight.DiscriminatorReweightAdapter().fit(z, sample_domain=domain)
    asked = theirs.compute_weights(z, sample_domain=domain)[domain > 0]
    log_odds = source_log_odds(source, target, source)  # version 0.6 gives p(source) / p(target), the inverse weight
    apart = np.log(asked) - log_odds
    assert apart.std() < 0.02


@pytest.mark.parametrize("method", [Coral(shrinkage=0), LinearOt(shrinkage=0)])
def test_the_moved_source_has_the_moments_of_the_target(method):
    source, target = clouds()
    moved = method.fit(source, np.zeros(len(source)), target, NUMBERS).X_source
    assert np.allclose(moved.mean(axis=0), target.mean(axis=0))
    assert np.allclose(np.cov(moved.T, bias=True), np.cov(target.T, bias=True))


def test_linear_ot_moves_less_than_coral():
    source, target = clouds()
    moves = [
        ((kind(shrinkage=0).fit(source, np.zeros(len(source)), target, NUMBERS).X_source - source) ** 2).mean()
        for kind in (Coral, LinearOt)
    ]
    assert moves[1] < moves[0]


def test_weights_of_known_densities():
    rng = np.random.default_rng(0)
    source, target = rng.normal(size=(20_000, 1)), rng.normal(size=(20_000, 1)) + 1
    found = Weights(flattening=1, highest=1e6).fit(source, np.zeros(len(source)), target, NUMBERS).weights
    exact = np.exp(source[:, 0] - 0.5)  # of two normal densities a unit apart
    inside = np.abs(source[:, 0]) < 2
    assert np.abs(found[inside] / exact[inside] - 1).max() < 0.15
    assert np.ptp(Weights(flattening=0).fit(source, np.zeros(len(source)), target, NUMBERS).weights) < 1e-12
    clipped = Weights(flattening=1, highest=2).fit(source, np.zeros(len(source)), target, NUMBERS).weights
    assert clipped.max() < 2.5 < found.max()


def test_label_shift_finds_the_prevalences():
    rng = np.random.default_rng(0)
    ys, yt = rng.choice(2, 4000, p=[0.5, 0.5]), rng.choice(2, 4000, p=[0.2, 0.8])
    Xs, Xt = (2 * y[:, None] + rng.normal(size=(4000, 1)) for y in (ys, yt))
    weights = transfer.make("label-shift").fit(Xs, ys, Xt, classes(2)).weights
    assert np.allclose([weights[ys == k][0] for k in (0, 1)], [0.4, 1.6], atol=0.08)
    with pytest.raises(InputError, match="one class an item"):
        transfer.make("label-shift").fit(Xs, Xs[:, 0], Xt, NUMBERS)


def test_a_linear_model_on_augmented_features_shares_what_domains_share():
    """The kernel of augmented features is twice that of items of one domain, and once across domains."""
    source, target = clouds()
    found = transfer.make("augment").fit(source, np.zeros(len(source)), target, NUMBERS)
    seen = found.to_target(target)
    assert np.allclose(seen @ seen.T, 2 * target @ target.T)
    assert np.allclose(found.X_source @ seen.T, source @ target.T)


def test_ridge_draws_a_model_towards_the_sources_weights():
    """With few target labels and a strong penalty, the target's model is the source's; without one it is its own."""
    rng = np.random.default_rng(1)
    source, target = rng.normal(size=(500, 5)), rng.normal(size=(400, 5))
    w = np.array([1.0, -2.0, 0.5, 0.0, 3.0])
    found = transfer.make("ridge").fit(source, source @ w, target, NUMBERS)
    assert not found.weights.any()
    seen = found.to_target(target)
    scores = seen[:, 5:]
    fitted = LinearRegression().fit(scores, target @ w)
    assert fitted.score(scores, target @ w) > 0.999
    Z, Y = seen[:6], (target @ w)[:6, None]
    coef, _ = Moments.of(Z, Y, np.ones(6)).solve(1.0)
    towards = with_one(seen) @ coef
    plain, _ = Moments.of(target[:6], Y, np.ones(6)).solve(1.0)
    assert np.mean((towards[:, 0] - target @ w) ** 2) < 0.05 * np.mean(
        ((with_one(target) @ plain)[:, 0] - target @ w) ** 2
    )


@pytest.mark.parametrize("name", transfer.names())
def test_every_method_refuses_what_it_cannot_use_and_changes_nothing(name):
    source, target = clouds()
    y = np.arange(len(source)) % 2
    before = source.copy(), target.copy()
    found = transfer.make(name).fit(source, y, target, classes(2))
    assert (source == before[0]).all() and (target == before[1]).all()
    assert len(found.X_source) == len(found.weights) == len(source)
    assert found.to_target(target).shape == (len(target), found.X_source.shape[1])
    assert (found.weights >= 0).all() and (not found.weights.any() or np.isclose(found.weights.mean(), 1))
    assert type(transfer.make(name)).reference
    with pytest.raises(InputError, match="features like X_target"):
        transfer.make(name).fit(source[:, :3], y, target, classes(2))
    with pytest.raises(InputError, match="length"):
        transfer.make(name).fit(source, y[1:], target, classes(2))
    with pytest.raises(InputError, match="finite"):
        transfer.make(name).fit(np.full_like(source, np.nan), y, target, classes(2))


# --- the choice


def test_left_out_predictions_are_those_of_models_without_the_item():
    rng = np.random.default_rng(0)
    X, Y, source = rng.normal(size=(12, 3)), rng.normal(size=(12, 2)), rng.normal(size=(30, 3))
    there = Moments.of(source, rng.normal(size=(30, 2)), rng.random(30))
    found = left_out(X, Y, Moments.of(X, Y, np.ones(12)).plus(there, 0.5), 0.3)
    for k in range(12):
        rest = np.arange(12) != k
        coef, _ = Moments.of(X[rest], Y[rest], np.ones(11)).plus(there, 0.5).solve(0.3)
        assert np.allclose(found[k], (with_one(X[k : k + 1]) @ coef)[0])


def test_a_related_source_is_used_and_a_shuffled_one_is_not():
    used, shuffled = [], []
    for seed in range(6):
        Xs, ys, Xt, yt = domains(seed)
        rng = np.random.default_rng(seed)
        for y, found in ((ys, used), (rng.permutation(ys), shuffled)):
            screen = Screen(Xs, y, Xt, classes(4))
            found += [screen.choose(Xt[:n], yt[:n]) for n in (8, 16, 40)]
    assert np.mean([choice.method is not None for choice in used]) > 0.6
    assert all(choice.loss <= choice.alone for choice in used + shuffled)
    late = [choice for choice in shuffled if choice.n_labels >= 16]
    assert (
        np.mean([choice.method is None or choice.method == "augment" or choice.amount <= 0.1 for choice in late]) > 0.9
    )


def test_the_source_is_taken_only_where_its_gain_is_beyond_chance():
    """Gains of 1.5 standard errors: enough for few labels, too little for many; below eight any gain is enough."""

    def gains(n, errors):
        spread = np.resize([-1.0, 1.0], n)
        return spread + errors * spread.std(ddof=1) / np.sqrt(n) - spread.mean()

    for n, errors, taken in (
        (6, 0.01, True),
        (8, 0.9, False),
        (8, 1.1, True),
        (49, 1.5, True),
        (50, 1.5, False),
        (50, 2.1, True),
    ):
        assert clearly_lower(np.zeros(n), gains(n, errors)) == taken, (n, errors)


def test_the_choice_says_what_was_tried():
    Xs, ys, Xt, yt = domains(turn=0)
    choice = Screen(Xs, ys, Xt, classes(4)).choose(Xt[:10], yt[:10])
    rows = [name for name in transfer.names() if name != "ridge"]
    assert len(choice.tried) == 1 + len(rows) * len(AMOUNTS) + 1
    assert choice.tried[0].method is None and choice.tried[0].loss == choice.alone
    assert choice.method in str(choice.reason) and "10 labels" in str(choice.reason)
    cold = Screen(Xs, ys, Xt, classes(4)).choose(Xt[:0], yt[:0])
    assert (cold.method, cold.amount) == ("coral", 1.0) and "source alone" in str(cold.reason)
    assert "No transfer" in str(Choice(None, 0.0, 0.3, 0.3, 9).reason)


# --- the model


def wrapped(estimator, n=4):
    return models.wrap(estimator, classes(n))


@pytest.mark.parametrize("estimator", [LogisticRegression(), RandomForestClassifier(20), "linear"])
def test_a_model_with_a_source_is_better_with_few_labels_and_no_worse_with_a_shuffled_one(estimator):
    gains, harms = [], []
    for seed in range(4):
        Xs, ys, Xt, yt = domains(seed)
        inner = models.make("linear", classes(4)) if estimator == "linear" else wrapped(estimator)
        few, test = np.arange(12), np.arange(100, 300)

        def score(model, few=few, test=test, Xt=Xt, yt=yt):
            return (model.fit(Xt[few], yt[few]).predict(Xt[test]).values.argmax(axis=1) == yt[test]).mean()

        alone = score(inner.fresh(n_draws=0, random_state=0))
        mixed = Mixed(inner, Source(Xs, ys, Xt[:100], classes(4)))
        shuffled = Mixed(inner, Source(Xs, np.random.default_rng(seed).permutation(ys), Xt[:100], classes(4)))
        gains.append(score(mixed) - alone)
        harms.append(alone - score(shuffled))
    assert np.mean(gains) > 0.02
    assert np.mean(harms) < 0.06


def test_without_transfer_the_model_is_the_target_only_model():
    Xs, ys, Xt, yt = domains()
    source = Source(Xs, np.random.default_rng(3).permutation(ys), Xt, classes(4))
    mixed = Mixed(wrapped(LogisticRegression()), source).fit(Xt[:200], yt[:200])
    alone = wrapped(LogisticRegression()).fit(Xt[:200], yt[:200])
    if mixed.choice_.method is None:
        assert (mixed.predict(Xt).values == alone.predict(Xt).values).all()
    assert mixed.choice_.n_labels == 200


def test_the_model_itself_is_asked_too():
    Xs, ys, Xt, yt = domains()
    mixed = Mixed(wrapped(RandomForestClassifier(20, random_state=0)), Source(Xs, ys, Xt, classes(4)))
    choice = mixed.fit(Xt[:12], yt[:12]).choice_
    n_screened = len(mixed.source.screen.choose(Xt[:12], yt[:12]).tried)
    assert len(choice.tried) == n_screened + 2 and choice.tried[-1].method is None


def test_texts_are_pooled():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    from labelwright.kernels.rows import as_rows

    source = Source(
        as_rows(["good film", "bad film"] * 8), np.array([1, 0] * 8), as_rows(["good food", "bad food"]), classes(2)
    )
    model = Mixed(wrapped(make_pipeline(TfidfVectorizer(), LogisticRegression()), 2), source)
    model.fit(as_rows(["bad food"]), np.array([0]))
    assert model.predict(["good soup", "bad soup"]).values.argmax(axis=1).tolist() == [1, 0]
    assert model.choice_.method == "pooled" and hasattr(model.estimator_, "steps")


def test_an_estimator_without_weights_is_refused():
    Xs, ys, Xt, _ = domains()
    with pytest.raises(InputError, match="sample_weight"):
        Mixed(wrapped(KNeighborsClassifier()), Source(Xs, ys, Xt, classes(4)))
