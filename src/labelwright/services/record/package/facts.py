"""Models and decisions in a package, as JSON that a person can read."""

from __future__ import annotations

import json

from labelwright.engine.project import Project
from labelwright.plain import Json
from labelwright.services.record.package.files import Files
from labelwright.services.reporting.decisions import decisions
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows


def write_models(rows: Rows, files: Files) -> None:
    """``models.json``: each model with its label version, the digests of its files, and how good it was."""
    model, metric = t.model, t.metric
    columns = (metric.c.split, metric.c.metric, metric.c.value, metric.c.low, metric.c.high, metric.c.n)
    listed: list[Json] = []
    for row in rows.all(rows.select(model).order_by(model.c.seq)):
        measured = rows.select(*columns).where(metric.c.cycle == row.cycle, metric.c.question_id == row.question_id)
        metrics: list[Json] = [dict(one._mapping) for one in rows.all(measured)]
        listed.append(
            {
                "id": row.id, "event": row.seq, "question": row.question_id, "kind": row.name,
                "label_version": f"lv-{row.cycle}", "n_labels": row.n_labels, "files": row.arrays, "metrics": metrics,
            }
        )  # fmt: skip
    files.write("models.json", json.dumps(listed, indent=1))


def write_decisions(store: ProjectStore, rows: Rows, project: Project, files: Files) -> None:
    """``decisions.json``: what people and the machine decided, in sentences, the oldest first."""
    listed: list[Json] = [
        {"at": one.at, "by": "machine" if one.by_machine else "person", "text": one.text}
        for one in decisions(store, rows, project)
    ]
    files.write("decisions.json", json.dumps(listed, indent=1, ensure_ascii=False))
