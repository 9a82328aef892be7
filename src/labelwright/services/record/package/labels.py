"""Items and label versions in a package: the lines that manifests hash, a CSV file for each version."""

from __future__ import annotations

import csv
import io
import json
from typing import Final

from labelwright.engine.cycle import Cycle
from labelwright.engine.importing import stage
from labelwright.engine.inputs import QuestionInputs
from labelwright.loop.state import RESERVE
from labelwright.plain import Json
from labelwright.services.projects import shown
from labelwright.services.record.package.files import Files
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

COLUMNS: Final = ("item", "label", "confidence", "n_answers", "part")
LINE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def write_items(rows: Rows, files: Files) -> None:
    """``items.jsonl``: what is stored of each item beside its content, as the manifests of the imports hash it."""
    batch = t.import_batch
    query = rows.select(batch.c.first_ordinal, batch.c.n_items).where(batch.c.visible).order_by(batch.c.first_ordinal)
    with files.open("items.jsonl") as file:
        for first, n_items in rows.all(query):
            for line in stage.manifest_rows(rows, first, n_items):
                file.write(LINE.encode(line) + "\n")


def write_versions(store: ProjectStore, rows: Rows, files: Files) -> None:
    """``labels/VERSION/QUESTION.csv``, and ``versions.json``, which says where each is, or why it is not there."""
    table, listed = t.label_version, list[Json]()
    for row in rows.all(rows.select(table.c.id, table.c.cycle, table.c.upto_seq, table.c.seq).order_by(table.c.cycle)):
        cycle, questions = Cycle(store, int(row.cycle)), dict[str, Json]()
        for question in cycle.inputs.questions if cycle.is_frozen else ():
            questions[question.id] = _version(cycle, question, str(row.id), files)
        listed.append({"id": row.id, "upto_seq": row.upto_seq, "seq": row.seq, "questions": questions})
    files.write("versions.json", json.dumps(listed, indent=1))


def _version(cycle: Cycle, question: QuestionInputs, version: str, files: Files) -> Json:
    if question.same_as is not None:
        return {"file": None, "why": f"the same as lv-{question.same_as}"}
    if not cycle.has_labels(question):
        return {"file": None, "why": "its file was thinned; the event has its digest"}
    labels, name = cycle.labels(question), f"labels/{version}/{question.id}.csv"
    columns = zip(
        labels.item_idx.tolist(), labels.answers, labels.confidence.tolist(), labels.n_people.tolist(),
        (labels.split == RESERVE).tolist(), strict=True,
    )  # fmt: skip
    with files.open(name) as file:
        file.write(_csv(COLUMNS))
        for ordinal, answer, confidence, n_people, reserve in columns:
            label = json.dumps(answer, sort_keys=True, ensure_ascii=False)
            part = "reserve" if reserve else "pool"
            file.write(_csv((shown.item_id_of(ordinal), label, f"{confidence:.6f}", str(n_people), part)))
    return {"file": name, "n": len(labels)}


def _csv(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
