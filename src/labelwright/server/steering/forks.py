"""Forks: two ways to choose, tried side by side."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright.server.permissions import TheSite, need
from labelwright.server.steering.fork_schemas import Fork, ForkList, ForkProposal, NewFork, NewForkArm
from labelwright.services.people.roles import Actor
from labelwright.services.steering import forks

router = APIRouter(prefix="/projects/{slug}", tags=["forks"])
Reader = Annotated[Actor, need("progress.read")]
Manager = Annotated[Actor, need("project.manage")]
PerArm = Annotated[int, Query(ge=5, le=100_000)]


@router.get("/forks", response_model=ForkList)
def list_forks(slug: str, site: TheSite, actor: Reader) -> Any:
    """All forks, newest first, with the models of their arms on the reserve."""
    return forks.listing(site, slug)


@router.get("/forks/proposal", response_model=ForkProposal)
def propose_fork(slug: str, per_arm: PerArm, site: TheSite, actor: Reader) -> Any:
    """The smallest difference that a fork of so many labels an arm could show."""
    return forks.propose(site, slug, per_arm)


@router.post("/forks", response_model=Fork, status_code=201)
def start_fork(slug: str, body: NewFork, site: TheSite, actor: Manager) -> Any:
    """Begin a fork from the labels of now; the arms are served in turn from the next ranking on."""
    return forks.start(site, actor, slug, (_arm(body.arms[0]), _arm(body.arms[1])), body.per_arm, body.hypothesis)


@router.post("/forks/{fork_id}/end", response_model=Fork)
def end_fork(slug: str, fork_id: str, site: TheSite, actor: Manager) -> Any:
    """End a fork before both arms have their labels."""
    return forks.end(site, actor, slug, fork_id)


def _arm(body: NewForkArm) -> forks.Arm:
    return forks.Arm(body.strategy, body.model, body.dial)
