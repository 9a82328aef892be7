"""A living project on real data: simulated annotators, plainly marked as such, play several rounds."""

from __future__ import annotations

import tempfile
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from labelwright.engine.worker import Worker, live_workers
from labelwright.policy import Policy
from labelwright.services import annotations as answering
from labelwright.services import imports, projects, queue, training, users
from labelwright.services.demos import SOURCES, Demo
from labelwright.services.roles import SYSTEM, Actor
from labelwright.services.site import Site
from labelwright.store import site_tables as st
from labelwright.tasks import Task

ROUNDS, ANSWERS_A_ROUND = 6, 30
RESERVE_SHARE = 0.3  # more than usual, so that the first figures of a short demo say something
PEOPLE = ("Simulated Ada", "Simulated Ben")
Progress = Callable[[str, int, "int | None"], None]


def prepare(site: Site, which: str, progress: Progress = lambda *_: None) -> str:
    """Make the demo project if it is not there yet; return its slug."""
    demo = SOURCES[which]
    if demo.slug in site.store.slugs():
        return demo.slug
    owner, _ = users.ensure_admin(site)
    with tempfile.TemporaryDirectory() as folder:
        source, truth = demo.write(Path(folder))
        policy = Policy(batch_size=ANSWERS_A_ROUND, reserve_share=RESERVE_SHARE)
        plan = imports.Plan(
            slug=demo.slug, source=source, task=demo.task, columns=demo.columns, labels=demo.labels, title=demo.title,
            question=demo.question, guidelines=demo.guidelines, policy=policy, demo=True, scale=demo.scale,
        )  # fmt: skip
        imports.create(site, owner, plan)
    with _Working(site):
        play(site, demo, truth, progress)
    return demo.slug


def play(site: Site, demo: Demo, truth: dict[str, Any], progress: Progress) -> None:
    """Simulated annotators answer what the queue gives them, with a few errors, round after round."""
    store, rng = site.project(demo.slug), np.random.default_rng(0)
    people = [_simulated(site, name) for name in PEOPLE]
    with store.read() as connection:
        project = store.row(connection)
        task = projects.task_of(store, connection, project)
    training.wait_for(site, demo.slug, project.wanted_seq)
    total = ROUNDS * ANSWERS_A_ROUND
    for done in range(0, total, ANSWERS_A_ROUND):
        for k in range(ANSWERS_A_ROUND // 5):
            who = people[k % len(people)]
            for lease in queue.take(site, who, demo.slug, n=5)["leases"]:
                _answer(site, who, demo, task, lease, truth, rng)
            progress("simulated answers", done + 5 * (k + 1), total)
        with store.read() as connection:
            wanted = store.row(connection).wanted_seq
        training.wait_for(site, demo.slug, wanted)


def _answer(
    site: Site, who: Actor, demo: Demo, task: Task, lease: dict[str, Any], truth: dict[str, Any],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    true = truth[lease["item"]["key"]]
    if task.form == "value":
        told = float(true) + float(rng.normal(0, demo.noise))
        cell: Any = round(min(max(told, demo.scale["min"]), demo.scale["max"]))
    else:
        cell = true if rng.random() >= demo.noise else str(rng.choice([n for n in demo.labels if n != true]))
    body = {
        "answer_id": str(uuid.UUID(bytes=rng.bytes(16))), "lease_id": lease["id"], "item_id": lease["item"]["id"],
        "kind": "answer", "answer": task.parse(cell), "reason": None, "replaces": None,
        "seconds": round(float(rng.lognormal(0.9, 0.4)), 2),
    }  # fmt: skip
    answering.store(site, who, demo.slug, [body])


def _simulated(site: Site, name: str) -> Actor:
    email = f"{name.split()[-1].lower()}@simulated.invalid"
    with site.store.read() as connection:
        row = connection.execute(select(st.person.c.id).where(st.person.c.email == email)).one_or_none()
    if row is not None:
        return Actor(row.id, "annotator", name)
    made = users.add(site, SYSTEM, email=email, name=name, role="annotator", simulated=True)
    return Actor(made["user"]["id"], "annotator", name)


class _Working:
    """A worker in a thread of this process, unless one runs already."""

    def __init__(self, site: Site) -> None:
        self._worker = None if live_workers(site.store) else Worker(site.store)

    def __enter__(self) -> None:
        if self._worker is not None:
            self._thread = threading.Thread(target=self._worker.run, daemon=True)
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        if self._worker is not None:
            self._worker.stop()
            self._thread.join(30)
