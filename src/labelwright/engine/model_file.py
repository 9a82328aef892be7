"""A trained model in one file, with its encoder and its labels, to be applied anywhere."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright import __version__, encoders, items, models, tasks
from labelwright.check import complain
from labelwright.encoders import Encoder
from labelwright.errors import InputError
from labelwright.items.base import Content
from labelwright.models.base import Model
from labelwright.plain import JsonObject
from labelwright.tasks import Predictions, Task

ItemGiven = str | bytes | Mapping[str, object]
Favoured = str | float | list[str]
ABOUT: Final = "about.json"
SCRIPT: Final = '''"""Applies the model to texts from standard input, one a line; needs `pip install labelwright`."""

import sys

import labelwright as lw

model = lw.load_model("{name}")
lines = [line.rstrip("\\n") for line in sys.stdin]
for line, label, confidence in zip(lines, model.predict(lines), model.confidence(lines)):
    print(f"{{label}}\\t{{confidence:.3f}}\\t{{line}}")
'''


@dataclass(frozen=True)
class ModelFile:
    """A model that was loaded from a file.

    Attributes
    ----------
    about : JSON object
        Project, question, kind of item, encoder, number of labels, measured figures, versions.
    """

    about: JsonObject
    task: Task
    encoder: Encoder
    model: Model

    def predict(self, what: Sequence[ItemGiven]) -> list[Favoured]:
        """The answer that the model favours for each item: a label's name, a list of names, or a number.

        Parameters
        ----------
        what : sequence of length n_items
            Texts, table rows as mappings, or images as bytes, as the project's own items were.
        """
        names = {str(label["id"]): str(label["name"]) for label in self.about["labels"]}  # type: ignore[index, union-attr, call-overload]
        return [_plain(answer, names) for answer in self.task.decode(self.task.answer(self._predictions(what)))]

    def confidence(self, what: Sequence[ItemGiven]) -> npt.NDArray[np.float64]:
        """How sure the model is of each answer, (n_items,), in [0, 1]; NaN for numbers."""
        return np.asarray(self.task.confidence(self._predictions(what)), dtype=np.float64)

    def _predictions(self, what: Sequence[ItemGiven]) -> Predictions:
        return self.model.predict(self.encoder.transform([self._content(one) for one in what]))

    def _content(self, one: ItemGiven) -> Content:
        kind = str(self.about["kind"])
        if kind == "table":
            if not isinstance(one, Mapping):
                raise complain("predict", "a row", "a mapping of columns", type(one).__name__)
            return items.make(kind).content(dict(one))
        return items.make(kind).content({kind: one})


def dump(about: JsonObject, encoder: bytes, model: bytes, name: str) -> bytes:
    """The file's bytes: a zip of the two models (skops), what they are, and a script that applies them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(ABOUT, json.dumps({**about, "labelwright": __version__}, indent=2))
        out.writestr("encoder.skops", encoder)
        out.writestr("model.skops", model)
        out.writestr("apply.py", SCRIPT.format(name=name))
    return buffer.getvalue()


def load(path: str | Path) -> ModelFile:
    """Load a model that `labelwright model` or the page has written. Nothing in the file is run.

    Parameters
    ----------
    path : path

    Returns
    -------
    model : ModelFile

    Raises
    ------
    InputError
        If it is no such file, or of a later version.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            about = json.loads(packed.read(ABOUT))
            encoder, model = packed.read("encoder.skops"), packed.read("model.skops")
        task = tasks.make(str(about["task"]), about["schema"])
        return ModelFile(about, task, encoders.load(str(about["encoder"]), encoder, trusted=False), models.load(model))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InputError(
            f"load_model: PATH must be a file that 'labelwright model' wrote, got {path} ({error}).",
            "Export it anew with this version of Labelwright.",
        ) from error


def _plain(answer: Mapping[str, Any], names: Mapping[str, str]) -> Favoured:
    if "value" in answer:
        return float(answer["value"])
    if "labels" in answer:
        return [names[label] for label in answer["labels"]]
    return names[answer["label"]]
