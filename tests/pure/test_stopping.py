"""Stopping rules: what they certify holds in simulation, and their arithmetic agrees with slow references."""

import math

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

import labelwright as lw
from labelwright import stopping
from labelwright.errors import InputError
from labelwright.evaluation.recall import blind_stop, elusion, least_positives, quota, reached, recall_curve, wss
from labelwright.loop.changes import agreement
from labelwright.stopping.plateau import spent_late
from labelwright.testing.stopping import sample_history


def test_stored_rules_judge_as_before():
    history = sample_history()
    target = stopping.make("target", threshold=0.8)
    assert target.min_reserve == 30 and target.columns == ("value", "low", "high", "n_reserve")
    assert [target.judge(history.iloc[: k + 1]).stop for k in range(12)] == [False] * 5 + [True] * 7
    assert stopping.make("budget", cost=5.0).columns == ("n_labels", "cost")


@pytest.mark.parametrize("given", [{}, {"n_labels": 3, "hours": 1.0}, {"hours": 0.0}, {"date": "soon"}])
def test_a_budget_is_one_limit(given):
    with pytest.raises(InputError, match="budget"):
        stopping.make("budget", **given)


def test_a_day_is_the_last_one():
    rule = stopping.make("budget", date="2027-03-05")
    verdicts = [rule.judge(pd.DataFrame({"date": [f"2027-03-0{day}"]})) for day in (4, 5, 6)]
    assert [verdict.stop for verdict in verdicts] == [False, False, True]
    assert [verdict.reason.code for verdict in verdicts] == ["date-ahead", "date-today", "date-past"]


def plateau_stops(rule, gain, *, n, n_looks, rng, churn=0.08):
    """Whether the rule ever stops where each quarter of labels brings the same true gain."""
    rows = []
    for k in range(n_looks):
        drawn = rng.random(n)
        differences = np.where(drawn < (churn + gain) / 2, 1, np.where(drawn < churn, -1, 0))
        rows.append((100 * 1.25**k, differences.mean(), differences.std(ddof=1) / n**0.5, n))
    history = pd.DataFrame(rows, columns=["n_labels", "change", "change_se", "change_n"])
    return any(rule.judge(history.iloc[: k + 1]).stop for k in range(n_looks))


@pytest.mark.parametrize("spending", stopping.plateau.SPENDING)
@pytest.mark.parametrize("churn", [0.03, 0.2])
def test_a_plateau_is_wrongly_seen_in_at_most_alpha_of_the_cases(spending, churn):
    rule = stopping.make("plateau", margin=0.02, alpha=0.1, spending=spending)
    rng = np.random.default_rng(0)
    wrong = sum(plateau_stops(rule, 0.02, n=400, n_looks=10, rng=rng, churn=churn) for _ in range(300))
    assert wrong <= 41  # the chance of more is below 1 % at 10 %


def test_a_plateau_is_seen_where_there_is_one():
    rule, rng = stopping.make("plateau", margin=0.03), np.random.default_rng(1)
    assert sum(plateau_stops(rule, 0.0, n=1000, n_looks=8, rng=rng) for _ in range(50)) >= 40


def test_a_plateau_needs_fifty_pairs_and_counts_its_looks():
    look = {"n_labels": 1000, "change": 0.0, "change_se": 0.0, "change_n": 49}
    rule = stopping.make("plateau", margin=0.5, n_looks=1)
    assert rule.judge(pd.DataFrame([look])).reason.code == "plateau-too-few"
    look["change_n"] = 5000
    assert rule.judge(pd.DataFrame([look])).stop
    again = pd.DataFrame([look, look | {"n_labels": 1100}, look | {"n_labels": 1300}])
    assert rule.judge(again.iloc[:2]).reason.code == "plateau-between"
    assert rule.judge(again).reason.code == "plateau-spent"


def test_alpha_is_spent_once():
    share = np.linspace(0, 1, 9)
    spent = spent_late(share, 0.05)
    assert spent[0] == 0 and spent[-1] == pytest.approx(0.05) and (np.diff(spent) > 0).all()


