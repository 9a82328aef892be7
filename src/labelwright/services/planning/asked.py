"""What a plan is asked to compare, as a request, a file of a home and the command line state it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from labelwright.errors import InputError
from labelwright.loop.plan_result import Plan
from labelwright.loop.planning import Replayed, empty_plan, prepare
from labelwright.plain import Json, JsonObject
from labelwright.services.planning.labeled import Labeled

STRATEGIES: Final = ("auto", "margin", "random")


@dataclass(frozen=True)
class Asked:
    """The grid and the prices of a plan.

    Parameters
    ----------
    strategies, models : tuple of str
        No model means the default one for the data.
    batch_sizes : tuple of int
        None means one that follows from the data.
    overlaps : tuple of int
    errors : tuple of float
        In [0, 0.9].
    seeds : int
    budget : int, optional
    metric : str, optional
    target : float, optional
    seconds_per_label, rate : float, optional
    """

    strategies: tuple[str, ...] = STRATEGIES
    models: tuple[str, ...] = ()
    batch_sizes: tuple[int, ...] = ()
    overlaps: tuple[int, ...] = (1,)
    errors: tuple[float, ...] = (0.0,)
    seeds: int = 5
    budget: int | None = None
    metric: str | None = None
    target: float | None = None
    seconds_per_label: float | None = None
    rate: float | None = None

    def prepared(self, labeled: Labeled) -> tuple[Plan, Replayed]:
        """The plan without replays yet, and what they are played on.

        Raises
        ------
        InputError
            If a name is unknown, a value out of range, or there are too few items.
        """
        grid, data = prepare(
            labeled.X, labeled.y, strategies=self.strategies, models=self.models or (labeled.model,),
            batch_sizes=self.batch_sizes or None, overlaps=self.overlaps, annotator_error=self.errors,
            metric=self.metric, seeds=self.seeds, budget=self.budget, n_initial=None, test_size=0.3,
            groups=labeled.groups,
        )  # fmt: skip
        plan = empty_plan(
            grid, data, target=self.target, seconds_per_label=self.seconds_per_label, rate=self.rate
        )  # fmt: skip
        return plan, data

    def to_json(self) -> JsonObject:
        """As plain JSON."""
        plain: JsonObject = {}
        for name, value in asdict(self).items():
            plain[name] = list(value) if isinstance(value, tuple) else value
        return plain

    @classmethod
    def of_json(cls, read: JsonObject) -> Asked:
        """Of such JSON."""
        return cls(**{name: tuple(v) if isinstance(v, list) else v for name, v in read.items()})  # type: ignore[arg-type]


def create_command(plan: Plan, labeled: Labeled, name: str, source: str) -> str:
    """The ``labelwright create`` command that starts a project as the plan proposes."""
    import shlex

    given: dict[str, Json] = {"task": labeled.task}
    columns = labeled.columns
    given |= {"id": columns.id, "text": columns.text, "image": columns.image, "group": columns.group}
    if columns.features:
        given["features"] = ",".join(columns.features)
    if labeled.labels:
        given["labels"] = ",".join(labeled.labels)
    given |= {"goal": f"{plan.metric}={plan.target:.4g}", **plan.config()}
    words = [
        word
        for option, value in given.items()
        if value is not None
        for word in (f"--{option.replace('_', '-')}", str(value))
    ]
    return shlex.join(["labelwright", "create", name, source, *words])


def numbers(text: str, kind: type[int] | type[float], option: str) -> Sequence[float]:
    """The numbers of an option such as ``10,20``.

    Raises
    ------
    InputError
        If one is none.

    Examples
    --------
    >>> numbers("10, 20", int, "--batch-sizes")
    [10, 20]
    """
    try:
        return [kind(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise InputError(f"plan: {option} must be numbers with commas between, got '{text}'.") from None
