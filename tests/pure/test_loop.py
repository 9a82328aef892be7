"""The steps of a cycle on a plain state; promises 3 and 4."""

from dataclasses import replace

import numpy as np
import pytest

from labelwright import models, tasks
from labelwright.errors import InputError, IntegrityError
from labelwright.loop import State, Unfinished, evaluate, fit, judge, predict, rank, resolve
from labelwright.policy import Policy
from labelwright.stopping import make as make_rule
from labelwright.testing import stopping as sample
from labelwright.testing.samples import sample_task

N = 300


def state_of(task_name="classification", n_labels=60, **more):
    rng = np.random.default_rng(0)
    task = sample_task(task_name)
    X = rng.normal(size=(N, 5)).astype(np.float32)
    y = task.target.pick(codes=X[:, :3].argmax(axis=1), marks=(X[:, :3] > 0).astype(np.int8), numbers=X[:, 0])
    reserve = rng.random(N) < 0.3
    asked = rng.permutation(N)[:n_labels]
    given = {"person": ["ann"] * n_labels, "answer": task.decode(y[asked])}
    return State(task, X, ~reserve, reserve, item_idx=asked, **(given | more))


def cycle(state):
    labels = resolve(state)
    model = fit(state, labels)
    predictions = predict(state, model)
    return labels, model, predictions, rank(state, labels, predictions)


@pytest.mark.parametrize("task", tasks.names())
def test_a_cycle_asks_for_what_is_open_and_measures_on_the_reserve(task):
    state = state_of(task, in_flight=np.array([0, 1, 2]))
    labels, model, predictions, slots = cycle(state)
    assert len(predictions) == N and slots.mode == ("uncertainty-herding" if state.task.doubt_guides else "coverage")
    assert not set(slots.item_idx.tolist()) & (set(labels.item_idx.tolist()) | {0, 1, 2})
    assert (state.reserve[slots.item_idx] == (slots.kind == "reserve")).all()
    found = evaluate(state, labels, model)
    assert found.metric == state.task.default_metric and found.n_reserve == int((labels.split == "reserve").sum())
    assert found.estimate.low <= found.estimate.value <= found.estimate.high
    assert found.enough == (found.n_reserve >= 30) and set(found.extra) == set(state.task.metrics[1:])


def test_no_reserve_label_reaches_the_model():
    """Promise 3: other reserve answers change nothing about the model, the predictions or what is chosen."""
    state = state_of()
    wrong = [{"label": "l_1"} if state.reserve[i] else a for i, a in zip(state.item_idx, state.answer, strict=True)]
    (_, _, one, slots), (_, _, two, slots_two) = cycle(state), cycle(replace(state, answer=wrong))
    assert (one.values == two.values).all()
    chosen = slots.kind == "chosen"
    assert (slots.item_idx[chosen] == slots_two.item_idx[slots_two.kind == "chosen"]).all()


def test_a_reserve_item_among_training_labels_is_an_error():
    state = state_of()
    labels = resolve(state)
    broken = replace(labels, split=np.full(len(labels), "train"))
    with pytest.raises(IntegrityError, match="outside the reserve"):
        fit(state, broken)
    with pytest.raises(IntegrityError, match="in both"):
        replace(state, pool=np.ones(N, dtype=bool))


@pytest.mark.parametrize("task", tasks.names())
def test_a_ranking_is_replayed_from_stored_arrays(task):
    """Promise 4: predictions go to bytes and back, the state is built anew, the slots are the same bits."""
    state = state_of(task)
    labels, model, predictions, slots = cycle(state)
    again = state.task.unpack(state.task.pack(predictions))
    for other in (
        rank(state_of(task), resolve(state_of(task)), again),
        rank(state, labels, predict(state, models.load(models.dump(model)))),
    ):
        for part in ("item_idx", "kind", "score", "propensity"):
            assert getattr(slots, part).tobytes() == getattr(other, part).tobytes()


def test_resolve_merges_peoples_first_answers():
    a, b = {"label": "l_1"}, {"label": "l_2"}
    state = replace(state_of(), item_idx=np.array([7, 3, 7, 7, 7]), person=["ann", "ann", "bob", "ann", "cyd"],
                    answer=[a, b, b, b, b])  # fmt: skip
    labels = resolve(state)
    assert labels.item_idx.tolist() == [3, 7] and labels.answers == [b, b] and labels.n_people.tolist() == [1, 3]
    assert labels.confidence.tolist() == [1.0, np.float32(2 / 3)]
    assert labels.posterior[1] == {"l_1": 1 / 3, "l_2": 2 / 3}


