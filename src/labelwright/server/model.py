"""The base of all request and response bodies."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A request body: unknown fields are an error, so that a typo never passes silently."""

    model_config = ConfigDict(extra="forbid")


class View(BaseModel):
    """A response body."""

    model_config = ConfigDict(from_attributes=True)
