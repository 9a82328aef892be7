"""Small made-up evidence for the checks: clusters with a model that is sure of some."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright import tasks
from labelwright.models.link import link
from labelwright.strategies import Evidence, Strategy
from labelwright.tasks import Predictions, Task

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
    draws = raw[:, :, 0] if task.form == "value" else link(task.form, raw)
    y = {"classes": np.arange(N_LABELED) % N_CLASSES, "value": labeled[:, 0].astype(np.float64)}.get(
        task.form, (labeled > 0).astype(np.int8)
    )
    return {"embed": embed, "embed_labeled": labeled, "values": draws.mean(axis=0), "draws": draws, "y_labeled": y}


def evidence_of(task: Task, arrays: dict[str, Any], **more: Any) -> Evidence:
    """Evidence over such arrays; ``more`` goes to `Evidence`."""
    predictions = Predictions(task.form, arrays["values"], arrays["draws"])
    given: dict[str, Any] = {
        "task": task,
        "predict": lambda: predictions,
        "embed_labeled": arrays["embed_labeled"],
        "y_labeled": arrays["y_labeled"],
    }
    return Evidence(arrays["embed"], **(given | more))


def cases(kind: type[Strategy]) -> list[tuple[Task, dict[str, npt.NDArray[Any]]]]:
    """A sample for each task that the strategy serves."""
    return [(task, sample_arrays(task)) for task in map(sample_task, kind.tasks)]


def rng_of(seed: int = 0) -> np.random.Generator:
    """A fresh generator."""
    return np.random.default_rng(seed)
