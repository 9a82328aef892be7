"""Widgets of a learner: what a browser does is set on them, and what it is shown is read from them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from labelwright import ActiveLearner
from labelwright.errors import InputError
from labelwright.notebook.shown import shown

pytest.importorskip("anywidget")
X, Y = np.arange(40.0)[:, None], np.where(np.arange(40) >= 20, "late", "early")


def test_a_batch_is_taught_once_all_is_answered_and_confirmed() -> None:
    learner = ActiveLearner("linear", batch_size=3)
    batch = next(learner.rounds(X))
    widget = learner.label(batch, [f"note {k}" for k in range(40)], classes=["early", "late"])
    widget.confirmed = 1  # nothing is chosen yet: a stray key
    assert len(learner.history_) == 0 and widget.state == "asking"
    widget.chosen = [0, -1, 1]
    assert widget.labels == ["early", None, "late"]
    widget.confirmed = 2
    assert widget.state == "ended" and learner.history_[["n_labels", "n_skipped"]].iloc[0].tolist() == [2, 1]
    widget.confirmed = 3  # a second press of the key
    assert len(learner.history_) == 1


def test_what_fails_is_said_and_can_be_mended() -> None:
    learner = ActiveLearner("linear", batch_size=2)
    batch = next(learner.rounds(X))
    widget = learner.label(batch, list(Y), classes=[1, "one"])
    learner.exclude([0])
    widget.chosen, widget.confirmed = [0, 1], 1
    assert widget.state == "failed" and "Error" in widget.problem
    widget.chosen, widget.confirmed = [0, 0], 2
    assert widget.state == "ended" and widget.problem == ""


def test_the_curve_follows_what_is_taught_and_taken_back() -> None:
    learner = ActiveLearner("linear", batch_size=4)
    widget = learner.watch(X + 0.5, Y)
    batches = learner.rounds(X)
    first = next(batches)
    learner.teach(first, Y[first.indices])
    second = next(batches)
    learner.teach(second, Y[second.indices])
    assert [point[0] for point in widget.points] == [4, 8]
    assert all(low <= value <= high for _, value, low, high in widget.points)
    learner.undo(second)
    assert [point[0] for point in widget.points] == [4]


def test_every_kind_of_item_is_shown() -> None:
    frame = pd.DataFrame({"age": [41], "note": ["ß"]})
    assert shown(frame.iloc[0]) == {"row": [["age", "41"], ["note", "ß"]]}
    for image in (
        np.zeros((3, 3)),
        np.ones((3, 3, 3), dtype=np.uint8),
        Image.new("L", (3, 3)),
        np.full((3, 3), np.nan),
    ):
        assert str(shown(image)["image"]).startswith("data:image/png;base64,")
    with pytest.raises(InputError, match="a text, an image"):
        shown(np.zeros(5))


def test_bad_input_is_named() -> None:
    learner = ActiveLearner("linear", batch_size=2)
    with pytest.raises(InputError, match="classes"):
        learner.label(learner.rounds(X), list(Y))
    with pytest.raises(InputError, match="items must be as many as the pool has"):
        learner.label(learner.rounds(X), ["one"], classes=["a", "b"])
    with pytest.raises(InputError, match="no batch"):
        learner.label(iter(()), list(Y), classes=["a", "b"])
    with pytest.raises(InputError, match="X and y"):
        learner.watch(X)
