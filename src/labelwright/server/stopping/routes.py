"""Whether to stop, and what certifies it."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright.server.permissions import TheSite, need
from labelwright.server.stopping.schemas import Advice, AskedCertificate, Certifiable, Certificate
from labelwright.services.people.roles import Actor
from labelwright.services.stopping import advice, certificates

router = APIRouter(prefix="/projects/{slug}", tags=["stopping"])
before = APIRouter(tags=["stopping"])
Reader = Annotated[Actor, need("progress.read")]
Manager = Annotated[Actor, need("project.manage")]


@router.get("/advice", response_model=Advice)
def show_advice(slug: str, site: TheSite, actor: Reader) -> Any:
    """Whether to stop: what the rules say, what more labels would bring, what else could change, what may be wrong."""
    return advice.show(site, actor, slug)


@router.get("/certificate", response_model=Certificate)
def show_certificate(slug: str, site: TheSite, actor: Reader) -> Any:
    """Whether the goal can be certified on sealed labels, what that takes, and the openings so far."""
    return _sent(certificates.show(site, actor, slug))


@router.put("/certificate", response_model=Certificate)
def ask_certificate(slug: str, body: AskedCertificate, site: TheSite, actor: Manager) -> Any:
    """Ask for the labels of so many sealed items; they come before all others."""
    return _sent(certificates.ask(site, actor, slug, body.n))


@router.post("/certificate/openings", status_code=201, response_model=Certificate)
def open_certificate(slug: str, site: TheSite, actor: Manager) -> Any:
    """Test the served model on the sealed labels; it spends one of the declared openings."""
    return _sent(certificates.open_sealed(site, actor, slug))


@before.get("/certifiable", response_model=Certifiable)
def show_certifiable(
    actor: Annotated[Actor, need("project.create")], value: Annotated[float, Query(gt=0, lt=1)],
    n_items: Annotated[int, Query(ge=0, le=1_000_000_000)], openings: Annotated[int, Query(ge=1, le=20)] = 3,
) -> Any:  # fmt: skip
    """What so many items could certify of an accuracy, before the project is made."""
    return certificates.certifiable(value, openings, n_items)


def _sent(found: certificates.Certificate) -> dict[str, Any]:
    return {f.name: getattr(found, f.name) for f in fields(found)} | {"why": str(found.why) or None}
