"""How a lead selects: slices with a name, items that are asked first, the batch before it is asked."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from labelwright.engine.parts import Filter
from labelwright.server.permissions import TheSite, need
from labelwright.server.selection.schemas import (
    Approval,
    ApprovalRule,
    Batch,
    Dial,
    NewPins,
    NewSlice,
    NoPins,
    PinList,
    Pinned,
    Slice,
    SliceList,
)
from labelwright.services.people.roles import Actor
from labelwright.services.selection import approval, batch, dial, pins, slices

router = APIRouter(prefix="/projects/{slug}", tags=["selection"])
Lead = Annotated[Actor, need("project.manage")]
Reader = Annotated[Actor, need("item.read")]


@router.get("/slices", response_model=SliceList)
def list_slices(slug: str, site: TheSite, actor: Reader) -> Any:
    """The parts of the items that have a name."""
    return slices.listing(site, slug)


@router.post("/slices", response_model=Slice, status_code=201)
def save_slice(slug: str, body: NewSlice, site: TheSite, actor: Lead) -> Any:
    """Give a name to what a filter finds, now and later, or to some items."""
    wanted = None if body.filter is None else Filter(**body.filter.model_dump())
    return slices.save(site, actor, slug, body.name, filter=wanted, item_ids=body.items)


@router.delete("/slices/{slice_id}", status_code=204, response_class=Response)
def remove_slice(slug: str, slice_id: str, site: TheSite, actor: Lead) -> None:
    """Take the name away; the items stay."""
    slices.remove(site, actor, slug, slice_id)


@router.get("/pins", response_model=PinList)
def list_pins(slug: str, site: TheSite, actor: Reader, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Any:
    """What is asked before all others and is not answered yet."""
    return pins.listing(site, slug, limit)


@router.post("/pins", response_model=Pinned)
def pin_items(slug: str, body: NewPins, site: TheSite, actor: Lead) -> Any:
    """Ask these items first."""
    return pins.pin(site, actor, slug, body.items, reason=body.reason)


@router.post("/pins/remove", response_model=Pinned)
def unpin_items(slug: str, body: NoPins, site: TheSite, actor: Lead) -> Any:
    """Ask these items as the ranking says again."""
    return pins.unpin(site, actor, slug, body.items)


@router.get("/batch", response_model=Batch)
def show_batch(slug: str, site: TheSite, actor: Reader, n: Annotated[int, Query(ge=1, le=500)] = 50) -> Any:
    """The next chosen items with reasons, their mix, and what they will cost."""
    return batch.show(site, actor, slug, n)


@router.post("/batch/approve", response_model=Batch)
def approve_batch(slug: str, body: Approval, site: TheSite, actor: Lead) -> Any:
    """Let items be asked in this order, whatever is ranked later."""
    return approval.approve(site, actor, slug, body.ranking, body.items, body.dropped)


@router.put("/batch/approval", status_code=204, response_class=Response)
def require_approval(slug: str, body: ApprovalRule, site: TheSite, actor: Lead) -> None:
    """Say whether chosen items wait until a lead has let them pass."""
    approval.require(site, actor, slug, body.required)


@router.put("/dial", status_code=204, response_class=Response)
def turn_dial(slug: str, body: Dial, site: TheSite, actor: Lead) -> None:
    """Choose by doubt among so many candidates for each pick, from the next ranking on."""
    dial.turn(site, actor, slug, body.candidates)
