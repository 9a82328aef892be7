"""What a project aims at: a metric, a number, a deadline and a budget; and the stopping rules that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from labelwright.check import check_between, check_count, check_magnitude
from labelwright.engine.targets import Target, check_targets
from labelwright.errors import InputError
from labelwright.plain import Json, JsonObject
from labelwright.stats.certify import ALPHA
from labelwright.stopping.plateau import MIN_RESERVE
from labelwright.tasks import Task
from labelwright.tasks.positive import about

OPENINGS: Final = 3
MAX_OPENINGS: Final = 20
OPENINGS_HINT: Final = "Each opening has its part of the error, so that more of them need more labels."
FURTHER: Final = ("openings", "point_value", "label_cost", "prevalence", "before")
RECALL: Final = "recall"
AGREED: Final = 0.97  # the kappa of successive models from which a plateau is believed
MAX_BUDGET: Final = 100_000_000
BUDGET_HINT: Final = "It counts the items that people answer, those of the reserve and repeated ones too."


@dataclass(frozen=True)
class Goal:
    """A goal of the primary question.

    Attributes
    ----------
    metric : str
        A metric of the task.
    value : float
        The metric is to reach it, or to come down to it where less is better.
    deadline : date, optional
        The last day.
    budget : int, optional
        How many answers of people may be spent, those about the reserve among them.
    openings : int
        How often the sealed labels may be opened to certify it, 1 to 20; they share the error of 5 %.
    point_value : float, optional
        What a point (0.01) of the metric is worth, above 0, in the unit of ``label_cost``.
    label_cost : float, optional
        What an answer costs, above 0.
    prevalence : float, optional
        Of a search, the share of the items that is expected to be relevant, in (0, 1): the blind sample is sized by it.
    targets : tuple of Target
        What is to be reached in parts of the items besides.
    before : int, optional
        Labels that such a model took before, by what the lead says: a saving may be claimed against it.

    Notes
    -----
    A goal of ``recall`` makes a search: all relevant items are to be found, and a model is only the means.
    """

    metric: str
    value: float
    deadline: date | None = None
    budget: int | None = None
    openings: int = OPENINGS
    point_value: float | None = None
    label_cost: float | None = None
    prevalence: float | None = None
    targets: tuple[Target, ...] = ()
    before: int | None = None

    @classmethod
    def parse(cls, text: str) -> Goal:
        """Read ``METRIC=VALUE``.

        Raises
        ------
        InputError

        Examples
        --------
        >>> Goal.parse("accuracy=0.92").value
        0.92
        """
        name, _, value = text.partition("=")
        try:
            return cls(name.strip(), float(value))
        except ValueError as error:
            raise InputError(f"goal: it must be METRIC=VALUE, got '{text}'.", "For example accuracy=0.92.") from error

    def checked(self, task: Task, *, today: date | None = None) -> Goal:
        """This goal, if it can be aimed at.

        Parameters
        ----------
        today : date, optional
            A deadline must not lie before it.

        Raises
        ------
        InputError
            If the task has no such metric, or value, deadline or budget are not possible.
        """
        if self.is_search:
            check_between("goal", "recall", self.value, 0.01, 0.999)
        else:
            task.higher_is_better(self.metric)
        if self.prevalence is not None:
            check_between("goal", "prevalence", self.prevalence, 1e-9, 1)
        check_magnitude("goal", "value", self.value)
        if self.budget is not None:
            check_count("goal", "budget", self.budget, 1, MAX_BUDGET, BUDGET_HINT)
        if self.before is not None:
            check_count("goal", "labels before", self.before, 1, MAX_BUDGET)
        check_targets(self.targets, task, today=today)
        check_count("goal", "openings", self.openings, 1, MAX_OPENINGS, OPENINGS_HINT)
        for what in ("point_value", "label_cost"):
            if (amount := getattr(self, what)) is not None:
                check_between("goal", what.replace("_", " "), amount, 1e-9, 1e12)
        if self.deadline is not None and today is not None and self.deadline < today:
            raise InputError(
                f"goal: the deadline must be today or later, got {self.deadline}.", f"Today is {today} in UTC."
            )
        return self

    def until(self, deadline: str | None) -> Goal:
        """This goal with a deadline, ``YYYY-MM-DD``.

        Raises
        ------
        InputError
            If it is no date.
        """
        try:
            return replace(self, deadline=None if deadline is None else date.fromisoformat(deadline))
        except ValueError as error:
            raise InputError(f"goal: the deadline must be a date such as 2027-03-31, got '{deadline}'.") from error

    def about(self, label: str | None) -> Goal:
        """This goal, its metrics of one class about the label that the question looks for, where they name none.

        >>> [Goal(metric, 0.8).about("spam").metric for metric in ("f1", "recall", "f1:ham")]
        ['f1:spam', 'recall', 'f1:ham']
        """
        if label is None:
            return self
        targets = tuple(replace(one, metric=about(one.metric, label)) for one in self.targets)
        return replace(self, metric=self.metric if self.is_search else about(self.metric, label), targets=targets)

    @property
    def certifies(self) -> tuple[float, int] | None:
        """The accuracy to certify and the number of openings, None where nothing can be certified exactly.

        >>> Goal("accuracy", 0.9).certifies, Goal("macro-f1", 0.9).certifies
        ((0.9, 3), None)
        """
        return (self.value, self.openings) if self.metric == "accuracy" and 0 < self.value < 1 else None

    @property
    def blind(self) -> tuple[float, float | None] | None:
        """The recall to certify and the expected prevalence, None where it is no search."""
        return (self.value, self.prevalence) if self.is_search else None

    @property
    def text(self) -> str:
        """``METRIC=VALUE``.

        >>> Goal("accuracy", 0.92).text
        'accuracy=0.92'
        """
        return f"{self.metric}={self.value:g}"

    @property
    def is_search(self) -> bool:
        """Whether relevant items are to be found, for which the metric is recall."""
        return self.metric == RECALL

    def to_config(self, task: Task) -> JsonObject:
        """What stands in a project's configuration: the goal, and the stopping rules that follow from it."""
        rules = self._of_search() if self.is_search else self._of_model(task)
        if self.budget is not None:
            rules.insert(1, {"name": "budget", "params": {"cost": self.budget}})
        return {
            "goal": {
                "metric": self.metric, "value": self.value, "budget": self.budget,
                "deadline": None if self.deadline is None else self.deadline.isoformat(),
                "openings": self.openings, "point_value": self.point_value, "label_cost": self.label_cost,
                "prevalence": self.prevalence, "targets": [one.to_json() for one in self.targets],
                "before": self.before,
            },
            "rules": rules,
        }  # fmt: skip

    def _of_search(self) -> list[Json]:
        """The blind sample certifies and has the whole error of 5 %; the others are hints."""
        certified: JsonObject = {"recall": self.value, "alpha": ALPHA}
        return [
            {"name": "qbcb", "params": certified}, {"name": "knee", "params": {}},
            {"name": "consecutive-irrelevant", "params": {}},
        ]  # fmt: skip

    def _of_model(self, task: Task) -> list[Json]:
        higher = task.higher_is_better(self.metric)
        threshold: JsonObject = {
            "threshold": self.value, "higher_is_better": higher, "min_reserve": MIN_RESERVE,
        }  # fmt: skip
        rules: list[Json] = [{"name": "target", "params": threshold}]
        if higher and 0 < self.value <= 1:  # the margin of a plateau is in points
            rules.append({"name": "plateau", "params": {}})
        rules.append({"name": "kappa-stable", "params": {"threshold": AGREED}})
        if self.point_value is not None:
            worth: JsonObject = {
                "value_of_point": self.point_value, "cost_per_label": self.label_cost, "higher_is_better": higher,
            }  # fmt: skip
            rules.append({"name": "cost-benefit", "params": worth})
        return rules

    @classmethod
    def from_config(cls, config: JsonObject) -> Goal | None:
        """The goal of a project's configuration, None where there is none.

        >>> Goal.from_config({"goal": "accuracy=0.9", "metric": "accuracy", "target": 0.9}).value  # of version 0.2
        0.9
        """
        goal = config.get("goal")
        if not goal:
            return None
        if isinstance(goal, str):
            return cls.parse(goal)
        assert isinstance(goal, dict)
        given: Any = goal
        more = {key: given[key] for key in FURTHER if given.get(key) is not None}
        more["targets"] = tuple(Target.read(one) for one in given.get("targets", ()))
        return cls(str(given["metric"]), float(given["value"]), None, given["budget"], **more).until(given["deadline"])


NO_GOAL: Final[JsonObject] = {"goal": None, "rules": []}
