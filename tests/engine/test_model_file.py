"""The trained model goes out as one file and gives the same predictions elsewhere."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import labelwright as lw
from benchmarks.processes import environment
from labelwright.engine.contents import current_bodies
from labelwright.engine.cycle import Cycle
from labelwright.errors import InputError


def test_an_exported_model_predicts_what_the_server_predicts(lived: Any, tmp_path: Path) -> None:
    got = lived.api.client.get("/api/v1/projects/topics/model", headers=lived.api.headers)
    assert got.status_code == 200 and got.headers["content-type"] == "application/zip"
    (tmp_path / "topics.model.zip").write_bytes(got.content)
    model = lw.load_model(tmp_path / "topics.model.zip")
    with lived.store.read() as rows:
        cycle = Cycle(lived.store, lived.store.row(rows).cycle)
        texts = [str(body["text"]) for body in current_bodies(rows, range(40)).values()]
    question = cycle.inputs.primary
    predictions = cycle.predictions(question)
    assert predictions is not None
    task = question.make_task()
    taken = task.take(predictions, np.arange(40))
    names = {label["id"]: label["name"] for label in question.schema["labels"]}  # type: ignore[union-attr, index, call-overload]
    assert model.predict(texts) == [names[one["label"]] for one in task.decode(task.answer(taken))]  # type: ignore[index]
    assert np.allclose(model.confidence(texts), task.confidence(taken), atol=1e-3)
    assert model.about["measured"]["training_labels"] > 5  # type: ignore[index, call-overload]

    with zipfile.ZipFile(tmp_path / "topics.model.zip") as packed:
        packed.extract("apply.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "apply.py"], cwd=tmp_path, env=environment(tmp_path), input="\n".join(texts[:3]),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == model.predict(texts[:3])


def test_what_is_no_model_is_refused(tmp_path: Path, trained: Any) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(InputError, match="load_model: PATH must be a file that 'labelwright model' wrote"):
        lw.load_model(tmp_path / "x.zip")
    refused = trained.api.client.get("/api/v1/projects/topics/model", headers=trained.api.headers)
    assert refused.status_code == 409 and "no trained model yet" in refused.json()["message"]
    annotator = trained.api.as_role("annotator")
    assert annotator.get("/projects/topics/model").status_code == 403
