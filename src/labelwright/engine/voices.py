"""What a model that was not trained on an item says of it, for resolvers that hear a model: made, stored, read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labelwright import annotators
from labelwright.annotators import Voice
from labelwright.engine.cycle_files import ITEMS, CycleFiles, folder_of
from labelwright.loop import steps as pure
from labelwright.loop.out_of_fold import out_of_fold
from labelwright.loop.state import State
from labelwright.store.project import ProjectStore

PROBA = "proba"


def voice_path(cycle_id: int, question_id: str) -> str:
    """Where the voice of a cycle's model lies."""
    return CycleFiles(folder_of(cycle_id)).voice(question_id)


def hears(resolver: str) -> bool:
    """Whether a resolver counts what a model says."""
    return annotators.make(resolver).hears_model


def read_voice(store: ProjectStore, path: str) -> Voice | None:
    """The stored voice, None where there is none."""
    if not store.arrays.has(path):
        return None
    stored = store.arrays.read_bundle(path)
    return Voice(stored[ITEMS], stored[PROBA])


def listen(store: ProjectStore, path: str, answered: State, trained: State) -> dict[str, str]:
    """Fit models that leave out the items they speak about, and store what they say; the digest by path.

    Parameters
    ----------
    answered : State
        With the answers, which are counted to have labels to train on.
    trained : State
        Of the same cycle, with features.

    Returns
    -------
    digests : dict of str to str
        Empty where there are too few labels to leave some out.
    """
    labels = pure.resolve(replace(answered, voice=None))
    found = out_of_fold(trained, labels)
    if found is None:
        return {}
    items, predictions = found
    proba = np.asarray(trained.task.proba(predictions), dtype=np.float32)
    return store.arrays.write_bundle(path, {ITEMS: items, PROBA: proba})
