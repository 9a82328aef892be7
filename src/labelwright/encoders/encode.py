"""Items to features in one call, with a cache on disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from labelwright import encoders, items
from labelwright.check import complain
from labelwright.encoders.base import Features
from labelwright.encoders.pretrained import Pretrained
from labelwright.items.base import Content

if TYPE_CHECKING:
    import pandas as pd

BLOCK: Final = 1024
Item = str | bytes | Path | Mapping[str, object]


def encode(
    what: Sequence[Item] | pd.DataFrame, encoder: str | None = None, *, cache: str | os.PathLike[str] | None = None
) -> Features:
    """Features of items.

    Parameters
    ----------
    what : sequence of str, of bytes or paths of images, of mappings, or a DataFrame
        Texts, images, or rows of a table. A column of texts does too.
    encoder : str, optional
        A spec such as ``tfidf``, ``st:NAME_OR_PATH`` or ``module:function``, see `labelwright.encoders`; the default of
        the kind of item if left out. One that learns (``tfidf``, ``pixels``, ``hog``, ``columns``) is fitted on these
        items.
    cache : path, optional
        A folder for features of pre-trained encoders, by the hash of each item's content and the weights: what is in it
        is not encoded again, and a call that was killed goes on where it was.

    Returns
    -------
    features : float32 array of shape (n_items, n_dims)

    Raises
    ------
    InputError
        If there is no item, an item is of no known kind, the encoder is unknown or cannot read such items, or what it
        needs is missing; nothing is downloaded.

    Examples
    --------
    >>> encode(["a cat sat", "a dog ran", "a cat ran"], "tfidf").shape
    (3, 2)
    """
    kind, contents = _read(what)
    spec = encoder or encoders.default(kind)
    made = encoders.check_fits(spec, kind)
    made.fit(contents)
    if cache is None or not isinstance(made, Pretrained):
        return np.concatenate([made.transform(contents[k : k + BLOCK]) for k in range(0, len(contents), BLOCK)])
    return _cached(made, kind, contents, Path(cache))


def _read(given: Any) -> tuple[str, list[Content]]:
    """The kind of the items, and their contents."""
    import pandas as pd

    if isinstance(given, pd.DataFrame):
        given = given.to_dict("records")
    listed = list(given) if isinstance(given, Iterable) and not isinstance(given, str | bytes) else [given]
    if not listed:
        raise complain("encode", "items", "one or more", "none")
    first = listed[0]
    kind = "table" if isinstance(first, Mapping) else "image" if isinstance(first, bytes | Path) else "text"
    make = items.make(kind)
    contents = []
    for place, one in enumerate(listed):
        if isinstance(first, Mapping) != isinstance(one, Mapping) or not isinstance(one, str | bytes | Path | Mapping):
            raise complain("encode", f"item {place}", "of the same kind as the first", type(one).__name__)
        if isinstance(one, str) and not one.strip():  # a blank cell is a text without words
            contents.append(Content({"text": ""}))
            continue
        value: object = one.read_bytes() if isinstance(one, Path) else one
        contents.append(make.content(dict(one) if isinstance(one, Mapping) else {"item": value}))
    return kind, contents


def _cached(encoder: Pretrained, kind: str, contents: list[Content], cache: Path) -> Features:
    make, folder = items.make(kind), cache / f"{encoder.spec.slug}-{encoder.revision[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    keys = [make.content_hash(content) for content in contents]
    known = _known(folder)
    missing = [k for key, k in dict(zip(keys, range(len(keys)), strict=True)).items() if key not in known]
    for first in range(0, len(missing), BLOCK):
        block = missing[first : first + BLOCK]
        rows = encoder.transform([contents[k] for k in block])
        _write(folder, [keys[k] for k in block], rows)
        known |= {keys[k]: row for k, row in zip(block, rows, strict=True)}
    return np.stack([known[key] for key in keys])


def _known(folder: Path) -> dict[str, Features]:
    """Rows by the hash of what they encode, from all files of a folder."""
    known: dict[str, Features] = {}
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as stored:
            known |= dict(zip(stored["keys"].tolist(), stored["rows"], strict=True))
    return known


def _write(folder: Path, keys: list[str], rows: Features) -> None:
    """Write beside, then move: a killed process leaves no half a file."""
    path = folder / f"{hashlib.sha256(''.join(keys).encode()).hexdigest()[:32]}.npz"
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez(file, keys=np.array(keys), rows=rows)
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
