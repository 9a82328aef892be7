"""Plans: replays through the simulator, what is chosen of them, and that choosing does not flatter."""

import math

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import labelwright as lw
from labelwright.errors import InputError
from labelwright.loop.plan_grid import Cell, Grid, Replay, SetUp
from labelwright.loop.plan_reach import reach_of
from labelwright.loop.plan_result import Plan

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 4))
Y = np.array(["no", "yes"])[(X[:, 0] + X[:, 1] > 0).astype(int)]
SMALL = {"strategies": ["margin"], "budget": 60, "n_initial": 10, "batch_sizes": [10], "seeds": 2}


def curve(setup, seed, at, full=1.0, error=0.0):
    """A straight curve that reaches 0.9 with ``at`` answers of 200."""
    answers = tuple(range(10, 210, 10))
    return Replay(Cell(setup, error, seed), answers, answers, tuple(0.9 + (n - at) / 1000 for n in answers), full, 1.0)


def of_answers(answers, *, target=0.9, strategies=("margin", "badge"), **settings):
    """A plan in which each set-up, the baseline first, needs these answers, by seed."""
    grid = Grid(strategies, ("linear",), (10,), seeds=tuple(range(len(answers[0]))))
    runs = [
        curve(setup, seed, at) for setup, row in zip(grid.setups, answers, strict=True) for seed, at in enumerate(row)
    ]
    return Plan(grid, tuple(runs), "accuracy", True, 0.3, 200, target, **settings)


@pytest.fixture(scope="module")
def found():
    return lw.plan(X, Y, **SMALL, seconds_per_label=36, rate=10)


def test_a_replay_is_a_simulation(found):
    run = next(run for run in found.replays if run.cell == Cell(SetUp("margin", "linear", 10), 0.0, 1))
    same = lw.simulate(X, Y, "linear", strategies=["margin"], budget=60, n_initial=10, batch_size=10, seeds=[1])
    assert run.values == tuple(same.curves["value"]) and run.labels == tuple(same.curves["n_labels"])
    assert run.full == same.full[1]


def test_every_setup_has_one_seed_before_any_has_two():
    seen = []
    lw.plan(
        X, Y, **{**SMALL, "models": ["linear", LogisticRegression()]}, callback=lambda p: seen.append(p.replays[-1])
    )
    assert [run.cell.seed for run in seen] == [0] * 3 + [1] * 3
    assert len({run.cell.setup for run in seen[:3]}) == 3


def test_the_baseline_is_played_though_nobody_names_it(found):
    assert found.grid.baseline == SetUp("random", "linear", 10) and len(found.replays) == 4


def test_hours_and_money_follow_from_answers(found):
    row = found.table.iloc[0]
    assert math.isclose(row["hours"], row["answers"] * 36 / 3600) and math.isclose(row["cost"], row["hours"] * 10)
    assert lw.plan(X, Y, **SMALL).table[["hours", "cost"]].isna().all().all()


def test_processes_do_not_change_the_result(found):
    two = lw.plan(X, Y, **SMALL, n_jobs=2)
    pick = lambda p: sorted((run.cell.seed, str(run.cell.setup), run.values) for run in p.replays)  # noqa: E731
    assert pick(two) == pick(found)


def test_a_callback_ends_it():
    part = lw.plan(X, Y, **SMALL, callback=lambda p: len(p.replays) < 2)
    assert len(part.replays) == 2 and not part.complete and part.best.n_seeds == 1


def test_an_interrupt_keeps_what_is_finished():
    def interrupt(p):
        if len(p.replays) == 3:
            raise KeyboardInterrupt

    with pytest.warns(UserWarning, match="interrupted after 3 of 4"):
        part = lw.plan(X, Y, **SMALL, callback=interrupt)
    assert len(part.replays) == 3 and part.best.n_seeds == 1


def test_errors_of_annotators_and_overlap_are_played():
    noisy = lw.plan(X, Y, **{**SMALL, "seeds": 1}, annotator_error=[0.0, 0.4], overlaps=[1, 3])
    value = noisy.table.set_index(["strategy", "overlap", "annotator_error"])["value"]
    assert value["random", 1, 0.4] < value["random", 1, 0.0]
    runs = {(run.cell.setup.overlap, run.cell.error): run for run in noisy.replays}
    assert runs[3, 0.4].answers[-1] == 3 * runs[3, 0.4].labels[-1] == 180
    assert runs[1, 0.4].answers == runs[1, 0.4].labels
    numbers = lw.plan(X, X[:, 0] * 5, **{**SMALL, "seeds": 1, "strategies": ["greedy-x"]}, annotator_error=[0.5])
    assert not numbers.higher_is_better and numbers.complete


