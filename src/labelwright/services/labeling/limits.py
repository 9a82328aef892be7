"""What a lead allows a person to get: some domains or groups only, some a day, nothing before a training is passed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, or_

from labelwright.engine import quality, routing
from labelwright.engine.layout import COLUMNS
from labelwright.engine.project import Project
from labelwright.engine.quality import Profile
from labelwright.engine.trainings import has_passed
from labelwright.policy.kinds.relabel import Relabel
from labelwright.services.labeling.leases import Slot
from labelwright.services.people.roles import Actor
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.record.decisions import AwayFrom
from labelwright.store.rows import Rows

TRAINING: Final = "training"
YOU_PAUSED: Final = "you-paused"
DAY_DONE: Final = "day-done"
DAY_SECONDS: Final = 86_400


@dataclass(frozen=True)
class Limits:
    """What limits one person's work.

    Attributes
    ----------
    excluded_kinds : frozenset of str
        Kinds of slot that go to others.
    refused : str, optional
        Code of the reason why the person gets nothing at all.
    left_today : int, optional
        How many more items today.
    away : tuple of AwayFrom
        Slices whose items go to others, because of what was measured.
    """

    profile: Profile
    excluded_kinds: frozenset[str] = frozenset()
    refused: str | None = None
    left_today: int | None = None
    away: tuple[AwayFrom, ...] = ()

    @classmethod
    def of(cls, rows: Rows, project: Project, actor: Actor) -> Limits:
        """The limits of somebody in a project now."""
        profile = quality.profile(rows, actor.person_id)
        excluded, refused, left = frozenset[str](), None, None
        if project.quality.experts_relabel and not profile.expert:
            excluded = frozenset({Relabel.name})
        if profile.most_per_day is not None:
            left = max(profile.most_per_day - _taken_today(rows, actor), 0)
            refused = DAY_DONE if not left else None
        if profile.paused:
            refused = YOU_PAUSED
        elif (training := project.quality.training) and not profile.excused:
            refused = refused if has_passed(rows, project, training, actor.person_id) else TRAINING
        away = tuple(routing.away_of(rows, actor.person_id)) if project.quality.route_below is not None else ()
        return cls(profile, excluded, refused, left, away)

    def at_most(self, n: int) -> int:
        """How many of ``n`` items the person may still get today."""
        return n if self.left_today is None else min(n, self.left_today)

    def conditions(self, rows: Rows, ordinal: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """What the items of a query have to fulfil, given its column of ordinals."""
        if not self.profile.only and not self.away:
            return []
        item = t.item
        allowed: list[ColumnElement[bool]] = [
            item.c[COLUMNS[column]].in_(list(values)) for column, values in self.profile.only.items()
        ]
        for one in self.away:
            of = item.c[COLUMNS[one.column]]
            allowed.append(or_(of.is_(None), of != one.value))
        return [ordinal.in_(rows.select(item.c.ordinal).where(*allowed))]

    def allowed(self, rows: Rows, slots: Sequence[Slot]) -> list[Slot]:
        """Those of some slots whose items the person may get."""
        if not slots or not (self.profile.only or self.away):
            return list(slots)
        item = t.item
        found = set(
            rows.scalars(
                rows.select(item.c.ordinal).where(
                    item.c.ordinal.in_([slot.ordinal for slot in slots]), *self.conditions(rows, item.c.ordinal)
                )
            )
        )
        return [slot for slot in slots if slot.ordinal in found]


def _taken_today(rows: Rows, actor: Actor) -> int:
    """Items that the person answered, or set aside, since midnight of UTC, or holds."""
    table, lease, now = t.annotation, t.lease, time.time()
    done = rows.scalars(
        rows.select(table.c.ordinal).where(
            table.c.person_id == actor.person_id, table.c.at >= iso(now - now % DAY_SECONDS)
        )
    ).all()
    held = rows.scalars(
        rows.select(lease.c.ordinal).where(
            lease.c.person_id == actor.person_id, lease.c.state == "live", lease.c.expires_at > now
        )
    ).all()
    return len({*done, *held})
