"""The annotator's queue: leases and annotations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse

from labelwright.server.labeling.schemas import (
    AnnotationKind,
    AnnotationList,
    Feedback,
    NewAnnotation,
    NewAnnotations,
    Queue,
    QueueRequest,
    Renewed,
    Stored,
    StoredMany,
    Why,
)
from labelwright.server.permissions import TheSite, need
from labelwright.server.projects.item_schemas import Item
from labelwright.server.turns import InTurn
from labelwright.services.labeling import annotations as answering
from labelwright.services.labeling import feedback as telling
from labelwright.services.labeling import holding, own, queue
from labelwright.services.people.roles import Actor

router = APIRouter(prefix="/projects/{slug}", tags=["queue"], route_class=InTurn)
Annotator = Annotated[Actor, need("label")]


def _given(body: NewAnnotation) -> answering.Given:
    """The fields that were sent; defaults that were not are no part of a request."""
    return answering.Given.of(**body.model_dump(exclude_unset=True))


@router.post("/queue", response_model=Queue)
def get_work(slug: str, body: QueueRequest, site: TheSite, actor: Annotator) -> Any:
    """The caller's live leases first, then new ones up to n, in the published order."""
    return queue.take(site, actor, slug, n=body.n, similar=body.similar)


@router.post("/leases/{lease_id}/renew", response_model=Renewed)
def renew(slug: str, lease_id: str, site: TheSite, actor: Annotator) -> Any:
    """Heartbeat: the lease lives on."""
    return holding.renew(site, actor, slug, lease_id)


@router.delete("/leases/{lease_id}", status_code=204)
def give_back(slug: str, lease_id: str, site: TheSite, actor: Annotator) -> None:
    """Give an item back unanswered."""
    holding.give_back(site, actor, slug, lease_id)


@router.get("/leases/{lease_id}/media", response_class=FileResponse)
def lease_media(slug: str, lease_id: str, site: TheSite, actor: Annotator) -> Any:
    """The image of an item that is leased to the caller, or that the caller has annotated."""
    found = holding.media(site, actor, slug, lease_id)
    return FileResponse(found.path, media_type=found.mime, headers={"Cache-Control": "private, max-age=86400"})


@router.post("/annotations", response_model=Stored, status_code=201, responses={200: {"model": Stored}})
def annotate(slug: str, body: NewAnnotation, response: Response, site: TheSite, actor: Annotator) -> Any:
    """Store one annotation durably; the same answer_id and body again gives 200 and the same reply."""
    stored = answering.give(site, actor, slug, [_given(body)])
    response.status_code = 200 if stored.repeated else 201
    return stored.receipts[0]


@router.post("/annotations/batch", response_model=StoredMany, status_code=201, responses={200: {"model": StoredMany}})
def annotate_many(slug: str, body: NewAnnotations, response: Response, site: TheSite, actor: Annotator) -> Any:
    """All or none, in one transaction: the questions of an item, or the items of a grid."""
    stored = answering.give(site, actor, slug, [_given(one) for one in body.annotations])
    response.status_code = 200 if stored.repeated else 201
    return {"stored": stored.receipts}


@router.get("/annotations", response_model=AnnotationList)
def my_annotations(
    slug: str,
    site: TheSite,
    actor: Annotator,
    limit: Annotated[int, Query(ge=1, le=200)] = 5,
    cursor: str | None = None,
    kind: Annotated[list[AnnotationKind] | None, Query(max_length=5)] = None,
    standing: bool | None = None,
    beside: Annotated[
        str | None, Query(max_length=64, description="Those of the item that this annotation of the caller's is about.")
    ] = None,
    noted: Annotated[bool | None, Query(description="Only those with a note or reason, or without.")] = None,
) -> Any:
    """The caller's latest annotations, newest first; all, or those of some kinds."""
    return own.mine(
        site, actor, slug, limit=limit, cursor=cursor, kinds=kind or (), standing=standing, noted=noted, beside=beside
    )  # fmt: skip


@router.get("/annotations/{annotation_id}/item", response_model=Item)
def annotated_item(slug: str, annotation_id: str, site: TheSite, actor: Annotator) -> Any:
    """The item behind one of the caller's annotations, to look at it again."""
    return own.item_of(site, actor, slug, annotation_id)


@router.get("/annotations/{annotation_id}/feedback", response_model=Feedback)
def feedback(slug: str, annotation_id: str, site: TheSite, actor: Annotator) -> Any:
    """The right answer, or that a sure model differs, after the answer and where the lead wants so."""
    return telling.of(site, actor, slug, annotation_id)


@router.get("/annotations/{annotation_id}/why", response_model=Why)
def why(slug: str, annotation_id: str, site: TheSite, actor: Annotator) -> Any:
    """Why the item was shown; only to the one who answered it."""
    return own.why(site, actor, slug, annotation_id)