def test_kappa_is_that_of_cohen():
    rng = np.random.default_rng(0)
    first = rng.integers(0, 4, 300)
    second = np.where(rng.random(300) < 0.7, first, rng.integers(0, 4, 300))
    kappa, changed = agreement(first, second)
    assert kappa == pytest.approx(cohen_kappa_score(first, second)) and changed == (first != second).mean()
    numbers = rng.normal(size=50)
    assert agreement(numbers, numbers) == (1.0, 0.0)
    assert agreement(numbers, numbers + 10)[0] < 0.05
    assert agreement(np.zeros(5, dtype=int), np.zeros(5, dtype=int)) == (1.0, 0.0)


def test_small_batches_do_not_make_models_look_stable():
    n = np.arange(100, 201)
    slow = pd.DataFrame({"n_labels": n, "kappa": 0.99, "changed": 0.004})  # 1 % a label: 5 % in a window
    assert not stopping.make("kappa-stable").judge(slow).stop
    assert not stopping.make("prediction-change").judge(slow).stop
    wide = pd.DataFrame({"n_labels": [100, 110, 121, 134], "kappa": [math.nan, 0.992, 0.991, 0.99], "changed": 0.004})
    assert stopping.make("kappa-stable").judge(wide).stop and stopping.make("prediction-change").judge(wide).stop
    assert not stopping.make("kappa-stable").judge(wide.iloc[:3]).stop


def curve(n, slope=5.0):
    n = np.asarray(n, dtype=float)
    value = 0.9 - slope / n
    columns = {"n_labels": n, "cost": 2 * n, "value": value, "low": value - 0.03, "high": value + 0.03}
    return pd.DataFrame(columns | {"n_reserve": 400})


def test_costs_are_weighed_against_gains():
    early, late = curve(range(40, 120, 15)), curve(range(40, 1200, 40))
    rule = stopping.make("cost-benefit", value_of_point=100)
    assert not rule.judge(early).stop and rule.judge(late).stop
    verdict = rule.judge(late)
    assert verdict.limit == pytest.approx(290 * 2) and verdict.value < verdict.limit
    assert "stop, or change something" in str(verdict.reason) and "points" in str(verdict.reason)
    few = late.assign(n_reserve=49)
    assert not rule.judge(few).stop and rule.judge(few).reason.code == "gain-too-few"
    error = late.assign(value=1 - late["value"], low=1 - late["high"], high=1 - late["low"])
    other = stopping.make("cost-benefit", value_of_point=100, higher_is_better=False).judge(error)
    assert other.stop and other.value == pytest.approx(verdict.value, rel=0.2)


def test_quotas_are_those_of_the_paper():
    table = {
        0.8: {14: 14, 22: 21, 29: 28, 50: 45, 100: 87, 200: 170, 385: 322},
        0.9: {29: 29, 59: 58, 100: 96, 385: 357},
        0.95: {59: 59, 100: 99, 385: 374},
    }
    for recall, rows in table.items():
        assert {r: quota(r, recall=recall) for r in rows} == rows
        least = least_positives(recall=recall)
        assert least == min(rows) and quota(least - 1, recall=recall) is None


@pytest.mark.parametrize(("r", "recall", "n_relevant"), [(20, 0.8, None), (20, 0.8, 40), (59, 0.95, None)])
def test_a_certified_recall_is_missed_in_at_most_alpha_of_the_samples(r, recall, n_relevant):
    rng = np.random.default_rng(0)
    total = n_relevant or 200
    order = np.repeat([True, False], total)  # the best ranking, which comes down to the recall exactly
    j = quota(r, recall=recall, alpha=0.05, n_relevant=n_relevant)
    found = recall_curve(order)
    below = sum(
        found[blind_stop(order, rng.choice(total, r, replace=False), j) - 1] < recall - 1e-12 for _ in range(2000)
    )
    assert below <= 124  # the chance of more is below 1 % at 5 %


