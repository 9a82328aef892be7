"""A living project on real data: simulated annotators, plainly marked as such, play several rounds."""

from __future__ import annotations

import tempfile
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import select

from labelwright.engine.goals import Goal
from labelwright.engine.heartbeat import live_workers
from labelwright.engine.worker import Worker
from labelwright.policy import Policy
from labelwright.services.labeling import annotations as answering
from labelwright.services.labeling import queue
from labelwright.services.people import users
from labelwright.services.people.roles import SYSTEM, Actor
from labelwright.services.projects import access, create
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
from labelwright.services.site import Site
from labelwright.services.site.demos import SOURCES, Demo, lead, team
from labelwright.services.steering import training
from labelwright.store import site_tables as st
from labelwright.store.clock import today
from labelwright.tasks import Cell, Task

ROUNDS, ANSWERS_A_ROUND = 7, 30
DAYS_TO_GOAL = 14
RESERVE_SHARE = 0.3  # more than usual, so that the first figures of a short demo say something
RANDOM_SHARE = 0.26  # so that the control arm has a model of its own
PEOPLE = ("Simulated Ada", "Simulated Ben")
Progress = Callable[[str, int, "int | None"], None]


def prepare(site: Site, which: str, progress: Progress = lambda *_: None) -> str:
    """Make the demo project if it is not there yet; return its slug."""
    demo = SOURCES[which]
    if demo.slug in site.store.slugs():
        return demo.slug
    owner = users.first_admin(site)
    with tempfile.TemporaryDirectory() as folder:
        source, truth = demo.write(Path(folder))
        (Path(folder) / "later").mkdir()
        truth |= demo.later(Path(folder) / "later")[1] if demo.later else {}
        shared = {"random": 2, "reserve": 2} if demo.team else {}
        policy = Policy(
            batch_size=ANSWERS_A_ROUND, reserve_share=RESERVE_SHARE, random_share=RANDOM_SHARE, overlap_by_kind=shared
        )
        question = QuestionDraft(
            task=demo.task, text=demo.question, labels=demo.labels, guidelines=demo.guidelines, scale=demo.scale
        )
        draft = ProjectDraft(
            slug=demo.slug, source=source, questions=(question,), columns=demo.columns, title=demo.title,
            policy=policy, demo=True, goal=_goal(demo),
        )  # fmt: skip
        create.create(site, owner, draft)
    if demo.team:
        team.begin(site, owner, demo, truth)
    with _Working(site):
        play(site, demo, truth, progress)
        if demo.team:
            people = [simulated(site, name) for name in team.PEOPLE]
            team.end(site, owner, demo, truth, people, simulated(site, team.REVIEWER, "reviewer"))
    return demo.slug


def _goal(demo: Demo) -> Goal | None:
    return demo.goal and replace(demo.goal, deadline=today() + timedelta(days=DAYS_TO_GOAL))


def play(site: Site, demo: Demo, truth: Mapping[str, Cell], progress: Progress) -> None:
    """Simulated annotators answer what the queue gives them, with a few errors, round after round."""
    store, rng = site.project(demo.slug), np.random.default_rng(0)
    people = [simulated(site, name) for name in (team.PEOPLE if demo.team else PEOPLE)]
    with store.read() as rows:
        project = access.ready(store, rows)
    training.wait_for(site, demo.slug, project.row.wanted_seq)
    total = ROUNDS * ANSWERS_A_ROUND
    for done in range(0, total, ANSWERS_A_ROUND):
        for k in range(ANSWERS_A_ROUND // 5):
            who = people[k % len(people)]
            for lease in queue.take(site, who, demo.slug, n=5).leases:
                _answer(site, who, demo, project.primary.task, lease, truth, rng)
            progress("simulated answers", done + 5 * (k + 1), total)
        lead.act(site, users.first_admin(site), demo, done // ANSWERS_A_ROUND + 1)
        with store.read() as rows:
            wanted = store.row(rows).wanted_seq
        training.wait_for(site, demo.slug, wanted)


def _answer(
    site: Site, who: Actor, demo: Demo, task: Task, lease: queue.LeaseView, truth: Mapping[str, Cell],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    true = truth[lease.item.key]
    if demo.labels:
        noise = team.CARELESS.get(who.name, demo.noise)
        cell: Cell = true if rng.random() >= noise else str(rng.choice([n for n in demo.labels if n != true]))
    else:
        cell = round(min(max(float(true) + rng.normal(0, demo.noise), demo.scale["min"]), demo.scale["max"]))  # type: ignore[arg-type]
    given = answering.Given.of(
        answer_id=str(uuid.UUID(bytes=rng.bytes(16))), lease_id=lease.id, item_id=lease.item.id, kind="answer",
        answer=task.parse(cell), seconds=round(float(rng.lognormal(0.9, 0.4)), 2),
    )  # fmt: skip
    answering.give(site, who, demo.slug, [given])


def simulated(site: Site, name: str, role: str = "annotator") -> Actor:
    """The account of a simulated person, made if there is none."""
    email = f"{name.split()[-1].lower()}@simulated.invalid"
    with site.store.read() as connection:
        row = connection.execute(select(st.person.c.id).where(st.person.c.email == email)).one_or_none()
    if row is not None:
        return Actor(row.id, role, name)
    made = users.add(site, SYSTEM, email=email, name=name, role=role, simulated=True)
    return Actor(made.user.id, role, name)


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
