"""What the lead of a demo does between its rounds: hypotheses, a fork of two arms, a slice, later items that differ."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from labelwright.engine.parts import Filter
from labelwright.services.people.roles import Actor
from labelwright.services.projects import create
from labelwright.services.selection import slices
from labelwright.services.site import Site
from labelwright.services.site.demos.sources import LATER, Demo
from labelwright.services.steering import forks, rounds

PER_ARM: Final = 12
HYPOTHESES: Final = {1: "A first model of one round's labels knows the digits that are easy", 2: "Doubt finds 8 and 9"}
FORK_AFTER: Final = 3  # rounds of answers
LATER_AFTER: Final = 5
DOUBT = forks.Arm("margin", "linear", None)
SPREAD = forks.Arm("margin-diversity", "linear", 20)


def act(site: Site, owner: Actor, demo: Demo, answered: int) -> None:
    """What comes after so many rounds of answers."""
    if demo.later is None:
        return
    if answered in HYPOTHESES:
        strategy = "margin" if answered == max(HYPOTHESES) else None
        rounds.start(site, owner, demo.slug, hypothesis=HYPOTHESES[answered], strategy=strategy)
    if answered == FORK_AFTER:
        hypothesis = "Spreading over the pool teaches more than doubt alone"
        forks.start(site, owner, demo.slug, (DOUBT, SPREAD), PER_ARM, hypothesis)
    if answered == LATER_AFTER:
        _add(site, owner, demo, demo.later)
        slices.save(site, owner, demo.slug, "Faint scans", filter=Filter(search=LATER))


def _add(site: Site, owner: Actor, demo: Demo, write: Callable[[Path], tuple[Path, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, _ = write(Path(folder))
        create.add(site, owner, demo.slug, source=source)
