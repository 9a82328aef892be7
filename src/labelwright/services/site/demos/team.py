"""What a demo with a team has beside answers: checks, careless people, reviews, a calibration session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from labelwright.engine.quality import QualityRules
from labelwright.services.calibration import acting, opening, proposals
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.quality import deciding, gold, reviews, rules
from labelwright.services.site import Site
from labelwright.services.site.demos.sources import Demo
from labelwright.store import tables as t
from labelwright.tasks import Cell

PEOPLE: Final = ("Simulated Ada", "Simulated Ben", "Simulated Cyd", "Simulated Dan")
REVIEWER: Final = "Simulated Eve"
CARELESS: Final[Mapping[str, float]] = {"Simulated Cyd": 0.15, "Simulated Dan": 0.35}
N_GOLD, N_DECIDED, N_CALIBRATED = 21, 3, 6


def begin(site: Site, owner: Actor, demo: Demo, truth: Mapping[str, Cell]) -> None:
    """Known answers of the first items of each class; the right answer is shown after them."""
    store = site.project(demo.slug)
    with store.read() as rows:
        task = access.ready(store, rows).primary.task
        items = {row.key: f"i{row.ordinal}" for row in rows.all(rows.select(t.item.c.key, t.item.c.ordinal))}
    by_class: dict[Cell, list[str]] = {}
    for key in sorted(truth):
        by_class.setdefault(truth[key], []).append(key)
    for name, keys in by_class.items():
        for key in keys[: N_GOLD // len(by_class)]:
            answer = task.parse(name)
            assert answer is not None
            gold.mark(site, owner, demo.slug, items[key], answer, question=None, rule=f"It is from the field {name}.")
    now = rules.show(site, owner, demo.slug).checking
    rules.change(site, owner, demo.slug, replace(now, rules=QualityRules(feedback=True), resolvers={}))


def end(
    site: Site, owner: Actor, demo: Demo, truth: Mapping[str, Cell], people: Sequence[Actor], reviewer: Actor
) -> None:
    """The reviewer decides some reviews, the others stay open; the team has met over items on which people differ."""
    store = site.project(demo.slug)
    with store.read() as rows:
        task = access.ready(store, rows).primary.task
        keys = {f"i{row.ordinal}": row.key for row in rows.all(rows.select(t.item.c.key, t.item.c.ordinal))}
    for line in reviews.listing(site, reviewer, demo.slug, state="open", limit=N_DECIDED).items:
        answer = task.parse(truth[keys[line.item]])
        deciding.decide(
            site, reviewer, demo.slug, line.id, "label", answer=answer, reason="The first sentence says so."
        )
    calibrate(site, owner, demo, truth, people, keys)


def calibrate(
    site: Site, owner: Actor, demo: Demo, truth: Mapping[str, Cell], people: Sequence[Actor], keys: Mapping[str, str]
) -> None:
    """A session on disputed items: everybody answers blind, the answers are revealed, one is decided and pinned."""
    store, rng = site.project(demo.slug), np.random.default_rng(1)
    with store.read() as rows:
        task = access.ready(store, rows).primary.task
    groups = proposals.proposals(site, owner, demo.slug, None)
    items = list(dict.fromkeys(one.item for group in groups for one in group.items))[:N_CALIBRATED]
    if not items:
        return
    invited = [person.person_id for person in people]
    session = opening.open_session(site, owner, demo.slug, opening.NewSession("First session", items, people=invited))
    for person in people:
        for place, item in enumerate(items, 1):
            true = truth[keys[item]]
            others = [name for name in demo.labels if name != true]
            cell = true if rng.random() >= CARELESS.get(person.name, 0.05) else str(rng.choice(others))
            given = task.parse(cell)
            assert given is not None
            acting.answer(site, person, demo.slug, session, str(place), given, seconds=3.0)
    acting.reveal(site, owner, demo.slug, session)
    right = task.parse(truth[keys[items[0]]])
    assert right is not None
    agreed = acting.Decision("1", right, "What the function returns decides.", example=True)
    acting.decide(site, owner, demo.slug, session, agreed)
