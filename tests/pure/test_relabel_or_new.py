"""New item, second answer or expert: the information of an answer, skills, picks, and who is asked."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import labelwright as lw
from labelwright import strategies
from labelwright.errors import InputError
from labelwright.evidence import Annotations, Evidence
from labelwright.loop import State, steps
from labelwright.loop.read_team import read_team
from labelwright.policy import Head, Policy, Rules, Slots
from labelwright.policy.assign import assign
from labelwright.scores.answers import answer_information
from labelwright.strategies.shared.people import believed, skills
from labelwright.strategies.shared.selection import ANYONE, Picks
from labelwright.tasks.dense import Dense
from labelwright.testing.samples import sample_task

RNG = np.random.default_rng(0)


def slow(proba, confusion):
    """Mutual information from the joint distribution of class and answer, item by item."""
    found = []
    for row in proba:
        two = np.argsort(-row)[:2]
        joint = (row[two] / row[two].sum())[:, None] * confusion[two]
        apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
        found.append((joint[joint > 0] * np.log(joint[joint > 0] / apart[joint > 0])).sum())
    return np.array(found)


@pytest.mark.parametrize("n_classes", [2, 3, 6])
def test_information_is_that_of_the_joint_distribution(n_classes):
    proba = RNG.dirichlet(np.ones(n_classes), 50)
    confusion = RNG.dirichlet(np.ones(n_classes), n_classes)
    found = answer_information(proba, confusion)
    assert np.allclose(found, slow(proba, confusion)) and (found <= np.log(2)).all()


def test_who_answers_at_random_tells_nothing_and_a_certain_class_needs_no_answer():
    proba = RNG.dirichlet(np.ones(4), 9)
    assert np.allclose(answer_information(proba, np.full((4, 4), 0.25)), 0)
    assert np.allclose(answer_information(np.eye(4), np.eye(4)), 0)
    assert np.allclose(answer_information(proba, np.tile([0.7, 0.1, 0.1, 0.1], (4, 1))), 0)  # always says the same


def test_information_refuses_shapes_that_do_not_fit():
    with pytest.raises(InputError, match="of one length"):
        answer_information(np.array([[0.5, 0.5]]), np.eye(3))
    with pytest.raises(InputError):
        answer_information(np.array([[0.5, 0.5]]), np.ones((2, 2)))


def crowd(accuracies, n_items=300, per_item=3, n_classes=3):
    truth = RNG.integers(0, n_classes, n_items)
    item = np.repeat(np.arange(n_items), per_item)
    who = np.concatenate([RNG.permutation(len(accuracies))[:per_item] for _ in range(n_items)])
    right = RNG.random(len(item)) < np.array(accuracies)[who]
    answer = np.where(right, truth[item], (truth[item] + RNG.integers(1, n_classes, len(item))) % n_classes)
    return Annotations(item, who, answer), truth


def test_skills_are_those_of_the_crowd():
    accuracies = [0.95, 0.9, 0.75, 0.6, 0.4]
    given, truth = crowd(accuracies)
    model = np.where(np.eye(3, dtype=bool)[truth], 0.8, 0.1)
    found = skills(given, model)
    estimated = found.confusion[:, range(3), range(3)].mean(axis=1)
    assert (np.diff(estimated) < 0).all() and np.allclose(estimated, accuracies, atol=0.15)
    assert (found.at_best[:, range(3), range(3)].mean(axis=1) > estimated).all()
    assert np.allclose(found.confusion.sum(axis=2), 1) and np.isclose(found.average[0, 0], 0.72, atol=0.06)
    belief = believed(given, np.full((300, 3), 1 / 3), found)
    assert (belief.argmax(axis=1) == truth).mean() > 0.88


def test_without_a_second_answer_people_are_taken_to_be_right_in_four_of_five():
    given = Annotations(np.arange(5), np.zeros(5, dtype=np.int64), np.array([0, 1, 0, 1, 1]))
    found = skills(given, np.full((5, 2), 0.5))
    assert np.allclose(found.average, [[0.8, 0.2], [0.2, 0.8]]) and found.cost == 1 and found.costs is None


def evidence(new, y, known, annotations=None):
    return Evidence(
        np.arange(len(new), dtype=float)[:, None], task=sample_task("classification"), predict=lambda: Dense(new),
        predict_labeled=lambda: Dense(known), y_labeled=y, annotations=annotations, ids=np.arange(len(new)),
        embed_labeled=np.zeros((len(y), 1)),
    )  # fmt: skip


NEW = np.array([[0.5, 0.5, 0.0], [0.9, 0.1, 0.0], [0.98, 0.01, 0.01]])
KNOWN = np.array([[0.97, 0.02, 0.01], [0.8, 0.1, 0.1], [0.8, 0.15, 0.05]])


def pick(n, annotations=None, y=(0, 0, 1), **params):
    made = strategies.make("relabel-or-new", **params)
    return made.pick(evidence(NEW, np.array(y), KNOWN, annotations), n, np.random.default_rng(0))


def test_an_answer_that_the_model_doubts_is_asked_again_and_one_that_it_shares_is_not():
    found = pick(3)
    assert list(zip(found.sources.tolist(), found.indices.tolist(), strict=True)) == [
        ("pool", 0), ("labeled", 2), ("pool", 1),
    ]  # fmt: skip
    assert found.reasons["answers"].tolist() == [0, 1, 0]
    assert np.isnan(found.reasons["gain-again"][0]) and found.reasons["gain-again"][1] == found.scores[1]
    assert found.reasons["gain-new"][0] == found.scores[0] and not found.reasons["expert"].any()
    assert found.whom is None


def test_it_stops_asking_where_the_class_is_sure_or_there_are_enough_answers():
    assert set(pick(3, max_answers=1).sources) == {"pool"}
    assert set(pick(3, sure=0.5).sources) == {"pool"}
    item, person = np.array([0, 1, 2, 2, 2, 2, 2]), np.array([0, 0, 0, 1, 2, 3, 4])
    five = Annotations(item, person, np.array([0, 0, 1, 0, 1, 0, 1]))
    assert set(pick(3, five).sources) == {"pool"}  # item 2 is as unsure as can be, and has five answers
    assert 2 in pick(3, five, max_answers=6).indices[pick(3, five, max_answers=6).sources == "labeled"]


def team_answers(costs):
    """Person 0 is right in 60 answers, 1 and 2 contradict each other; all answered items 3 to 62."""
    truth = np.arange(60) % 3
    item = np.concatenate([np.arange(3), np.repeat(np.arange(3, 63), 4)])
    person = np.concatenate([np.ones(3, dtype=np.int64), np.tile([0, 1, 2, 3], 60)])
    others = RNG.integers(0, 3, (60, 2))
    answers = np.column_stack([truth, others, truth]).ravel()
    known = np.vstack([KNOWN, np.eye(3)[truth] * 0.97 + 0.01])
    y = np.concatenate([[0, 0, 1], truth])
    return evidence(NEW, y, known, Annotations(item, person, np.concatenate([[0, 0, 1], answers]), np.array(costs)))


@pytest.mark.parametrize(("dear", "expected"), [(1.2, 0), (60.0, ANYONE)])
def test_the_expert_is_asked_if_the_answer_is_worth_its_cost(dear, expected):
    made = strategies.make("relabel-or-new", whom="best")
    found = made.pick(team_answers([dear, 1.0, 1.0, dear]), 2, np.random.default_rng(0))
    assert set(found.people[found.reasons["expert"] == 1].tolist()) <= {0, 3} or expected == ANYONE
    assert (found.people[0] in (0, 3)) == (expected == 0)
    assert (
        not strategies.make("relabel-or-new")
        .pick(team_answers([dear, 1.0, 1.0, dear]), 2, np.random.default_rng(0))
        .reasons["expert"]
        .any()
    )


def test_nobody_is_asked_by_name_for_an_item_that_he_answered():
    given = Annotations(
        np.array([0, 1, 2, 2]), np.array([0, 0, 0, 1]), np.array([0, 0, 1, 0]), np.array([0.5, 5.0, 5.0])
    )
    found = pick(3, given, whom="best")
    again = (found.sources == "labeled") & (found.indices == 2)
    assert again.any() and found.people[again][0] != 0


def test_an_item_that_all_answered_is_not_asked_again():
    both = Annotations(np.array([0, 1, 2, 2]), np.array([0, 1, 0, 1]), np.array([0, 0, 1, 0]), np.ones(2))
    found = pick(3, both)
    assert 2 not in found.indices[found.sources == "labeled"]
    assert both.may_be_asked_again(3, 5).tolist() == [0, 1]


def test_a_slot_for_one_person_goes_to_nobody_else():
    head = Head(np.array([4, 5]), np.array(["relabel", "chosen"]), only=["ann", ""])
    assert assign(head, "bob", [], [], Rules(limit=2)) == [1]
    assert assign(head, "ann", [], [], Rules(limit=2)) == [0, 1]
    with pytest.raises(InputError, match="head"):
        Head(np.array([4, 5]), np.array(["relabel", "chosen"]), only=["ann"])


def test_picks_keep_whom_to_ask():
    picks = Picks(np.array([1, 0]), np.array([2.0, 1.0]), whom=np.array([3, ANYONE]))
    assert picks.take(np.array([0])).people.tolist() == [3]
    assert picks.followed_by(np.array([2])).people.tolist() == [3, ANYONE, ANYONE]


def test_parameters_that_cannot_be_are_refused():
    for bad in ({"max_answers": 0}, {"sure": 0.4}, {"whom": "all"}):
        with pytest.raises(InputError):
            strategies.make("relabel-or-new", **bad)


# --- in the loop

X = RNG.normal(size=(400, 4))
Y = (X[:, 0] + 0.3 * RNG.normal(size=400) > 0).astype(int)


def simulated(team, **params):
    made = strategies.make("relabel-or-new", **params)
    return lw.simulate(X, Y, LogisticRegression(), strategies=[made], annotators=team, budget=160, n_initial=40,
                       batch_size=20, seeds=2, overlap=1).curves  # fmt: skip


def test_a_noisy_team_is_asked_again():
    curves = simulated([lw.Annotator(f"p{k}", accuracy=0.7) for k in range(8)])
    last = curves.groupby("seed").last()
    assert (last["n_answers"] == 160).all() and (last["n_labels"] < 158).all()


def test_a_slot_for_the_expert_is_answered_by_the_expert():
    team = read_team(
        [lw.Annotator("ann"), lw.Annotator("bob"), lw.Annotator("expert", seconds=900)], Y, np.arange(2), 1
    )
    pool = np.ones(len(Y), dtype=bool)
    state = State(sample_task("classification"), X, pool, ~pool, people=team.costs)
    missing = np.full(3, np.nan)
    kind = np.array(["chosen"] * 3)
    slots = Slots(np.array([7, 8, 9]), kind, missing.astype(np.float32), missing, whom=np.array([2, ANYONE, 2]))
    after, _ = team.answered(state, slots, 1, team.start(0))
    given = dict(zip(after.item_idx.tolist(), after.person, strict=True))
    assert given[7] == given[9] == "expert" and given[8] in ("ann", "bob")


def test_whom_to_ask_goes_from_the_picks_to_the_slots():
    item, person = np.repeat(np.arange(60), 3), np.tile([0, 1, 2], 60)
    said = [{"label": f"l_{1 + (RNG.integers(0, 3) if p < 2 else i % 3)}"} for i, p in zip(item, person, strict=True)]
    pool = np.ones(len(Y), dtype=bool)
    state = State(
        sample_task("classification"), X, pool, ~pool, item_idx=item, person=[f"p{p}" for p in person], answer=said,
        people={"p0": 1.0, "p1": 1.0, "p2": 1.0, "p3": 1.0}, ask_again=True,
        policy=Policy(strategies.make("relabel-or-new", whom="best"), 10, 0.0, reserve_share=0.0, n_slots=10),
    )  # fmt: skip
    labels = steps.resolve(state)
    model = steps.fit(state, labels)
    slots = steps.rank(state, labels, steps.predict(state, model), model)
    assert slots.whom is not None and slots.whom.shape == (10,)
    assert (slots.whom != ANYONE).tolist() == (slots.reasons["expert"] == 1).tolist()
    assert slots.reasons["expert"].any()
