"""Agreement by class, by pair of classes and by person: against slow counting, with intervals that hold."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations

import numpy as np
import pytest

import labelwright as lw
from labelwright.annotators.by_class import agreement_by_class, agreement_by_pair
from labelwright.annotators.by_person import agreement_by_person, consistency
from labelwright.errors import InputError
from labelwright.tasks import guess, make


def crowd(n_items: int, accuracies: list[float], n_classes: int, seed: int) -> tuple[np.ndarray, ...]:
    """Everybody answers every item; errors of a class go to the next one."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_classes, n_items)
    item, person = (part.ravel() for part in np.meshgrid(np.arange(n_items), np.arange(len(accuracies)), indexing="ij"))
    right = rng.random(len(item)) < np.array(accuracies)[person]
    return item, person, np.where(right, truth[item], (truth[item] + 1) % n_classes)


def answers_by_item(item: np.ndarray, label: np.ndarray) -> list[list[int]]:
    return [label[item == k].tolist() for k in np.unique(item)]


def test_figures_are_those_of_counting_all_pairs() -> None:
    item, person, label = crowd(40, [0.9, 0.6, 0.5, 0.7], 3, seed=0)
    kept = np.random.default_rng(1).random(len(item)) < 0.7
    item, person, label = item[kept], person[kept], label[kept]
    by_item = [of_item for of_item in answers_by_item(item, label) if len(of_item) > 1]
    for one in agreement_by_class(item, person, label):
        k = int(one.name)
        chances = [np.mean([b == k for j, b in enumerate(of) if j != i]) for of in by_item for i, a in enumerate(of) if a == k]  # fmt: skip
        assert one.estimate.value == pytest.approx(np.mean(chances))
        assert one.n_answers == (label == k).sum() and one.estimate.n == sum(k in of for of in by_item)
    for pair in agreement_by_pair(item, person, label):
        both = {int(pair.first), int(pair.second)}
        pairs = [p for of in by_item for p in combinations(of, 2) if set(p) <= both]
        confused = sum(a != b for a, b in pairs)
        assert pair.n_confused == confused and pair.estimate.value == pytest.approx(confused / len(pairs))
    for one in agreement_by_person(item, person, label.tolist()):
        own = item[person == int(one.person)]
        rates = [np.mean(label[(item == k) & (person != int(one.person))] == label[(item == k) & (person == int(one.person))]) for k in own if (item == k).sum() > 1]  # fmt: skip
        assert one.raw == pytest.approx(np.mean(rates)) and one.estimate.n == len(rates)


def test_confusions_are_in_order_and_classes_that_never_met_have_no_rate() -> None:
    found = agreement_by_pair([1, 1, 2, 2, 3, 4], list("abababa")[:6], ["x", "y", "x", "y", "z", "w"])
    assert (found[0].first, found[0].second, found[0].n_confused, found[0].estimate.value) == ("x", "y", 2, 1.0)
    never = next(pair for pair in found if pair.first == "w")
    assert np.isnan(never.estimate.value) and str(never.reason).startswith("No two people")


def test_intervals_of_classes_and_pairs_hold() -> None:
    accuracies = [0.9, 0.8, 0.7]
    large = crowd(40_000, accuracies, 3, seed=2)
    expected = {one.name: one.estimate.value for one in agreement_by_class(*large)}
    of_pairs = {(one.first, one.second): one.estimate.value for one in agreement_by_pair(*large)}
    held = []
    for seed in range(200):
        small = crowd(80, accuracies, 3, seed=100 + seed)
        held += [one.estimate.low <= expected[one.name] <= one.estimate.high for one in agreement_by_class(*small)]
        held += [
            one.estimate.low <= of_pairs[one.first, one.second] <= one.estimate.high
            for one in agreement_by_pair(*small)
        ]
    assert 0.93 <= np.mean(held) <= 0.985


def test_intervals_of_people_hold_also_for_few_answers() -> None:
    """People with 5 to 60 answers, beside two who answer all; the agreement that many answers would show."""
    held, wider = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        skills = rng.beta(12, 3, 20)
        truth = rng.integers(0, 2, 60)
        rows = [(k, f"p{who}") for who, skill in enumerate(skills) for k in rng.permutation(60)[: rng.integers(5, 61)]]
        rows += [(k, who) for k in range(60) for who in ("x", "y")]
        accuracy = {**{f"p{who}": skill for who, skill in enumerate(skills)}, "x": 0.9, "y": 0.9}
        said = [int(truth[k] if rng.random() < accuracy[who] else 1 - truth[k]) for k, who in rows]
        found = agreement_by_person([k for k, _ in rows], [who for _, who in rows], said)
        others = {k: [accuracy[who] for j, who in rows if j == k] for k in range(60)}
        for one in found:
            own = accuracy[one.person]
            rates = []
            for k in [k for k, who in rows if who == one.person]:
                other = (sum(others[k]) - own) / (len(others[k]) - 1)
                rates.append(own * other + (1 - own) * (1 - other))
            held.append(one.estimate.low <= np.mean(rates) <= one.estimate.high)
            wider.append((one.estimate.n, one.estimate.high - one.estimate.low))
    assert 0.93 <= np.mean(held) <= 1
    n, width = np.array(wider).T
    assert width[n < 10].mean() > 1.3 * width[n > 50].mean()


def test_few_answers_are_shrunk_to_the_mean() -> None:
    item, person, label = crowd(50, [0.9] * 6, 2, seed=3)
    wrong = 1 - label[0]
    found = agreement_by_person(np.append(item, 0), np.append(person, 9), [*label.tolist(), int(wrong)])
    newcomer = next(one for one in found if one.person == "9")
    assert newcomer.raw < 0.5 < newcomer.estimate.value < 0.9


@pytest.mark.parametrize("name", ["regression", "multilabel"])
def test_distances_are_those_of_the_task(name: str) -> None:
    if name == "regression":
        task = make(name, {"low": 0.0, "high": 10.0})
        answers = [{"value": 2.0}, {"value": 4.0}, {"value": 9.0}]
    else:
        task = make(name, guess(name, [["l"], ["m"]]))
        a, b = task.labels.ids  # type: ignore[attr-defined]
        answers = [{"labels": [a]}, {"labels": [a, b]}, {"labels": []}]
    found = agreement_by_person([7] * 3, list("abc"), answers, distance=task.distance)
    for k, one in enumerate(found):
        expected = np.mean([1 - task.distance(answers[i], answers[j]) for i, j in permutations(range(3), 2) if i == k])
        assert one.raw == pytest.approx(expected)
    again = consistency(["a", "a"], answers[:2], answers[1:], distance=task.distance)
    assert again[0].raw == pytest.approx(1 - np.mean([task.distance(*pair) for pair in pairwise(answers)]))


def test_raw_agreement_is_the_weighted_mean_of_people() -> None:
    item, person, label = crowd(60, [0.9, 0.7, 0.6], 3, seed=4)
    found = agreement_by_person(item, person, label.tolist())
    raw = lw.agreement(item, person, label, measure="raw").value
    assert np.average([one.raw for one in found], weights=[one.estimate.n for one in found]) == pytest.approx(raw)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="one of each annotator"):
        agreement_by_person([1, 1], ["a", "a"], ["x", "y"])
    with pytest.raises(InputError, match="between 0 and 1"):
        agreement_by_person([1, 1], ["a", "b"], [1.0, 5.0], distance=lambda a, b: abs(a - b))
    assert consistency([], [], []) == []
