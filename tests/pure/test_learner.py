"""Ordinary acts in the notebook's loop: labels are taken back, items are left out and taken in again."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import labelwright as lw
from labelwright.errors import ConflictError, InputError
from labelwright.stopping import make as make_rule

X = np.random.default_rng(0).normal(size=(60, 2))
Y = np.where(X[:, 0] + X[:, 1] > 0, "yes", "no")


def after(n_rounds, **params):
    """A learner in the body of its loop, all batches but the last taught."""
    learner = lw.ActiveLearner(LogisticRegression(), batch_size=6, **params)
    rounds, batches = learner.rounds(X), []
    for k in range(n_rounds):
        batches.append(next(rounds))
        if k < n_rounds - 1:
            learner.teach(batches[-1], Y[batches[-1].indices])
    return learner, rounds, batches


def coefficients(learner):
    return None if learner.model_ is None else learner.model_.coef_.tolist()


def test_undo_takes_back_a_batch_as_if_it_had_never_been_taught():
    learner, _, batches = after(3)
    before, n_labels = coefficients(learner), learner.history_["n_labels"].tolist()
    learner.teach(batches[-1], Y[batches[-1].indices])
    learner.undo(batches[-1])
    assert coefficients(learner) == before and learner.history_["n_labels"].tolist() == n_labels == [6, 12]
    learner.teach(batches[-1], Y[batches[-1].indices])  # with better labels, say
    assert learner.history_["n_labels"].tolist() == [6, 12, 18] and learner.history_["round"].tolist() == [1, 2, 3]
    assert learner.history_["cost"].tolist() == [6, 18, 24]  # labels that were taken back were paid for


def test_items_of_an_undone_batch_are_asked_again():
    learner, rounds, (first, second) = after(2)
    learner.teach(second, Y[second.indices])
    learner.undo(second)
    again = next(rounds)
    assert again.indices.tolist() == second.indices.tolist()  # the same moment, so the same batch
    with pytest.raises(ConflictError, match="waiting"):
        learner.teach(second, Y[second.indices])
    learner.teach(again, Y[again.indices])
    assert learner.history_["n_labels"].tolist() == [6, 12] and set(first.indices).isdisjoint(again.indices)


def test_an_earlier_batch_is_undone_too():
    learner, rounds, batches = after(3)
    learner.teach(batches[2], [None, *Y[batches[2].indices[1:]]])
    learner.undo(batches[0])
    assert learner.history_["n_labels"].tolist() == [12, 11] and learner.history_["round"].tolist() == [2, 3]
    learner.undo(batches[2])
    assert learner.history_["n_labels"].tolist() == [6]
    learner.undo(batches[1])
    assert learner.model_ is None and learner.history_.empty
    assert next(rounds).kind.tolist() and learner.model_ is None


def test_undo_needs_a_batch_that_is_taught():
    learner, _, batches = after(2)
    for batch in (batches[1], lw.ActiveLearner(LogisticRegression()).rounds(X).__next__()):
        with pytest.raises(ConflictError, match="undo must get a batch that was taught"):
            learner.undo(batch)
    learner.undo(batches[0])
    with pytest.raises(ConflictError, match="undo must get a batch that was taught"):
        learner.undo(batches[0])


def test_an_undone_batch_no_longer_counts_towards_a_rule():
    learner, rounds, batches = after(2, stop=make_rule("budget", n_labels=12))
    learner.teach(batches[1], Y[batches[1].indices])
    learner.undo(batches[0])
    batch = next(rounds)
    learner.teach(batch, Y[batch.indices])
    assert learner.history_["n_labels"].tolist() == [6, 12]
    assert next(rounds, None) is None


def test_excluded_items_are_neither_asked_nor_learned_from():
    learner, rounds, batches = after(2)
    never, labeled = np.flatnonzero(~np.isin(np.arange(60), np.concatenate([b.indices for b in batches])))[:20], 3
    learner.exclude(never)
    learner.exclude([batches[1].indices[0]])  # of the batch that waits: its label is kept and not used
    learner.teach(batches[1], Y[batches[1].indices])
    assert learner.history_["n_labels"].tolist() == [6, 11]
    with_all = coefficients(learner)
    learner.exclude(batches[0].indices[:labeled])
    assert coefficients(learner) != with_all and learner.history_["n_labels"].tolist() == [6, 8]
    asked = []
    for batch in rounds:
        asked += batch.indices.tolist()
        learner.teach(batch, Y[batch.indices])
    assert len(asked) == len(set(asked)) == 60 - 12 - 20 and set(asked).isdisjoint(never)


def test_what_is_included_again_is_as_before():
    learner, rounds, batches = after(3)
    before = coefficients(learner)
    learner.exclude(batches[0].indices[:2])
    learner.include(batches[0].indices[:2])
    learner.include([59])  # never excluded: nothing happens
    assert coefficients(learner) == before and learner.history_["n_labels"].tolist() == [6, 12]
    other, _, _ = after(3)
    for each in (learner, other):
        each.teach(batches[2] if each is learner else each._waiting, Y[batches[2].indices])
    assert coefficients(learner) == coefficients(other)
    learner.exclude(range(60))
    assert learner.model_ is None and next(rounds, None) is None


def test_items_to_exclude_are_positions_in_the_pool():
    with pytest.raises(ConflictError, match="rounds"):
        lw.ActiveLearner(LogisticRegression()).exclude([0])
    learner, _, _ = after(1)
    for bad in ([60], [-1], [0.5], [True], "a"):
        with pytest.raises(InputError, match="positions"):
            learner.exclude(bad)


def test_a_batch_that_the_estimator_cannot_be_fitted_on_changes_nothing():
    texts = [f"{word} day" for word in Y]
    learner = lw.ActiveLearner(make_pipeline(TfidfVectorizer(min_df=5), LogisticRegression()), batch_size=6)
    batch = next(learner.rounds(texts))
    with pytest.raises(InputError, match=r"fitted on X, got Pipeline, which says: .* Give it more labels"):
        learner.teach(batch, ["no", "yes", None, None, None, None])
    assert learner.history_.empty and "0 of 60 items labeled" in repr(learner)
    learner.teach(batch, Y[batch.indices])
    assert learner.history_[["n_labels", "cost"]].values.tolist() == [[6, 6]]
