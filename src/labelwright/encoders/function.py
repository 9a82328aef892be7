"""Items by a function of the user's own."""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from labelwright.encoders.pretrained import Pretrained, Run
from labelwright.encoders.spec import FUNCTION
from labelwright.errors import InputError
from labelwright.items.base import Content
from labelwright.items.image import decode, eight_bits


class Function(Pretrained):
    """``MODULE:FUNCTION``: takes a list of texts, of table rows (dicts) or of Pillow images, and gives one row each.

    What is held fast is the text of its module: a changed function is another encoder.
    """

    name: ClassVar[str] = FUNCTION
    items: ClassVar[tuple[str, ...]] = ("text", "image", "table")
    takes: ClassVar[str] = "MODULE:FUNCTION"
    licence: ClassVar[str] = "your own"
    is_safe: ClassVar[bool] = False
    batch: ClassVar[int] = 256

    def weights(self) -> str:
        """A digest of the source of the function's module."""
        found = self._function()
        module = inspect.getmodule(found)
        try:
            source = inspect.getsource(module if module is not None else found)
        except (OSError, TypeError):
            source = repr(found)
        return hashlib.sha256(source.encode()).hexdigest()

    def open(self) -> Run:
        """Find the function."""
        found = self._function()

        def run(contents: Sequence[Content]) -> Any:
            try:
                return found([_plain(one) for one in contents])
            except Exception as error:  # it is the user's own
                said = f"encoders: '{self.argument}' raised {type(error).__name__}: {error}"
                raise InputError(said) from error

        return run

    def _function(self) -> Callable[..., Any]:
        module, _, name = self.argument.partition(":")
        try:
            found: Any = importlib.import_module(module)
            for part in name.split("."):
                found = getattr(found, part)
        except (ImportError, AttributeError) as error:
            raise InputError(
                f"encoders: there is no '{self.argument}': {error}.",
                "Give a MODULE:FUNCTION that can be imported.",
            ) from error
        if not callable(found):
            raise InputError(f"encoders: '{self.argument}' must be a function, got {type(found).__name__}.")
        return found  # type: ignore[no-any-return]


def _plain(content: Content) -> object:
    """What a user's function expects of an item."""
    if content.media is not None:
        return eight_bits(decode(content.media))
    return content.body.get("text", content.body.get("row"))
