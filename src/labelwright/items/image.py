"""Images: stored as they came, compared by a difference hash."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.errors import InputError
from labelwright.items.base import Content, ItemKind, Signatures
from labelwright.plain import Json

MAX_PIXELS = 100_000_000
HASH_SIDE = 16
MAX_BITS = 6
FORMATS = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "BMP": ".bmp", "WEBP": ".webp", "TIFF": ".tif"}


class Image(ItemKind):
    """A picture in a format that browsers and Pillow know."""

    name: ClassVar[str] = "image"
    signature_words: ClassVar[int] = HASH_SIDE * HASH_SIDE // 32

    def content(self, cells: Mapping[str, Any]) -> Content:
        """The cell is bytes or a data URL; it is decoded once, so that a broken image is detected."""
        ((column, cell),) = cells.items()
        if isinstance(cell, dict) and "bytes" in cell:
            cell = cell["bytes"]
        if isinstance(cell, str) and cell.startswith("data:"):
            cell = base64.b64decode(cell.partition(",")[2])
        if not isinstance(cell, bytes):
            raise InputError(f"column '{column}': an image must be bytes, got {type(cell).__name__}.")
        image = decode(cell, column)
        return Content(
            {"width": image.width, "height": image.height, "format": image.format}, cell, FORMATS[image.format]
        )

    def signatures(self, contents: Sequence[Content]) -> Signatures:
        """Difference hash: is each of 16 x 16 cells brighter than its left neighbour? 256 bits."""
        signatures = np.zeros((len(contents), self.signature_words), dtype=np.uint32)
        for i, content in enumerate(contents):
            gray = gray_pixels(content, HASH_SIDE + 1)[:HASH_SIDE]  # (16, 17)
            bits = np.packbits(gray[:, 1:] > gray[:, :-1])
            signatures[i] = bits.view(np.uint32)
        return signatures

    def near(self, a: Signatures, b: Signatures) -> npt.NDArray[np.bool_]:
        """At most 6 of 256 bits differ."""
        return np.asarray(np.bitwise_count(a ^ b).sum(axis=1) <= MAX_BITS)

    def bands(self, signatures: Signatures) -> Iterable[npt.NDArray[np.uint64]]:
        """Eight bands of 32 bits: with at most 6 bits different, two at least are equal (pigeonhole)."""
        flat = (signatures == 0).all(axis=1)
        for column in signatures.T:
            mixed = column.astype(np.uint64) + np.uint64(1)
            mixed[flat] = 0
            yield mixed

    def preview(self, body: Mapping[str, Json]) -> str:
        """Its size."""
        return f"{body['width']} x {body['height']} {body['format']}"


def decode(data: bytes, column: str = "image") -> Any:
    """Open and decode an image with Pillow.

    Raises
    ------
    InputError
        If the bytes are not an image, are damaged, or expand to an excessive size.
    """
    import PIL.Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
            image = PIL.Image.open(io.BytesIO(data))
            if image.format not in FORMATS:
                raise InputError(
                    f"column '{column}': image format must be one of {', '.join(FORMATS)}, got {image.format}."
                )
            if image.width * image.height > MAX_PIXELS:
                raise InputError(f"column '{column}': an image must have at most {MAX_PIXELS:,} pixels.")
            image.load()
    except (PIL.UnidentifiedImageError, OSError, SyntaxError, ValueError, PIL.Image.DecompressionBombWarning) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"column '{column}': the image cannot be decoded ({error}).", "Replace or drop it.") from error
    return image


def thumbnail(data: bytes, side: int = 96) -> str:
    """A PNG data URL at most ``side`` pixels wide and high."""
    image = decode(data).convert("RGB")
    image.thumbnail((side, side))
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def gray_pixels(content: Content, side: int) -> npt.NDArray[np.float32]:
    """The image as gray values in [0, 1], resized to (side, side)."""
    assert content.media is not None
    image = decode(content.media).convert("L").resize((side, side))
    return np.asarray(image, dtype=np.float32) / 255.0


def longer_side(body: Mapping[str, Json]) -> int:
    """The longer side of an image, in pixels."""
    return max(int(str(body["width"])), int(str(body["height"])))
