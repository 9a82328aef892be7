"""The open slots that a person may get, page by page, in the published order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labelwright.engine import features, heads
from labelwright.engine.cycle import Cycle
from labelwright.engine.done import least_people, people_done
from labelwright.engine.project import Project
from labelwright.errors import UnavailableError
from labelwright.policy import Head, assign, kinds
from labelwright.policy.kinds.relabel import Relabel
from labelwright.services.labeling import leases
from labelwright.services.labeling.leases import Lease, Slot
from labelwright.services.labeling.limits import Limits
from labelwright.services.people.roles import Actor
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWER
from labelwright.store.rows import Rows

FIRST_SLOTS, PAGE_SLOTS = 16, 200  # most ask for one item, and the first slots are free


class OpenSlots:
    """Open slots that the caller may get, page by page."""

    def __init__(
        self, store: ProjectStore, rows: Rows, project: Project, actor: Actor, limits: Limits, *, grid: bool
    ) -> None:
        self._store, self._rows, self._project, self._actor, self._limits = store, rows, project, actor, limits
        no_grid = frozenset(kind.name for kind in kinds.all() if not kind.in_grid) if grid else frozenset[str]()
        self._excluded = no_grid | limits.excluded_kinds
        self._unapproved = frozenset({*kinds.chosen(), Relabel.name}) if project.policy.approval else frozenset[str]()
        self._taken = set[int]()  # items that were found already
        self._n_slots: int | None = None
        self._named = False  # whether slots for others were met

    def open(self, n: int) -> list[Slot]:
        """What a lead asked for first, then the published order; where they are too few, what came back since then.

        What is for somebody else, or for experts, comes last of all: nobody waits while there is work.
        """
        found = self._pinned(n)
        found += self._in_order(n - len(found), others=False)
        if len(found) == n:
            return found
        returned = self._limits.allowed(self._rows, leases.ended_outside(self._rows, str(self._project.row.ranking_id)))
        for start in range(0, len(returned), PAGE_SLOTS):
            found += self._assigned(returned[start : start + PAGE_SLOTS], n - len(found))
            if len(found) == n:
                break
        return found if len(found) == n or not self._named else found + self._in_order(n - len(found), others=True)

    def _pinned(self, n: int) -> list[Slot]:
        """The first ``n`` of those that a lead pinned or let pass; these do not wait for leave."""
        pin, found = t.pin, list[Slot]()
        last = -1
        while len(found) < n:
            page = self._rows.all(
                self._rows.select(pin)
                .where(
                    pin.c.done == False, pin.c.place > last,  # noqa: E712
                    pin.c.ordinal.not_in(self._rows.select(t.exclusion.c.ordinal)),
                    leases.has_place(self._rows, pin, self._most_people()),
                    *self._limits.conditions(self._rows, pin.c.ordinal),
                )
                .order_by(pin.c.place)
                .limit(max(FIRST_SLOTS, 2 * n))
            )  # fmt: skip
            if not page:
                break
            last = page[-1].place
            slots = [
                Slot(row.position, row.ordinal, row.kind, row.propensity, row.n_before, ranking=row.ranking_id)
                for row in page
            ]
            found += self._assigned(slots, n - len(found), approved=True)
        return found

    def _in_order(self, n: int, *, others: bool) -> list[Slot]:
        """The first ``n`` that are for the caller or for anyone, or those that are for others."""
        found: list[Slot] = []
        position, size = -1, min(max(FIRST_SLOTS, 2 * n), PAGE_SLOTS)
        while len(found) < n:
            page = self._page(position, size)
            if not page:
                try:
                    if not self._refill():
                        break
                except UnavailableError:  # the file of the ranking is in a store that is away
                    if found:
                        break
                    raise
                continue
            position, size = page[-1].position or 0, PAGE_SLOTS
            found += self._assigned([slot for slot in page if self._is_mine(slot) != others], n - len(found))
        return found

    def _is_mine(self, slot: Slot) -> bool:
        """Whether a slot is for the caller, or for anyone."""
        if not slot.whom:
            return True
        mine = self._limits.profile.expert if slot.whom == heads.EXPERTS_FIRST else slot.whom == self._actor.person_id
        self._named |= not mine
        return mine

    def alike(self, own: list[Lease], n: int) -> list[Slot]:
        """Those of the head most alike to the first one that the caller may get; without features, the first ones."""
        if self._project.row.awaits_features:
            return self.open(n)
        wide = self.open(heads.HEAD_SLOTS)
        if not wide:
            return []
        ordinals = np.array([slot.ordinal for slot in wide], dtype=np.int64)
        centre = np.array([own[0].ordinal if own else wide[0].ordinal], dtype=np.int64)
        try:
            revision = Cycle(self._store, self._project.row.cycle).inputs.revision
            apart = features.rows_of(self._store, revision, ordinals) - features.rows_of(self._store, revision, centre)
        except UnavailableError:
            return wide[:n]
        order = np.argsort((apart**2).sum(axis=1), kind="stable")[:n]
        return [wide[int(k)] for k in order]

    def _assigned(self, page: list[Slot], n: int, *, approved: bool = False) -> list[Slot]:
        rows = self._rows
        page = [slot for slot in page if slot.ordinal not in self._taken]
        ordinals = [slot.ordinal for slot in page]
        lent = leases.of_items(rows, self._actor, ordinals)
        finished = people_done(rows, self._project.required, ordinals)
        answered = [
            (ordinal, person, ANSWER) for ordinal, people in finished.complete.items() for person in sorted(people)
        ]
        policy = self._project.policy
        least = least_people(rows, policy, ordinals)
        head = Head(
            np.array(ordinals, dtype=np.int64), np.array([slot.kind for slot in page]),
            np.array([slot.n_before for slot in page], dtype=np.int64),
            np.array([least.get(ordinal, 0) for ordinal in ordinals], dtype=np.int64),
        )  # fmt: skip
        excluded = self._excluded if approved else self._excluded | self._unapproved
        rules = policy.answer_rules(limit=n, exclude=excluded)
        positions = assign(head, self._actor.person_id, lent.live, answered + finished.set_aside, rules)
        self._taken.update(ordinals[k] for k in positions)
        return [replace(page[k], earlier=lent.earlier.get(page[k].ordinal)) for k in positions]

    def _page(self, after: int, size: int) -> list[Slot]:
        """Slots after a position, but those of kinds that the caller cannot get, and those lent to enough people."""
        slot = t.slot
        return [
            Slot(row.position, row.ordinal, row.kind, row.propensity, row.n_before, whom=row.whom)
            for row in self._rows.all(
                self._rows.select(
                    slot.c.position, slot.c.ordinal, slot.c.kind, slot.c.propensity, slot.c.n_before, slot.c.whom
                )
                .where(
                    slot.c.ranking_id == self._project.row.ranking_id, slot.c.position > after,
                    slot.c.done == False,  # noqa: E712
                    slot.c.kind.not_in(sorted(self._excluded | self._unapproved)),
                    slot.c.ordinal.not_in(self._rows.select(t.exclusion.c.ordinal)),
                    leases.has_place(self._rows, slot, self._most_people()),
                    *self._limits.conditions(self._rows, slot.c.ordinal),
                )
                .order_by(slot.c.position)
                .limit(size)
            )
        ]  # fmt: skip

    def _most_people(self) -> dict[str, int]:
        """The largest number of people that a slot of each kind may need."""
        policy = self._project.policy
        rules = policy.answer_rules()
        of_slices = [overlap for values in policy.overlap_by_slice.values() for overlap in values.values()]
        return {one.name: max(rules.overlap_of(one.name), *of_slices, 1) for one in kinds.all()}

    def _refill(self) -> bool:
        """Bring in the next slots of the ranking from its file, also where all of the head are answered."""
        rows, slot, ranking_id = self._rows, t.slot, self._project.row.ranking_id
        if self._n_slots is None:
            self._n_slots = int(rows.scalar(rows.select(t.ranking.c.n_slots).where(t.ranking.c.id == ranking_id)) or 0)
        last = rows.scalar(
            rows.select(slot.c.position)
            .where(slot.c.ranking_id == ranking_id)
            .order_by(slot.c.position.desc())
            .limit(1)
        )
        start = -1 if last is None else int(last)
        if start + 1 >= self._n_slots:
            return False
        cycle = Cycle(self._store, self._project.row.cycle)
        heads.fill(rows, heads.Part.read(cycle, str(ranking_id), start=start + 1))
        return True
