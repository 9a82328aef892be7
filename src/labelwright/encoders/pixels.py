"""Images as features: gray pixels where they are tiny, else histograms of gradients (HOG), then a PCA."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from labelwright.encoders import skops_io
from labelwright.encoders.base import Encoder, Features
from labelwright.items.base import Content
from labelwright.items.image import gray_pixels, longer_side

TINY = 24  # up to this width, pixels say more than gradients
SIDE = 64


class Pixels(Encoder):
    """Tiny images (at most 24 pixels wide): gray pixels; larger ones: HOG of 64 x 64; then a PCA to 64 dims."""

    name: ClassVar[str] = "pixels"
    items: ClassVar[tuple[str, ...]] = ("image",)
    default_for: ClassVar[tuple[str, ...]] = ("image",)
    n_dims = 64

    def __init__(self, argument: str = "") -> None:
        super().__init__(argument)
        self._tiny = False
        self._side = SIDE
        self._pca: Any = None

    def fit(self, contents: Sequence[Content]) -> Self:
        """Learn the components."""
        from sklearn.decomposition import PCA

        widths = np.array([longer_side(c.body) for c in contents])
        self._tiny = self.is_tiny(widths)
        self._side = int(np.median(widths)) if self._tiny else SIDE
        raw = self._describe(contents)
        with np.errstate(invalid="ignore", divide="ignore"):  # images that are all alike have no variance
            self._pca = PCA(min(self.n_dims, *raw.shape), random_state=0).fit(raw)
        return self

    def is_tiny(self, widths: npt.NDArray[np.int64]) -> bool:
        """Whether pixels say more of images of such widths than gradients."""
        return bool(np.median(widths) <= TINY)

    def transform(self, contents: Sequence[Content]) -> Features:
        """Encode; the scale is such that the first component has variance 1."""
        scale = float(np.sqrt(self._pca.explained_variance_[0]))
        scale = scale if scale > 0 else 1.0  # NaN of a single image
        return np.asarray(self._pca.transform(self._describe(contents)) / scale, dtype=np.float32)

    def _describe(self, contents: Sequence[Content]) -> npt.NDArray[np.float32]:
        rows = []
        for content in contents:
            gray = gray_pixels(content, self._side)
            if not self._tiny:
                from skimage.feature import hog

                gray = hog(gray, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2), feature_vector=True)
            rows.append(np.asarray(gray, dtype=np.float32).ravel())
        return np.stack(rows)

    def dump(self) -> bytes:
        """Serialise."""
        return skops_io.dump({"tiny": self._tiny, "side": self._side, "pca": self._pca})

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Restore."""
        encoder, parts = cls(), skops_io.load(data)
        encoder._tiny, encoder._side, encoder._pca = parts["tiny"], parts["side"], parts["pca"]
        return encoder
