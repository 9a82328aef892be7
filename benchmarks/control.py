"""The control arm: how often the interval of "N random labels are worth M of the policy's" holds the truth.

python -m benchmarks.control --data DIR --projects 500

Projects are simulated by the steps of a real one: slots by the policy with its random share along the permutation, one
model a batch, and one on the arm alone. The truth is the same comparison of the same models on rows that nobody sees.
"""

from __future__ import annotations

import argparse
import math
import os
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import label_sets
from labelwright import tasks
from labelwright.evaluation.control import EqualLabels, equal_labels
from labelwright.loop import steps
from labelwright.loop.state import State
from labelwright.policy import Policy
from labelwright.policy.arm import arm, places

SETS = ("digits", "letter", "rainfall", "satellite", "spambase", "wa_churn")
STRATEGIES = ("margin", "auto")
HIDDEN, POOL = 1000, 1500  # rows at most
FEW, MANY = 120, 300  # reserve labels
METRIC = "accuracy"


@dataclass(frozen=True)
class Case:
    """One simulated project, measured on some reserve labels."""

    set: str
    strategy: str
    found: EqualLabels
    truth: float

    @property
    def covered(self) -> bool:
        """Whether the interval holds the truth; an open bound holds all beyond the curve."""
        return self.found.low <= self.truth <= self.found.high


def project(name: str, seed: int, *, data: Path | None, budget: int, batch_size: int) -> list[Case]:
    """Simulate one project; none where the set's source was not given."""
    os.environ["OMP_NUM_THREADS"] = "1"
    found = label_sets.load(name, data, None)
    if found is None:
        return []
    strategy = STRATEGIES[seed % len(STRATEGIES)]
    rng = np.random.default_rng([seed, len(name)])
    mixed = rng.permutation(len(found.y))
    reserve, rest = mixed[:MANY], mixed[MANY:]
    hidden, pool = np.split(rest[: POOL + HIDDEN], [min(HIDDEN, len(rest) // 2)])
    items = np.concatenate([pool, reserve, hidden])
    X, codes = found.X[items].astype(np.float32), found.y[items]
    names = [str(k) for k in range(int(found.y.max()) + 1)]
    task = tasks.make("classification", tasks.guess("classification", names))
    answers = task.decode(codes)
    in_pool = np.arange(len(items)) < len(pool)
    in_reserve = ~in_pool & (np.arange(len(items)) < len(pool) + MANY)
    order = places(seed, in_pool)
    policy = Policy(strategy=strategy, reserve_share=0, batch_size=batch_size, n_slots=batch_size, guard=False)
    state = State(task=task, X=X, pool=in_pool, reserve=in_reserve, policy=policy, places=order, seed=seed)
    asked = np.argsort(np.where(in_pool, order, len(items)))[:batch_size]
    n_labels, losses = list[int](), list[Any]()
    measured = np.flatnonzero(~in_pool)
    while True:
        labeled = replace(
            state, item_idx=asked, person=["a"] * len(asked), answer=[answers[k] for k in asked.tolist()],
            seed=seed * 1_000 + len(asked),
        )  # fmt: skip
        labels = steps.resolve(labeled)
        model = steps.fit(labeled, labels)
        assert model is not None
        n_labels.append(len(asked))
        losses.append(task.losses(METRIC, codes[measured], model.predict(X[measured])))
        if len(asked) >= budget:
            break
        slots = steps.rank(labeled, labels, steps.predict(labeled, model), model)
        asked = np.concatenate([asked, slots.item_idx])
    answered = np.isin(np.arange(len(items)), asked)
    in_arm = arm(order, answered, np.zeros(len(items), dtype=bool))
    alone = steps.fit(labeled, labels.among(in_arm))
    assert alone is not None
    of_arm = task.losses(METRIC, codes[measured], alone.predict(X[measured]))
    points, table = np.array(n_labels), np.array(losses)
    truth = equal_labels(len(in_arm), points, table[:, MANY:], of_arm[MANY:], n_resamples=2).value
    return [
        Case(name, strategy, equal_labels(len(in_arm), points, table[:, :n], of_arm[:n], random_state=seed), truth)
        for n in (FEW, MANY)
    ]


def cases(data: Path | None, n_projects: int, *, budget: int, batch_size: int) -> Iterator[Case]:
    """All projects, set by set in turn."""
    jobs = [(SETS[k % len(SETS)], k // len(SETS)) for k in range(n_projects)]
    one = partial(project, data=data, budget=budget, batch_size=batch_size)
    with ProcessPoolExecutor() as pool:
        for made in pool.map(one, *zip(*jobs, strict=True)):
            yield from made


def line(title: str, own: list[Case]) -> str:
    """Coverage, share of bounded intervals, and widths of those."""
    bounded = [case.found for case in own if case.found.bounded]
    widths = [math.log2(found.high / found.low) for found in bounded]
    arms = np.mean([case.found.n_arm for case in own])
    width = f"{2 ** np.median(widths):8.1f}" if widths else f"{'':8}"
    return (
        f"  {title:24} {len(own):8} {np.mean([case.covered for case in own]):9.1%} {len(bounded) / len(own):9.1%} "
        f"{width} {arms:10.0f}"
    )


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of data sets; digits serves without")
    parser.add_argument("--projects", type=int, default=60)
    parser.add_argument("--budget", type=int, default=400)
    parser.add_argument("--batch-size", type=int, default=20)
    given = parser.parse_args()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        every = list(cases(given.data, given.projects, budget=given.budget, batch_size=given.batch_size))
    print(f"  {'':24} {'projects':>8} {'covered':>9} {'bounded':>9} {'high/low':>8} {'arm labels':>10}")
    for n in (FEW, MANY):
        own = [case for case in every if case.found.n == n]
        print(line(f"{n} reserve labels", own))
        for group in (*SETS, *STRATEGIES):
            some = [case for case in own if group in (case.set, case.strategy)]
            if some:
                print(line(f"  {group}", some))


if __name__ == "__main__":
    main()
