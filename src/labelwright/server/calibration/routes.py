"""Calibration sessions and trainings: open, answer, reveal, decide, repeat."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from labelwright.server.calibration.schemas import (
    CalibrationAgain,
    CalibrationAnswer,
    CalibrationDecision,
    CalibrationItemText,
    CalibrationList,
    CalibrationOpened,
    CalibrationProposals,
    CalibrationSession,
    CalibrationTitle,
    NewCalibration,
)
from labelwright.server.permissions import TheSite, need
from labelwright.services.calibration import acting, listing, opening, proposals, reading, sessions
from labelwright.services.people.roles import Actor

router = APIRouter(prefix="/projects/{slug}/calibrations", tags=["calibration"])
Reader = Annotated[Actor, need("project.read")]  # the services say who may know of which session
Manager = Annotated[Actor, need("project.manage")]
Reviewer = Annotated[Actor, need("review")]
Annotator = Annotated[Actor, need("label")]


@router.get("", response_model=CalibrationList)
def calibrations(slug: str, site: TheSite, actor: Reader) -> Any:
    """Sessions that the caller takes part in, leads, or may read since they are revealed."""
    return {"items": listing.listing(site, actor, slug)}


@router.post("", response_model=CalibrationOpened, status_code=201)
def open_calibration(slug: str, body: NewCalibration, site: TheSite, actor: Manager) -> Any:
    """Ask people to answer the same items, each without seeing the others' answers."""
    return {"session": opening.open_session(site, actor, slug, opening.NewSession(**body.model_dump()))}


@router.get("/proposals", response_model=CalibrationProposals)
def calibration_proposals(
    slug: str, site: TheSite, actor: Manager, question: Annotated[str | None, Query(max_length=40)] = None
) -> Any:
    """Items that are worth a session, and the people who may take part."""
    people = sorted(sessions.labelers(site, slug).items(), key=lambda one: one[1])
    return {
        "groups": proposals.proposals(site, actor, slug, question),
        "people": [{"id": person, "name": name} for person, name in people],
    }


@router.get("/{session_id}", response_model=CalibrationSession)
def calibration(slug: str, session_id: str, site: TheSite, actor: Reader) -> Any:
    """One session; nobody's answers but the caller's own before it is revealed."""
    return reading.show(site, actor, slug, session_id)


@router.get("/{session_id}/items/{item_id}/media", response_class=FileResponse)
def calibration_media(slug: str, session_id: str, item_id: str, site: TheSite, actor: Reader) -> Any:
    """The image of an item, named by its place, of a session that the caller may know of."""
    found = reading.media(site, actor, slug, session_id, item_id)
    return FileResponse(found.path, media_type=found.mime, headers={"Cache-Control": "private, max-age=86400"})


@router.post("/{session_id}/answers", response_model=CalibrationSession, status_code=201)
def answer_calibration(slug: str, session_id: str, body: CalibrationAnswer, site: TheSite, actor: Annotator) -> Any:
    """Answer an item, once; it neither trains nor changes annotations."""
    acting.answer(site, actor, slug, session_id, body.place, body.answer, note=body.note, seconds=body.seconds)
    return reading.show(site, actor, slug, session_id)


@router.post("/{session_id}/reveal", response_model=CalibrationSession)
def reveal_calibration(slug: str, session_id: str, site: TheSite, actor: Manager) -> Any:
    """Let everybody who takes part see all answers; no answer is taken after that."""
    acting.reveal(site, actor, slug, session_id)
    return reading.show(site, actor, slug, session_id)


@router.post("/{session_id}/close", response_model=CalibrationSession)
def close_calibration(slug: str, session_id: str, site: TheSite, actor: Manager) -> Any:
    """End a session; a training that is closed locks nobody out."""
    acting.close(site, actor, slug, session_id)
    return reading.show(site, actor, slug, session_id)


@router.post("/{session_id}/items/{item_id}/decision", response_model=CalibrationSession)
def decide_calibration(
    slug: str, session_id: str, item_id: str, body: CalibrationDecision, site: TheSite, actor: Reviewer
) -> Any:
    """Record what the team agreed on about an item, named by its place."""
    decision = acting.Decision(item_id, body.answer, body.reason, body.example, body.gold)
    acting.decide(site, actor, slug, session_id, decision)
    return reading.show(site, actor, slug, session_id)


@router.post("/{session_id}/comments", response_model=CalibrationSession, status_code=201)
def comment_on_calibration(
    slug: str, session_id: str, body: CalibrationItemText, site: TheSite, actor: Annotator
) -> Any:
    """Write about an item of a revealed session."""
    acting.comment(site, actor, slug, session_id, body.place, body.text)
    return reading.show(site, actor, slug, session_id)


@router.post("/{session_id}/again", response_model=CalibrationAgain, status_code=201)
def repeat_calibration(slug: str, session_id: str, body: CalibrationTitle, site: TheSite, actor: Manager) -> Any:
    """Open a session for the same people with fresh items of the same strata."""
    return opening.again(site, actor, slug, session_id, body.title)
