"""What corrected labels say: the weighted accuracy is without bias, and people's errors follow from agreement."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelwright import tasks
from labelwright.services.evaluation import people
from labelwright.services.evaluation.reserve import OnReserve
from labelwright.services.evaluation.second_looks import weighted_accuracy
from labelwright.stats.estimate import Estimate
from labelwright.stats.sample import Sample
from labelwright.tasks import Predictions, Task


def test_the_weighted_accuracy_holds_though_disagreeing_items_are_reviewed_more_often() -> None:
    """A fifth disagree, of which the model is right in 30 %; of the agreeing it is wrong in 15 %."""
    rng, truth, n = np.random.default_rng(0), 0.2 * 0.3 + 0.8 * 0.85, 300
    values, held, naive = [], 0, []
    for _ in range(600):
        wrong = rng.random(n) < 0.2
        right_after = np.where(wrong, rng.random(n) < 0.3, rng.random(n) < 0.85)
        reviewed = np.zeros(n, dtype=bool)
        for kind in (wrong, ~wrong):
            reviewed[rng.choice(np.flatnonzero(kind), min(30, int(kind.sum())), replace=False)] = True
        found = weighted_accuracy(wrong, ~wrong, reviewed, np.where(reviewed, right_after, ~wrong))
        assert found.value is not None and found.low is not None and found.high is not None
        values.append(found.value)
        held += found.low <= truth <= found.high
        naive.append(float(np.where(reviewed, right_after, ~wrong).mean()))
    assert abs(np.mean(values) - truth) < 0.006
    assert held / 600 > 0.93
    assert np.mean(naive) - truth > 0.05  # corrections counted as they come


def test_few_reviews_of_one_kind_say_nothing() -> None:
    wrong = np.arange(100) < 30
    found = weighted_accuracy(wrong, ~wrong, wrong, ~wrong)
    assert (
        found.value is None
        and found.why == "30 disagreeing and 0 agreeing items were reviewed so far; it takes 10 of each."
    )


def test_errors_by_agreement_give_back_the_true_accuracy() -> None:
    """Two people who err in a tenth independently agree in 0.82, and lower an accuracy of 0.9 to 0.82."""
    rng, n = np.random.default_rng(1), 20_000
    truth = rng.integers(0, 2, n)
    said = np.where(rng.random(n) < 0.9, truth, 1 - truth)
    given = np.where(rng.random(n) < 0.9, truth, 1 - truth)
    task: Task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    predictions: Predictions = task.predictions(np.eye(2)[said])
    question: Any = None
    measured = OnReserve(
        1, "", 1, question, task, {"l_1": "a", "l_2": "b"}, np.arange(n), given, predictions, Sample.of(n)
    )
    accuracy = measured.figure(task.metric("accuracy"))
    found = people.by_agreement(measured, Estimate(0.82, 0.80, 0.84, 500), accuracy)
    assert accuracy.value is not None and abs(accuracy.value - 0.82) < 0.01
    assert found.error.value is not None and abs(found.error.value - 0.1) < 1e-9
    assert found.corrected.value is not None and abs(found.corrected.value - 0.9) < 0.01
    assert found.corrected.low < 0.9 < found.corrected.high  # type: ignore[operator]
    as_chance = people.by_agreement(measured, Estimate(0.45, 0.40, 0.55, 100), accuracy)
    assert as_chance.corrected.value is None and as_chance.corrected.why
