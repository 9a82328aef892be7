"""Images as the tensors that pre-trained networks expect."""

from __future__ import annotations

from typing import Final

import numpy as np

from labelwright.encoders.base import Features
from labelwright.items.base import Content
from labelwright.items.image import decode, eight_bits

IMAGENET: Final = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def as_tensor(content: Content, side: int, mean: tuple[float, ...], spread: tuple[float, ...]) -> Features:
    """An image in colour, its shorter side scaled and its middle cut out, (3, side, side)."""
    from PIL import ImageOps

    assert content.media is not None
    image = ImageOps.fit(eight_bits(decode(content.media)).convert("RGB"), (side, side))
    scaled = (np.asarray(image, dtype=np.float32) / 255.0 - np.array(mean)) / np.array(spread)
    return np.asarray(scaled.transpose(2, 0, 1), dtype=np.float32)
