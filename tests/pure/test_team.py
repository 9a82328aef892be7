"""Teams in a simulation: errors, speed, presence, money, real answers, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

import labelwright as lw
from labelwright.errors import InputError
from labelwright.loop.read_team import read_team

RNG = np.random.default_rng(0)
X = RNG.normal(size=(240, 3))
Y = np.where(X[:, 0] > 0.4, "c", np.where(X[:, 0] < -0.4, "a", "b"))
CLASSES, CODES = np.unique(Y, return_inverse=True)
SMALL = {"strategies": ["random"], "n_initial": 20, "budget": 60, "batch_size": 20, "seeds": 1}


def run(team, y=Y, estimator=None, **settings):
    return lw.simulate(X, y, estimator or LogisticRegression(), annotators=team, **(SMALL | settings))


def drawn_confusion(person):
    rows = np.repeat([0, 1, 2], 3000)
    given = np.array([person.draw(k, rows, 3, RNG) for k in range(len(rows))])
    return np.array([[np.mean(given[rows == t] == g) for g in range(3)] for t in range(3)])


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (lw.Annotator("p", accuracy=0.7), [[0.7, 0.15, 0.15], [0.15, 0.7, 0.15], [0.15, 0.15, 0.7]]),
        (lw.Annotator("p"), np.eye(3)),
        (lw.Annotator("p", errors="random"), np.full((3, 3), 1 / 3)),
        (lw.Annotator("p", errors="same"), [[1, 0, 0]] * 3),
        (lw.Annotator("p", errors=np.array([[0.5, 0.5, 0], [0, 1, 0], [0.2, 0, 0.8]])),
         [[0.5, 0.5, 0], [0, 1, 0], [0.2, 0, 0.8]]),
    ],
    ids=["uniform", "perfect", "random", "same", "matrix"],
)  # fmt: skip
def test_people_err_by_their_pattern(person, expected):
    assert np.allclose(drawn_confusion(person), expected, atol=0.04)


def test_numbers_have_noise_and_sets_flip_label_by_label():
    y = np.full(3000, 5.0)
    given = np.array([lw.Annotator("p", noise=2.0).draw(k, y, None, RNG) for k in range(3000)])
    assert abs(given.mean() - 5) < 0.2 and abs(given.std() - 2) < 0.15
    sets = np.tile(np.array([[0, 1, 1]], dtype=np.int8), (2000, 1))
    flipped = np.array([lw.Annotator("p", accuracy=0.8).draw(k, sets, None, RNG) for k in range(2000)]) != sets
    assert np.allclose(flipped.mean(axis=0), 0.2, atol=0.04)
    assert not lw.Annotator("p", errors="same").draw(0, sets, None, RNG).any()
    assert lw.Annotator("p", errors="same").draw(0, np.array([1.0, 2.0, 9.0]), None, RNG) == 2


def test_hours_and_money_are_those_of_who_answered():
    team = [lw.Annotator("ann", seconds=9, cost_per_hour=40), lw.Annotator("bob", seconds=9)]
    curves = run(team, overlap=2).curves
    assert curves["n_answers"].tolist() == [40, 80, 120] and curves["n_labels"].tolist() == [20, 40, 60]
    assert np.allclose(curves["hours"], curves["n_answers"] * 9 / 3600)
    assert np.allclose(curves["cost"], curves["n_answers"] / 2 * 9 / 3600 * 40)
    unpaid = run([lw.Annotator("ann"), lw.Annotator("bob")]).curves
    assert unpaid["cost"].tolist() == [20, 40, 60]  # an answer each where nobody has a rate
    assert "hours" not in lw.simulate(X, Y, LogisticRegression(), **SMALL).curves


def work(team, n=60, **settings):
    """Answers by person after a run."""
    from labelwright.loop.state import State
    from labelwright.policy import Slots
    from labelwright.testing.samples import sample_task

    made = read_team(team, CODES, CLASSES, settings.get("overlap", 1))
    pool = np.ones(len(Y), dtype=bool)
    state, shift = State(sample_task("classification"), X, pool, ~pool), made.start(0)
    missing = np.full(n, np.nan)
    slots = Slots(np.arange(n), np.full(n, "random"), missing.astype(np.float32), missing)
    after, shift = made.answered(state, slots, settings.get("overlap", 1), shift)
    return after, shift


def test_the_fast_and_the_present_take_more_slots():
    after, _ = work([lw.Annotator("slow", seconds=30), lw.Annotator("fast", seconds=10)])
    assert 42 <= after.person.count("fast") <= 48  # three times as many of 60
    after, shift = work([lw.Annotator("half", presence=0.5), lw.Annotator("full")])
    assert 37 <= after.person.count("full") <= 43
    assert np.isclose(shift.hours, 60 * 10 / 3600)  # presence is not paid time


def test_nobody_answers_an_item_twice_and_the_overlap_is_kept():
    after, _ = work([lw.Annotator(name) for name in "abcd"], overlap=3)
    pairs = list(zip(after.item_idx.tolist(), after.person, strict=True))
    assert len(set(pairs)) == len(pairs) == 180 and (np.bincount(after.item_idx)[:60] == 3).all()


def test_spread_is_that_of_the_logarithm():
    _, calm = work([lw.Annotator("p", seconds=10)], n=200)
    _, spread = work([lw.Annotator("p", seconds=10, spread=0.8)], n=200)
    assert np.isclose(calm.hours, 200 * 10 / 3600)
    assert 1.1 < spread.hours / calm.hours < 1.7  # exp(0.32) = 1.38 expected
    assert np.isclose(lw.Annotator("p", spread=0.8, cost_per_hour=360).cost, np.exp(0.32))


def test_an_answer_is_the_same_under_every_strategy():
    team = [lw.Annotator("p", accuracy=0.6, spread=0.5)]
    r = run(team, strategies=["random", "margin"], n_initial=60, budget=60)
    one, other = (r.curves[r.curves["strategy"] == name].iloc[0] for name in ("random", "margin"))
    assert one["value"] == other["value"] and one["hours"] == other["hours"]


def test_noise_costs_and_overlap_helps():
    noisy = [lw.Annotator(f"p{k}", accuracy=0.55) for k in range(5)]
    settings = {"budget": 140, "n_initial": 140, "seeds": 4}
    once, five = (run(noisy, overlap=overlap, **settings).curves["value"].mean() for overlap in (1, 5))
    perfect = run([lw.Annotator("p")], **settings).curves["value"].mean()
    assert once < five <= perfect + 0.01


@pytest.mark.parametrize("resolver", ["one-coin", "dawid-skene"])
def test_a_model_of_the_people_beats_the_majority_among_spammers(resolver):
    team = [lw.Annotator(f"good{k}", accuracy=0.9) for k in range(3)]
    team += [lw.Annotator(f"spam{k}", errors="random") for k in range(4)]
    settings = {"budget": 150, "n_initial": 150, "seeds": 3, "overlap": 7}
    by_majority = run(team, **settings).curves["value"].mean()
    assert run(team, resolver=resolver, **settings).curves["value"].mean() > by_majority


def table(n_people=2, wrong=()):
    rows = [(i, f"w{p}", "a" if i in wrong else Y[i]) for i in range(len(Y)) for p in range(n_people)]
    return pd.DataFrame(rows, columns=["item", "person", "answer"])


def test_real_answers_are_replayed_by_who_gave_them():
    mixed = table(wrong=[i for i in range(240) if Y[i] == "b"])
    assert run(table()).curves["value"].iloc[-1] > run(mixed).curves["value"].iloc[-1] + 0.1
    parted = pd.DataFrame({"item": range(240), "person": ["w0", "w1"] * 120, "answer": Y, "seconds": [4.0, 8.0] * 120})
    curves = run(parted).curves
    assert curves["n_answers"].tolist() == [20, 40, 60]
    seeded = curves.iloc[0]["hours"] * 3600
    assert 4 * 20 <= seeded <= 8 * 20
    again = run(parted, strategies=["activelab"], budget=60).curves  # nobody else can be asked: new items alone
    assert again["n_labels"].iloc[-1] <= 60


def test_several_labels_and_numbers_have_teams():
    sets = (X > 0).astype(int)
    team = [lw.Annotator("a", accuracy=0.9), lw.Annotator("b", accuracy=0.8), lw.Annotator("c", errors="random")]
    from sklearn.multioutput import MultiOutputClassifier

    assert len(run(team, sets, MultiOutputClassifier(LogisticRegression()), overlap=3).curves) == 3
    numbers = X @ [1.0, 2.0, 0.0]
    calm, wild = (
        run([lw.Annotator("a", noise=noise)], numbers, Ridge(), metric="r2").curves["value"].iloc[-1]
        for noise in (0.1, 30.0)
    )
    assert calm > 0.9 > wild


MATRIX = [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"accuracy": 1.2}, "accuracy of 'p' must be between 0 and 1, got 1.2"),
        ({"errors": "lazy"}, "errors of 'p' must be 'uniform', 'random', 'same' or a square matrix"),
        ({"errors": [[0.5, 0.4], [0, 1]]}, r"whose rows sum to 1, got row 0: \[0.5, 0.4\]"),
        ({"errors": [[1.0], [1.0]]}, "got a matrix of shape"),
        ({"errors": [[1, "x"], [0, 1]]}, "square matrix"),
        ({"errors": MATRIX, "accuracy": 0.5}, "'uniform' with an accuracy, got both"),
        ({"seconds": 0}, "seconds of 'p'"),
        ({"spread": -1}, "spread of 'p'"),
        ({"presence": 0}, "presence of 'p'"),
        ({"cost_per_hour": -1}, "cost_per_hour of 'p'"),
        ({"noise": -1}, "noise of 'p'"),
        ({"answers": {0: "a"}, "accuracy": 0.5}, "answers of 'p' must be given without another skill"),
    ],
)  # fmt: skip
def test_a_person_that_cannot_be_is_refused(settings, message):
    with pytest.raises(InputError, match=message):
        lw.Annotator("p", **settings)


def test_a_name_is_wanted():
    with pytest.raises(InputError, match="name must be a text that is not empty"):
        lw.Annotator("")


ONE = [lw.Annotator("p")]


@pytest.mark.parametrize(
    ("team", "settings", "message"),
    [
        ([], {}, "annotators must be one or more Annotator, or a table of real answers, got none"),
        ("ann", {}, "got 'ann'"),
        (["ann"], {}, "one or more Annotator"),
        (ONE * 2, {}, "names of annotators must be distinct, got 'p' twice"),
        (ONE, {"overlap": 2}, "overlap must be at most 1, the number of annotators, got 2. Lower overlap"),
        (ONE, {"oracle": lambda items, rng: Y[items]}, "one of the two"),
        (ONE, {"resolver": "glad"}, "resolver must be one of"),
        ([lw.Annotator("p", errors=MATRIX)], {}, "errors of 'p' must be of 3 classes, as y is, got 2"),
        ([lw.Annotator("p", noise=1)], {}, "noise of 'p' must be 0 where y is no number"),
        (table().drop(columns="person"), {}, "with columns item, person, answer, got item, answer"),
        (table().assign(item="x1"), {}, "column item must be of positions in X"),
        (table().query("item != 7"), {}, "real answers must be one or more to each item, got none to item 7. Drop"),
        (table().assign(answer="z"), {}, "answers of 'w0' must be values of y, got 'z'"),
        (table().assign(item=lambda t: t["item"] + 1), {}, "to items from 0 to 239, got 240"),
    ],
)  # fmt: skip
def test_a_team_that_does_not_fit_is_refused(team, settings, message):
    with pytest.raises(InputError, match=message):
        run(team, **settings)


def test_numbers_refuse_accuracy_and_models_of_people():
    numbers = X[:, 0] * 2
    with pytest.raises(InputError, match=r"accuracy of 'p' must be None for numbers, got 0.5. Give noise."):
        run([lw.Annotator("p", accuracy=0.5)], numbers, Ridge())
    with pytest.raises(InputError, match="a name where y is not one class an item"):
        run([lw.Annotator("p", errors=MATRIX)], numbers, Ridge())
    with pytest.raises(InputError, match="'majority' unless an item has one class"):
        run(ONE, numbers, Ridge(), resolver="one-coin")


def test_curves_are_drawn_over_hours_and_money():
    r = run([lw.Annotator("p", cost_per_hour=10)], seeds=2)
    assert r.plot(over="hours").get_xlabel() == "hours worked" and r.plot(over="cost").get_xlabel() == "cost"
    assert r.plot(over="hours").lines[0].get_xdata()[-1] == pytest.approx(60 * 10 / 3600)
    with pytest.raises(InputError, match="over must be one of cost, n_labels, got 'hours'"):
        lw.simulate(X, Y, LogisticRegression(), **SMALL).plot(over="hours")
