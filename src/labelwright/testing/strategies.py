"""Checks for a strategy."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from labelwright import tasks
from labelwright.errors import InputError
from labelwright.strategies import Strategy
from labelwright.testing.by_row import shards_are_nothing
from labelwright.testing.samples import (
    N_ITEMS,
    N_LABELED,
    PER_ITEM,
    cases,
    evidence_of,
    rng_of,
    sample_arrays,
    sample_task,
)

Kind = type[Strategy]
NEEDS = {
    "margin", "scored", "proba", "doubt", "draws", "embed", "answers", "changed", "labeled", "annotations", "source",
}  # fmt: skip


def check_strategy(kind: Kind) -> None:
    """Run all checks on a strategy; it is built without parameters."""
    for check in STRATEGY_CHECKS:
        check(kind)


def picks(kind: Kind, task: Any, arrays: Any, n: int = 8, seed: int = 0, **more: Any) -> list[int]:
    """The strategy's own picks."""
    return [int(i) for i in kind().pick(evidence_of(task, arrays, **more), n, rng_of(seed)).indices]


def states_itself(kind: Kind) -> None:
    """Name, family, known tasks, known needs, a reference and a docstring."""
    assert kind.name == kind.name.lower() and " " not in kind.name and kind.family, kind
    assert kind.tasks and set(kind.tasks) <= set(tasks.names()), kind.tasks
    assert set(kind.needs) <= NEEDS, kind.needs
    assert kind.reference and kind.__doc__ and 0 <= kind.random_share <= 1


def inputs_untouched(kind: Kind) -> None:
    """Read-only inputs work, and are unchanged afterwards."""
    for task, arrays in cases(kind):
        before = {key: value.copy() for key, value in arrays.items()}
        for value in arrays.values():
            value.setflags(write=False)
        kind().select(evidence_of(task, arrays), 8, rng_of())
        assert all((before[key] == arrays[key]).all() for key in before)


def distinct_candidates(kind: Kind) -> None:
    """n distinct positions for few, many and all; parts of the score per pick; also for one candidate."""
    for task, arrays in cases(kind):
        for n in (1, 8, N_ITEMS):
            selection = kind().select(evidence_of(task, arrays), n, rng_of())
            distinct = set(zip(selection.source.tolist(), selection.indices.tolist(), strict=True))
            assert selection.indices.dtype == np.int64 and len(distinct) == n
            assert selection.indices.min() >= 0 and selection.indices.max() < N_ITEMS
            parts = [
                selection.scores,
                selection.source,
                selection.origin,
                selection.propensity,
                *selection.reasons.values(),
            ]
            assert all(len(part) == n for part in parts)
            assert (np.isfinite(selection.propensity) == (selection.origin == "random")).all()
            assert np.isfinite(selection.scores[selection.origin == "strategy"]).all()
        one = {key: arrays[key][:, :1] if key == "draws" else arrays[key][:1] for key in PER_ITEM}
        assert picks(kind, task, arrays | one, n=1) == [0]


def same_seed_same_picks(kind: Kind) -> None:
    """The same seed gives the same picks in this process."""
    for task, arrays in cases(kind):
        assert picks(kind, task, arrays) == picks(kind, task, arrays)


def same_picks_in_another_process(kind: Kind) -> None:
    """The same seed gives the same picks in another process, where hashes of strings differ."""
    assert _picks_elsewhere(kind) == [picks(kind, task, arrays) for task, arrays in cases(kind)]


ELSEWHERE = """
import importlib, json, sys
from labelwright.testing import strategies as s
for line in sys.stdin:
    module, name = line.split()
    kind = getattr(importlib.import_module(module), name)
    print(json.dumps([s.picks(kind, *case) for case in s.cases(kind)]), flush=True)
"""


@cache
def _another_process(distribution: str) -> subprocess.Popen[str]:
    """A process that prints the picks of each strategy named on its input; one for all strategies of a distribution."""
    process = subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(process.communicate)
    return process


def _picks_elsewhere(kind: Kind) -> Any:
    process = _another_process(kind.__module__.partition(".")[0])
    assert process.stdin is not None and process.stdout is not None
    print(kind.__module__, kind.__qualname__, file=process.stdin, flush=True)
    line = process.stdout.readline()
    if not line:
        _another_process.cache_clear()
        raise AssertionError(f"{kind.name} fails in another process, see its standard error")
    return json.loads(line)