def test_replays_are_kept_as_json(found):
    assert [Replay.of_json(run.to_json()) for run in found.replays] == list(found.replays)


def test_a_curve_that_jumps_once_has_not_reached_the_target():
    cell = Cell(SetUp("random", "linear", 10), 0.0, 0)
    jump = Replay(cell, (10, 20, 30, 40), (10, 20, 30, 40), (0.5, 0.9, 0.5, 0.6), 0.9, 1.0)
    assert not reach_of(jump, 0.85, True).reached
    falls = Replay(cell, (10, 20), (30, 60), (4.0, 2.0), 1.0, 1.0)
    assert reach_of(falls, 3.0, False).answers == 45 and reach_of(falls, 3.0, False).labels == 15


def test_the_saving_is_against_random_seed_by_seed():
    plan = of_answers([[100, 120, 140], [50, 60, 70], [110, 125, 150]])
    best = plan.best
    assert best.setup.strategy == "margin" and not best.tied
    assert math.isclose(best.saving.value, 0.5) and math.isclose(best.saving.low, 0.5, abs_tol=1e-9)
    assert math.isclose(best.answers.value, (50 * 60 * 70) ** (1 / 3)) and best.answers.low < 50
    assert "saves 50% [50%, 50%]" in plan.text() and plan.config()["strategy"] == "margin"


def test_the_simpler_of_two_equals_is_proposed_and_said():
    plan = of_answers([[100, 120, 140], [52, 60, 72], [50, 61, 70]])
    assert plan.best.setup.strategy == "margin" and plan.best.is_simpler
    assert [setup.strategy for setup in plan.best.tied] == ["badge"]
    assert "simpler" in plan.text() and "badge, linear" in plan.text()


def test_random_is_proposed_where_nothing_is_better():
    plan = of_answers([[100, 120, 140], [99, 121, 138], [150, 160, 170]])
    assert plan.best.setup == plan.grid.baseline and "nothing is saved" in plan.text()
    assert plan.best.saving.low <= 0 <= plan.best.saving.high


def test_the_best_of_many_equals_is_not_flattered():
    noise = np.random.default_rng(1)
    names = tuple(name for name in lw.strategies()["name"] if name not in ("random",))[:20]
    honest, naive = [], []
    for _ in range(15):
        plan = of_answers(np.exp(noise.normal(4.4, 0.15, (len(names) + 1, 5))), strategies=names)
        honest.append(plan.best.saving.value)
        naive.append(plan.table["saving"].max())
    assert np.mean(naive) > 0.08
    assert abs(np.mean(honest)) < 0.04


def test_what_is_never_reached_is_said():
    plan = of_answers([[400, 400, 120], [190, 400, 60], [390, 400, 400]])
    assert plan.best.n_reached == 2 and plan.best.answers.high == math.inf
    assert math.isnan(plan.best.saving.value) and "in only 2 of 3 replays" in plan.text()
    censored = of_answers([[400, 400, 400], [100, 100, 100], [400, 400, 400]])
    assert censored.best.at_least and "or more" in censored.text()
    assert math.isclose(censored.best.saving.value, 0.5)


def test_one_seed_has_no_interval():
    plan = of_answers([[100], [50], [90]])
    assert math.isnan(plan.best.answers.low) and "[" not in plan.text()


def test_a_target_follows_from_the_baseline(found):
    base = [run for run in found.replays if run.cell.setup == found.grid.baseline]
    assert np.isclose(found.target, np.median([run.values[0] + 0.95 * (run.full - run.values[0]) for run in base]))


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"strategies": "margin"}, "strategies must be a list"),
        ({"strategies": ["margn"]}, "margn"),
        ({"models": []}, "models must be a list"),
        ({"batch_sizes": [10, 10]}, "batch_sizes must be distinct"),
        ({"annotator_error": [0.95]}, "annotator_error must be between"),
        ({"overlaps": [0]}, "overlaps"),
        ({"budget": 190}, "budget"),
        ({"rate": 10}, "rate must be given with seconds_per_label"),
        ({"seconds_per_label": 0}, "seconds_per_label"),
        ({"seeds": range(10_001)}, "20,000 replays"),
    ],
)
def test_what_is_wrong_is_said(wrong, match):
    with pytest.raises(InputError, match=match):
        lw.plan(X, Y, **{**SMALL, **wrong})


def test_too_few_items():
    with pytest.raises(InputError, match="40 labeled items"):
        lw.plan(X[:30], Y[:30])
    with pytest.raises(InputError, match="error must be one of"):
        of_answers([[1], [1], [1]]).propose(0.5)
