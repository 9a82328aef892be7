"""The model of people that there are enough answers for."""

from __future__ import annotations

from typing import Any, ClassVar

from labelwright.annotators.aggregate import choose
from labelwright.annotators.base import Answers, Params, Resolver
from labelwright.annotators.categorical import votes_of
from labelwright.annotators.dawid_skene import DawidSkene
from labelwright.annotators.majority import Majority
from labelwright.annotators.one_coin import OneCoin
from labelwright.tasks.base import Resolved, Task

CHOICES: dict[str, type[Resolver]] = {one.name: one for one in (Majority, OneCoin, DawidSkene)}


class Auto(Resolver):
    """Majority while few answers overlap, then one accuracy a person, then a confusion matrix a person.

    What is enough is said in `labelwright.aggregate`; answers to items that one person answered do not count. The
    choice is made anew at each fit and stored with what was fitted. Answers that are not one class get the majority.

    Examples
    --------
    >>> import numpy as np
    >>> from labelwright import tasks
    >>> task = tasks.make("classification", {"labels": [{"id": "l_1", "name": "a"}, {"id": "l_2", "name": "b"}]})
    >>> answers = Answers(np.array([0, 0]), ["ann", "bob"], [{"label": "l_1"}, {"label": "l_1"}])
    >>> Auto().fit(task, answers)
    {'method': 'majority', 'params': {}}
    """

    name: ClassVar[str] = "auto-1"

    def fit(self, task: Task, answers: Answers) -> Params:
        method = Majority.name
        if task.one_class and len(answers.item):
            shared = votes_of(self.name, task, answers)[0].shared()
            method = choose(shared, has_model=False) if shared.n_items else method
        return {"method": method, "params": dict(CHOICES[method]().fit(task, answers))}

    def resolve(self, task: Task, answers: Answers, params: Params) -> list[Resolved]:
        stored: Any = params
        return CHOICES[stored["method"]]().resolve(task, answers, stored["params"])
