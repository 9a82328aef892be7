"""Images: stored as they came, compared by a difference hash, encoded by pixels or HOG and a PCA."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.errors import InputError
from labelwright.items import skops_io
from labelwright.items.base import Content, Encoder, Features, ItemKind, Signatures

MAX_PIXELS = 100_000_000
TINY = 24  # up to this width, pixels say more than gradients
SIDE = 64
HASH_SIDE = 16
MAX_BITS = 6
FORMATS = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "BMP": ".bmp", "WEBP": ".webp", "TIFF": ".tif"}


class ImageEncoder(Encoder):
    """Tiny images (at most 24 pixels wide): gray pixels; larger ones: HOG of 64 x 64; then a PCA to 64 dims."""

    n_dims = 64

    def __init__(self) -> None:
        self._tiny = False
        self._side = SIDE
        self._pca: Any = None

    def fit(self, contents: Sequence[Content]) -> ImageEncoder:
        """Learn the components."""
        from sklearn.decomposition import PCA

        widths = [max(c.body["width"], c.body["height"]) for c in contents]
        self._tiny = bool(np.median(widths) <= TINY)
        self._side = int(np.median(widths)) if self._tiny else SIDE
        raw = self._describe(contents)
        with np.errstate(invalid="ignore", divide="ignore"):  # images that are all alike have no variance
            self._pca = PCA(min(self.n_dims, *raw.shape), random_state=0).fit(raw)
        return self

    def transform(self, contents: Sequence[Content]) -> Features:
        """Encode; the scale is such that the first component has variance 1."""
        scale = float(np.sqrt(self._pca.explained_variance_[0]))
        scale = scale if scale > 0 else 1.0  # NaN of a single image
        return np.asarray(self._pca.transform(self._describe(contents)) / scale, dtype=np.float32)

    def _describe(self, contents: Sequence[Content]) -> npt.NDArray[np.float32]:
        rows = []
        for content in contents:
            gray = _gray(content, self._side)
            if not self._tiny:
                from skimage.feature import hog

                gray = hog(gray, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2), feature_vector=True)
            rows.append(np.asarray(gray, dtype=np.float32).ravel())
        return np.stack(rows)

    def dump(self) -> bytes:
        """Serialise."""
        return skops_io.dump({"tiny": self._tiny, "side": self._side, "pca": self._pca})

    @classmethod
    def load(cls, data: bytes) -> ImageEncoder:
        """Restore."""
        encoder, parts = cls(), skops_io.load(data)
        encoder._tiny, encoder._side, encoder._pca = parts["tiny"], parts["side"], parts["pca"]
        return encoder


class Image(ItemKind):
    """A picture in a format that browsers and Pillow know."""

    name: ClassVar[str] = "image"
    encoder: ClassVar[type[Encoder]] = ImageEncoder
    signature_words: ClassVar[int] = HASH_SIDE * HASH_SIDE // 32

    def content(self, cells: Mapping[str, Any]) -> Content:
        """The one cell is bytes, or a data URL; every image is decoded once, so that broken ones show now."""
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
        found = np.zeros((len(contents), self.signature_words), dtype=np.uint32)
        for i, content in enumerate(contents):
            gray = _gray(content, HASH_SIDE + 1)[:HASH_SIDE]  # (16, 17)
            bits = np.packbits(gray[:, 1:] > gray[:, :-1])
            found[i] = bits.view(np.uint32)
        return found

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

    def preview(self, body: Mapping[str, Any]) -> str:
        """Its size."""
        return f"{body['width']} x {body['height']} {body['format']}"


def decode(data: bytes, column: str = "image") -> Any:
    """Open and decode an image with Pillow.

    Raises
    ------
    InputError
        If the bytes are no image, a broken one, or a bomb.
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


def _gray(content: Content, side: int) -> npt.NDArray[np.float32]:
    assert content.media is not None
    image = decode(content.media).convert("L").resize((side, side))
    return np.asarray(image, dtype=np.float32) / 255.0
