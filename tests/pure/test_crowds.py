"""Labels of several people made into one, and how far they agree; against published values and other libraries."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

import labelwright as lw
from labelwright.annotators import Answers, make
from labelwright.annotators.votes import Votes
from labelwright.errors import InputError
from labelwright.tasks import guess
from labelwright.tasks import make as make_task

# Krippendorff (2011), the data of his example C: four observers, twelve units
EXAMPLE = {
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None], "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    "C": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None], "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
}  # fmt: skip


def long(table: dict[str, list[int | None]]) -> tuple[list[int], list[str], list[int]]:
    rows = [(unit, who, value) for who, said in table.items() for unit, value in enumerate(said) if value is not None]
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def crowd(n_items: int, accuracies: list[float], n_classes: int, seed: int) -> tuple[np.ndarray, ...]:
    """Everybody answers every item with their own accuracy; errors are spread evenly."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_classes, n_items)
    item, person = (part.ravel() for part in np.meshgrid(np.arange(n_items), np.arange(len(accuracies)), indexing="ij"))
    right = rng.random(len(item)) < np.array(accuracies)[person]
    label = np.where(right, truth[item], (truth[item] + rng.integers(1, n_classes, len(item))) % n_classes)
    return truth, item, person, label


def test_alpha_is_the_published_one() -> None:
    assert lw.agreement(*long(EXAMPLE)).value == pytest.approx(0.743, abs=5e-4)
    interval = lw.agreement(*long(EXAMPLE), distance=lambda a, b: float(a - b) ** 2)
    assert interval.value == pytest.approx(0.849, abs=5e-4) and interval.n == 11


def test_ac1_and_kappa_are_the_published_ones() -> None:
    """Two raters, the table of the irrCAC documentation: [[13, 0, 0], [0, 20, 7], [0, 4, 56]]."""
    table = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    pairs = [(a, b) for a in range(3) for b in range(3) for _ in range(table[a, b])]
    items = [k for k in range(len(pairs)) for _ in (0, 1)]
    said = [value for pair in pairs for value in pair]
    people = ["first", "second"] * len(pairs)
    kappa = lw.agreement(items, people, said, measure="cohen")
    assert kappa.value == pytest.approx(0.7964, abs=5e-5)
    assert kappa.value == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))
    assert kappa.low == pytest.approx(0.68, abs=0.02) and kappa.high == pytest.approx(0.913, abs=0.02)
    shares = (table.sum(axis=0) + table.sum(axis=1)) / 200
    chance = (shares * (1 - shares)).sum() / 2
    assert lw.agreement(items, people, said, measure="ac1").value == pytest.approx((0.89 - chance) / (1 - chance))
    assert lw.agreement(items, people, said, measure="raw").value == pytest.approx(0.89)


def test_fleiss_is_the_published_one() -> None:
    """Fleiss (1971), the worked example of fourteen raters and ten subjects."""
    counts = np.array([
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ])  # fmt: skip
    rows = [(item, k) for item, of_item in enumerate(counts) for k, n in enumerate(of_item) for _ in range(n)]
    people = [rater for _ in counts for rater in range(14)]
    found = lw.agreement([row[0] for row in rows], people, [row[1] for row in rows], measure="fleiss")
    assert found.value == pytest.approx(0.210, abs=5e-4)


def test_the_interval_of_alpha_covers() -> None:
    """Two hundred crowds of known agreement: 95 % intervals hold the value of a very large one."""
    accuracies = [0.9, 0.8, 0.7]
    _, item, person, label = crowd(20_000, accuracies, 3, seed=1)
    expected = lw.agreement(item, person, label).value
    held = 0
    for seed in range(200):
        _, item, person, label = crowd(80, accuracies, 3, seed=100 + seed)
        found = lw.agreement(item, person, label, random_state=seed)
        held += found.low <= expected <= found.high
    assert held >= 181  # 93 % would be 186; three standard errors below 95 % are 181


def test_groups_widen_the_interval() -> None:
    _, item, person, label = crowd(40, [0.9, 0.7], 2, seed=3)
    copies = np.tile(item, 4) + 40 * np.repeat(np.arange(4), len(item))
    more = [np.tile(part, 4) for part in (person, label)]
    alone = lw.agreement(copies, *more)
    grouped = lw.agreement(copies, *more, groups=copies % 40)
    assert grouped.value == pytest.approx(alone.value)
    assert grouped.high - grouped.low > 1.6 * (alone.high - alone.low)


