"""Columns of an export beside the labels: what the model predicts of each item, and how and why it was asked."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Final

import numpy as np

from labelwright.engine.cycle import Cycle
from labelwright.engine.layout import POOL
from labelwright.engine.project import Project, Question
from labelwright.engine.serving import serving_cycle
from labelwright.errors import UnavailableError
from labelwright.plain import JsonObject
from labelwright.services.projects.described import describe_answer
from labelwright.services.record.moments import Moment
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import UNDOING
from labelwright.store.rows import AnyRow, Rows

PREDICTED: Final = ("prediction", "prediction_confidence")
ASKED: Final = ("asked_as", "propensity", "seconds", "reason")


class Predicted:
    """What the model that serves a question predicts; nothing of items of the reserve that nobody has answered.

    Parameters
    ----------
    moment : Moment
        Predictions are those of the model of a snapshot's label version, or of the one that serves for the labels of
        now. At any other moment there are none, as their files are thinned some day: what was written once is written
        again.
    """

    def __init__(self, store: ProjectStore, rows: Rows, project: Project, question: Question, moment: Moment) -> None:
        self._question = question
        if moment.label_version:
            number = int(moment.label_version.removeprefix("lv-"))
        else:
            number = serving_cycle(rows, question.id, project.row.cycle)
        has_model = moment.is_now or (moment.is_snapshot and moment.label_version is not None)
        self._cycle = Cycle(store, number) if has_model else None
        self._frozen = None
        self._predictions = None
        try:
            if self._cycle is not None and self._cycle.is_frozen:
                self._frozen = next((one for one in self._cycle.inputs.questions if one.id == question.id), None)
            if self._cycle is not None and self._frozen is not None:
                self._predictions = self._cycle.predictions(self._frozen)
        except UnavailableError:  # labels get out also while the store of files is away, without predictions
            if not moment.is_now:  # a file of the past has the same bytes whenever it is written
                raise

    def of(self, page: Sequence[AnyRow], labeled: Container[int]) -> dict[int, dict[str, object]]:
        """The columns of the items of a page, by ordinal.

        Parameters
        ----------
        labeled : container of int
            Items with a label at that moment.
        """
        if self._predictions is None or self._frozen is None:
            return {}
        n = len(self._predictions)
        known = [row.ordinal for row in page if row.ordinal < n and (row.split == POOL or row.ordinal in labeled)]
        if not known:
            return {}
        task = self._frozen.make_task()
        taken = task.take(self._predictions, np.array(known, dtype=np.int64))
        favoured, sure = task.decode(task.answer(taken)), task.confidence(taken)
        return {
            ordinal: {
                "prediction": plain(self._question, answer),
                "prediction_confidence": round(float(confidence), 6) if np.isfinite(confidence) else None,
            }
            for ordinal, answer, confidence in zip(known, favoured, sure, strict=True)
        }


class Asked:
    """How items were asked: kind and chance of the first slot, seconds and reasons of annotations up to an event."""

    def __init__(self, store: ProjectStore, rows: Rows, upto_seq: int) -> None:
        self._store, self._rows, self._upto_seq = store, rows, upto_seq

    def of(self, ordinals: Sequence[int]) -> dict[int, dict[str, object]]:
        """The columns of some items, by ordinal; none of those that nobody was asked about."""
        table, found = t.annotation, dict[int, dict[str, object]]()
        for start in range(0, len(ordinals), 500):
            query = (
                self._rows.select(
                    table.c.ordinal, table.c.slot_kind, table.c.propensity, table.c.seconds, table.c.reason_id
                )
                .where(
                    table.c.ordinal.in_(ordinals[start : start + 500]), table.c.seq <= self._upto_seq,
                    table.c.kind.not_in(UNDOING),
                )
                .order_by(table.c.seq)
            )  # fmt: skip
            for row in self._rows.all(query):
                first: dict[str, object] = {
                    "asked_as": row.slot_kind, "propensity": row.propensity, "seconds": None, "reason": None,
                }  # fmt: skip
                of_item = found.setdefault(row.ordinal, first)
                if row.seconds is not None:
                    of_item["seconds"] = round(float(of_item["seconds"] or 0.0) + row.seconds, 3)  # type: ignore[arg-type]
                if row.reason_id is not None:
                    reason = self._store.unseal(self._rows, row.reason_id)
                    of_item["reason"] = " | ".join(str(part) for part in (of_item["reason"], reason) if part)
        return found


def plain(question: Question, answer: JsonObject) -> object:
    """An answer as it stands in a cell."""
    if "value" in answer:
        return answer["value"]
    if "labels" in answer:
        return "|".join(describe_answer(question, {"labels": [label]}) for label in answer["labels"])  # type: ignore[union-attr]
    return describe_answer(question, answer)
