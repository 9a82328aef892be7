"""Sequential tests of people: honest ones are left alone however long they work, spammers and copiers are found."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from labelwright.annotators.copying import copying_test, repeats_test
from labelwright.annotators.haste import too_fast
from labelwright.annotators.peers import peers_posterior
from labelwright.annotators.spam import blocks, gold_test, peer_test
from labelwright.annotators.votes import Votes
from labelwright.errors import InputError

# three standard errors above 1 % of 2,000 people
MOST_FALSE = 0.01 + 3 * (0.01 * 0.99 / 2000) ** 0.5


def mixed(n: int, k: int, rng: np.random.Generator) -> np.ndarray:
    return np.concatenate([rng.permutation(k) for _ in range(-(-n // k))])[:n]


def answered(truth: np.ndarray, recall: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Answers with a recall by class; errors go to the next class, so that they pile up."""
    return np.where(rng.random(len(truth)) < recall[truth], truth, (truth + 1) % len(recall))


@pytest.mark.parametrize("frequent", [None, 0.8])
@pytest.mark.parametrize("recall", [[0.85, 0.85], [0.7, 1.0], [1.0, 0.7], [0.55, 1, 1], [0, 0.5, *[1] * 8]])
def test_honest_people_are_hardly_ever_accused_by_gold(recall: list[float], frequent: float | None) -> None:
    rng = np.random.default_rng(1)
    skill, k = np.array(recall), len(recall)
    shares = None if frequent is None else [frequent, *[(1 - frequent) / (k - 1)] * (k - 1)]
    alarms = 0
    for _ in range(2000):
        truth = rng.choice(k, 400, p=shares)
        alarms += gold_test(answered(truth, skill, rng), truth, len(skill)).alarm
    assert alarms / 2000 <= MOST_FALSE


@pytest.mark.parametrize("recall", [[0.85, 0.85], [0.7, 1.0], [0.85] * 3, [0.55, 1, 1]])
def test_honest_people_are_hardly_ever_accused_by_peers(recall: list[float]) -> None:
    rng = np.random.default_rng(2)
    skill, k = np.array(recall), len(recall)
    sure = np.full((k, k), 0.15 / (k - 1))
    np.fill_diagonal(sure, 0.85)
    alarms = 0
    for _ in range(2000):
        truth = rng.integers(0, k, 400)
        peer = np.where(rng.random(400) < 0.85, truth, (truth + rng.integers(1, k, 400)) % k)
        alarms += peer_test(answered(truth, skill, rng), sure[peer]).alarm
    assert alarms / 2000 <= MOST_FALSE


@pytest.mark.parametrize("n_classes", [2, 3])
def test_one_block_is_a_fair_bet_for_the_worst_honest_person(n_classes: int) -> None:
    """The expected payoff of a block, by enumerating all its outcomes, is 1 at the edge of the null."""
    for recall in ([0.85] * n_classes, [1 - 0.15 * n_classes, *[1.0] * (n_classes - 1)]):
        expected = 0.0
        truth = np.arange(n_classes)
        for hits in itertools.product([0, 1], repeat=n_classes):
            chance = np.prod([r if hit else 1 - r for r, hit in zip(recall, hits, strict=True)])
            answers = np.where(hits, truth, (truth + 1) % n_classes)
            expected += chance * _payoff(answers, truth, n_classes)
        assert expected <= 1 + 1e-9
        assert expected == pytest.approx(1) or recall[0] != 0.85


def _payoff(answers: np.ndarray, truth: np.ndarray, n_classes: int) -> float:
    """Of one block: the evidence of thirty bad ones before it, which is above 1, and it, over that of the bad ones."""
    bad = np.tile(np.arange(n_classes), 30)
    before = gold_test((bad + 1) % n_classes, bad, n_classes, alpha=1e-12).value
    sequence = np.append((bad + 1) % n_classes, answers), np.append(bad, truth)
    total = _running(*sequence, n_classes)
    return total / before


def _running(answers: np.ndarray, truth: np.ndarray, n_classes: int) -> float:
    """The product over all blocks, which is not the greatest so far: measured with one more, very bad block."""
    worst = np.arange(n_classes)
    one = gold_test((worst + 1) % n_classes, worst, n_classes).value
    more = np.tile(worst, 40)
    long = gold_test(np.append(answers, (more + 1) % n_classes), np.append(truth, more), n_classes, alpha=1e-12).value
    return long / one**40


@pytest.mark.parametrize("n_classes", [2, 3, 5, 10])
@pytest.mark.parametrize("key", [None, 0])
def test_spammers_are_found_within_thirty_gold_answers(n_classes: int, key: int | None) -> None:
    rng = np.random.default_rng(3)
    found = 0
    for _ in range(500):
        truth = mixed(30, n_classes, rng)
        answers = rng.integers(0, n_classes, 30) if key is None else np.full(30, key)
        found += gold_test(answers, truth, n_classes).alarm
    assert found / 500 >= 0.9


