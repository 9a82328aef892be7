"""The files of a cycle: their names, and how labels and slots lie in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.loop.state import RESERVE, TRAIN, Labels
from labelwright.policy import Slots, kinds
from labelwright.tasks import Task

ITEMS: Final = "items"  # the item numbers among the arrays of predictions of the reserve
WHOM: Final = "whom"  # codes of people, where slots are for somebody
Arrays = Mapping[str, npt.NDArray[np.generic]]


def folder_of(cycle_id: int) -> str:
    """Where a cycle's files lie."""
    return f"cycles/{cycle_id:06d}"


@dataclass(frozen=True)
class CycleFiles:
    """The names of a cycle's files."""

    folder: str

    @property
    def inputs(self) -> str:
        return f"{self.folder}/inputs.json"

    @property
    def slots(self) -> str:
        return f"{self.folder}/slots.npz"

    @property
    def history(self) -> str:
        return f"{self.folder}/history.npz"

    def labels(self, question: str) -> str:
        return f"{self.folder}/{question}/labels.npz"

    def voice(self, question: str) -> str:
        """What models say of the items that they were not trained on, where a resolver hears them."""
        return f"{self.folder}/{question}/voice.npz"

    def model(self, question: str) -> str:
        return f"{self.folder}/{question}/model.skops"

    def reserve(self, question: str) -> str:
        """Predictions of the items of the reserve, which are kept longer."""
        return f"{self.folder}/{question}/reserve.npz"

    def control(self, question: str) -> str:
        """What a model that was trained on the control arm alone predicts of the items of the reserve."""
        return f"{self.folder}/{question}/control.npz"

    def computed(self, question: str) -> str:
        """What computed the predictions: processors, versions, and how many shards each."""
        return f"{self.folder}/{question}/computed.json"

    def shards(self, question: str, arm: str = "") -> str:
        """A folder: predictions of single shards, until the ranking is published."""
        return f"{self.folder}/{question}/{arm}/shards" if arm else f"{self.folder}/{question}/shards"

    def scores(self, question: str) -> str:
        """A folder: scores of single shards, until the ranking is published."""
        return f"{self.folder}/{question}/scores"

    def arm_model(self, question: str, arm: str) -> str:
        """The model of an arm of a fork."""
        return f"{self.folder}/{question}/{arm}/model.skops"

    def arm_reserve(self, question: str, arm: str) -> str:
        """What that model predicts of the items of the reserve."""
        return f"{self.folder}/{question}/{arm}/reserve.npz"

    def arm_predictions(self, question: str, arm: str) -> str:
        """A folder, as for the model that serves."""
        return f"{self.folder}/{question}/{arm}/predictions"

    def predictions(self, question: str) -> str:
        """A folder: the arrays of predictions are files of their own, so that they can be memory-mapped."""
        return f"{self.folder}/{question}/predictions"


def label_arrays(labels: Labels) -> Arrays:
    """A label version as its file holds it."""
    return {
        "item_idx": labels.item_idx, "y": labels.y, "confidence": labels.confidence,
        "reserve": labels.split == RESERVE, "n_people": labels.n_people,
    }  # fmt: skip


def labels_of(stored: Arrays, task: Task) -> Labels:
    """A label version read back."""
    answers_ = task.decode(stored["y"])
    return Labels(
        item_idx=stored["item_idx"], answers=answers_, y=stored["y"], confidence=stored["confidence"],  # type: ignore[arg-type]
        split=np.where(stored["reserve"], RESERVE, TRAIN), n_people=stored["n_people"],  # type: ignore[arg-type]
        posterior=[{} for _ in answers_],
    )  # fmt: skip


def slot_arrays(slots: Slots) -> Arrays:
    """An order as its file holds it."""
    codes = np.array([kinds.get(kind).code for kind in slots.kind.tolist()], dtype=np.int8)
    return {
        "item_idx": slots.item_idx, "kind": codes, "score": slots.score, "propensity": slots.propensity,
        **{f"reason-{name}": part for name, part in slots.reasons.items()},
        **({} if slots.whom is None else {WHOM: slots.whom}),
    }  # fmt: skip


def slots_of(stored: Arrays) -> Slots:
    """An order read back."""
    names = np.array([kinds.by_code(int(code)).name for code in stored["kind"]], dtype="<U8")
    reasons = {name.removeprefix("reason-"): part for name, part in stored.items() if name.startswith("reason-")}
    return Slots(
        stored["item_idx"], names, stored["score"], stored["propensity"], reasons, whom=stored.get(WHOM)  # type: ignore[arg-type]
    )  # fmt: skip
