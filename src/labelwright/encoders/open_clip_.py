"""Texts and images in one space, by a CLIP of open_clip."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from labelwright.encoders.pretrained import Pretrained, Run, digest_of, no_weights
from labelwright.errors import InputError
from labelwright.items.base import Content
from labelwright.items.image import decode, eight_bits
from labelwright.items.text import text_of


class OpenClip(Pretrained):
    """``open_clip:NAME@FILE``: a CLIP of that architecture with the weights of a file."""

    name: ClassVar[str] = "open_clip"
    items: ClassVar[tuple[str, ...]] = ("image", "text")
    takes: ClassVar[str] = "NAME@FILE"
    packages: ClassVar[tuple[str, ...]] = ("open_clip", "torch")
    extra: ClassVar[str] = "open-clip"
    licence: ClassVar[str] = "the model's own"

    def weights(self) -> str:
        """A digest of the file of weights."""
        return digest_of([self._file()])

    def open(self) -> Run:
        """Make the network and load its weights."""
        import open_clip
        import torch

        name = self.argument.partition("@")[0]
        if name not in open_clip.list_models():
            raise InputError(f"encoders: open_clip has no model '{name}'.", "open_clip.list_models() names them.")
        network, _, prepare = open_clip.create_model_and_transforms(name, pretrained=str(self._file()))
        network.eval()
        tokenize: Any = open_clip.get_tokenizer(name)

        def run(contents: Sequence[Content]) -> Any:
            with torch.inference_mode():
                if contents[0].media is None:
                    return network.encode_text(tokenize([text_of(one.body) for one in contents])).float().numpy()
                images = [eight_bits(decode(one.media or b"")).convert("RGB") for one in contents]
                return network.encode_image(torch.stack([prepare(image) for image in images])).float().numpy()

        return run

    def _file(self) -> Path:
        path = Path(self.argument.partition("@")[2]).expanduser()
        if not path.is_file():
            raise no_weights(self.spec.text, "a file, named after '@'", "put them there: open_clip:NAME@FILE")
        return path
