"""The model that serves a question, out as one file."""

from __future__ import annotations

from labelwright.engine import model_file
from labelwright.engine.cycle import Cycle
from labelwright.engine.serving import serving_cycle
from labelwright.errors import NotReadyError
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering import estimates
from labelwright.store import tables as t


def write(site: Site, actor: Actor, slug: str, question_id: str | None = None) -> bytes:
    """The file of the model that serves a question, the primary one if none is named.

    Raises
    ------
    NotReadyError
        If no model was trained yet.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = project.question(question_id) if question_id is not None else project.primary
        serving = serving_cycle(rows, question.id, project.row.cycle)
        cycle = Cycle(store, serving)
        frozen = cycle.inputs.question(question.id) if serving else None
        measured = None if frozen is None else estimates.of_cycle(rows, question, cycle.source(frozen).id)
        revision = None if frozen is None else cycle.inputs.revision
        folder = rows.scalar(rows.select(t.encoder.c.folder).where(t.encoder.c.revision == revision))
    if frozen is None or folder is None or not store.arrays.has(cycle.model_path(frozen)):
        raise NotReadyError(f"model: '{slug}' has no trained model yet.", "Label some items first.")
    about: JsonObject = {
        "project": project.title, "question": question.text, "task": frozen.task, "schema": dict(frozen.schema),
        "kind": project.kind, "encoder": cycle.inputs.encoder, "model": frozen.model, "cycle": cycle.source(frozen).id,
        "labels": frozen.schema.get("labels", []),
        "measured": None if measured is None else {
            "metric": measured.metric, "value": measured.value, "low": measured.low, "high": measured.high,
            "reserve_labels": measured.n, "training_labels": measured.n_labels,
        },
    }  # fmt: skip
    encoder = store.arrays.read_bytes(f"{folder}/encoder.skops")
    return model_file.dump(about, encoder, store.arrays.read_bytes(cycle.model_path(frozen)), f"{slug}.model.zip")
