"""The annotator's queue: leases and annotations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from labelwright.server.items.schemas import Item
from labelwright.server.permissions import TheSite, need
from labelwright.server.queue.schemas import (
    AnnotationList,
    NewAnnotation,
    NewAnnotations,
    Queue,
    QueueRequest,
    Renewed,
    Stored,
    StoredMany,
    Why,
)
from labelwright.services import annotations as answering
from labelwright.services import own, queue
from labelwright.services.roles import Actor

router = APIRouter(prefix="/projects/{slug}", tags=["queue"])
Annotator = Annotated[Actor, need("label")]


@router.post("/queue", response_model=Queue)
def get_work(slug: str, body: QueueRequest, site: TheSite, actor: Annotator) -> Any:
    """The caller's live leases first, then new ones up to n, in the published order."""
    return queue.take(site, actor, slug, n=body.n, similar=body.similar)


@router.post("/leases/{lease_id}/renew", response_model=Renewed)
def renew(slug: str, lease_id: str, site: TheSite, actor: Annotator) -> Any:
    """Heartbeat: the lease lives on."""
    return queue.renew(site, actor, slug, lease_id)


@router.delete("/leases/{lease_id}", status_code=204)
def give_back(slug: str, lease_id: str, site: TheSite, actor: Annotator) -> None:
    """Give an item back unanswered."""
    queue.give_back(site, actor, slug, lease_id)


@router.post("/annotations", response_model=Stored, status_code=201, responses={200: {"model": Stored}})
def annotate(slug: str, body: NewAnnotation, response: Response, site: TheSite, actor: Annotator) -> Any:
    """Store one annotation durably; the same answer_id and body again gives 200 and the same reply."""
    stored = answering.store(site, actor, slug, [body.model_dump()])
    response.status_code = 200 if stored.repeated else 201
    return stored.receipts[0]


@router.post("/annotations/batch", response_model=StoredMany, status_code=201, responses={200: {"model": StoredMany}})
def annotate_many(slug: str, body: NewAnnotations, response: Response, site: TheSite, actor: Annotator) -> Any:
    """Grid mode: all or none, in one transaction."""
    stored = answering.store(site, actor, slug, [one.model_dump() for one in body.annotations], grid=True)
    response.status_code = 200 if stored.repeated else 201
    return {"stored": stored.receipts}


@router.get("/annotations", response_model=AnnotationList)
def my_annotations(
    slug: str,
    site: TheSite,
    actor: Annotator,
    limit: Annotated[int, Query(ge=1, le=200)] = 5,
    cursor: str | None = None,
) -> Any:
    """The caller's latest annotations, newest first."""
    return own.mine(site, actor, slug, limit=limit, cursor=cursor)


@router.get("/annotations/{annotation_id}/item", response_model=Item)
def annotated_item(slug: str, annotation_id: str, site: TheSite, actor: Annotator) -> Any:
    """The item behind one of the caller's annotations, to look at it again."""
    return own.item_of(site, actor, slug, annotation_id)


@router.get("/annotations/{annotation_id}/why", response_model=Why)
def why(slug: str, annotation_id: str, site: TheSite, actor: Annotator) -> Any:
    """Why the item was shown; only to the one who answered it."""
    return own.why(site, actor, slug, annotation_id)
