"""Features of another encoder, bent by an adapter that learned from the labels of a project."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import ClassVar, Self

from labelwright.encoders.adapter import Adapter
from labelwright.encoders.base import Encoder, Features
from labelwright.encoders.spec import REFINED
from labelwright.errors import InputError
from labelwright.items.base import Content


class RefinedEncoder(Encoder):
    """``refined:SPEC``: a project fits it to its labels, and takes it only where it was measured to bring something.

    torch is needed where it is fitted, and not where it is applied.
    """

    name: ClassVar[str] = REFINED
    items: ClassVar[tuple[str, ...]] = ("text", "image", "table")
    takes: ClassVar[str] = "SPEC"
    packages: ClassVar[tuple[str, ...]] = ("torch",)
    extra: ClassVar[str] = "deep"
    licence: ClassVar[str] = "that of its base"

    def __init__(self, argument: str = "") -> None:
        from labelwright import encoders

        super().__init__(argument)
        self.base = encoders.make(argument)
        self._adapter: Adapter | None = None

    @classmethod
    def of(cls, base: Encoder, adapter: Adapter) -> Self:
        """A fitted encoder and the adapter of its features."""
        refined = cls(base.spec.text)
        refined.base, refined._adapter = base, adapter
        return refined

    @property
    def is_pretrained(self) -> bool:
        """People cannot begin with it: it waits for labels."""
        return True

    @property
    def adapter(self) -> Adapter:
        """What bends the features.

        Raises
        ------
        InputError
            If it was not fitted.
        """
        if self._adapter is None:
            raise InputError(
                f"encoders: '{self.spec.text}' learns from labels, and there are none here.",
                "Name it in a project, which fits it when there are labels enough, or use lw.refine.",
            )
        return self._adapter

    def check_there(self, item_kind: str) -> None:
        """The encoder that it refines must be able to read such items, and torch must be installed."""
        self.base.check_there(item_kind)
        self.check_installed()

    def fit(self, contents: Sequence[Content]) -> Self:
        """Refused where it was not fitted on labels: contents alone do not tell it anything."""
        _ = self.adapter
        return self

    def transform(self, contents: Sequence[Content]) -> Features:
        """Encode by its base, and bend the features."""
        return self.adapter.transform(self.base.transform(contents))

    def dump(self) -> bytes:
        """Base and adapter."""
        base = base64.b64encode(self.base.dump()).decode()
        told = {"spec": self.spec.text, "argument": self.argument, "base": base, "adapter": self.adapter.dump()}
        return json.dumps(told).encode()

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Restore."""
        from labelwright import encoders

        told = json.loads(data)
        base = encoders.load(str(told["argument"]), base64.b64decode(told["base"]))
        return cls.of(base, Adapter.load(told["adapter"]))
