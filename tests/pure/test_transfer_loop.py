"""The loop with labels of another domain: simulate and ActiveLearner."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import labelwright as lw
from labelwright.errors import InputError
from tests.pure.test_transfer import domains

NAMES = np.array(["ant", "bee", "cow", "dog"])


def played(seed, y_source=None, **more):
    Xs, ys, Xt, yt = domains(seed, n_target=200, turn=0.3)
    ys = ys if y_source is None else y_source
    return lw.simulate(
        Xt, yt, LogisticRegression(), strategies=["auto"], n_initial=8, batch_size=8, budget=48, seeds=3, progress=False,
        **({} if more.pop("alone", False) else {"X_source": Xs, "y_source": ys}), **more,
    )  # fmt: skip


def test_a_source_saves_labels_and_a_shuffled_one_does_no_harm():
    alone = played(0, alone=True).curves
    with_source, shuffled = played(0), played(0, np.random.default_rng(1).permutation(domains(0)[1]))
    first = alone["n_labels"] == 8
    assert with_source.curves["value"][first].mean() > alone["value"][first].mean() + 0.03
    assert shuffled.curves["value"].mean() > alone["value"].mean() - 0.03
    found = with_source.transfers
    assert list(found.columns) == ["strategy", "seed", "n_labels", "method", "amount", "loss", "alone"]
    assert len(found) == len(with_source.curves) and (found["loss"] <= found["alone"]).all()
    assert played(0, alone=True).transfers is None


def test_without_a_label_the_model_is_that_of_the_source():
    Xs, ys, Xt, yt = domains(turn=0)
    learner = lw.ActiveLearner(LogisticRegression(), batch_size=4)
    rounds = learner.rounds(Xt, X_source=Xs, y_source=NAMES[ys])
    assert (learner.predict(Xt) == NAMES[yt]).mean() > 0.8
    assert learner.classes_.tolist() == NAMES.tolist()
    assert learner.transfer_.method == "coral" and learner.transfer_.n_labels == 0
    batch = next(rounds)
    learner.teach(batch, NAMES[yt[batch.indices]])
    assert learner.transfer_.n_labels == 4
    assert "source alone" in learner.history_["why"].iloc[0]
    learner.undo(batch)
    assert learner.transfer_.n_labels == 0


def test_new_classes_of_the_target_are_learned():
    Xs, ys, Xt, yt = domains()
    learner = lw.ActiveLearner(LogisticRegression(), batch_size=20)
    rounds = learner.rounds(Xt, X_source=Xs[ys < 3], y_source=NAMES[ys[ys < 3]])
    for _ in range(3):
        batch = next(rounds)
        learner.teach(batch, NAMES[yt[batch.indices]])
    assert learner.classes_.tolist() == NAMES.tolist() and (learner.predict(Xt[yt == 3]) == "dog").mean() > 0.5


def test_signs_of_domains_in_place_of_a_source():
    Xs, ys, Xt, yt = domains()
    order = np.random.default_rng(0).permutation(600)
    X, y = np.concatenate([Xs, Xt])[order], NAMES[np.concatenate([ys, yt])][order]
    domain = np.repeat([1, -2], 300)[order]
    learner = lw.ActiveLearner(LogisticRegression(), batch_size=5)
    rounds = learner.rounds(X, np.where(domain > 0, y.astype(object), None), sample_domain=domain)
    batch = next(rounds)
    assert (domain[batch.indices] < 0).all()
    learner.teach(batch, y[batch.indices])
    given = {"strategies": ["random"], "n_initial": 5, "budget": 25, "seeds": 1, "progress": False}
    signs = lw.simulate(X, y, LogisticRegression(), sample_domain=domain, **given).curves
    arrays = lw.simulate(
        X[domain < 0], y[domain < 0], LogisticRegression(), X_source=X[domain > 0], y_source=y[domain > 0], **given
    ).curves
    assert signs["value"].tolist() == arrays["value"].tolist()
    with pytest.raises(InputError, match="above 0 for items of the source"):
        lw.simulate(X, y, LogisticRegression(), sample_domain=np.ones(600), **given)
    with pytest.raises(InputError, match="one of the two"):
        lw.simulate(X, y, LogisticRegression(), sample_domain=domain, X_source=Xs, y_source=ys, **given)


def test_what_does_not_fit_is_refused():
    Xs, ys, Xt, yt = domains()
    given = {"strategies": ["random"], "budget": 25, "seeds": 1, "progress": False}

    def asked(X_source, y_source):
        return lw.simulate(Xt, yt, LogisticRegression(), X_source=X_source, y_source=y_source, **given)

    with pytest.raises(InputError, match="y_source must be given"):
        asked(Xs, None)
    with pytest.raises(InputError, match="X_source must be given"):
        asked(None, ys)
    with pytest.raises(InputError, match="6 columns, like X"):
        asked(Xs[:, :5], ys)
    with pytest.raises(InputError, match="length"):
        asked(Xs, ys[1:])
    with pytest.raises(InputError, match="classes that y has"):
        asked(Xs, ys + 1)
    with pytest.raises(InputError, match="one type"):
        asked(Xs, NAMES[ys])
    with pytest.raises(InputError, match="labels"):
        lw.ActiveLearner(LogisticRegression()).rounds(Xt, X_source=Xs, y_source=np.where(ys == 0, None, NAMES[ys]))
