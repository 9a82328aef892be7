"""What Label Studio's annotations become: answers, corrections, skips and undos of the people who made them."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labelwright.bridges.label_studio.mapping import answers_of, lease_of
from labelwright.engine.project import Project
from labelwright.plain import Json, JsonObject
from labelwright.services.bridges.state import Taken
from labelwright.services.labeling import annotations as answering
from labelwright.services.labeling import handing
from labelwright.services.labeling.handing import StandingAnswer
from labelwright.services.people.roles import Actor
from labelwright.services.site import Site
from labelwright.store.record.standing import SKIP

MAX_SECONDS = 86_400.0


@dataclass(frozen=True)
class PeerAnnotation:
    """The last annotation of a task by one user.

    Attributes
    ----------
    cancelled : bool
        Whether the user skipped the task.
    seconds : float, optional
        How long it took, where that is a sensible number.
    """

    id: int
    user: int
    updated_at: str
    cancelled: bool
    result: Json
    seconds: float | None


@dataclass(frozen=True)
class PeerTask:
    """What the bridge needs of a task.

    Attributes
    ----------
    place : int
        Its number within the project of Label Studio.
    overlap : int
        How many people it is shown to.
    lease : str
        The lease that it was pushed with.
    by_user : mapping of int to PeerAnnotation
    has_draft : bool
        Whether somebody works on it.
    """

    id: int
    place: int
    overlap: int
    updated_at: str
    lease: str
    by_user: dict[int, PeerAnnotation]
    has_draft: bool

    @classmethod
    def of(cls, task: JsonObject) -> PeerTask | None:
        """From what the API says; None of a task that the bridge did not push."""
        lease = lease_of(task)
        if lease is None:
            return None
        found = sorted(_annotations(task), key=lambda one: (one.updated_at, one.id))
        return cls(
            _whole(task["id"]), _whole(task.get("inner_id") or 0), _whole(task.get("overlap") or 1),
            str(task["updated_at"]), lease, {one.user: one for one in found}, bool(task.get("drafts")),
        )  # fmt: skip

    @property
    def n_answers(self) -> int:
        """How many people have answered it, and not skipped."""
        return sum(not one.cancelled for one in self.by_user.values())


class Recorder:
    """Brings the record of one project to what Label Studio says, one person and item at a time.

    What stands in the record is looked up first, so that the same annotation may come any number of times.

    Parameters
    ----------
    source : str
        The address of the project in Label Studio; ids of answers are made from it.
    """

    def __init__(self, site: Site, slug: str, seats: Sequence[Actor], project: Project, source: str) -> None:
        self._site, self._slug, self._seats, self._project, self._source = site, slug, seats, project, source

    def take(self, ordinal: int, who: Actor, found: PeerAnnotation, before: Taken | None) -> Taken:
        """Record what is new of an annotation.

        Raises
        ------
        UserError
            If the answer does not fit, or the person may not give it.
        """
        now = handing.standing(self._site, self._slug, ordinal, who)
        if before is None and now and now[-1].at > found.updated_at:  # taken before, or changed here since
            return Taken(found.id, found.updated_at, tuple(one.id for one in now))
        wanted = {} if found.cancelled else answers_of(self._project.questions, found.result)
        lease = handing.hand_on(self._site, self._seats, self._slug, ordinal, who)
        if found.cancelled:
            kept, steps = self._skip(now, found)
        else:
            kept, steps = self._answer(now, found, wanted, before)
        return Taken(found.id, found.updated_at, (*kept, *self._give(who, lease, found, steps)))

    def forget(self, ordinal: int, who: Actor, before: Taken) -> None:
        """Undo what came of an annotation that was deleted in Label Studio, as far as it still stands."""
        gone = PeerAnnotation(before.annotation, 0, f"{before.updated_at}/deleted", False, None, None)
        now = handing.standing(self._site, self._slug, ordinal, who)
        steps: list[JsonObject] = [_undo(one) for one in now if one.id in before.stored]
        if steps:
            lease = handing.hand_on(self._site, self._seats, self._slug, ordinal, who)
            self._give(who, lease, gone, steps)
            handing.hand_back(self._site, self._seats, self._slug, ordinal, who)

    def _skip(self, now: Sequence[StandingAnswer], found: PeerAnnotation) -> tuple[list[str], list[JsonObject]]:
        kept = [one.id for one in now if one.kind == SKIP]
        steps: list[JsonObject] = [_undo(one) for one in now if one.is_answer]
        return kept, steps if kept else [*steps, {"kind": SKIP, "seconds": found.seconds}]

    def _answer(
        self, now: Sequence[StandingAnswer], found: PeerAnnotation, wanted: dict[str, JsonObject], before: Taken | None
    ) -> tuple[list[str], list[JsonObject]]:
        kept: list[str] = []
        steps: list[JsonObject] = [_undo(one) for one in now if one.kind == SKIP]
        standing = {one.question_id: one for one in now if one.is_answer}
        for question in self._project.questions:
            old, new = standing.get(question.id), wanted.get(question.id)
            if new is None:
                if old is not None and before is not None and old.id in before.stored:
                    steps.append(_undo(old))
            elif old is None:
                seconds = found.seconds if question.primary else None
                steps.append({"kind": "answer", "question": question.id, "answer": new, "seconds": seconds})
            elif (question.task.current(old.answer or {}) or old.answer) == new:
                kept.append(old.id)
            else:
                steps.append({"kind": "correct", "question": question.id, "answer": new, "replaces": old.id})
        return kept, steps

    def _give(self, who: Actor, lease: str, found: PeerAnnotation, steps: Sequence[JsonObject]) -> list[str]:
        """Store all steps in one transaction; the ids of those that stand."""
        if not steps:
            return []
        given = []
        for step in steps:
            name = "/".join(
                [self._source, str(found.id), found.updated_at]
                + [str(step.get(key) or "") for key in ("kind", "question", "replaces")]
            )
            on_lease: JsonObject = {} if "replaces" in step else {"lease_id": lease}
            answer_id = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
            given.append(answering.Given.of(answer_id=answer_id, item_id=lease, **on_lease, **step))
        receipts = answering.give(self._site, who, self._slug, given).receipts
        return [receipt.id for receipt, step in zip(receipts, steps, strict=True) if step["kind"] != "undo"]


def _undo(one: StandingAnswer) -> JsonObject:
    return {"kind": "undo", "replaces": one.id}


def _annotations(task: JsonObject) -> Iterator[PeerAnnotation]:
    listed = task.get("annotations")
    for one in listed if isinstance(listed, list) else []:
        if not isinstance(one, dict):
            continue
        by = one.get("completed_by")
        user = by.get("id") if isinstance(by, dict) else by
        if user is None:  # the user was deleted
            continue
        yield PeerAnnotation(
            _whole(one["id"]), _whole(user), str(one["updated_at"]), bool(one.get("was_cancelled")),
            one.get("result"), _seconds(one.get("lead_time")),
        )  # fmt: skip


def _seconds(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) and 0 <= value <= MAX_SECONDS else None


def _whole(value: Json) -> int:
    return int(str(value))
