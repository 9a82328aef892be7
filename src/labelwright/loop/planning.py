"""Plans before spending: replays a grid of set-ups on labeled data, in parallel, to choose the set-up to start with."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.check import check_between, check_count, complain
from labelwright.loop.annotator import Annotator
from labelwright.loop.given import read_seeds
from labelwright.loop.jobs import check_jobs
from labelwright.loop.plan_grid import WHO, Cell, Grid, Replay
from labelwright.loop.plan_result import Plan
from labelwright.loop.results import BASELINE
from labelwright.loop.simulate import simulate
from labelwright.loop.targets import as_model, read_items, read_targets
from labelwright.strategies import check_fits
from labelwright.strategies import make as make_strategy
from labelwright.strategies.base import Strategy

MIN_ITEMS: Final = 40
ROUNDS: Final = 12  # of a replay, by default
Progress = Callable[[Plan], "bool | None"]


@dataclass(frozen=True)
class Replayed:
    """The labeled data and what all replays share.

    Parameters
    ----------
    X, y
        As `labelwright.simulate` takes them.
    models : mapping of str to estimator, or name of a model of ours
    strategies : mapping of str to Strategy
    n_initial, budget : int
    test_size : float
    groups : array of shape (n_items,), optional
    metric : str, optional
    """

    X: object
    y: npt.ArrayLike
    models: dict[str, object]
    strategies: dict[str, Strategy]
    n_initial: int
    budget: int
    test_size: float = 0.3
    groups: npt.ArrayLike | None = None
    metric: str | None = None


def plan(
    X: object,
    y: npt.ArrayLike,
    *,
    strategies: Sequence[str | Strategy] = ("auto", "margin", BASELINE),
    models: Sequence[object] = ("linear",),
    batch_sizes: Sequence[int] | None = None,
    overlaps: Sequence[int] = (1,),
    annotator_error: Sequence[float] = (0.0,),
    target: float | None = None,
    metric: str | None = None,
    seeds: int | Iterable[int] = 5,
    budget: int | None = None,
    n_initial: int | None = None,
    test_size: float = 0.3,
    groups: npt.ArrayLike | None = None,
    seconds_per_label: float | None = None,
    rate: float | None = None,
    n_jobs: int | None = None,
    callback: Progress | None = None,
) -> Plan:
    """Choose how to label by replaying labeled data, before people spend their time.

    Every set-up (strategy, model, batch size, people an item) is replayed on the same splits as the baseline, which is
    random items for the first model. All set-ups have one seed before any has two, so that what is finished can be
    compared from the first minute on. An interrupt (Ctrl-C) ends it early with what is finished.

    Parameters
    ----------
    X : array, sparse matrix or DataFrame of shape (n_items, n_features), or n_items texts or records
        As `simulate` takes it; 40 items or more.
    y : array of shape (n_items,), or (n_items, n_labels) of zeros and ones for multilabel
        Labels that count as true.
    strategies : sequence of str or Strategy
    models : sequence of str or scikit-learn estimator
        The simplest first: it is the baseline's, and preferred where two are equal.
    batch_sizes : sequence of int, optional
        Labels a round; by default so many that the budget takes 12 rounds.
    overlaps : sequence of int
        People who answer an item.
    annotator_error : sequence of float
        Chances of a wrong answer, in [0, 0.9]; for numbers, the error's standard deviation in those of y. Each is a
        case of its own: nobody chooses how often people err.
    target : float, optional
        The value to reach; else 95 % of what the baseline's model gains between first labels and whole pool.
    metric : str, optional
        As in `simulate`.
    seeds : int or iterable of int
        How many, from 0 on, or which. With 2 there are intervals; 5 or more make them useful.
    budget : int, optional
        Labels at which a replay ends; a quarter of the items and at least 60 by default, within the pool.
    n_initial : int, optional
        Random labels to begin with; 20 or twice the number of classes by default.
    test_size : float
        Part of the items that measures, in (0, 1).
    groups : array of shape (n_items,), optional
        Never split between pool and test.
    seconds_per_label : float, optional
        Seconds of an answer, above 0: gives hours.
    rate : float, optional
        Money of an hour, at least 0; needs ``seconds_per_label``.
    n_jobs : int, optional
        Processes: one by default, -1 for one a core. The results do not depend on it.
    callback : callable, optional
        Called with the partial `Plan` after each replay; False ends the plan there.

    Returns
    -------
    plan : Plan
        ``best``, ``table``, ``text()``, ``config()``, ``curves``.

    Raises
    ------
    InputError
        If a name is unknown, a value out of range, or there are too few items.

    Notes
    -----
    The best of many looks better than it is. So the saving of ``best`` is cross-fitted: each seed's saving is that of
    the set-up which the other seeds choose. Intervals are corrected for overlapping splits (Nadeau and Bengio), on
    the logarithm of answers. All replays are of one data set: they tell what would have happened on these items, and
    other data differ by more than the interval says.

    References
    ----------
    Cawley, Talbot (2010). On over-fitting in model selection and subsequent selection bias in performance evaluation,
    sec. 5; Nadeau, Bengio (2003). Inference for the generalization error, sec. 3.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(200, 2))
    >>> found = plan(X, X[:, 0] > 0, strategies=["margin"], seeds=2, budget=60, target=0.7)
    >>> found.complete, sorted(found.config()), found.best.n_reached
    (True, ['batch_size', 'model', 'overlap', 'strategy'], 2)
    """
    check_jobs(n_jobs)
    grid, data = prepare(
        X, y, strategies=strategies, models=models, batch_sizes=batch_sizes, overlaps=overlaps,
        annotator_error=annotator_error, metric=metric, seeds=seeds, budget=budget, n_initial=n_initial,
        test_size=test_size, groups=groups,
    )  # fmt: skip
    empty = empty_plan(grid, data, target=target, seconds_per_label=seconds_per_label, rate=rate)
    done: list[Replay] = []
    try:
        for run in run_cells(data, grid.cells, n_jobs=n_jobs):
            done.append(run)
            if callback is not None and callback(replace(empty, replays=tuple(done))) is False:
                break
    except KeyboardInterrupt:
        if not done:
            raise
        warnings.warn(f"plan: interrupted after {len(done)} of {len(grid.cells)} replays.", UserWarning, stacklevel=2)
    return replace(empty, replays=tuple(done))


def prepare(
    X: object, y: npt.ArrayLike, *, strategies: Sequence[str | Strategy], models: Sequence[object],
    batch_sizes: Sequence[int] | None, overlaps: Sequence[int], annotator_error: Sequence[float], metric: str | None,
    seeds: int | Iterable[int], budget: int | None, n_initial: int | None, test_size: float,
    groups: npt.ArrayLike | None,
) -> tuple[Grid, Replayed]:  # fmt: skip
    """The grid and the data of a plan, checked and with what follows from the data filled in; see `plan`."""
    if isinstance(models, str) or not len(models):
        raise complain(WHO, "models", "a list of one or more", repr(models))
    if isinstance(strategies, (str, Strategy)):
        raise complain(WHO, "strategies", "a list of one or more", repr(strategies))
    named_models = {model if isinstance(model, str) else type(model).__name__: model for model in models}
    named = {one if isinstance(one, str) else one.name: one for one in strategies}
    if len(named_models) < len(models) or len(named) < len(strategies):
        raise complain(WHO, "models and strategies", "of distinct names", "one twice", "Plan them apart.")
    n_items = int(read_items(X, models[0], WHO).shape[0])
    if n_items < MIN_ITEMS:
        raise complain(WHO, "X", f"of {MIN_ITEMS} labeled items or more", n_items, "Label more, or take similar data.")
    check_between(WHO, "test_size", test_size, 1e-6, 1 - 1e-6)
    pool = int(n_items * (1 - test_size))
    task, _, values = read_targets(y, models[0], WHO)
    n_classes = 2 if values is None else len(values)
    n_first = min(max(20, 2 * n_classes), max(pool // 4, 2)) if n_initial is None else n_initial
    limit = pool if groups is None else int(0.8 * pool)
    spent = min(limit, max(60, n_items // 4)) if budget is None else budget
    check_count(WHO, "budget", spent, max(n_first, 1) + 1, pool, "Lower it: it exceeds the pool.")
    sizes = (max(1, round((spent - n_first) / ROUNDS)),) if batch_sizes is None else tuple(batch_sizes)
    grid = Grid(
        tuple(named), tuple(named_models), sizes, tuple(overlaps), tuple(map(float, annotator_error)),
        tuple(read_seeds(seeds)),
    ).checked()  # fmt: skip
    made = {
        name: make_strategy(one) if isinstance(one, str) else one for name, one in {BASELINE: BASELINE, **named}.items()
    }
    for strategy in made.values():
        check_fits(strategy, task)
    for model in models:
        as_model(model, task, values)
    return grid, Replayed(X, y, named_models, made, n_first, spent, test_size, groups, metric)


def empty_plan(
    grid: Grid, data: Replayed, *, target: float | None, seconds_per_label: float | None, rate: float | None
) -> Plan:
    """A plan without replays yet."""
    if seconds_per_label is not None:
        check_between(WHO, "seconds_per_label", seconds_per_label, 1e-9, 86_400.0)
    if rate is not None:
        check_between(WHO, "rate", rate, 0.0, 1e6)
        if seconds_per_label is None:
            raise complain(WHO, "rate", "given with seconds_per_label", "alone", "Say how long an answer takes.")
    task, _, _ = read_targets(data.y, data.models[grid.models[0]], WHO)
    metric = data.metric or task.default_metric
    higher = task.higher_is_better(metric)
    return Plan(grid, (), metric, higher, data.test_size, data.budget, target, seconds_per_label, rate)


def run_cells(data: Replayed, cells: Sequence[Cell], *, n_jobs: int | None = None) -> Iterator[Replay]:
    """Play replays, each as soon as a process is free; they come in the order in which they finish."""
    if n_jobs in (1, None) or len(cells) == 1:
        yield from (play(data, cell) for cell in cells)
        return
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=n_jobs, return_as="generator_unordered")(delayed(play)(data, cell) for cell in cells)


def play(data: Replayed, cell: Cell) -> Replay:
    """Play one replay: `labelwright.simulate` of one strategy on one seed."""
    setup = cell.setup
    result = simulate(
        data.X, data.y, data.models[setup.model], strategies=[data.strategies[setup.strategy]],
        n_initial=data.n_initial, batch_size=setup.batch_size, budget=data.budget, test_size=data.test_size,
        groups=data.groups, annotators=_people(data, cell), overlap=setup.overlap, metric=data.metric,
        seeds=[cell.seed], progress=False,
    )  # fmt: skip
    curves = result.curves
    return Replay(
        cell, tuple(map(int, curves["n_labels"])), tuple(map(int, curves["cost"])), tuple(map(float, curves["value"])),
        float(result.full.iloc[0]), float(curves["fit_seconds"].sum() + curves["select_seconds"].sum()),
    )  # fmt: skip


def _people(data: Replayed, cell: Cell) -> list[Annotator] | None:
    """People who err so often, one more than answer an item; None where nobody errs."""
    if cell.error == 0:
        return None
    _, target, _ = read_targets(data.y, data.models[cell.setup.model], WHO)
    if target.dtype.kind == "f":
        noise = cell.error * float(np.std(target))
        return [Annotator(f"person {k + 1}", noise=noise) for k in range(cell.setup.overlap + 1)]
    return [Annotator(f"person {k + 1}", accuracy=1 - cell.error) for k in range(cell.setup.overlap + 1)]
