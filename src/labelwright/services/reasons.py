"""Why an item was shown, in words; read from the arrays of the ranking it came from."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelwright.store.project import ProjectStore

KINDS = {
    "chosen": "The model learns most from answers like this one.",
    "random": "Drawn by lot: a share of all questions is, so that the model is compared with chance.",
    "reserve": "Drawn by lot to measure the model; it never learns from this answer.",
}


def explain(store: ProjectStore, annotation: Any, ranking: Any) -> dict[str, Any]:
    """The parts of the score at the moment the item was shown."""
    view: dict[str, Any] = {
        "kind": annotation.slot_kind or "chosen",
        "text": KINDS.get(annotation.slot_kind, KINDS["chosen"]),
        "strategy": None if ranking is None else ranking.strategy,
        "position": None if annotation.position is None else annotation.position + 1,
        "n_labels": None if ranking is None else ranking.n_labels,
        "parts": [],
    }
    if ranking is None or annotation.slot_kind != "chosen":
        return view
    folder = store.arrays.folder / f"cycles/{ranking.cycle:06d}/slots"
    mode = (folder / "mode.txt").read_text() if (folder / "mode.txt").exists() else ""
    if mode == "seed":
        view["text"] = "Nothing is labeled yet: this item stands for many others."
    for path in sorted(folder.glob("reason-*.npy")):
        values = np.load(path, mmap_mode="r", allow_pickle=False)
        value = float(values[annotation.position])
        if np.isfinite(value):
            name = path.stem.removeprefix("reason-")
            view["parts"].append({"name": name, "value": value, "text": in_words(name, value)})
    return view


def in_words(name: str, value: float) -> str:
    """One part of a score, for somebody who never heard of it.

    >>> in_words("margin", -0.04)
    'The two likeliest labels are 4 points apart.'
    """
    match name:
        case "margin":
            return f"The two likeliest labels are {abs(value) * 100:.0f} points apart."
        case "doubt" | "uncertainty":
            return f"The model's doubt is {value:.2f}."
        case "entropy":
            return f"The model spreads its guess over several labels (entropy {value:.2f})."
        case "least-confidence":
            return f"The model gives its best guess only {(1 - value) * 100 if value >= 0 else -value * 100:.0f} %."
        case "distance" | "nearest" | "novelty":
            return f"Nothing very like it is labeled yet (distance {value:.2f})."
        case "gain" | "coverage":
            return f"It stands for others that the model doubts (gain {value:.3g})."
        case "variance" | "std":
            return f"The committee's numbers differ (spread {value:.3g})."
        case "vote-entropy" | "disagreement" | "kl":
            return f"The committee's members disagree ({value:.2f})."
        case _:
            return f"{name.replace('-', ' ').replace('_', ' ').capitalize()}: {value:.3g}"
