"""Images: stored as they came, compared by a difference hash."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.budgets import MAX_PIXELS
from labelwright.errors import InputError
from labelwright.items.base import ERASED, Content, ItemKind, Signatures
from labelwright.plain import Json

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

SCREEN_SIDE = 4096
HASH_SIDE = 16
MAX_BITS = 6
BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAICAgAAAACwAAAAAAQABAAACAkQBADs="
BLANK_FILE = "erased.gif"
FORMATS = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "BMP": ".bmp", "WEBP": ".webp", "TIFF": ".tif"}


class Image(ItemKind):
    """A picture in a format that Pillow knows; what browsers do not show is converted for the screen (`for_screen`)."""

    name: ClassVar[str] = "image"
    signature_words: ClassVar[int] = HASH_SIDE * HASH_SIDE // 32

    def content(self, cells: Mapping[str, Any]) -> Content:
        """The cell is bytes or a data URL; it is decoded once, so that a broken image is detected."""
        ((column, cell),) = cells.items()
        if isinstance(cell, dict) and "bytes" in cell:
            cell = cell["bytes"]
        if isinstance(cell, str) and cell.startswith("data:"):
            cell = _from_url(cell, column)
        if not isinstance(cell, bytes):
            raise InputError(f"column '{column}': an image must be bytes, got {type(cell).__name__}.")
        image = decode(cell, column)
        return Content(
            {"width": image.width, "height": image.height, "format": image.format}, cell, FORMATS[str(image.format)]
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

    def tombstone(self, body: Mapping[str, Json]) -> Content:
        """One gray pixel, in a file that all erased images of a project share."""
        blank = self.content({"image": BLANK})
        return Content({**blank.body, "media": BLANK_FILE, ERASED: True}, blank.media, blank.suffix)

    def preview(self, body: Mapping[str, Json]) -> str:
        """Its size."""
        return f"{body['width']} x {body['height']} {body['format']}"


def _from_url(cell: str, column: str) -> bytes:
    head, _, encoded = cell.partition(",")
    try:
        if not head.endswith(";base64"):
            raise ValueError("it has no ;base64")
        return base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise InputError(
            f"column '{column}': a data URL must be data:image/…;base64,… and whole, got another ({error}).",
            "Send the image again, or as a file.",
        ) from error


def decode(data: bytes, column: str = "image") -> Picture:
    """Open and decode an image with Pillow.

    Raises
    ------
    InputError
        If the bytes are not an image, are damaged, or expand to an excessive size.
    """
    import PIL.Image

    PIL.Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and an error that says how many there are
    try:
        image = PIL.Image.open(io.BytesIO(data))
        if image.format not in FORMATS:
            raise InputError(
                f"column '{column}': image format must be one of {', '.join(FORMATS)}, got {image.format}."
            )
        n_pixels = image.width * image.height
        if n_pixels > MAX_PIXELS:
            raise InputError(
                f"column '{column}': an image must have at most {MAX_PIXELS:,} pixels, got {n_pixels:,}.",
                "Scale it down.",
            )
        image.load()
    except InputError:
        raise
    except Exception as error:  # damaged files make Pillow raise nearly anything, such as struct.error and IndexError
        raise InputError(f"column '{column}': the image cannot be decoded ({error}).", "Replace or drop it.") from error
    return image


def thumbnail(data: bytes, side: int = 96) -> str:
    """A PNG data URL at most ``side`` pixels wide and high."""
    return "data:image/png;base64," + base64.b64encode(for_screen(data, side)).decode()


def for_screen(data: bytes, side: int = SCREEN_SIDE) -> bytes:
    """The image as a PNG that every browser shows, at most ``side`` pixels wide and high."""
    image = eight_bits(decode(data))
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((side, side))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def eight_bits(image: Picture) -> Picture:
    """The image itself, or as 8-bit gray if its pixels are larger numbers, scaled by their range.

    The range begins at 0 and ends at the first of 1 (for floats), 255 (for floats) and 65535 that holds all pixels.
    Where none does, or there are negative ones, it is that of the image.
    """
    import PIL.Image

    if image.mode != "F" and not image.mode.startswith("I"):
        return image
    pixels = np.nan_to_num(np.asarray(image, dtype=np.float64), posinf=0.0, neginf=0.0)  # (height, width)
    low, high = float(pixels.min()), float(pixels.max())
    ends = (1.0, 255.0, 65535.0) if image.mode == "F" else (65535.0,)
    start, end = next(((0.0, end) for end in ends if low >= 0 and high <= end), (low, high))
    scaled = (pixels - start) * (255.0 / ((end - start) or 1.0))
    return PIL.Image.fromarray(scaled.round().astype(np.uint8))


def gray_pixels(content: Content, side: int) -> npt.NDArray[np.float32]:
    """The image as gray values in [0, 1], resized to (side, side)."""
    assert content.media is not None
    image = eight_bits(decode(content.media)).convert("L").resize((side, side))
    return np.asarray(image, dtype=np.float32) / 255.0


def longer_side(body: Mapping[str, Json]) -> int:
    """The longer side of an image, in pixels."""
    return max(int(str(body["width"])), int(str(body["height"])))
