"""Whether the data have changed: what is seen, alarms, and samples that measure a change."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response

from labelwright.server.drift.schemas import Drift, DriftAlarms, NewSample, Sampled, Settlement
from labelwright.server.permissions import TheSite, need
from labelwright.services.drift import alarms, page
from labelwright.services.people.roles import Actor

router = APIRouter(prefix="/projects/{slug}/drift", tags=["drift"])
Reader = Annotated[Actor, need("progress.read")]
Lead = Annotated[Actor, need("project.manage")]


@router.get("", response_model=Drift)
def show_drift(slug: str, site: TheSite, actor: Reader) -> Any:
    """Labels and evaluation by window, and inputs, predictions, labels and errors as of the last look."""
    return page.show(site, actor, slug)


@router.get("/alarms", response_model=DriftAlarms)
def list_drift_alarms(slug: str, site: TheSite, actor: Reader) -> Any:
    """All alarms, open ones first."""
    return {"items": alarms.listing(site, actor, slug)}


@router.post("/alarms/{alarm_id}", status_code=204, response_class=Response)
def settle_drift_alarm(slug: str, alarm_id: str, body: Settlement, site: TheSite, actor: Lead) -> None:
    """Say what an alarm was; the next looks begin at its onset."""
    alarms.settle(site, actor, slug, alarm_id, body.outcome, body.note)


@router.post("/alarms/{alarm_id}/sample", response_model=Sampled, status_code=201)
def sample_drift_alarm(slug: str, alarm_id: str, body: NewSample, site: TheSite, actor: Lead) -> Any:
    """Draw items after the onset at random, and ask them first."""
    return alarms.sample(site, actor, slug, alarm_id, body.n)
