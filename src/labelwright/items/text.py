"""Text: shown as it is, compared by MinHash, encoded by TF-IDF of words and characters and an SVD."""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.errors import InputError
from labelwright.items.base import Content, Encoder, Features, ItemKind, Signatures

N_PERM = 32
N_BANDS = 8
MIN_JACCARD = 0.8
_WORD = re.compile(r"\w+")
_PRIME = np.uint64((1 << 61) - 1)
_RNG = np.random.default_rng(20260101)  # fixed: signatures are stored
_A = _RNG.integers(1, 1 << 31, N_PERM, dtype=np.uint64)  # (N_PERM,)
_B = _RNG.integers(0, 1 << 31, N_PERM, dtype=np.uint64)


class TextEncoder(Encoder):
    """TF-IDF of words (1-2) and of characters within words (3-4), then an SVD to 128 dims, rows of length 1.

    Empty texts get a row of zeros. Cost: one pass over the characters; about 5,000 short texts a
    second and core.
    """

    n_dims = 128
    max_terms = 40_000

    def __init__(self) -> None:
        self._words: Any = None
        self._chars: Any = None
        self._svd: Any = None

    def fit(self, contents: Sequence[Content]) -> TextEncoder:
        """Learn vocabulary and components."""
        from sklearn.decomposition import TruncatedSVD

        texts = [c.body["text"] for c in contents]
        params = {"min_df": 1 if len(texts) < 1000 else 2, "max_features": self.max_terms}
        self._words, self._chars = _vectorizer("words", **params), _vectorizer("chars", **params)
        matrix = self._terms(texts, fit=True)
        n_dims = max(1, min(self.n_dims, matrix.shape[1] - 1, len(texts) - 1))
        with np.errstate(invalid="ignore", divide="ignore"):  # texts that are all alike have no variance
            self._svd = TruncatedSVD(n_dims, random_state=0, n_iter=3).fit(matrix)
        return self

    def transform(self, contents: Sequence[Content]) -> Features:
        """Encode."""
        reduced = self._svd.transform(self._terms([c.body["text"] for c in contents]))
        length = np.linalg.norm(reduced, axis=1, keepdims=True)  # (n_items, 1)
        return np.asarray(reduced / np.maximum(length, 1e-12), dtype=np.float32)

    def _terms(self, texts: list[str], *, fit: bool = False) -> Any:
        from scipy.sparse import hstack

        parts = []
        for vectorizer in (self._words, self._chars):
            try:
                parts.append(vectorizer.fit_transform(texts) if fit else vectorizer.transform(texts))
            except ValueError as error:
                if fit and "vocabulary" in str(error):
                    vectorizer.set_params(min_df=1, token_pattern=r"(?u)\S+")
                    parts.append(vectorizer.fit_transform([*texts, "empty"])[:-1])
                else:
                    raise
        return hstack(parts, format="csr")

    def dump(self) -> bytes:
        """Serialise as plain arrays: terms, weights, components."""
        parts: dict[str, Any] = {"components": np.asarray(self._svd.components_, dtype=np.float32)}
        for name, vectorizer in (("words", self._words), ("chars", self._chars)):
            terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get)
            parts[f"{name}_terms"] = np.frombuffer(json.dumps(terms).encode(), dtype=np.uint8)
            parts[f"{name}_idf"] = vectorizer.idf_
            parts[f"{name}_pattern"] = np.frombuffer((vectorizer.token_pattern or "").encode(), dtype=np.uint8)
        buffer = io.BytesIO()
        np.savez(buffer, **parts)
        return buffer.getvalue()

    @classmethod
    def load(cls, data: bytes) -> TextEncoder:
        """Restore."""
        from sklearn.decomposition import TruncatedSVD

        encoder = cls()
        with np.load(io.BytesIO(data), allow_pickle=False) as parts:
            for name in ("words", "chars"):
                vectorizer = _vectorizer(name)
                pattern = parts[f"{name}_pattern"].tobytes().decode()
                terms = json.loads(parts[f"{name}_terms"].tobytes())
                vectorizer.set_params(vocabulary=terms, **({"token_pattern": pattern} if pattern else {}))
                vectorizer.idf_ = parts[f"{name}_idf"]
                setattr(encoder, f"_{name}", vectorizer)
            components = parts["components"]
        encoder._svd = TruncatedSVD(len(components))
        encoder._svd.components_ = components
        return encoder


def _vectorizer(name: str, **params: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    kinds: dict[str, dict[str, Any]] = {
        "words": {"ngram_range": (1, 2)},
        "chars": {"analyzer": "char_wb", "ngram_range": (3, 4)},
    }
    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **kinds[name], **params)


class Text(ItemKind):
    """A text in any language and direction."""

    name: ClassVar[str] = "text"
    encoder: ClassVar[type[Encoder]] = TextEncoder
    signature_words: ClassVar[int] = N_PERM

    def content(self, cells: Mapping[str, Any]) -> Content:
        """The one cell is the text; it must say something."""
        ((column, cell),) = cells.items()
        if not isinstance(cell, (str, int, float)) or cell != cell or not str(cell).replace("\x00", "").strip():
            raise InputError(f"column '{column}': the text must not be empty.", "Fill it in or drop the row.")
        return Content({"text": str(cell).replace("\x00", "")})

    def signatures(self, contents: Sequence[Content]) -> Signatures:
        """MinHash of 3-word shingles (short texts: of words), Broder 1997; empty ones get all bits set."""
        found = np.full((len(contents), N_PERM), np.iinfo(np.uint32).max, dtype=np.uint32)
        for i, content in enumerate(contents):
            words = _WORD.findall(content.body["text"].lower())
            if not words:
                continue
            width = 3 if len(words) >= 8 else 1
            shingles = {" ".join(words[j : j + width]) for j in range(len(words) - width + 1)}
            hashes = np.fromiter((zlib.crc32(s.encode()) for s in shingles), dtype=np.uint64, count=len(shingles))
            permuted = (hashes[:, None] * _A + _B) % _PRIME  # (n_shingles, N_PERM)
            found[i] = (permuted & np.uint64(0xFFFFFFFF)).min(axis=0).astype(np.uint32)
        return found

    def near(self, a: Signatures, b: Signatures) -> npt.NDArray[np.bool_]:
        """Estimated Jaccard similarity of at least .8."""
        return np.asarray((a == b).mean(axis=1) >= MIN_JACCARD)

    def bands(self, signatures: Signatures) -> Iterable[npt.NDArray[np.uint64]]:
        """Eight bands of four rows: a pair of similarity .8 shares one with probability .98."""
        empty = (signatures == np.iinfo(np.uint32).max).all(axis=1)
        for band in np.array_split(signatures, N_BANDS, axis=1):
            mixed = np.full(len(band), 1469598103934665603, dtype=np.uint64)
            for column in band.T:
                mixed = (mixed ^ column) * np.uint64(1099511628211)  # FNV-1a, wraps
            mixed[mixed == 0] = 1
            mixed[empty] = 0
            yield mixed

    def preview(self, body: Mapping[str, Any]) -> str:
        """The first 140 characters."""
        text = " ".join(str(body["text"][:400]).split())
        return text[:139] + "…" if len(text) > 140 else text

    def search_text(self, body: Mapping[str, Any]) -> str:
        """The whole text."""
        return str(body["text"])
