"""Torch models: their committees, by dropout and by seeds, in selections, the loop and simulations; `make test-all`."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

import labelwright as lw
from labelwright import models, tasks
from labelwright.errors import InputError
from labelwright.models import deep
from labelwright.models import net as net_module

torch = pytest.importorskip("torch")

rng = np.random.default_rng(0)
CENTRES = np.array([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]])
Y = np.arange(120) % 3
X = (CENTRES[Y] + rng.normal(size=(120, 3))).astype(np.float32)
TASK = tasks.make("classification", tasks.guess("classification", ["a", "b", "c"]))


def with_dropout(n_features, n_outputs):
    return torch.nn.Sequential(
        torch.nn.Linear(n_features, 16), torch.nn.ReLU(), torch.nn.Dropout(0.3), torch.nn.Linear(16, n_outputs)
    )


def without(n_features, n_outputs):
    return torch.nn.Sequential(torch.nn.Linear(n_features, 16), torch.nn.ReLU(), torch.nn.Linear(16, n_outputs))


class Layers(torch.nn.Module):
    """What skorch takes: a class, whose parameters are given by name."""

    def __init__(self, p=0.3):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(3, 16), torch.nn.ReLU(), torch.nn.Dropout(p), torch.nn.Linear(16, 3)
        )

    def forward(self, items):
        return self.layers(items)


def of_skorch(p=0.3):
    skorch = pytest.importorskip("skorch")
    return skorch.NeuralNetClassifier(
        Layers, module__p=p, criterion=torch.nn.CrossEntropyLoss, max_epochs=60, lr=0.1, train_split=None, verbose=0
    )


ESTIMATORS = [lambda: lw.Net(with_dropout), lambda: lw.Net(without, epochs=20), of_skorch, lambda: of_skorch(0.0)]


@pytest.mark.parametrize("make", ESTIMATORS, ids=["net-dropout", "net-seeds", "skorch-dropout", "skorch-seeds"])
def test_a_committee_is_repeatable_differs_and_is_about_as_good_as_the_model(make):
    found = [models.wrap(make(), TASK, n_draws=5).fit(X[:60], Y[:60]).predict(X) for _ in range(2)]
    assert np.array_equal(found[0].values, found[1].values) and np.array_equal(found[0].draws, found[1].draws)
    assert found[0].draws.shape == (5, 120, 3)
    assert np.allclose(found[0].draws.sum(axis=2), 1, atol=1e-4)
    assert np.abs(found[0].draws - found[0].draws[:1]).max() > 0.01
    right = (found[0].values[60:].argmax(axis=1) == Y[60:]).mean()
    assert right > 0.7
    assert all((draw[60:].argmax(axis=1) == Y[60:]).mean() > right - 0.25 for draw in found[0].draws)


def test_a_mask_is_the_same_for_all_items_and_blocks():
    model = models.wrap(lw.Net(with_dropout), TASK, n_draws=3).fit(X[:60], Y[:60])
    whole, parts = model.predict(X).draws, [model.predict(X[a:b]).draws for a, b in ((0, 7), (7, 120))]
    assert np.allclose(whole, np.concatenate(parts, axis=1), atol=1e-6)
    assert np.allclose(model.predict(X[[5, 5]]).draws[:, 0], model.predict(X[[5, 5]]).draws[:, 1])


def test_masks_drop_the_share_that_the_layer_says_and_keep_the_mean():
    layer = torch.nn.Dropout(0.25).eval()
    ones = torch.ones(1, 20_000)
    with deep.masked(layer, (0, 0)):
        masked = layer(ones).numpy()
    assert abs((masked == 0).mean() - 0.25) < 0.01 and abs(masked.mean() - 1) < 0.02
    assert np.array_equal(layer(ones).numpy(), ones.numpy())  # and no trace of it is left


def test_whole_channels_are_dropped_where_the_layer_does():
    layer = torch.nn.Dropout2d(0.5).eval()
    with deep.masked(layer, (0, 1)):
        of_channel = layer(torch.ones(2, 64, 3, 3)).numpy()
    assert np.array_equal(of_channel, np.broadcast_to(of_channel[:1, :, :1, :1], of_channel.shape))
    assert 0.2 < (of_channel[0, :, 0, 0] == 0).mean() < 0.8


@pytest.mark.parametrize("make", ESTIMATORS, ids=["net-dropout", "net-seeds", "skorch-dropout", "skorch-seeds"])
@pytest.mark.parametrize("strategy", ["bald", "batch-bald", "committee-kl"])
def test_committee_strategies_choose_by_it(make, strategy):
    fitted = make().fit(X[:30], Y[:30].astype(np.int64))
    found = lw.select(strategy, X[30:], n=4, model=fitted, X_labeled=X[:30], y_labeled=Y[:30])
    again = lw.select(strategy, X[30:], n=4, model=fitted, X_labeled=X[:30], y_labeled=Y[:30])
    assert len(set(found.indices.tolist())) == 4
    assert found.indices.tolist() == again.indices.tolist()


def test_draws_of_a_selection_are_those_of_dropout():
    fitted = lw.Net(with_dropout).fit(X[:60], Y[:60])
    drawn = deep.draws(fitted, 8)
    assert drawn is not None
    by_hand = lw.select("bald", X, n=5, draws=drawn(X), proba=fitted.predict_proba(X))
    assert lw.select("bald", X, n=5, model=fitted).indices.tolist() == by_hand.indices.tolist()
    assert deep.draws(lw.Net(without).fit(X[:60], Y[:60]), 8) is None


def test_the_loop_runs_on_names_of_classes_where_some_are_not_seen_yet():
    names = np.array(["cat", "dog", "cow"])[Y]
    results = lw.simulate(X, names, lw.Net(with_dropout, epochs=20), strategies=["bald", "random"], budget=40, seeds=1,
                          batch_size=8)  # fmt: skip
    curve = results.curves.query("strategy == 'bald'")
    assert len(curve) >= 3 and curve["value"].iloc[-1] > 0.6
    learner = lw.ActiveLearner(lw.Net(with_dropout, epochs=20), strategy="bald", batch_size=4)
    for k, batch in zip(range(4), learner.rounds(X), strict=False):
        learner.teach(batch, ["cat"] * len(batch.indices) if k == 0 else names[batch.indices])
    assert len(learner.history_) >= 3


def test_numbers_have_draws_in_their_own_units():
    y = 1000 + 50 * X[:, 0]
    fitted = lw.Net(with_dropout, kind="numbers", epochs=100).fit(X, y)
    assert np.corrcoef(fitted.predict(X), y)[0, 1] > 0.9
    drawn = deep.draws(fitted, 4)(X)
    assert drawn.shape == (4, 120) and abs(drawn.mean() - 1000) < 100
    results = lw.simulate(
        X, y, lw.Net(with_dropout, kind="numbers", epochs=20), strategies=["random"], budget=40, seeds=1
    )
    assert len(results.curves) >= 2


def test_several_labels_are_learned_at_once():
    y = np.stack([X[:, 0] > 1, X[:, 1] > 1], axis=1).astype(int)
    fitted = lw.Net(without, kind="labels", epochs=100).fit(X, y)
    assert (fitted.predict(X) == y).mean() > 0.9


def test_a_network_that_does_not_fit_is_refused_with_what_it_must_be():
    with pytest.raises(InputError, match="a network with 3 outputs"):
        lw.Net(lambda n_features, n_outputs: torch.nn.Linear(n_features, 2)).fit(X, Y)
    with pytest.raises(InputError, match="It must take 3 numbers an item and have 3 outputs"):
        lw.simulate(X, Y, lw.Net(lambda n, k: torch.nn.Linear(7, k)), strategies=["random"], budget=20, seeds=1)
    with pytest.raises(InputError, match="classes as whole numbers from 0 on"):
        lw.Net(with_dropout).fit(X, np.array(["a"] * 120))
    with pytest.raises(InputError, match="epochs"):
        lw.Net(with_dropout, epochs=0).fit(X, Y)


def test_the_example_of_its_documentation_runs():
    example = net_module.Net.__doc__.replace("  # doctest: +SKIP", "")
    test = doctest.DocTestParser().get_doctest(example, {"Net": lw.Net, "np": np}, "Net", None, 0)
    assert doctest.DocTestRunner().run(test).failed == 0