def order_of_items_is_nothing(kind: Kind) -> None:
    """The same items in another order give the same picks, or the same probabilities if picks are sampled."""
    if kind.drawn:
        _chances_stay(kind)
        return
    shuffled = np.random.default_rng(5).permutation(N_ITEMS)
    for task, arrays in cases(kind):
        moved = dict(arrays) | {key: arrays[key][shuffled] for key in ("embed", "values")}
        moved["draws"] = arrays["draws"][:, shuffled]
        assert {int(shuffled[i]) for i in picks(kind, task, moved)} == set(picks(kind, task, arrays))


def _chances_stay(kind: Kind) -> None:
    """How often each item is picked, over many seeds, before and after a shuffle."""
    shuffled = np.random.default_rng(5).permutation(N_ITEMS)
    n_seeds = 150
    for task, arrays in cases(kind)[:1]:
        moved = dict(arrays) | {key: arrays[key][shuffled] for key in ("embed", "values")}
        moved["draws"] = arrays["draws"][:, shuffled]
        counts = np.zeros((2, N_ITEMS))
        for seed in range(n_seeds):
            counts[0, picks(kind, task, arrays, seed=seed)] += 1
            counts[1, shuffled[picks(kind, task, moved, seed=seed)]] += 1
        p = counts.mean(axis=0) / n_seeds
        error = np.sqrt(np.maximum(2 * p * (1 - p) / n_seeds, 1e-12))
        assert (np.abs(counts[0] - counts[1]) / n_seeds <= 5 * error + 1e-9).all()


def order_of_classes_is_nothing(kind: Kind) -> None:
    """Renumbered classes or labels give the same picks."""
    turn = np.array([2, 0, 1])
    for task, arrays in cases(kind):
        if task.n_outputs < 2:
            continue
        moved = dict(arrays) | {"values": arrays["values"][:, turn], "draws": arrays["draws"][:, :, turn]}
        moved |= {"values_labeled": arrays["values_labeled"][:, turn], "maps": arrays["maps"][:, :, turn]}
        y = arrays["y_labeled"]
        moved["y_labeled"] = y[:, turn] if y.ndim == 2 else np.argsort(turn)[y]
        assert set(picks(kind, task, moved)) == set(picks(kind, task, arrays))


def precision_is_little(kind: Kind) -> None:
    """float32 and float64 agree on all but near-ties."""
    for task, arrays in cases(kind):
        small = {key: value if key == "y_labeled" else value.astype(np.float32) for key, value in arrays.items()}
        large = {key: value if key == "y_labeled" else value.astype(np.float64) for key, value in arrays.items()}
        assert len(set(picks(kind, task, small)) & set(picks(kind, task, large))) >= 7


def blocks_are_nothing(kind: Kind) -> None:
    """Picks do not depend on the memory allowed."""
    for task, arrays in cases(kind):
        assert picks(kind, task, arrays, max_bytes=4096) == picks(kind, task, arrays)


def duplicates_once_a_batch(kind: Kind) -> None:
    """Where the batch matters, one of each group is picked while there are groups left."""
    if not kind.batch_aware:
        return
    for task, arrays in cases(kind):
        twice = arrays | {key: _doubled(key, arrays[key]) for key in PER_ITEM}
        groups = np.tile(np.arange(N_ITEMS), 2)
        positions = picks(kind, task, twice, n=12, groups=groups)
        assert len({int(groups[i]) for i in positions}) == 12
        assert len(set(picks(kind, task, twice, n=N_ITEMS + 5, groups=groups))) == N_ITEMS + 5


def _doubled(key: str, value: Any) -> Any:
    return np.concatenate([value, value], axis=1 if key == "draws" else 0)


def all_equal(kind: Kind) -> None:
    """Items that are all equal are still picked, each once."""
    for task, arrays in cases(kind):
        flat = dict(arrays) | {"embed": np.ones_like(arrays["embed"])}
        flat["values"] = np.broadcast_to(arrays["values"][:1], arrays["values"].shape)
        flat["draws"] = np.broadcast_to(arrays["draws"][:, :1], arrays["draws"].shape)
        assert len(set(picks(kind, task, flat))) == 8


