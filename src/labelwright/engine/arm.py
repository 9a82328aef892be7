"""The control arm of a project: what is in it at a moment, and the order in which random slots go on with it."""

from __future__ import annotations

import numpy as np

from labelwright.engine.answers import Answer, Ints
from labelwright.engine.gold import known_answers
from labelwright.engine.layout import POOL, Layout, columns
from labelwright.engine.pinned import pinned
from labelwright.engine.project import Project
from labelwright.policy.arm import arm, places
from labelwright.policy.constraints import Columns, eligible
from labelwright.policy.rank import PREDICTED
from labelwright.store import tables as t
from labelwright.store.record.standing import ABOUT_ITEM
from labelwright.store.rows import Rows


def order_of(where: Layout, without: Ints, seed: int) -> Ints:
    """Places of the items in the permutation of the pool, -1 for items outside of it.

    Parameters
    ----------
    without : int64 array
        Excluded items.
    seed : int
        Of the project.
    """
    members = where.split == POOL
    members[without] = False
    return places(seed, members, where.dup_group)


def find_arm(
    rows: Rows, project: Project, where: Layout, without: Ints, used: list[Answer], slices: Columns
) -> Ints:  # fmt: skip
    """Labeled items of the control arm now, by the answers that a cycle reads.

    Passed over are groups with a known answer or an example for everybody, those that somebody set aside while nobody
    has answered them, and those that "only" and "never" keep from being asked. Groups that the data labels are in the
    arm like those that people label.

    Parameters
    ----------
    slices : mapping of str to array of shape (n_items,)
        The slices that quotas name, as columns.
    """
    answered, passed = np.zeros(where.n_items, dtype=bool), np.zeros(where.n_items, dtype=bool)
    answered[[one.ordinal for one in used]] = True
    table = t.annotation
    query = rows.select(table.c.ordinal).where(table.c.kind.in_(ABOUT_ITEM), table.c.standing)
    nobody = {*rows.scalars(query), *(ordinal for ordinal, _ in known_answers(rows)), *pinned(rows)}
    passed[[ordinal for ordinal in nobody if ordinal < where.n_items]] = True
    rules = [rule.on_columns() for rule in project.policy.rules() if rule.column != PREDICTED]
    values = columns(rows, {rule.column for rule in rules}, where.n_items)
    passed |= ~eligible(rules, {**values, **slices}, where.n_items)
    return arm(order_of(where, without, project.seed), answered, passed, where.dup_group)
