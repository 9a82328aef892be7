"""The sealed part of the reserve: which items may certify a target, and what was asked and opened so far."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.layout import SEALED, Layout
from labelwright.engine.project import Project
from labelwright.stats.certify import ALPHA
from labelwright.store import tables as t
from labelwright.store.record.certificates import CertificateOpened, CertificationAsked
from labelwright.store.rows import AnyRow, Rows
from labelwright.tasks import Task

Ints = npt.NDArray[np.int64]
ORDER: Final = 17  # of the random streams of a project, the one of this order


def is_share(task: Task, metric: str) -> bool:
    """Whether a metric is a share of items that are right, which the exact test is for."""
    return metric == "accuracy" and metric in task.mean_metrics


def candidates(where: Layout, excluded: Ints, seed: int) -> Ints:
    """Sealed items that may count, one of each group, in the order in which they are asked."""
    sealed = np.flatnonzero(where.split == SEALED)
    order = np.random.default_rng([seed, ORDER]).permutation(len(sealed))
    sealed = sealed[order]
    sealed = sealed[~np.isin(sealed, excluded)]
    group = where.dup_group if where.group is None else where.group
    _, first = np.unique(group[sealed], return_index=True)
    return sealed[np.sort(first)]


def asked(rows: Rows) -> CertificationAsked | None:
    """What the lead asked for last."""
    data = _last(rows, CertificationAsked.kind)
    return None if data is None else CertificationAsked.read(data.data, CertificationAsked.body_version)


def openings(rows: Rows) -> list[tuple[AnyRow, CertificateOpened]]:
    """All openings so far, the oldest first."""
    table = t.decision
    found = rows.all(rows.select(table).where(table.c.kind == CertificateOpened.kind).order_by(table.c.seq))
    return [(row, CertificateOpened.read(row.data, CertificateOpened.body_version)) for row in found]


def wanted(rows: Rows, project: Project, where: Layout, excluded: Ints) -> Ints:
    """The sealed items whose labels the lead has asked for, in their order."""
    last = asked(rows)
    return np.empty(0, dtype=np.int64) if last is None else candidates(where, excluded, project.seed)[: last.n]


def alpha_of(openings_: int) -> float:
    """The error of one opening of so many."""
    return ALPHA / openings_


def _last(rows: Rows, kind: str) -> AnyRow | None:
    table = t.decision
    return rows.first(rows.select(table).where(table.c.kind == kind).order_by(table.c.seq.desc()))