@pytest.mark.parametrize(
    ("measure", "rows", "said"),
    [("cohen", ([1, 1, 1], "abc", "xxy"), "two"), ("fleiss", ([1, 1, 1, 2, 2], "abcab", "xxyxy"), "equally many"),
     ("kappa", ([1, 1], "ab", "xx"), "measure"), ("raw", ([1, 1], "aa", "xy"), "one of each annotator")],
)  # fmt: skip
def test_what_a_measure_cannot_say_is_refused(measure: str, rows: tuple[list[int], str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        lw.agreement(rows[0], list(rows[1]), list(rows[2]), measure=measure)


def test_where_nothing_can_be_disagreed_about_it_is_undefined() -> None:
    assert np.isnan(lw.agreement([1, 1, 2, 2], list("abab"), list("xxxx")).value)
    assert lw.agreement([1, 2], list("ab"), list("xy")).n == 0


@pytest.mark.parametrize("method", ["one-coin", "dawid-skene"])
def test_a_model_of_people_beats_counting_where_people_differ(method: str) -> None:
    truth, item, person, label = crowd(400, [0.9, 0.9, 0.45, 0.45, 0.45], 3, seed=5)
    counted = (lw.aggregate(item, person, label, method="majority").labels.to_numpy() == truth).mean()
    found = lw.aggregate(item, person, label, method=method)
    assert (found.labels.to_numpy() == truth).mean() > counted + 0.03
    assert np.allclose(found.proba.sum(axis=1), 1)
    expected = [(label[person == k] == truth).mean() for k in range(5)]
    assert np.abs(found.skill["accuracy"].to_numpy() - expected).max() < 0.05
    assert ((found.skill["low"] <= expected) & (expected <= found.skill["high"])).sum() >= 4


def test_dawid_skene_learns_who_confuses_what() -> None:
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 2, 600)
    careless = np.where((truth == 1) & (rng.random(600) < 0.6), 0, truth)  # takes many ones for zeros
    good = [np.where(rng.random(600) < 0.95, truth, 1 - truth) for _ in range(2)]
    item, person = np.tile(np.arange(600), 3), np.repeat([0, 1, 2], 600)
    votes = Votes.of(item, person, np.concatenate([careless, *good]))[0]
    confusion = make("dawid-skene").estimate(votes).confusion[0]  # type: ignore[attr-defined]
    assert confusion[0, 0] > 0.95 and confusion[1, 0] == pytest.approx(0.6, abs=0.08)


def test_somebody_with_few_answers_is_taken_for_an_average_person() -> None:
    _, item, person, label = crowd(300, [0.9, 0.9, 0.9], 2, seed=7)
    item, person, label = (np.append(part, one) for part, one in ((item, 0), (person, 3), (label, 1 - label[0])))
    confusion = make("dawid-skene").estimate(Votes.of(item, person, label)[0]).confusion  # type: ignore[attr-defined]
    assert confusion[3].diagonal().min() > 0.5  # one wrong answer, and not condemned


def test_crowdlab_lets_a_good_model_decide_where_people_are_few_and_bad() -> None:
    truth, item, person, label = crowd(400, [0.65, 0.65], 3, seed=8)
    proba = np.full((400, 3), 0.05)
    model = np.where(np.random.default_rng(9).random(400) < 0.9, truth, (truth + 1) % 3)
    proba[np.arange(400), model] = 0.9
    with_model = lw.aggregate(item, person, label, model_proba=proba)
    assert with_model.method == "crowdlab"
    assert (with_model.labels.to_numpy() == truth).mean() > 0.85
    useless = lw.aggregate(item, person, label, method="crowdlab", model_proba=np.full((400, 3), 1 / 3))
    counted = lw.aggregate(item, person, label, method="majority")
    assert (useless.labels.to_numpy() == truth).mean() > (counted.labels.to_numpy() == truth).mean() - 0.03


def test_auto_takes_what_the_answers_are_enough_for() -> None:
    for n_items, people, expected in ((8, 4, "majority"), (40, 4, "one-coin"), (200, 4, "dawid-skene")):
        _, item, person, label = crowd(n_items, [0.8] * people, 2, seed=1)
        assert lw.aggregate(item, person, label).method == expected


def test_a_resolver_gives_the_same_label_from_what_it_stored() -> None:
    task = make_task("classification", guess("classification", ["a", "b", "c"]))
    _, item, person, label = crowd(60, [0.9, 0.8, 0.5], 3, seed=4)
    given = Answers(item, [f"p{k}" for k in person], [{"label": f"l_{k + 1}"} for k in label])
    for name in ("one-coin", "dawid-skene"):
        resolver = make(name)
        params = resolver.fit(task, given)
        resolved = resolver.resolve(task, given, params)
        aggregated = lw.aggregate(item, person, label, method=name)
        assert [one.answer["label"] for one in resolved] == [f"l_{k + 1}" for k in aggregated.labels]
        assert resolved == resolver.resolve(task, given, params)
        alone = Answers(item[:1], ["a stranger"], [{"label": "l_2"}])
        assert resolver.resolve(task, alone, params)[0].answer == {"label": "l_2"}
        with pytest.raises(InputError, match="one class an item"):
            resolver.fit(make_task("regression", {}), Answers(item[:1], ["p"], [{"value": 1.0}]))


def test_many_answers_of_many_people_become_the_right_labels() -> None:
    rng = np.random.default_rng(0)
    item = np.repeat(np.arange(20_000), 5)
    person = np.concatenate([rng.choice(500, 5, replace=False) for _ in range(20_000)])
    truth = rng.integers(0, 4, 20_000)
    label = np.where(rng.random(100_000) < 0.8, truth[item], rng.integers(0, 4, 100_000))
    found = lw.aggregate(item, person, label, method="dawid-skene")
    assert (found.labels.to_numpy() == truth).mean() > 0.97
