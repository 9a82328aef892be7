"""Images as histograms of gradients (HOG), then a PCA."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.encoders.pixels import Pixels


class Hog(Pixels):
    """Histograms of gradients of 64 x 64 whatever the size of the images; then a PCA to 64 dims.

    References
    ----------
    Dalal, Triggs (2005). Histograms of oriented gradients for human detection. CVPR.
    """

    name: ClassVar[str] = "hog"
    default_for: ClassVar[tuple[str, ...]] = ()

    def is_tiny(self, widths: npt.NDArray[np.int64]) -> bool:
        """Never: gradients are taken of any image."""
        return False
