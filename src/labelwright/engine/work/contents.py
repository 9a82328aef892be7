"""Contents of items as the bytes of one file, for workers, which do not see the database."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import numpy as np

from labelwright.items.base import Content


def pack(contents: Sequence[Content]) -> memoryview:
    """Contents as bytes for `unpack`.

    >>> unpack(pack([Content({"text": "one"}), Content({"media": "a.png"}, b"12")]))[1].media
    b'12'
    """
    media = [content.media for content in contents]
    body = json.dumps([[content.body, content.suffix] for content in contents]).encode()
    sizes = np.array([-1 if one is None else len(one) for one in media], dtype=np.int64)
    joined = b"".join(one for one in media if one is not None)
    buffer = io.BytesIO()
    np.savez(
        buffer, body=np.frombuffer(body, np.uint8), media=np.frombuffer(joined, np.uint8), sizes=sizes
    )  # fmt: skip
    return buffer.getbuffer()


def unpack(data: bytes | memoryview) -> list[Content]:
    """The contents that were packed."""
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        bodies, media, sizes = json.loads(stored["body"].tobytes()), stored["media"].tobytes(), stored["sizes"]
    ends = np.cumsum(np.maximum(sizes, 0))
    return [
        Content(body, None if size < 0 else media[end - size : end], suffix)
        for (body, suffix), size, end in zip(bodies, sizes.tolist(), ends.tolist(), strict=True)
    ]
