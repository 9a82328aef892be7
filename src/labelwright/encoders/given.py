"""Embeddings that came with the items: they are taken as they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar, Self

from labelwright.encoders.base import Encoder, Features
from labelwright.errors import InputError
from labelwright.items.base import Content


class Given(Encoder):
    """The column of embeddings that was named at the import (``--embedding COLUMN``), unchanged, as float32.

    Nothing can be encoded here: what made the embeddings is elsewhere. An item whose content is replaced keeps the
    embedding that came with it.
    """

    name: ClassVar[str] = "given"
    items: ClassVar[tuple[str, ...]] = ("text", "image", "table")
    licence: ClassVar[str] = "that of what made them"
    comes_with_items: ClassVar[bool] = True

    def fit(self, contents: Sequence[Content]) -> Self:
        """Learn nothing."""
        return self

    def transform(self, contents: Sequence[Content]) -> Features:
        """Refuse: the features of an item are in the data that it came with.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError(
            "encoders: 'given' features come with the items and cannot be made of anything else.",
            "Name another encoder beside it, such as --encoder given,tfidf, where something new has to be encoded.",
        )

    def dump(self) -> bytes:
        """That it is this one, as JSON."""
        return json.dumps({"spec": self.name}).encode()

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Restore."""
        return cls()
