"""The base of all request and response bodies."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from labelwright.server.wellformed import check_json


class Body(BaseModel):
    """A request body.

    Unknown fields are an error, so that a typo never passes silently; so is JSON that cannot be stored.
    """

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _can_be_stored(cls, sent: Any) -> Any:
        check_json(sent)
        return sent


class View(BaseModel):
    """A response body."""

    model_config = ConfigDict(from_attributes=True)
