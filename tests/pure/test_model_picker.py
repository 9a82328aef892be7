"""Picking the best of finished models: P(best), what is asked, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

import labelwright as lw
from labelwright.errors import ConflictError, InputError
from labelwright.evaluation import model_picker

rng = np.random.default_rng(0)
TRUTH = np.arange(600) % 4


def model(accuracy, seed):
    own = np.random.default_rng(seed)
    return np.where(own.random(600) < accuracy, TRUTH, own.integers(0, 4, 600))


SAID = np.array([model(a, k) for k, a in enumerate((0.6, 0.75, 0.9, 0.7))])


def asked(picker, n):
    for _ in range(n):
        items = picker.query()
        picker.teach(items, TRUTH[items])
    return picker


def test_the_best_model_is_found_with_few_labels_and_the_chances_sum_to_one():
    picker = asked(lw.ModelPicker(SAID, names=["a", "b", "c", "d"]), 25)
    table = picker.table()
    assert picker.best == "c" and picker.n_labels == 25
    assert table["p_best"].sum() == pytest.approx(1) and table["p_best"].is_monotonic_decreasing
    assert table["model"].iloc[0] == "c"


def test_the_chance_to_be_best_is_that_of_draws_of_normals():
    mean, error = np.array([[0.7, 0.72, 0.6]]), np.array([[0.05, 0.02, 0.1]])
    drawn = rng.normal(mean[0], error[0], size=(400_000, 3)).argmax(axis=1)
    assert np.allclose(model_picker._p_best(mean, error)[0], np.bincount(drawn) / 400_000, atol=0.005)


def test_only_items_that_tell_models_apart_are_asked():
    alike = TRUTH.copy()
    other = TRUTH.copy()
    other[:40] = (other[:40] + 1) % 4
    picker = lw.ModelPicker([alike, other])
    assert (picker.query(20) < 40).all()


def test_a_gain_is_the_mean_entropy_that_a_label_takes_away():
    """By hand: teach each class that a model names, weighed by how likely it is."""
    picker = asked(lw.ModelPicker(SAID), 6)
    belief = picker._belief()
    item = int(picker.query()[0])
    expected = 0.0
    for label in np.unique(SAID[:, item]):
        after = lw.ModelPicker(SAID)
        after._cells = picker._cells.copy()
        after._add(item, int(label), 1.0)
        right, total = np.einsum("kcc->kc", after._cells), after._cells.sum(axis=2)
        mean, variance = model_picker._moments(right, total)
        p = model_picker._p_best((mean @ belief.frequent)[None], np.sqrt(variance @ belief.frequent**2)[None])[0]
        before = model_picker._entropy(belief.p_best)
        expected += belief.truth[item, label] * float(before - model_picker._entropy(p))
    assert picker._gain(belief, item) == pytest.approx(expected, rel=1e-6)


def test_a_corrected_label_takes_the_place_of_the_first():
    first, second = lw.ModelPicker(SAID), lw.ModelPicker(SAID)
    first.teach([3, 3], [0, 1])
    second.teach([3], [1])
    assert np.allclose(first._cells, second._cells) and first.n_labels == 1


def test_probabilities_and_names_of_classes_are_understood():
    names = np.array(["cat", "cow", "dog", "eel"])
    by_class = lw.ModelPicker(names[SAID], classes=names)
    soft = lw.ModelPicker(np.eye(4)[SAID], classes=names)
    assert by_class.query(3).tolist() == soft.query(3).tolist()
    by_class.teach([0], ["cat"])


def test_the_same_seed_asks_the_same():
    assert lw.ModelPicker(SAID).query(5).tolist() == lw.ModelPicker(SAID).query(5).tolist()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: lw.ModelPicker(SAID[:1]), "two models or more"),
        (lambda: lw.ModelPicker(SAID[0]), "two models or more"),
        (lambda: lw.ModelPicker(np.full((2, 5, 3), 0.5)), "probabilities that sum to 1"),
        (lambda: lw.ModelPicker(SAID, names=["a"]), "names"),
        (lambda: lw.ModelPicker(np.zeros((2, 9), dtype=int)), "two classes or more"),
        (lambda: lw.ModelPicker(SAID, classes=[0, 1, 2]), "of the classes"),
        (lambda: lw.ModelPicker(SAID).teach([0], [7]), "of the classes"),
        (lambda: lw.ModelPicker(SAID).teach([600], [1]), "from 0 to 599"),
    ],
)
def test_what_makes_no_sense_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()


def test_no_more_items_than_there_are():
    picker = lw.ModelPicker(SAID[:, :3], classes=[0, 1, 2, 3])
    picker.teach([0, 1], [0, 1])
    with pytest.raises(ConflictError, match="1 are left"):
        picker.query(2)
