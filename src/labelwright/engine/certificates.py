"""Certificates: a model is tested on sealed labels, which no cycle reads and nobody sees the figures of.

The sealed part is a simple random sample of groups; one item of each group counts, so that the exact binomial test
holds. The openings that the lead declared share one error: each has its equal part. What a failed opening tells is that
it failed, so a model that is changed afterwards is still tested honestly.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from labelwright.engine import answers, labels
from labelwright.engine.cycle import Cycle
from labelwright.engine.layout import layout
from labelwright.engine.project import Project
from labelwright.engine.sealed import Ints, candidates
from labelwright.stats.certify import critical_count
from labelwright.store.project import ProjectStore
from labelwright.store.record.certificates import CertificateOpened
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Outcome:
    """What an opening is made of, which nobody but the test sees.

    Attributes
    ----------
    n, n_hits : int
    digest : str
        Of the items and their labels.
    """

    n: int
    n_hits: int
    digest: str

    def passed(self, threshold: float, alpha: float) -> bool:
        """Whether so many hits certify the threshold."""
        return self.n > 0 and self.n_hits >= critical_count(self.n, threshold, alpha=alpha)


def outcome_of(
    store: ProjectStore, rows: Rows, project: Project, items: Ints, cycle_id: int, upto_seq: int | None = None
) -> Outcome | None:
    """How a model fares on sealed labels; None where its predictions are kept no longer."""
    question, cycle = project.primary, Cycle(store, cycle_id)
    where = layout(store, rows, project.row.n_items)
    found = labels.labels(store, rows, where, question, ordinals=items.tolist(), upto_seq=upto_seq)
    known = np.array([item for item in items.tolist() if item in found], dtype=np.int64)
    of_model = cycle.reserve(cycle.inputs.question(question.id))
    if of_model is None:
        return None
    task = question.task
    y = task.encode([dict(found[item].answer) for item in known.tolist()])
    predictions = task.take(of_model.predictions, np.searchsorted(of_model.item_idx, known))
    hits = task.losses("accuracy", y, predictions) if len(known) else np.empty(0)
    said = [[item, dict(found[item].answer)] for item in known.tolist()]
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return Outcome(len(known), int(np.asarray(hits).sum()), digest)


def replayed(store: ProjectStore, rows: Rows, project: Project, opened: CertificateOpened) -> bool | None:
    """Whether an opening comes out as recorded; None where the model's predictions are kept no longer."""
    where = layout(store, rows, project.row.n_items)
    excluded = answers.excluded_as_of(store, rows, project.row.n_items, opened.upto_seq)
    items = candidates(where, excluded, project.seed)[: opened.n]
    again = outcome_of(store, rows, project, items, opened.cycle, opened.upto_seq)
    if again is None:
        return None
    return again.digest == opened.labels and again.passed(opened.threshold, opened.alpha) == opened.passed
