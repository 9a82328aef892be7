"""The audit of people's answers: hardly any finding where there is none, and what is there is found."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from labelwright.annotators.audit import audit
from labelwright.annotators.pace import agreement_by_speed, fatigue
from labelwright.errors import InputError
from labelwright.stats.exact import corrected, stratified_p_value


def answers(n: int, n_people: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, n_people, n), rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]), rng


def test_the_p_value_is_that_of_all_draws() -> None:
    """Two strata, enumerated: every choice of which answers are the person's is equally likely."""
    strata = [[1, 1, 0, 0, 0], [1, 0, 0, 0]]
    drawn = [2, 1]
    counts = [
        sum(one) + sum(two) for one in combinations(strata[0], drawn[0]) for two in combinations(strata[1], drawn[1])
    ]
    chance = np.bincount(counts) / len(counts)
    table = np.array([[5, 2, 2], [4, 1, 1]])
    for seen, own in enumerate(chance):
        assert stratified_p_value(seen, table) == pytest.approx(chance[chance <= own * (1 + 1e-9)].sum())


def test_corrections_are_those_of_a_published_example() -> None:
    """Benjamini and Hochberg (1995), sec. 3.3: of 15 p-values theirs rejects 4 and Holm's 3."""
    p = np.array([.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0])  # fmt: skip
    assert (corrected(p, method="benjamini-hochberg") <= 0.05).sum() == 4
    assert (corrected(p) <= 0.05).sum() == 3
    assert np.array_equal(corrected(p[::-1]), corrected(p)[::-1])


def test_where_people_are_alike_hardly_anything_is_found() -> None:
    wrong = 0
    for seed in range(200):
        who, said, rng = answers(600, 8, seed)
        slices = {"hour": rng.integers(8, 18, 600), "third": rng.integers(0, 3, 600)}
        domains = {"domain": rng.choice(["law", "news", "web"], 600)}
        wrong += bool(audit(who, said, slices=slices, within=domains, min_answers=5).findings)
    assert wrong / 200 <= 0.05 + 3 * (0.05 * 0.95 / 200) ** 0.5


def test_somebody_who_errs_in_one_domain_is_found_there_and_domains_that_differ_are_not() -> None:
    who, said, rng = answers(3000, 6, 4)
    domain = rng.choice(["law", "news"], 3000)
    said = np.where((domain == "news") & (rng.random(3000) < 0.6), "c", said)  # true of everybody
    said = np.where((who == 2) & (domain == "law") & (rng.random(3000) < 0.5), "b", said)
    found = audit(who, said, within={"domain": domain}).findings
    assert {(look.person, look.slice, look.at) for look in found if look.slice} == {("2", "domain", "law")}
    first = next(look for look in found if look.slice and look.label == "b")
    others = said[(who != 2) & (domain == "law")]
    assert first.expected == pytest.approx((others == "b").mean()) and "about domain law" in str(first.reason)


def test_somebody_who_prefers_a_class_is_found_with_the_answers_behind_it() -> None:
    who, said, rng = answers(1500, 10, 1)
    said = np.where((who == 3) & (rng.random(1500) < 0.4), "c", said)
    result = audit(who, said)
    first = result.findings[0]
    assert (first.person, first.label, first.slice) == ("3", "c", "")
    assert first.rate.low > first.expected and first.effect > 0.5 and first.corrected < 1e-6
    assert np.array_equal(first.positions, np.flatnonzero((who == 3) & (said == "c")))
    assert first.rate.value == pytest.approx((said[who == 3] == "c").mean())
    assert first.expected == pytest.approx((said[who != 3] == "c").mean())
    assert {look.person for look in result.findings} == {"3"}
    assert str(first.reason).startswith("3 gave c in ")


def test_a_slice_is_compared_with_the_same_person() -> None:
    """Person 0 always prefers c, and person 1 does so at night alone: a finding of the slice is for the second."""
    who, said, rng = answers(4000, 5, 2)
    hour = rng.choice(["day", "night"], 4000)
    odd = (who == 0) | ((who == 1) & (hour == "night"))
    said = np.where(odd & (rng.random(4000) < 0.4), "c", said)
    found = audit(who, said, slices={"hour": hour}).findings
    assert {look.person for look in found if look.slice} == {"1"}
    assert {look.person for look in found if not look.slice} >= {"0", "1"}


def test_strata_take_away_what_items_explain() -> None:
    """Two people worked on another part of the pool, with other classes: no finding within the parts."""
    rng = np.random.default_rng(3)
    who = rng.integers(0, 6, 3000)
    part = np.where(who < 2, rng.random(3000) < 0.9, rng.random(3000) < 0.1)
    said = np.where(rng.random(3000) < np.where(part, 0.8, 0.2), "x", "y")
    assert audit(who, said).findings
    assert not audit(who, said, strata=part).findings


def test_items_as_strata_are_exact_where_many_answer_the_same() -> None:
    wrong = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        who, item = np.tile(np.arange(6), 60), np.repeat(np.arange(60), 6)
        truth = rng.choice(["x", "y"], 60)
        said = np.where(rng.random(360) < 0.9, truth[item], rng.choice(["x", "y"], 360))
        wrong += bool(audit(who, said, strata=item).findings)
    assert wrong / 100 <= 0.05 + 3 * (0.05 * 0.95 / 100) ** 0.5


def test_too_few_answers_are_not_looked_at() -> None:
    assert audit(["a"] * 19 + ["b"] * 30, ["x", "y"] * 24 + ["x"]).looks == []
    with pytest.raises(InputError, match="one length"):
        audit(["a"], ["x"], strata=[1, 2])


def test_the_interval_of_a_slope_holds() -> None:
    held = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        session, position = np.repeat(np.arange(6), 80), np.tile(np.arange(80), 6)
        chance = 0.9 - 0.2 * position / 100 - 0.05 * (session % 3)
        slope = fatigue(session, position, (rng.random(480) < chance).astype(float))
        held += slope.low <= -0.2 <= slope.high
    assert 0.92 <= held / 400 <= 0.98


def test_sessions_are_compared_with_themselves() -> None:
    """Long sessions are on bad days: no slope within any of them."""
    session = np.repeat([0, 1], [20, 200])
    position = np.append(np.arange(20), np.arange(200))
    agreed = np.append(np.ones(20), np.tile([1.0, 0.0], 100))
    slope = fatigue(session, position, agreed)
    assert abs(slope.value) < 0.02 and slope.low < 0 < slope.high
    assert np.isnan(fatigue(["s"] * 3, np.zeros(3), np.ones(3)).value)
    assert np.isnan(fatigue(["s"] * 3, np.arange(3), np.array([1.0, 0, 1])).low)


def test_thirds_are_of_each_person() -> None:
    """A slow person who is bad, and a quick one who is good, both without haste: no difference."""
    rng = np.random.default_rng(4)
    who = np.repeat(["slow", "quick"], 900)
    seconds = rng.lognormal(0, 0.3, 1800) * np.where(who == "slow", 10, 1)
    agreed = (rng.random(1800) < np.where(who == "slow", 0.6, 0.95)).astype(float)
    assert agreement_by_speed(who, seconds, agreed).difference.low < 0 < agreement_by_speed(who, seconds, agreed).difference.high  # fmt: skip
    hasty = np.where(seconds < np.quantile(seconds[who == "quick"], 1 / 3), rng.random(1800) < 0.5, agreed)
    found = agreement_by_speed(who, seconds, hasty)
    assert found.difference.low > 0 and found.parts[0].value < found.parts[2].value
    assert np.isnan(agreement_by_speed(["a"], np.ones(1), np.ones(1)).difference.value)
