"""Addresses that are told of a project's events."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from labelwright.server.permissions import TheSite, need
from labelwright.server.webhooks.schemas import NewWebhook, Webhook, WebhookList
from labelwright.services.people.roles import Actor
from labelwright.services.webhooks import hooks

router = APIRouter(prefix="/projects/{slug}/webhooks", tags=["webhooks"])
Manager = Annotated[Actor, need("project.manage")]


@router.get("", response_model=WebhookList)
def list_webhooks(slug: str, site: TheSite, actor: Manager) -> Any:
    """The addresses, and how far each has been told."""
    return hooks.show(site, slug)


@router.put("", response_model=Webhook)
def put_webhook(slug: str, body: NewWebhook, site: TheSite, actor: Manager) -> Any:
    """Tell an address of events from now on, or change of which; a new one comes with its secret, once."""
    return hooks.put(site, actor, slug, body.url, body.kinds)


@router.delete("/{hook_id}", status_code=204)
def remove_webhook(slug: str, hook_id: str, site: TheSite, actor: Manager) -> None:
    """Tell an address nothing more."""
    hooks.remove(site, actor, slug, hook_id)
