"""Bodies of the routes about webhooks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labelwright.server.model import Body, View

WebhookKind = Literal["label", "round", "verdict", "drift"]


class NewWebhook(Body):
    """An address, and what it is told of from now on."""

    url: str = Field(max_length=2000)
    kinds: list[WebhookKind] = Field(min_length=1, max_length=4)


class Webhook(View):
    """One address."""

    id: str
    url: str
    kinds: list[WebhookKind]
    told_seq: int = Field(description="Up to which event of the record it has been told.")
    waiting_since: str | None = Field(description="Since when the receiver does not take what is sent.")
    reason: str | None = Field(description="Why it does not.")
    secret: str | None = Field(description="Of the signature; given once, when the webhook is made.")


class WebhookList(View):
    """All addresses of a project."""

    items: list[Webhook]
    hosts: list[str] = Field(description="That the owner of the site allows; empty where webhooks are off.")
