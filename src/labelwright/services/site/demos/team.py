"""What a demo with a team has beside answers: checks, careless people, reviews, some of them decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from labelwright.engine.quality import QualityRules
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
N_GOLD, N_DECIDED = 21, 3


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


def end(site: Site, demo: Demo, truth: Mapping[str, Cell], reviewer: Actor) -> None:
    """The reviewer decides some of the reviews; the others stay open."""
    store = site.project(demo.slug)
    with store.read() as rows:
        task = access.ready(store, rows).primary.task
        keys = {f"i{row.ordinal}": row.key for row in rows.all(rows.select(t.item.c.key, t.item.c.ordinal))}
    for line in reviews.listing(site, reviewer, demo.slug, state="open", limit=N_DECIDED).items:
        answer = task.parse(truth[keys[line.item]])
        deciding.decide(
            site, reviewer, demo.slug, line.id, "label", answer=answer, reason="The first sentence says so."
        )
