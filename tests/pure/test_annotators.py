"""Several people's answers become one label."""

import json
from dataclasses import replace

import numpy as np
import pytest

from labelwright import annotators
from labelwright.annotators import Answers
from labelwright.errors import InputError
from labelwright.loop import State, resolve
from labelwright.tasks import Resolved
from labelwright.testing.samples import sample_task

A, B = {"label": "l_1"}, {"label": "l_2"}
SERVING = [name for name in annotators.names() if annotators.make(name).serves(sample_task("classification"))]


@pytest.mark.parametrize("name", SERVING)
def test_a_resolver_gives_one_label_an_item_and_stores_what_it_fitted(name):
    resolver, task = annotators.make(name), sample_task("classification")
    answers = Answers(np.array([7, 3, 7, 7, 7]), ["ann", "ann", "bob", "ann", "cyd"], [A, B, B, B, B])
    params = json.loads(json.dumps(resolver.fit(task, answers)))
    labels = resolver.resolve(task, answers, params)
    assert len(labels) == len(answers.items()) == 2 and all(isinstance(label, Resolved) for label in labels)
    assert [label.answer for label in labels] == [B, B]  # the first answer of each person counts
    assert resolver.resolve(task, answers, params) == labels
    none = Answers(np.empty(0, dtype=np.int64), [], [])
    assert resolver.resolve(task, none, resolver.fit(task, none)) == []


def test_a_label_version_names_its_resolver_and_what_it_fitted():
    task, pool = sample_task("classification"), np.ones(4, dtype=bool)
    state = State(task, np.zeros((4, 1)), pool, ~pool, item_idx=np.array([1]), person=["ann"], answer=[A])
    labels = resolve(state)
    assert labels.resolver == "majority" and labels.params == {} and resolve(state, labels.params) == labels
    with pytest.raises(InputError, match="Did you mean 'majority'"):
        resolve(replace(state, resolver="magority"))
