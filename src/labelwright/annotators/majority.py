"""The answer that most people gave, as the task merges answers."""

from __future__ import annotations

from labelwright.annotators.base import Answers, Params, Resolver
from labelwright.tasks.base import Resolved, Task


class Majority(Resolver):
    """All people have the same weight: the most frequent class, each label by majority, the median of numbers.

    Examples
    --------
    >>> import numpy as np
    >>> from labelwright import tasks
    >>> task = tasks.make("regression", {})
    >>> answers = Answers(np.array([0, 0, 0]), ["ann", "bob", "cyd"], [{"value": 1.0}, {"value": 2.0}, {"value": 9.0}])
    >>> Majority().resolve(task, answers, {})[0].answer
    {'value': 2.0}
    """

    name = "majority"

    def fit(self, task: Task, answers: Answers) -> Params:
        return {}

    def resolve(self, task: Task, answers: Answers, params: Params) -> list[Resolved]:
        return [task.merge([answers.answer[k] for k in positions]) for positions in answers.first_by_item()]
