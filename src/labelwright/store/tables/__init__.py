"""A project's tables. Every one begins with ``project_id``, so that one PostgreSQL schema holds all.

Four kinds: *the record* (event, chain_head, sealed); *content* (item, content, given: rows of an import,
bound to the record by the hash of its manifest); *projections*, which follow from the events, each named by
an event type of `labelwright.store.record`; and *work in progress* (lease, exposure, slot, cycle), which
carries no promise of history.
"""

from __future__ import annotations

from labelwright.store.tables.answers import annotation, exposure, lease
from labelwright.store.tables.items import content, exclusion, given, import_batch, item, replacement, search_progress
from labelwright.store.tables.meta import META, chain_head, event, sealed
from labelwright.store.tables.project import guideline, label_change, project, question, schema_version
from labelwright.store.tables.quality import (
    adjudication,
    annotator,
    calibration,
    calibration_answer,
    calibration_decision,
    comment,
    gold,
    guideline_seen,
    review,
)
from labelwright.store.tables.record import erasure, model_choice, snapshot
from labelwright.store.tables.steering import drift_alarm, fork, pin, saved_slice, saved_slice_item
from labelwright.store.tables.training import (
    array_file,
    cycle,
    decision,
    encoder,
    feature_file,
    label_version,
    metric,
    model,
    ranking,
    round_,
    slot,
)
from labelwright.store.tables.webhooks import webhook

__all__ = [
    "META",
    "adjudication",
    "annotation",
    "annotator",
    "array_file",
    "calibration",
    "calibration_answer",
    "calibration_decision",
    "chain_head",
    "comment",
    "content",
    "cycle",
    "decision",
    "drift_alarm",
    "encoder",
    "erasure",
    "event",
    "exclusion",
    "exposure",
    "feature_file",
    "fork",
    "given",
    "gold",
    "guideline",
    "guideline_seen",
    "import_batch",
    "item",
    "label_change",
    "label_version",
    "lease",
    "metric",
    "model",
    "model_choice",
    "pin",
    "project",
    "question",
    "ranking",
    "replacement",
    "review",
    "round_",
    "saved_slice",
    "saved_slice_item",
    "schema_version",
    "sealed",
    "search_progress",
    "slot",
    "snapshot",
    "webhook",
]
