"""A model as a folder that anybody can train again: its data, its settings, and what came out.

The folder is read by `retrain` of the version that wrote it; `expected.json` says which that was. Features are in it,
so that no encoder has to be run again, and no text, image or table row of the project.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright import tasks
from labelwright.errors import InputError
from labelwright.loop import steps
from labelwright.loop.state import RESERVE, TRAIN, Labels, State
from labelwright.plain import JsonObject
from labelwright.policy import Policy

FEATURES: Final = "features.npy"
LABELS: Final = "labels.jsonl"
SETTINGS: Final = "settings.json"
EXPECTED: Final = "expected.json"
PREDICTIONS: Final = "predictions.npz"
TOLERANCE: Final = 1e-3  # of the metric, and of a probability or the target's spread


@dataclass(frozen=True)
class LabeledItem:
    """One row of the labels: its key, its part ("train" or "reserve"), its answer, and its group."""

    key: str
    part: str
    answer: JsonObject
    group: int


@dataclass(frozen=True)
class TrainingSettings:
    """What the training depends on beside the data.

    Attributes
    ----------
    task : str
    schema : JSON object
    model, metric : str
    policy : JSON object
        Whether the strategy needs a committee is read from it.
    seed, quantiser : int
    grouped : bool
        Whether the groups mean anything: intervals and folds keep them together then.
    """

    task: str
    schema: JsonObject
    model: str
    metric: str
    policy: JsonObject
    seed: int
    quantiser: int
    grouped: bool


@dataclass(frozen=True)
class Expected:
    """What came out, with the versions that it came out of.

    Attributes
    ----------
    metric : str
    value : float, optional
        None where there were too few reserve labels for it.
    tolerance : float
    versions : mapping of str to str
    """

    metric: str
    value: float | None
    tolerance: float
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """A training that was done again.

    Attributes
    ----------
    metric : str
    expected, value : float, optional
        None where the metric is not defined.
    distance : float
        The largest difference of a prediction of the reserve: of a probability, or in spreads of the target.
    tolerance : float
    other_versions : tuple of str
        Libraries that are not those of the first training, such as "numpy 2.1.0, was 2.0.2".
    """

    metric: str
    expected: float | None
    value: float | None
    distance: float
    tolerance: float
    other_versions: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether the metric and the predictions are the same within the tolerance."""
        if (self.expected is None) != (self.value is None):
            return False
        same = self.expected is None or self.value is None or abs(self.expected - self.value) <= self.tolerance
        return same and self.distance <= self.tolerance


def write(
    folder: Path, features: npt.NDArray[np.float32], items: list[LabeledItem], settings: TrainingSettings,
    expected: Expected, predictions: Mapping[str, npt.NDArray[Any]],
) -> None:  # fmt: skip
    """Write the folder's files.

    Parameters
    ----------
    features : float32 array of shape (n_items, n_dims)
        Of the items, in their order.
    predictions : mapping of str to array
        Of the items of the reserve, as the task packs them.
    """
    np.save(folder / FEATURES, features)
    lines = (json.dumps(asdict(item), sort_keys=True, ensure_ascii=False) for item in items)
    (folder / LABELS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (folder / SETTINGS).write_text(json.dumps(asdict(settings), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    (folder / EXPECTED).write_text(json.dumps(asdict(expected), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    np.savez(folder / PREDICTIONS, **predictions)  # type: ignore[arg-type]


def retrain(folder: Path, versions: Mapping[str, str]) -> Outcome:
    """Train the model of a folder again and compare it with what came out then.

    Parameters
    ----------
    versions : mapping of str to str
        Of the libraries here.

    Raises
    ------
    InputError
        If a file is missing or cannot be read.
    """
    try:
        settings = TrainingSettings(**json.loads((folder / SETTINGS).read_text("utf-8")))
        expected = Expected(**json.loads((folder / EXPECTED).read_text("utf-8")))
        lines = (folder / LABELS).read_text("utf-8").splitlines()
        items = [LabeledItem(**json.loads(line)) for line in lines]
        features = np.load(folder / FEATURES)
        with np.load(folder / PREDICTIONS) as stored:
            before = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"reproduce: {folder} is not a folder that 'reproduce' wrote whole ({error}).") from error
    if len(items) != len(features):
        raise InputError(f"reproduce: {len(items)} labels and {len(features)} rows of features do not belong together.")
    task = tasks.make(settings.task, settings.schema)
    state, labels = _state(features, items, settings, task), _labels(items, task)
    model = steps.fit(state, labels)
    if model is None:
        raise InputError("reproduce: no item of the folder is labeled for training.")
    measured = steps.evaluate(state, labels, model)
    reserve = np.flatnonzero(state.reserve)
    distance = 0.0
    if len(reserve):
        again, once = task.proba(model.predict(features[reserve])), task.proba(task.unpack(before))
        scale = max(float(np.std(once)), 1e-9) if once.ndim == 1 else 1.0
        distance = float(np.abs(again - once).max() / scale)
    value = None if measured.estimate is None else float(measured.estimate.value)
    others = tuple(
        f"{name} {versions.get(name, 'missing')}, was {was}"
        for name, was in sorted(expected.versions.items())
        if versions.get(name) != was
    )
    return Outcome(expected.metric, expected.value, value, distance, expected.tolerance, others)


def _state(
    features: npt.NDArray[np.float32], items: list[LabeledItem], of: TrainingSettings, task: tasks.Task
) -> State:
    reserve = np.array([item.part == RESERVE for item in items], dtype=bool)
    groups = np.array([item.group for item in items], dtype=np.int64)
    return State(
        task=task, X=features, pool=~reserve, reserve=reserve, group=groups if of.grouped else None, model=of.model,
        metric=of.metric, seed=of.seed, quantiser=of.quantiser, policy=Policy.from_stored(of.policy),
    )  # fmt: skip


def _labels(items: list[LabeledItem], task: tasks.Task) -> Labels:
    n, answers = len(items), [dict(item.answer) for item in items]
    return Labels(
        np.arange(n), answers, task.encode(answers), np.ones(n, dtype=np.float32),
        np.array([RESERVE if item.part == RESERVE else TRAIN for item in items]), np.ones(n, dtype=np.int64),
        [{} for _ in items],
    )  # fmt: skip
