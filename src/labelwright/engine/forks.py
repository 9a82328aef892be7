"""Forks of a project: the one that runs, which labels belong to which arm, and what its models are compared by."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.answers import Answer, Ints
from labelwright.engine.layout import POOL, Layout
from labelwright.engine.project import Project
from labelwright.errors import NotFoundError
from labelwright.policy import Policy
from labelwright.policy.fork import ARMS
from labelwright.store import tables as t
from labelwright.store.record.forks import ForkArm, ForkMeasured
from labelwright.store.record.standing import ANSWER
from labelwright.store.rows import AnyRow, Rows
from labelwright.strategies.margin_diversity import MarginDiversity

RUNNING: Final = "running"


@dataclass(frozen=True)
class Fork:
    """A fork as a cycle sees it.

    Attributes
    ----------
    per_arm : int
        Labels that each arm is compared on.
    arms : pair of ForkArm
    """

    id: str
    per_arm: int
    arms: tuple[ForkArm, ForkArm]


@dataclass(frozen=True)
class Asked:
    """What the arms asked for, and people answered, in the order of the answers.

    Attributes
    ----------
    items : pair of int64 array
        Of each arm.
    """

    items: tuple[Ints, Ints]

    def own(self, arm: int, per_arm: int) -> Ints:
        """The items that an arm trains on beside those that both share: the first ones, as many as it was given."""
        return self.items[arm][:per_arm]

    def aside(self, arm: int, per_arm: int) -> Ints:
        """The items that an arm does not train on: those of the other one, and what came after its own share."""
        return np.setdiff1d(np.concatenate(self.items), self.own(arm, per_arm))

    def counts(self, per_arm: int) -> tuple[int, int]:
        """Labels of each arm, of those that it was given."""
        return len(self.own(0, per_arm)), len(self.own(1, per_arm))

    def complete(self, per_arm: int) -> bool:
        """Whether both arms have their labels."""
        return min(self.counts(per_arm)) >= per_arm


NOTHING_ASKED: Final = Asked((np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)))


def at_work(rows: Rows, question_id: str, used: list[Answer], where: Layout) -> tuple[Fork | None, Asked]:
    """The fork that runs and what its arms asked for, of the answers that a cycle reads."""
    row = row_of(rows, question_id)
    if row is None:
        return None, NOTHING_ASKED
    return fork_of(row), asked(rows, question_id, row.seq, {one.ordinal for one in used}, where)


def row_of(rows: Rows, question_id: str) -> AnyRow | None:
    """The row of the fork that runs, None where none does."""
    table = t.fork
    return rows.first(rows.select(table).where(table.c.state == RUNNING, table.c.question_id == question_id))


def find(rows: Rows, fork_id: str) -> AnyRow:
    """The row of a fork.

    Raises
    ------
    NotFoundError
        If there is none of that id.
    """
    row = rows.first(rows.select(t.fork).where(t.fork.c.id == fork_id))
    if row is None:
        raise NotFoundError(f"There is no fork '{fork_id}'.")
    return row


def fork_of(row: AnyRow) -> Fork:
    """A row of the table of forks."""
    one, two = (ForkArm(**arm) for arm in row.arms)
    return Fork(row.id, int(row.per_arm), (one, two))


def asked(rows: Rows, question_id: str, after: int, labeled: Set[int], where: Layout) -> Asked:
    """What the arms asked for after an event, and people answered.

    Parameters
    ----------
    labeled : set of int
        Items that have a label; an answer that was taken back is of no arm.
    """
    table = t.annotation
    query = (
        rows.select(table.c.ordinal, table.c.slot_kind)
        .where(
            table.c.seq > after, table.c.question_id == question_id, table.c.kind == ANSWER,
            table.c.slot_kind.in_(ARMS), table.c.ordinal < where.n_items,
        )
        .order_by(table.c.seq)
    )  # fmt: skip
    first: dict[int, str] = {}
    for row in rows.all(query):
        first.setdefault(int(row.ordinal), row.slot_kind)
    one, two = (
        np.array(
            [item for item, of in first.items() if of == arm and item in labeled and where.split[item] == POOL],
            dtype=np.int64,
        )
        for arm in ARMS
    )
    return Asked((one, two))


def answered(rows: Rows, project: Project, row: AnyRow) -> tuple[Ints, Ints]:
    """Items of each arm of a running fork that people have answered by now, up to the arm's share."""
    table = t.annotation
    query = (
        rows.select(table.c.ordinal, table.c.slot_kind)
        .where(
            table.c.seq > row.seq, table.c.question_id == project.primary.id, table.c.kind == ANSWER,
            table.c.slot_kind.in_(ARMS), table.c.first,
        )
        .order_by(table.c.seq)
    )  # fmt: skip
    found: dict[int, str] = {}
    for one in rows.all(query):
        found.setdefault(int(one.ordinal), one.slot_kind)
    first, second = (
        np.array([item for item, of in found.items() if of == arm][: row.per_arm], dtype=np.int64) for arm in ARMS
    )
    return first, second


def measured(rows: Rows, fork_id: str) -> list[ForkMeasured]:
    """The trainings of a fork's arms, oldest first."""
    table = t.decision
    found = rows.scalars(rows.select(table.c.data).where(table.c.kind == ForkMeasured.kind).order_by(table.c.seq))
    bodies = [ForkMeasured.read(data, ForkMeasured.body_version) for data in found if data["fork"] == fork_id]
    return [body for body in bodies if isinstance(body, ForkMeasured)]


def policy_of(arm: ForkArm, policy: Policy) -> Policy:
    """The policy that an arm ranks by: the project's, with the arm's own way to choose."""
    strategy = arm.strategy if arm.dial is None else MarginDiversity(prefilter=arm.dial)
    return replace(policy, strategy=strategy, params={})


def at_random(arm: ForkArm, policy: Policy) -> bool:
    """Whether an arm samples only."""
    return policy_of(arm, policy).make_strategy().random_share == 1


def seconds(rows: Rows, question_id: str, items: npt.NDArray[np.int64], after: int) -> float:
    """Active seconds that people spent on items after an event, on all questions of each."""
    table, total = t.annotation, 0.0
    wanted = items.tolist()
    for start in range(0, len(wanted), 500):
        found = rows.scalars(
            rows.select(table.c.seconds).where(
                table.c.seq > after, table.c.kind == ANSWER, table.c.question_id == question_id,
                table.c.ordinal.in_(wanted[start : start + 500]), table.c.seconds.is_not(None),
            )
        )  # fmt: skip
        total += float(sum(found))
    return total
