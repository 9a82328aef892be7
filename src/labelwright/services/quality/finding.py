"""Labels in doubt: near-duplicates that differ, and labels that a model which did not learn from them doubts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from labelwright.engine.cycle import Cycle
from labelwright.engine.differing import differ
from labelwright.engine.project import Project
from labelwright.errors import NotReadyError
from labelwright.loop.out_of_fold import out_of_fold
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.described import describe_answer
from labelwright.services.quality.opening import open_review, standing_answers
from labelwright.services.site import Site
from labelwright.store.project import ProjectStore

DUPLICATE, MODEL = "duplicate", "model"
SURE = 0.9  # confidence from which a model that differs gives cause for a review
MOST = 50  # reviews that one search opens for each cause


@dataclass(frozen=True)
class _Doubt:
    ordinal: int
    question: str
    cause: str
    figures: JsonObject


def find(site: Site, actor: Actor, slug: str) -> dict[str, int]:
    """Open a review of each label in doubt that nobody has reviewed; return how many, by cause.

    Raises
    ------
    NotReadyError
        If there is no label version yet.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.changeable(store, rows)
    if project.row.awaits_features:
        raise NotReadyError("Nothing has been learned yet, so there is nothing to compare labels with.", "Label first.")
    doubts = _doubts(store, project)
    opened: Counter[str] = Counter({DUPLICATE: 0, MODEL: 0})
    with store.write() as transaction:
        for doubt in doubts:
            if opened[doubt.cause] >= MOST:
                continue
            about = standing_answers(transaction.rows, doubt.ordinal, doubt.question)
            if about:
                opened[doubt.cause] += open_review(
                    transaction, doubt.ordinal, doubt.question, doubt.cause, doubt.figures, about
                )
    return dict(opened)


def _doubts(store: ProjectStore, project: Project) -> list[_Doubt]:
    cycle, doubts = Cycle(store, project.row.cycle), list[_Doubt]()
    for frozen in cycle.inputs.questions:
        question = project.question(frozen.id)
        if frozen.schema_version != question.schema_version or not cycle.has_labels(frozen):
            continue
        labels = cycle.labels(frozen)
        answer_of = dict(zip(labels.item_idx.tolist(), labels.answers, strict=True))
        groups: dict[int, list[int]] = defaultdict(list)
        for ordinal in answer_of:
            groups[int(cycle.layout.dup_group[ordinal])].append(ordinal)
        for alike in groups.values():
            if any(differ(question, answer_of[alike[0]], answer_of[one]) for one in alike[1:]):
                doubts += [_Doubt(ordinal, question.id, DUPLICATE, {}) for ordinal in alike]
        held_out = out_of_fold(cycle.state(frozen), labels)
        if held_out is None:
            continue
        items, predictions = held_out
        sure = question.task.confidence(predictions)
        said = question.task.decode(question.task.answer(predictions))
        for k in np.argsort(-np.nan_to_num(sure)):
            if sure[k] >= SURE and differ(question, answer_of[int(items[k])], said[k]):
                figures: JsonObject = {
                    "confidence": round(100 * float(sure[k]), 1), "answer": describe_answer(question, said[k]),
                }  # fmt: skip
                doubts.append(_Doubt(int(items[k]), question.id, MODEL, figures))
    return doubts