def one_class(kind: Kind) -> None:
    """Answers of one class only do not raise an error."""
    for task, arrays in cases(kind):
        same = dict(arrays) | {"y_labeled": np.repeat(arrays["y_labeled"][:1], N_LABELED, axis=0)}
        assert len(set(picks(kind, task, same))) == 8


def nothing_labeled(kind: Kind) -> None:
    """A strategy that claims to start without labels does; another one names what is missing."""
    for task, arrays in cases(kind):
        cold: dict[str, Any] = dict.fromkeys(
            ("predict", "predict_changed", "predict_labeled", "y_labeled", "embed_labeled", "annotations")
        )
        if kind.cold:
            assert len(set(picks(kind, task, arrays, **cold))) == 8
        elif set(kind.needs) - {"embed"}:
            _refuses(picks, kind, task, arrays, **cold)


def bad_input_is_refused(kind: Kind) -> None:
    """n out of range, and NaN in what the strategy looks at."""
    for task, arrays in cases(kind):
        for n in (0, -1, N_ITEMS + 1, 2.5, True):
            _refuses(kind().select, evidence_of(task, arrays), n, rng_of())
        looked = {
            "margin": "values",
            "scored": "values",
            "proba": "values",
            "doubt": "values",
            "draws": "draws",
            "embed": "embed",
        }
        for key in {looked[need] for need in kind().needs_of(task) if need in looked}:
            broken = dict(arrays) | {key: arrays[key].copy()}
            broken[key][..., -1] = np.nan
            _refuses(picks, kind, task, broken)


def costs_divide_gains(kind: Kind) -> None:
    """Ten times the costs give the same picks; equal gains come cheaper first; costs need a gain."""
    costs = np.linspace(1, 3, N_ITEMS)
    for task, arrays in cases(kind):
        if not kind.has_gain:
            _refuses(picks, kind, task, arrays, costs=costs)
            continue
        assert picks(kind, task, arrays, costs=costs) == picks(kind, task, arrays, costs=10 * costs)
        assert picks(kind, task, arrays, costs=np.full(N_ITEMS, 2.0)) == picks(kind, task, arrays)
        cheap = np.full(N_ITEMS, 1e6)
        second = picks(kind, task, arrays, n=2)[1]  # not the favourite, but one with a gain
        cheap[second] = 1e-6
        assert picks(kind, task, arrays, n=1, costs=cheap) == [second]
        for bad in (0.0, -1.0, np.nan, np.inf):
            _refuses(picks, kind, task, arrays, costs=np.full(N_ITEMS, bad))


def higher_comes_first(kind: Kind) -> None:
    """Scores of picks decrease, unless the batch matters; a gain is never negative."""
    for task, arrays in cases(kind):
        if kind.batch_aware or kind.drawn:
            continue
        scores = kind().pick(evidence_of(task, arrays), 8, rng_of()).scores
        assert (np.diff(scores) <= 0).all()
        assert not kind.has_gain or (kind()._gain(evidence_of(task, arrays)) >= 0).all()


def tasks_are_kept_to(kind: Kind) -> None:
    """A task that the strategy does not name is refused."""
    for name in set(tasks.names()) - set(kind.tasks):
        task = sample_task(name)
        _refuses(picks, kind, task, sample_arrays(task))


def _refuses(call: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    try:
        call(*args, **kwargs)
    except InputError as error:
        assert error.message.endswith(".") and " must be " in error.message, error.message
        return
    raise AssertionError("expected an InputError")


STRATEGY_CHECKS: tuple[Callable[[Kind], None], ...] = (
    states_itself, inputs_untouched, distinct_candidates, same_seed_same_picks, same_picks_in_another_process,
    order_of_items_is_nothing, order_of_classes_is_nothing, precision_is_little, blocks_are_nothing, shards_are_nothing,
    duplicates_once_a_batch, all_equal, one_class, nothing_labeled, bad_input_is_refused, costs_divide_gains,
    higher_comes_first, tasks_are_kept_to,
)  # fmt: skip
