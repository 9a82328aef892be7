"""Texts by averaged word vectors of a large language model, which a package brings along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from labelwright.encoders.pretrained import Pretrained, Run, digest_of
from labelwright.items.base import Content
from labelwright.items.text import text_of


class WordLlama(Pretrained):
    """``wordllama``: token vectors of Llama 2, averaged, 256 dims; thousands of short texts a second.

    Its code is under the MIT licence; its weights come from Llama 2 and stand under the licence of that.
    """

    name: ClassVar[str] = "wordllama"
    items: ClassVar[tuple[str, ...]] = ("text",)
    packages: ClassVar[tuple[str, ...]] = ("wordllama",)
    extra: ClassVar[str] = "wordllama"
    licence: ClassVar[str] = "Llama 2 Community License"
    batch: ClassVar[int] = 256
    part_rows: ClassVar[int] = 8192  # a second's work

    def weights(self) -> str:
        """A digest of the package's files."""
        folder = self._folder()
        return digest_of([*folder.glob("weights/*_256.safetensors"), *folder.glob("tokenizers/*.json")])

    def open(self) -> Run:
        """Load from the package's own folder; by itself it would look for them elsewhere, and then download."""
        from wordllama import WordLlama as Package

        model = Package.load(cache_dir=self._folder(), disable_download=True)

        def run(contents: Sequence[Content]) -> object:
            return model.embed([text_of(one.body) or " " for one in contents])

        return run  # type: ignore[return-value]

    @staticmethod
    def _folder() -> Path:
        import wordllama

        return Path(wordllama.__file__).parent
