"""Merging and splitting labels: previewed, then applied or proposed; proposals are approved by another person."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from labelwright.server.permissions import TheSite, need
from labelwright.server.projects.label_schemas import (
    ChangeOfLabels,
    LabelPreview,
    Merger,
    Migrated,
    NewMerger,
    NewSplit,
    Split,
    WhyDecided,
)
from labelwright.services.people.roles import Actor
from labelwright.services.projects.migrations import acts, listing
from labelwright.services.projects.migrations.preview import preview_migration
from labelwright.services.projects.migrations.wanted import DIVIDE, MERGE, Wanted

router = APIRouter(prefix="/projects/{slug}/questions/{question_id}/labels", tags=["settings"])
Manager = Annotated[Actor, need("project.manage")]


@router.post("/merge/preview", response_model=LabelPreview)
def preview_merger(slug: str, question_id: str, body: Merger, site: TheSite, actor: Manager) -> Any:
    """What merging a label into another would do: answers, disputes, agreement, classes, accuracy on the reserve."""
    return preview_migration(site, actor, slug, question_id, Wanted(MERGE, body.label, (body.into,)))


@router.post("/merge", response_model=Migrated)
def merge_labels(slug: str, question_id: str, body: NewMerger, site: TheSite, actor: Manager) -> Any:
    """Merge a label into another, or, under strict rules, propose it. Answers are read as the label that stays."""
    wanted = Wanted(MERGE, body.label, (body.into,))
    return acts.migrate(
        site, actor, slug, question_id, wanted, reason=body.reason, settings_version=body.settings_version
    )


@router.post("/split/preview", response_model=LabelPreview)
def preview_split(slug: str, question_id: str, body: Split, site: TheSite, actor: Manager) -> Any:
    """What splitting a label would do: answers that count no more, items that are asked again, time and cost."""
    return preview_migration(site, actor, slug, question_id, Wanted(DIVIDE, body.label, tuple(body.into)))


@router.post("/split", response_model=Migrated)
def split_label(slug: str, question_id: str, body: NewSplit, site: TheSite, actor: Manager) -> Any:
    """Split a label into new ones, or, under strict rules, propose it. Items that had it are asked again."""
    wanted = Wanted(DIVIDE, body.label, tuple(body.into))
    return acts.migrate(
        site, actor, slug, question_id, wanted, reason=body.reason, settings_version=body.settings_version
    )


@router.get("/changes", response_model=list[ChangeOfLabels])
def label_changes(slug: str, question_id: str, site: TheSite, actor: Annotated[Actor, need("people.read")]) -> Any:
    """Mergers and splits that were made, proposed or refused; those that wait first, then the newest."""
    return listing.listing(site, actor, slug, question_id)


@router.post("/changes/{change_id}/approve", response_model=Migrated)
def approve_labels(slug: str, question_id: str, change_id: str, body: WhyDecided, site: TheSite, actor: Manager) -> Any:
    """Apply what another person proposed."""
    return acts.approve(site, actor, slug, question_id, change_id, reason=body.reason)


@router.post("/changes/{change_id}/refuse", response_model=Migrated)
def refuse_labels(slug: str, question_id: str, change_id: str, body: WhyDecided, site: TheSite, actor: Manager) -> Any:
    """Refuse a proposal, or take an own one back."""
    return acts.refuse(site, actor, slug, question_id, change_id, reason=body.reason)
