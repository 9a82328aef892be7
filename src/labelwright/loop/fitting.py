"""Which learner fits: compared out of fold as the labels grow, with hysteresis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from labelwright.loop import representation
from labelwright.loop.representation import Comparison
from labelwright.loop.state import TRAIN, Labels, State
from labelwright.models.automatic import first, tried


@dataclass(frozen=True)
class Choice:
    """The learner that serves.

    Attributes
    ----------
    learner : str
        The name of a model.
    comparison : Comparison, optional
        The last one, None before there were labels enough.
    """

    learner: str
    comparison: Comparison | None = None


def choose(state: State, labels: Labels, before: Choice | None = None) -> Choice:
    """The learner that serves from now on: compared anew where the labels have grown by a quarter since the last time.

    Parameters
    ----------
    before : Choice, optional
        What served until now.

    Examples
    --------
    >>> import numpy as np
    >>> from labelwright import tasks
    >>> from labelwright.loop.steps import resolve
    >>> X = np.random.default_rng(0).normal(size=(80, 2)).astype(np.float32)
    >>> answers = [{"label": "ab"[int(row @ row > 1.4)]} for row in X]
    >>> task = tasks.make("classification", {"labels": [{"id": name, "name": name} for name in "ab"]})
    >>> mask = np.ones(80, dtype=bool)
    >>> state = State(task, X, mask, ~mask, np.arange(80), ["p"] * 80, answers)
    >>> choose(state, resolve(state)).learner in ("svm", "gaussian-process")
    True
    """
    if before is None or before.learner not in tried(state.task, int(state.X.shape[1])):
        before = Choice(first(state.task))
    compared = before.comparison
    if not representation.is_due(len(labels.of(TRAIN)[0]), None if compared is None else compared.n_labels):
        return before
    states = {learner: one for (_, learner), one in with_learners({"": state}).items()}
    found = representation.compare(states, labels, before.learner, what="model")
    return before if found is None else Choice(found.chosen, found)


def with_learners(states: Mapping[str, State]) -> dict[tuple[str, str], State]:
    """A state for each pair of features and learner.

    Parameters
    ----------
    states : mapping of str to State
        By the name of their features.

    Returns
    -------
    states : dict of (features, learner) to State
    """
    return {
        (name, learner): replace(state, model=learner)
        for name, state in states.items()
        for learner in tried(state.task, int(state.X.shape[1]))
    }
