"""Texts by a model of sentence-transformers: a folder, or a name that was fetched before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from labelwright.encoders.pretrained import Pretrained, Run, digest_of, no_weights
from labelwright.items.base import Content
from labelwright.items.text import text_of

WEIGHTS = ("*.safetensors", "*.bin", "*.json", "*.txt", "*.model")


class SentenceTransformers(Pretrained):
    """``st:NAME_OR_PATH``: any model that sentence-transformers loads, from a folder or from its cache."""

    name: ClassVar[str] = "st"
    items: ClassVar[tuple[str, ...]] = ("text",)
    takes: ClassVar[str] = "NAME_OR_PATH"
    packages: ClassVar[tuple[str, ...]] = ("sentence_transformers",)
    extra: ClassVar[str] = "st"
    licence: ClassVar[str] = "the model's own"

    def weights(self) -> str:
        """A digest of the folder's files."""
        folder = self._folder()
        return digest_of({path for pattern in WEIGHTS for path in folder.rglob(pattern)})

    def open(self) -> Run:
        """Load the model from its folder, on the CPU unless torch finds something faster."""
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(self._folder()), local_files_only=True)

        def run(contents: Sequence[Content]) -> object:
            return model.encode([text_of(one.body) for one in contents], show_progress_bar=False)

        return run  # type: ignore[return-value]

    def _folder(self) -> Path:
        given = Path(self.argument).expanduser()
        if given.is_dir():
            return given
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError

        name = self.argument if "/" in self.argument else f"sentence-transformers/{self.argument}"
        try:
            return Path(snapshot_download(name, local_files_only=True))
        except (LocalEntryNotFoundError, ValueError) as error:
            raise no_weights(
                self.spec.text, "a folder, or in the cache of huggingface_hub",
                f"fetch them once with 'hf download {name}', or give the path of a folder.",
            ) from error  # fmt: skip
