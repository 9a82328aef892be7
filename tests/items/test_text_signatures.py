"""MinHash of texts: signatures are stored, so what computes them may never change them."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from labelwright.items import text
from labelwright.items.base import Content

PRIME = (1 << 61) - 1
GOLDEN = (3566788713, [311636196, 393845616])


def by_hand(body: str) -> list[int]:
    """The signature by the formula, in Python's own integers."""
    words = text._WORD.findall(body.lower())
    width = 3 if len(words) >= 8 else 1
    hashes = {zlib.crc32(" ".join(words[j : j + width]).encode()) for j in range(len(words) - width + 1)}
    pairs = zip(text._A.tolist(), text._B.tolist(), strict=True)
    return [min(((h * a + b) % PRIME) & 0xFFFFFFFF for h in hashes) for a, b in pairs]


def test_signatures_are_those_of_the_formula() -> None:
    rng = np.random.default_rng(0)
    bodies = [" ".join(f"w{k}" for k in rng.integers(0, 900, n)) for n in (1, 3, 7, 8, 9, 40, 900)] * 4
    found = text.Text().signatures([Content({"text": body}) for body in bodies])
    assert found.tolist() == [by_hand(body) for body in bodies]


def test_stored_signatures_stay_what_they_are() -> None:
    (found,) = text.Text().signatures([Content({"text": "the quick brown fox jumps over the lazy dog"})])
    assert (zlib.crc32(found.tobytes()), found[:2].tolist()) == GOLDEN


@pytest.mark.parametrize("at_once", [1, 5, 10_000])
def test_signatures_do_not_depend_on_what_is_computed_together(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = [Content({"text": body}) for body in ("one two", "", "a b c d e f g h i j", "three", "...")]
    whole = text.Text().signatures(contents)
    monkeypatch.setattr(text, "SHINGLES_AT_ONCE", at_once)
    assert np.array_equal(text.Text().signatures(contents), whole)
    assert np.array_equal(np.concatenate([text.Text().signatures([one]) for one in contents]), whole)
    assert (whole[[1, 4]] == np.iinfo(np.uint32).max).all() and text.Text().signatures([]).shape == (0, text.N_PERM)
