"""Files as a worker sees them: the right ones, or an error that says what is wrong with the folder that it shares."""

from __future__ import annotations

from functools import lru_cache

from labelwright.errors import IntegrityError
from labelwright.store.arrays import Arrays


def check_digest(arrays: Arrays, path: str, digest: str) -> None:
    """Refuse a file that is missing or another; one that was checked is not read again.

    Raises
    ------
    IntegrityError
    """
    if _digest(arrays.place, path, digest) != digest:
        _digest.cache_clear()
        raise IntegrityError(
            f"arrays: {path} must have the digest {digest[:12]}… under {arrays.place}, but it is missing or another.",
            "Workers must see the folder of the site, under the same path.",
        )


@lru_cache(maxsize=256)
def _digest(place: str, path: str, expected: str) -> str | None:
    """The digest of a file; the expected one is in the key, so that a file that an erasure altered is read anew."""
    return Arrays.at(place).digest(path)
