"""The items of the reserve on which the model was surest, or farthest off, and wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.engine.contents import current_bodies
from labelwright.services.evaluation.reserve import asked, on_reserve
from labelwright.services.labeling import exposure, leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.site import Site

MAX_ITEMS: Final = 50


@dataclass(frozen=True)
class WrongItem:
    """An item whose label is not what the model says.

    Attributes
    ----------
    label, predicted : str
        In words.
    confidence : float, optional
        Of the model in its answer; None for numbers.
    """

    item: str
    preview: str
    label: str
    predicted: str
    confidence: float | None


@dataclass(frozen=True)
class Worst:
    """The worst errors, fifty at most; ``n_wrong`` counts all, of numbers the half that is farthest off."""

    question: str
    n_wrong: int
    items: list[WrongItem]


def worst(site: Site, actor: Actor, slug: str, *, question_id: str | None = None) -> Worst:
    """The errors that the model was surest of, without items leased to the caller; noted as seen."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = asked(project, question_id)
        measured = on_reserve(site, store, project, question)
        if measured is None:
            return Worst(question.id, 0, [])
        hidden = leases.leased_to(rows, actor, measured.item_idx.tolist())
        task, favoured = measured.task, measured.task.answer(measured.predictions)
        wrong = np.flatnonzero(~measured.right & ~np.isin(measured.item_idx, sorted(hidden)))
        if measured.is_number:
            confidence, badness = None, measured.distance
        else:
            confidence = badness = np.asarray(task.confidence(measured.predictions), dtype=np.float64)
        chosen = wrong[np.argsort(-badness[wrong], kind="stable")][:MAX_ITEMS]
        ordinals = measured.item_idx[chosen].tolist()
        bodies = current_bodies(rows, ordinals)
        labels, guesses = task.decode(measured.y[chosen]), task.decode(np.asarray(favoured)[chosen])
        listed = [
            WrongItem(
                shown.item_id_of(ordinal), shown.preview(store, project, ordinal, bodies[ordinal]),
                task.describe(labels[k]), task.describe(guesses[k]),
                None if confidence is None else float(confidence[chosen[k]]),
            )
            for k, ordinal in enumerate(ordinals)
        ]  # fmt: skip
    exposure.note(store, actor, ordinals)
    return Worst(question.id, len(wrong), listed)
