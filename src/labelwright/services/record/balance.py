"""How the labels of two moments are spread over the classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.project import Question
from labelwright.plain import JsonObject
from labelwright.services.projects.described import describe_answer

N_BINS: Final = 10
MOST: Final = 50
OTHERS: Final = "others"
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Share:
    """One class, label, or range of numbers, and how many items have it at each of the two moments."""

    name: str
    before: int
    after: int


def balance(question: Question, answers: list[JsonObject], before: Ints, after: Ints) -> list[Share]:
    """The classes in the order of the schema; each label where items have several; ten ranges of numbers.

    Parameters
    ----------
    answers : list of JSON object
        Distinct ones.
    before, after : int64 array of shape (n_answers,)
        Items with each.
    """
    if answers and all("value" in answer for answer in answers):
        return _ranges(np.array([float(str(answer["value"])) for answer in answers]), before, after)
    counts: dict[str, list[int]] = {}
    labels = question.schema.get("labels")
    for label in labels if isinstance(labels, list) else ():
        if isinstance(label, dict):
            counts[str(label["name"])] = [0, 0]
    for answer, one, two in zip(answers, before.tolist(), after.tolist(), strict=True):
        for name in _names(question, answer):
            of_name = counts.setdefault(name, [0, 0])
            of_name[0] += one
            of_name[1] += two
    ordered = list(counts.items())
    if len(ordered) > MOST:
        ordered.sort(key=lambda pair: -max(pair[1]))
        rest = [sum(numbers[k] for _, numbers in ordered[MOST:]) for k in (0, 1)]
        ordered = [*ordered[:MOST], (OTHERS, rest)]
    return [Share(name, one, two) for name, (one, two) in ordered]


def _names(question: Question, answer: JsonObject) -> list[str]:
    several = answer.get("labels")
    if isinstance(several, list):
        return [describe_answer(question, {"labels": [label]}) for label in several] or ["none"]
    return [describe_answer(question, answer)]


def _ranges(values: npt.NDArray[np.float64], before: Ints, after: Ints) -> list[Share]:
    edges = np.histogram_bin_edges(values, bins=N_BINS)
    one, two = (np.histogram(values, edges, weights=weights)[0] for weights in (before, after))
    return [
        Share(f"{edges[k]:.3g} to {edges[k + 1]:.3g}", int(one[k]), int(two[k])) for k in range(len(edges) - 1)
    ]  # fmt: skip
