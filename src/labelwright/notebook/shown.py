"""How one item is shown in a notebook: a text, an image, or a row of named values."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from labelwright.check import complain
from labelwright.plain import JsonObject


def shown(item: object) -> JsonObject:
    """What the widget needs to show an item.

    Parameters
    ----------
    item : str, image, mapping or Series
        An image is one of Pillow, or an array of shape (height, width) or (height, width, 3 or 4), of uint8, or of
        floats from 0 to 1.

    Raises
    ------
    InputError
        If it is nothing of these.

    Examples
    --------
    >>> shown("a text"), shown({"age": 41})
    ({'text': 'a text'}, {'row': [['age', '41']]})
    >>> shown(np.zeros((2, 2), dtype=np.uint8))["image"][:22]
    'data:image/png;base64,'
    """
    if isinstance(item, str):
        return {"text": item}
    if isinstance(item, Mapping) or hasattr(item, "items"):
        return {"row": [[str(name), str(value)] for name, value in item.items()]}
    if hasattr(item, "save") and hasattr(item, "convert"):
        return {"image": _png(item)}
    array = np.asarray(item)
    if array.ndim in (2, 3) and array.dtype.kind in "uif" and (array.ndim == 2 or array.shape[2] in (3, 4)):
        return {"image": _png(_picture(array))}
    if array.ndim == 0:
        return {"text": str(item)}
    raise complain(
        "label", "an item", "a text, an image (height, width[, 3 or 4]) or a row with names", f"shape {array.shape}"
    )


def _picture(array: Any) -> Any:
    from PIL import Image

    if array.dtype.kind == "f":
        array = np.clip(np.nan_to_num(array), 0.0, 1.0) * 255
    return Image.fromarray(array.astype(np.uint8))


def _png(image: Any) -> str:
    out = io.BytesIO()
    image.convert("RGBA").save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
