"""Texts or images by an ONNX file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from labelwright.encoders.pictures import IMAGENET, as_tensor
from labelwright.encoders.pretrained import Pretrained, Run, digest_of, no_weights
from labelwright.errors import InputError
from labelwright.items.base import Content
from labelwright.items.text import text_of

MAX_TOKENS = 512
TOKENIZER = "tokenizer.json"
SIDE = 224  # of images, where the file leaves it open


class Onnx(Pretrained):
    """``onnx:FILE`` or ``onnx:FILE@TOKENIZER``: a transformer over tokens (``tokenizer.json`` lies beside it), or a
    network over images of the usual scale (mean and spread of ImageNet).

    Each item is run by itself: rows of a batch would change each other where a file computes in whole numbers. Outputs
    for each token are averaged over the tokens.
    """

    name: ClassVar[str] = "onnx"
    items: ClassVar[tuple[str, ...]] = ("text", "image")
    takes: ClassVar[str] = "FILE[@TOKENIZER]"
    packages: ClassVar[tuple[str, ...]] = ("onnxruntime", "tokenizers")
    extra: ClassVar[str] = "onnx"
    licence: ClassVar[str] = "the model's own"

    def weights(self) -> str:
        """A digest of the file and its tokenizer."""
        return digest_of(path for path in self._files() if path.exists())

    def open(self) -> Run:
        """Open the file; its inputs say whether it reads tokens or images."""
        import onnxruntime

        file, tokenizer = self._files()
        try:
            session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        except Exception as error:  # whatever the runtime raises of a damaged file
            raise InputError(f"encoders: '{self.spec.text}' must be an ONNX file, and is none.") from error
        wanted = {one.name: one for one in session.get_inputs()}
        one_row = self._of_texts(session, wanted, tokenizer) if "input_ids" in wanted else _of_images(session, wanted)
        return lambda contents: np.stack([one_row(content) for content in contents])

    def _files(self) -> tuple[Path, Path]:
        named, _, tokenizer = self.argument.partition("@")
        file = Path(named).expanduser()
        if not file.is_file():
            raise no_weights(self.spec.text, "a file on this machine", "put the ONNX file there.")
        return file, Path(tokenizer).expanduser() if tokenizer else file.with_name(TOKENIZER)

    def _of_texts(self, session: Any, wanted: dict[str, Any], path: Path) -> Any:
        from tokenizers import Tokenizer

        if not path.is_file():
            raise no_weights(self.spec.text, f"beside a {TOKENIZER}", f"put it there, or give onnx:FILE@{TOKENIZER}.")
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)

        def one_row(content: Content) -> np.ndarray:
            found = tokenizer.encode(text_of(content.body))
            given = {"input_ids": found.ids, "attention_mask": found.attention_mask, "token_type_ids": found.type_ids}
            inputs = {name: np.array([values], dtype=np.int64) for name, values in given.items() if name in wanted}
            return _row(session.run(None, inputs))

        return one_row


def _of_images(session: Any, wanted: dict[str, Any]) -> Any:
    (name, told), *_ = wanted.items()
    side = told.shape[-1] if isinstance(told.shape[-1], int) else SIDE

    def one_row(content: Content) -> np.ndarray:
        return _row(session.run(None, {name: as_tensor(content, side, *IMAGENET)[None]}))

    return one_row


def _row(outputs: list[np.ndarray]) -> np.ndarray:
    """One vector of what a network gives for one item: the first output of that kind, else averaged over places."""
    whole = next((out for out in outputs if out.ndim == 2), outputs[0])
    if whole.ndim == 2:
        return np.asarray(whole[0])
    places = tuple(range(1, whole.ndim - 1)) if whole.ndim == 3 else tuple(range(2, whole.ndim))
    return np.asarray(whole.mean(axis=places)[0])
