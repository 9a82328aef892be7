"""The table of encoders."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from labelwright.encoders.base import Encoder
from labelwright.encoders.spec import FUNCTION, JOINED
from labelwright.registry import plugins

if TYPE_CHECKING:
    import pandas as pd


def _spec(name: str, encoder: type[Encoder]) -> str:
    if name in (FUNCTION, JOINED) or not encoder.takes:
        return encoder.takes or name
    return f"{name}:{encoder.takes}"


def table() -> pd.DataFrame:
    """All encoders, one a row.

    Returns
    -------
    table : DataFrame
        ``name``; ``spec``, how it is written; ``items``, the kinds that it reads; ``fitted``, whether it learns from
        your items (else its weights were trained elsewhere); ``installed``; ``install``, the command that installs what
        it needs; ``licence`` of the weights.

    Examples
    --------
    >>> encoders = table().set_index("name")
    >>> encoders.loc["tfidf", "items"], encoders.loc["st", "spec"]
    ('text', 'st:NAME_OR_PATH')
    """
    import pandas as pd

    rows = [
        {
            "name": name,
            "spec": _spec(name, encoder),
            "items": ", ".join(encoder.items),
            "fitted": not encoder.licence,
            "installed": all(importlib.util.find_spec(package) is not None for package in encoder.packages),
            "install": f'pip install "labelwright[{encoder.extra}]"' if encoder.extra else "",
            "licence": encoder.licence,
        }
        for name, encoder in plugins("labelwright.encoders", Encoder).items()
    ]
    return pd.DataFrame(rows)
