"""The grid of a plan: set-ups to compare, the errors of annotators under which they are compared, and replays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from labelwright.check import check_between, check_count, complain
from labelwright.loop.results import BASELINE
from labelwright.plain import JsonObject
from labelwright.strategies import current

WHO: Final = "plan"
MAX_ERROR: Final = 0.9
MAX_REPLAYS: Final = 20_000


@dataclass(frozen=True)
class SetUp:
    """One way to label: how items are chosen, what is trained, how many a round, how many people an item.

    Examples
    --------
    >>> print(SetUp("margin", "linear", 10, 1))
    margin, linear, 10 a round
    >>> print(SetUp("margin", "linear", 10, 2))
    margin, linear, 10 a round, 2 people an item
    """

    strategy: str
    model: str
    batch_size: int
    overlap: int = 1

    def __str__(self) -> str:
        people = f", {self.overlap} people an item" if self.overlap > 1 else ""
        return f"{self.strategy}, {self.model}, {self.batch_size} a round{people}"

    @property
    def options(self) -> Mapping[str, str | int]:
        """The options of ``labelwright create`` that start a project in this way."""
        return {
            "strategy": self.strategy, "model": self.model, "batch_size": self.batch_size, "overlap": self.overlap,
        }  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One replay to play: a set-up, the error of the annotators in [0, 0.9], and the seed of split and start."""

    setup: SetUp
    error: float
    seed: int


@dataclass(frozen=True)
class Replay:
    """What one replay measured, a value for each round.

    Parameters
    ----------
    cell : Cell
    labels, answers : tuple of int
        Labeled items and answers so far; answers exceed labels where several people answer an item.
    values : tuple of float
        The metric on the test part.
    full : float
        The metric of the model that is trained on the whole pool.
    compute : float
        Seconds of training and of choosing, in all.
    """

    cell: Cell
    labels: tuple[int, ...]
    answers: tuple[int, ...]
    values: tuple[float, ...]
    full: float
    compute: float

    def to_json(self) -> JsonObject:
        """As plain JSON, for a line of a file."""
        cell, setup = self.cell, self.cell.setup
        return {
            "strategy": setup.strategy, "model": setup.model, "batch_size": setup.batch_size, "overlap": setup.overlap,
            "error": cell.error, "seed": cell.seed, "labels": list(self.labels), "answers": list(self.answers),
            "values": list(self.values), "full": self.full, "compute": self.compute,
        }  # fmt: skip

    @classmethod
    def of_json(cls, line: Mapping[str, object]) -> Replay:
        """The replay of such a line."""
        read: dict[str, object] = dict(line)
        setup = SetUp(str(read["strategy"]), str(read["model"]), _int(read["batch_size"]), _int(read["overlap"]))
        cell = Cell(setup, _float(read["error"]), _int(read["seed"]))
        return cls(
            cell, tuple(map(_int, _list(read["labels"]))), tuple(map(_int, _list(read["answers"]))),
            tuple(map(_float, _list(read["values"]))), _float(read["full"]), _float(read["compute"]),
        )  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """All set-ups of a plan, under all errors, for all seeds.

    Parameters
    ----------
    strategies, models : tuple of str
        Names; the baseline is random with the first model.
    batch_sizes, overlaps : tuple of int
    errors : tuple of float
        Shares of wrong answers, in [0, 0.9]; for numbers, the error's standard deviation in those of y.
    seeds : tuple of int

    Examples
    --------
    >>> grid = Grid(("margin",), ("linear",), (10,), seeds=(0, 1))
    >>> [str(setup) for setup in grid.setups]
    ['random, linear, 10 a round', 'margin, linear, 10 a round']
    >>> [cell.seed for cell in grid.cells]
    [0, 0, 1, 1]
    """

    strategies: tuple[str, ...]
    models: tuple[str, ...]
    batch_sizes: tuple[int, ...]
    overlaps: tuple[int, ...] = (1,)
    errors: tuple[float, ...] = (0.0,)
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)

    @property
    def baseline(self) -> SetUp:
        """Random items for the first model, in batches of the first size, answered by as few people as there are."""
        return SetUp(BASELINE, self.models[0], self.batch_sizes[0], min(self.overlaps))

    @property
    def setups(self) -> tuple[SetUp, ...]:
        """The baseline first, then all others in the order in which they were given."""
        others = [
            SetUp(strategy, model, size, overlap)
            for strategy in self.strategies
            for model in self.models
            for size in self.batch_sizes
            for overlap in self.overlaps
        ]
        return tuple(dict.fromkeys([self.baseline, *others]))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All replays: every set-up has one seed before any has two."""
        return tuple(Cell(setup, error, seed) for seed in self.seeds for error in self.errors for setup in self.setups)

    def checked(self) -> Grid:
        """The grid itself, once all of it can be played.

        Raises
        ------
        InputError
            If a part is empty, twice the same, unknown or out of range, or there are more than 20,000 replays.
        """
        parts: Mapping[str, Sequence[object]] = {
            "strategies": self.strategies, "models": self.models, "batch_sizes": self.batch_sizes,
            "overlaps": self.overlaps, "annotator_error": self.errors, "seeds": self.seeds,
        }  # fmt: skip
        for name, values in parts.items():
            if not values:
                raise complain(WHO, name, "a list of one or more", "none")
            if len(set(values)) < len(values):
                raise complain(WHO, name, "distinct", repr(list(values)), "Name each once.")
        for error in self.errors:
            check_between(WHO, "annotator_error", error, 0.0, MAX_ERROR)
        for size in self.batch_sizes:
            check_count(WHO, "batch_sizes", size)
        for overlap in self.overlaps:
            check_count(WHO, "overlaps", overlap)
        n_replays = len(self.setups) * len(self.errors) * len(self.seeds)
        if n_replays > MAX_REPLAYS:
            raise complain(WHO, "the grid", f"of {MAX_REPLAYS:,} replays or fewer", f"{n_replays:,}", "Leave some out.")
        return self

    def simplicity(self, setup: SetUp) -> tuple[int | bool, ...]:
        """What makes a set-up simpler than another, lower first: fewer people an item, random items, a strategy that
        looks at less, a model that was named earlier, fewer rounds."""
        kind = current().get(setup.strategy)
        needs = len(kind.needs) if kind is not None else len(current())
        return (
            setup.overlap, setup.strategy != BASELINE, needs, self.models.index(setup.model), -setup.batch_size,
            self.setups.index(setup),
        )  # fmt: skip


def _int(value: object) -> int:
    return int(str(value))


def _float(value: object) -> float:
    return float(str(value))


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []
