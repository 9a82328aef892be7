"""Encoders in and out of bytes by skops, with an allow-list of types; pickle is never loaded."""

from __future__ import annotations

from typing import Any

from labelwright.errors import IntegrityError

ALLOWED = frozenset({"numpy.dtype", "scipy.sparse._csr.csr_matrix", "numpy.random.mtrand.RandomState"})


def dump(value: Any) -> bytes:
    """Serialise a fitted estimator, or a dict of them."""
    from skops.io import dumps

    data: bytes = dumps(value)
    return data


def load(data: bytes) -> Any:
    """Restore; refuse any type that is not on the list.

    Raises
    ------
    IntegrityError
        If the file holds a type that neither skops nor we trust.
    """
    from skops.io import get_untrusted_types, loads

    unknown = set(get_untrusted_types(data=data)) - ALLOWED
    if unknown:
        raise IntegrityError(
            f"encoders: the encoder must hold allowed types only, got {', '.join(sorted(unknown))}.",
            "The file was not written by Labelwright; restore it from a backup.",
        )
    return loads(data, trusted=sorted(ALLOWED & set(get_untrusted_types(data=data))))
