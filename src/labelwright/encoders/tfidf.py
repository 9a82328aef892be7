"""Texts as features: TF-IDF of words and characters, then a truncated SVD."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from labelwright.encoders.base import Encoder, Features
from labelwright.items.base import Content
from labelwright.items.text import text_of


class Tfidf(Encoder):
    """TF-IDF of words (1-2) and of characters within words (3-4), then an SVD to 128 dims, rows of length 1.

    Empty texts get a row of zeros. Cost: one pass over the characters; about 5,000 short texts a
    second and core.
    """

    name: ClassVar[str] = "tfidf"
    items: ClassVar[tuple[str, ...]] = ("text",)
    default_for: ClassVar[tuple[str, ...]] = ("text",)
    fit_size: ClassVar[int] = 10_000_000  # of texts without repetition, terms take 60 bytes a character
    n_dims = 128
    max_terms = 40_000

    def __init__(self, argument: str = "") -> None:
        super().__init__(argument)
        self._words: Any = None
        self._chars: Any = None
        self._svd: Any = None

    def fit(self, contents: Sequence[Content]) -> Tfidf:
        """Learn vocabulary and components."""
        from sklearn.decomposition import TruncatedSVD

        texts = [text_of(c.body) for c in contents]
        params = {"min_df": 1 if len(texts) < 1000 else 2, "max_features": self.max_terms}
        self._words, self._chars = _vectorizer("words", **params), _vectorizer("chars", **params)
        matrix = self._terms(texts, fit=True)
        n_dims = max(1, min(self.n_dims, matrix.shape[1] - 1, len(texts) - 1))
        with np.errstate(invalid="ignore", divide="ignore"):  # texts that are all alike have no variance
            self._svd = TruncatedSVD(n_dims, random_state=0, n_iter=3).fit(matrix)
        return self

    def transform(self, contents: Sequence[Content]) -> Features:
        """Encode."""
        reduced = self._svd.transform(self._terms([text_of(c.body) for c in contents]))
        length = np.linalg.norm(reduced, axis=1, keepdims=True)  # (n_items, 1)
        return np.asarray(reduced / np.maximum(length, 1e-12), dtype=np.float32)

    def _terms(self, texts: list[str], *, fit: bool = False) -> Any:
        from scipy.sparse import hstack

        parts = []
        for vectorizer in (self._words, self._chars):
            try:
                parts.append(vectorizer.fit_transform(texts) if fit else vectorizer.transform(texts))
            except ValueError as error:
                if fit and ("vocabulary" in str(error) or "no terms remain" in str(error)):
                    pattern = {"token_pattern": r"(?u)\S+"} if vectorizer is self._words else {}
                    vectorizer.set_params(min_df=1, **pattern)
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
    def load(cls, data: bytes) -> Tfidf:
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