def test_spammers_are_found_within_seventy_answers_that_a_peer_gave_too() -> None:
    rng = np.random.default_rng(4)
    sure = np.array([[0.85, 0.15], [0.15, 0.85]])
    found = {"random": 0, "key": 0}
    for _ in range(500):
        posterior = sure[mixed(70, 2, rng)]
        found["random"] += peer_test(rng.integers(0, 2, 70), posterior).alarm
        found["key"] += peer_test(np.ones(70, dtype=np.int64), posterior).alarm
    assert min(found.values()) / 500 >= 0.9


def test_somebody_who_is_a_little_worse_is_not_taken_for_a_spammer_soon() -> None:
    rng = np.random.default_rng(5)
    found = 0
    for _ in range(500):
        truth = mixed(30, 2, rng)
        found += gold_test(answered(truth, np.array([0.75, 0.75]), rng), truth, 2).alarm
    assert found / 500 < 0.2


def test_blocks_hold_distinct_classes_and_no_answer_twice() -> None:
    classes = np.random.default_rng(0).integers(0, 5, 200)
    block, part, row = blocks(classes, 5, 4)
    assert len(np.unique(row)) == len(row) and (np.diff(block) >= 0).all()
    for k in range(block.max() + 1):
        by_part = [set(classes[row[(block == k) & (part == j)]]) for j in range(4)]
        assert all(len(one) == 1 for one in by_part) and len(set.union(*by_part)) == 4


def test_blocks_do_not_look_ahead() -> None:
    classes = np.random.default_rng(1).choice(3, 100, p=[0.7, 0.2, 0.1])
    whole, half = np.array(blocks(classes, 3, 3)), np.array(blocks(classes[:50], 3, 3))
    assert np.array_equal(whole[:, : half.shape[1]], half)


def test_an_alarm_stays_and_does_not_depend_on_what_comes_later() -> None:
    truth = np.tile([0, 1], 100)
    answers = np.where(np.arange(200) < 40, 0, truth)
    late, early = gold_test(answers, truth, 2), gold_test(answers[:40], truth[:40], 2)
    assert late.alarm and late.alarm_at == early.alarm_at
    assert "limit is 100" in str(late.reason)
    assert gold_test(answers[:2], truth[:2], 2).reason.code == "spam-gold-none"


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="one length"):
        gold_test(np.array([0]), np.array([0, 1]), 2)
    with pytest.raises(InputError, match="between 0 and 1"):
        gold_test(np.array([2]), np.array([0]), 2)
    with pytest.raises(InputError, match="accuracy"):
        gold_test(np.array([0]), np.array([0]), 2, accuracy=0.5)
    with pytest.raises(InputError, match="negative"):
        too_fast(np.array([-1.0]))
    with pytest.raises(InputError, match="n_repeated"):
        copying_test(np.array([True]), np.array([1]), np.array([2]))
    assert not gold_test(np.array([], dtype=np.int64), np.array([], dtype=np.int64), 2).alarm


def test_peers_are_judged_without_the_person() -> None:
    rng = np.random.default_rng(6)
    truth = rng.integers(0, 2, 200)
    item, person = np.tile(np.arange(200), 4), np.repeat(np.arange(4), 200)
    right = np.array([0.9, 0.9, 0.9, 0.5])[person]
    label = np.where(rng.random(800) < right, truth[item], 1 - truth[item])
    votes = Votes.of(item, person, label)[0]
    alarms = []
    for who in range(4):
        rows, posterior = peers_posterior(votes, who)
        alarms.append(peer_test(votes.label[rows], posterior).alarm)
        flipped = Votes.of(item, person, np.where(person == who, 1 - label, label))[0]
        assert np.array_equal(peers_posterior(flipped, who)[1], posterior)
    assert alarms == [False, False, False, True]


def test_copiers_are_told_from_honest_people_on_items_that_deceive_all() -> None:
    """Each item has its own chance to deceive people; honest people are not accused, copiers are."""
    rng = np.random.default_rng(7)
    honest = copiers = 0
    for _ in range(2000):
        deceives = rng.choice([0.1, 0.5, 0.9], 200)
        repeated = rng.binomial(4, deceives)
        honest += copying_test(rng.random(200) < deceives, np.full(200, 4), repeated).alarm
        copiers += copying_test(rng.random(40) < 0.95, np.full(40, 4), repeated[:40]).alarm
    assert honest / 2000 <= MOST_FALSE and copiers / 2000 > 0.9


def test_a_limit_holds_for_people_at_the_limit() -> None:
    rng = np.random.default_rng(8)
    assert np.mean([repeats_test(rng.random(300) < 0.5).alarm for _ in range(2000)]) <= MOST_FALSE


def test_machines_are_told_from_people_with_a_slip_now_and_then() -> None:
    rng = np.random.default_rng(9)
    people = [np.where(rng.random(300) < 0.05, 0.1, rng.lognormal(0, 0.4, 300) + 0.3) for _ in range(2000)]
    assert np.mean([too_fast(seconds).evidence.alarm for seconds in people]) <= MOST_FALSE
    assert too_fast(rng.uniform(0.01, 0.5, 30)).evidence.alarm


def test_answers_far_below_the_own_pace_are_named() -> None:
    seconds = np.append(np.random.default_rng(0).lognormal(2.5, 0.2, 100), 1.0)
    haste = too_fast(seconds)
    assert haste.unlike.tolist() == [100] and not len(haste.machine) and 1 < haste.limit < haste.pace
