"""Small artificial evidence for the checks: clusters, and a model that is certain about some of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright import tasks
from labelwright.evidence import Annotations, Evidence, SourceItems
from labelwright.strategies import Strategy
from labelwright.tasks import Task

N_ITEMS, N_LABELED, N_DIMS, N_CLASSES, N_DRAWS = 80, 12, 3, 3, 6


def sample_task(name: str) -> Task:
    """A task of three classes, three labels, or a number."""
    return tasks.make(name, tasks.guess(name, [] if name == "regression" else ["a", "b", "c"]))


def sample_arrays(task: Task, seed: int = 0) -> dict[str, npt.NDArray[Any]]:
    """Arrays for `evidence_of`, all of whose rows are functions of the item's own features."""
    rng = np.random.default_rng(seed)
    centres = 3 * rng.normal(size=(N_CLASSES, N_DIMS))
    embed = (centres[rng.integers(N_CLASSES, size=N_ITEMS)] + rng.normal(size=(N_ITEMS, N_DIMS))).astype(np.float32)
    labeled = (centres[np.arange(N_LABELED) % N_CLASSES] + rng.normal(size=(N_LABELED, N_DIMS))).astype(np.float32)
    maps = rng.normal(size=(1, N_DIMS, N_CLASSES)) + 0.4 * rng.normal(size=(N_DRAWS, N_DIMS, N_CLASSES))
    raw = embed.astype(np.float64) @ maps  # (n_draws, n_items, n_classes)
    draws = _linked(task, raw)
    codes, marks, numbers = np.arange(N_LABELED) % N_CLASSES, (labeled > 0).astype(np.int8), labeled[:, 0]
    y = task.target.pick(codes=codes, marks=marks, numbers=numbers.astype(np.float64))
    known = predicted(task, labeled, maps)
    return {
        "embed": embed, "values": draws.mean(axis=0), "draws": draws,
        "embed_labeled": labeled, "y_labeled": y, "values_labeled": known, "maps": maps,
    }  # fmt: skip


PER_ITEM = ("embed", "values", "draws")  # arrays with a row a candidate (draws: a column)


def predicted(task: Task, rows: npt.NDArray[Any], maps: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The mean prediction of a committee of linear models."""
    return np.asarray(_linked(task, rows.astype(np.float64) @ maps).mean(axis=0))


def _linked(task: Task, raw: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Raw scores (n_draws, n_items, n_classes) as values of the task; the first is the number of a regression."""
    if task.target.pick(codes=False, marks=False, numbers=True):
        raw = raw[:, :, 0]
    return task.link(raw)


def evidence_of(task: Task, arrays: dict[str, Any], **more: Any) -> Evidence:
    """Evidence over such arrays; ``more`` goes to `Evidence`."""
    n_labels = len(arrays["y_labeled"])
    given: dict[str, Any] = {
        "task": task,
        "predict": lambda: task.predictions(arrays["values"], arrays["draws"]),
        "predict_changed": lambda change: task.predictions(predicted(task, change(arrays["embed"]), arrays["maps"])),
        "predict_labeled": lambda: task.predictions(arrays["values_labeled"]),
        "embed_labeled": arrays["embed_labeled"],
        "y_labeled": arrays["y_labeled"],
        "source": SourceItems(arrays["embed_labeled"] + np.float32(2), arrays["y_labeled"]),
        "annotations": Annotations(
            np.tile(np.arange(n_labels), 2), np.repeat([0, 1], n_labels), np.concatenate([arrays["y_labeled"]] * 2)
        ),
    }
    return Evidence(arrays["embed"], **(given | more))


def cases(kind: type[Strategy]) -> list[tuple[Task, dict[str, npt.NDArray[Any]]]]:
    """A sample for each task that the strategy serves."""
    return [(task, sample_arrays(task)) for task in map(sample_task, kind.tasks)]


def rng_of(seed: int = 0) -> np.random.Generator:
    """A fresh generator."""
    return np.random.default_rng(seed)