def one_phase(rng, *, r, j, recall):
    """A review in one phase by nearest centroids: whether its certified stop comes below the recall."""
    relevant = np.arange(300) < 60
    X = rng.normal(size=(300, 2)) + np.where(relevant, 0.8, 0.0)[:, None]
    blind = rng.choice(60, r, replace=False)
    left, seen = np.setdiff1d(np.arange(300), blind), np.zeros(300, dtype=bool)
    first = np.concatenate([rng.choice(left[relevant[left]], 1), rng.choice(left[~relevant[left]], 1)])
    seen[first] = True
    trained = seen.copy()
    while seen[blind].sum() < j:
        score = X @ (X[trained & relevant].mean(axis=0) - X[trained & ~relevant].mean(axis=0))
        open_items = np.flatnonzero(~seen & np.isin(np.arange(300), left))
        batch = open_items[np.argsort(-score[open_items])[:10]]
        hidden = blind[~seen[blind]]
        seen[hidden[reached(score[batch], score[hidden])]] = True
        seen[batch] = trained[batch] = True
        if not len(batch):
            return False
    return bool(seen[relevant].mean() < recall - 1e-12)


def test_a_review_that_learns_as_it_goes_keeps_its_certificate():
    rng = np.random.default_rng(0)
    j = quota(20, recall=0.8, alpha=0.1)
    below = sum(one_phase(rng, r=20, j=j, recall=0.8) for _ in range(400))
    assert 0 < below <= 54  # the chance of more is below 1 % at 10 %


def test_few_relevant_items_need_fewer_reached():
    assert quota(20, recall=0.8, n_relevant=40) < quota(20, recall=0.8) <= 20


def test_an_elusion_sample_bounds_what_is_missed():
    rng = np.random.default_rng(0)
    n_unseen, missed, sampled = 500, 12, 150
    wrong = 0
    for hits in rng.hypergeometric(missed, n_unseen - missed, sampled, 1000):
        wrong += elusion(n_unseen, sampled, int(hits), n_found=100, alpha=0.1).missed_high < missed
    assert wrong <= 125
    whole = elusion(500, 500, 12, n_found=100)
    assert whole.missed_high == 12 and whole.recall == whole.recall_low == 100 / 112


def test_elusion_samples_are_declared():
    look = {"n_found": 270, "n_unseen": 1000, "elusion_n": 300, "elusion_found": 0, "elusion_looks": 2}
    history = pd.DataFrame([look])
    assert not stopping.make("elusion").judge(history).stop
    both = stopping.make("elusion", n_samples=2).judge(history)
    assert both.stop and both.value < stopping.make("elusion").judge(history.assign(elusion_looks=1)).value


def test_work_saved():
    order = np.zeros(100, dtype=bool)
    order[:20] = True
    assert wss(order, 0.95) == pytest.approx(1 - 19 / 100 - 0.05)
    assert wss(order[::-1], 0.95) == pytest.approx(1 - 99 / 100 - 0.05)


def test_judge_takes_names_rules_and_several():
    history = sample_history()
    assert lw.judge(history, "budget", n_labels=100).stop
    assert (
        lw.judge(history, [stopping.make("target", threshold=0.99), stopping.make("budget", n_labels=100)]).reason.code
        == "labels-spent"
    )
    assert lw.judge(history, stopping.default(n_labels=100)).stop
    for rules, params in (([], {}), (["budget", "target"], {"n_labels": 3}), ("bugdet", {})):
        with pytest.raises(InputError):
            lw.judge(history, rules, **params)
    with pytest.raises(InputError, match="blind_reached"):
        lw.judge(history.drop(columns="blind_reached"), "qbcb")


def test_the_default_needs_both_a_plateau_and_agreement():
    both = {"n_labels": [800, 900, 1000, 1100, 1400], "change": 0.0, "change_se": 0.001, "change_n": 3000}
    history = pd.DataFrame(both | {"kappa": 0.999})
    assert lw.judge(history, stopping.default()).stop
    assert not lw.judge(history.assign(kappa=0.9), stopping.default()).stop
    assert not lw.judge(history.assign(change=0.05), stopping.default()).stop