def test_items_with_too_few_answers_come_first():
    """Unfinished items come first; a random one keeps its kind and its propensity."""
    state = state_of(policy=Policy(overlap=2))
    asked = state.item_idx[~state.reserve[state.item_idx]][:3]
    waiting = Unfinished(asked, np.array(["chosen", "random", "relabel"]), np.array([np.nan, 0.01, np.nan]))
    plain = cycle(state)[3]
    slots = cycle(replace(state, unfinished=waiting))[3]
    assert slots.item_idx[:3].tolist() == asked.tolist() and slots.kind[:3].tolist() == ["chosen", "random", "relabel"]
    assert slots.propensity[1] == 0.01 and np.isnan(slots.propensity[[0, 2]]).all()
    assert slots.item_idx[3:].tolist() == plain.item_idx.tolist() and slots.kind[3:].tolist() == plain.kind.tolist()
    with pytest.raises(InputError, match="distinct"):
        Unfinished(np.array([1, 1]), np.array(["chosen"] * 2), np.zeros(2))


def test_nothing_labeled():
    state = state_of(n_labels=0)
    labels = resolve(state)
    assert fit(state, labels) is None and not evaluate(state, labels, None).enough
    slots = rank(state, labels, None)
    assert slots.mode == "seed" and {"chosen", "random", "reserve"} == set(slots.kind.tolist())


def test_in_flight_counts_as_labeled_for_diversity():
    """The next seed avoids items close to one that is leased now."""
    state = state_of(n_labels=0, policy=Policy(random_share=0, reserve_share=0, n_slots=1))
    first = rank(state, resolve(state), None).item_idx[0]
    twins = state.X.copy()
    twin = int(np.flatnonzero(state.pool & (np.arange(N) != first))[0])
    twins[twin] = twins[first]
    after = replace(state, X=twins, in_flight=np.array([first]))
    assert rank(replace(after, policy=Policy(random_share=0, reserve_share=0, n_slots=50)), resolve(after), None
                ).item_idx.tolist().count(twin) == 0  # fmt: skip


def test_duplicates_of_what_is_labeled_wait_until_nothing_else_is_left():
    groups = np.arange(N) // 2
    state = state_of(dup_group=groups)
    labels, _, _, slots = cycle(state)
    assert not set(groups[slots.item_idx].tolist()) & set(groups[labels.item_idx].tolist())
    alone = replace(state, dup_group=np.zeros(N, dtype=np.int64))
    assert len(rank(alone, labels, None)) > 0


def test_costs_reach_only_strategies_with_a_gain():
    for strategy in ("margin", "k-center", "random", "auto"):
        assert len(cycle(state_of(policy=Policy(strategy=strategy), costs=np.linspace(1, 2, N)))[3]) > 0


def test_a_strategy_that_needs_a_committee_gets_one():
    state = state_of(policy=Policy(strategy="vote-entropy"))
    assert cycle(state)[2].draws.shape == (8, N, 3)
    number = state_of("regression", policy=Policy(strategy="predictive-variance"))
    assert cycle(number)[2].draws.shape == (8, N)
    assert cycle(state_of("regression"))[2].draws is None  # the default covers the pool, without a committee


def test_groups_widen_the_interval():
    """If the items of a group are right or wrong together, the effective number of items is smaller."""
    state, few = state_of(n_labels=N), state_of(n_labels=40)
    model = fit(few, resolve(few))
    plain = evaluate(state, resolve(state), model).estimate
    gap = np.sort(model.predict(state.X).values, axis=1)
    order = np.argsort(gap[:, -1] - gap[:, -2])
    group = np.empty(N, dtype=np.int64)
    group[order] = np.arange(N) // 10
    grouped = replace(state, group=group)
    wide = evaluate(grouped, resolve(grouped), model).estimate
    assert wide.value == plain.value and wide.high - wide.low > plain.high - plain.low


def test_judge_asks_each_rule():
    state = state_of(rules=(make_rule("budget", n_labels=100), make_rule("target", threshold=2.0)))
    assert [verdict.stop for verdict in judge(state, sample.sample_history())] == [True, False]
