"""Features of several encoders side by side."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np

from labelwright.check import complain
from labelwright.encoders.base import Encoder, Features
from labelwright.encoders.spec import JOINED, JOINT
from labelwright.items.base import Content


class Joined(Encoder):
    """``A+B``: the features of both, one after the other. It is often as good as the better one, whichever that is."""

    name: ClassVar[str] = JOINED
    items: ClassVar[tuple[str, ...]] = ("text", "image", "table")
    takes: ClassVar[str] = "SPEC+SPEC"
    licence: ClassVar[str] = "those of its parts"

    def __init__(self, argument: str = "") -> None:
        from labelwright import encoders

        super().__init__(argument)
        self.parts = [encoders.make(part.strip()) for part in argument.split(JOINT)]
        learning = [part for part in self.parts if not part.is_pretrained] or self.parts
        self.fit_size = min(part.fit_size for part in learning)  # type: ignore[misc]

    @property
    def is_pretrained(self) -> bool:
        """Whether one of its parts needs weights from elsewhere."""
        return any(part.is_pretrained for part in self.parts)

    def check_there(self, item_kind: str) -> None:
        """Each part must be able to read such items."""
        for part in self.parts:
            part.check_there(item_kind)
            if part.comes_with_items:
                named = f"a part of '{self.spec.text}'"
                raise complain("encoders", named, "one that can encode", part.name, "Name both, with a comma.")

    def fit(self, contents: Sequence[Content]) -> Self:
        """Fit each part."""
        for part in self.parts:
            part.fit(contents)
        return self

    def transform(self, contents: Sequence[Content]) -> Features:
        """Encode by each part."""
        return np.concatenate([part.transform(contents) for part in self.parts], axis=1)

    def dump(self) -> bytes:
        """The parts, each as it is dumped."""
        parts = [base64.b64encode(part.dump()).decode() for part in self.parts]
        return json.dumps({"spec": self.spec.text, "argument": self.argument, "parts": parts}).encode()

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Restore."""
        from labelwright import encoders

        told = json.loads(data)
        joined = cls(str(told["argument"]))
        joined.parts = [
            encoders.load(part.spec.text, base64.b64decode(stored))
            for part, stored in zip(joined.parts, told["parts"], strict=True)
        ]
        return joined
