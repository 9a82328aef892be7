"""Features in which near items are similar, where the caller gives none: made of the items alone, never of labels."""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from labelwright.kernels.rows import (
    N_SPARSE_DIMS,
    FeatureRows,
    Frame,
    LazyRows,
    Objects,
    Scaled,
    is_numeric,
    numeric,
    same_unit,
)

MANY_NUMBERS = 2**26  # scaled columns are kept (256 MB) up to here, and computed block by block beyond
MAX_CATEGORIES = 100  # values of a column of words that get a column of their own; the rarer ones share one


class Transformer(Protocol):
    """The fitted steps of a pipeline that prepare features."""

    def transform(self, X: object, /) -> FeatureRows: ...


def default_places(items: FeatureRows, labeled: FeatureRows | None, model: object) -> tuple[LazyRows, LazyRows | None]:
    """Embeddings of candidates and of labeled items.

    The output of a fitted pipeline's first steps; else TF-IDF of texts, one-hot and scaled columns of a DataFrame with
    words, or columns on one scale. What is sparse is reduced to its leading `N_SPARSE_DIMS` dimensions.

    Raises
    ------
    InputError
        If the items are neither rows, texts, nor what the pipeline's first steps take.
    """
    before = preprocessing_of(model)
    if before is not None:
        return _transformed(before, items, labeled)
    if hasattr(items, "tocsr"):
        return cache(lambda: reduced(items, items)), None if labeled is None else lambda: reduced(labeled, items)
    encoder = encoder_of(items)
    if encoder is not None:
        return _transformed(encoder.fit(items[:]), items, labeled)
    if same_unit(numeric(items)):
        return numeric(items), None if labeled is None else lambda: numeric(labeled)
    scaled = cache(lambda: Scaled(numeric(items)))
    if items.shape[0] * items.shape[1] <= MANY_NUMBERS:
        return cache(lambda: scaled()[:]), None if labeled is None else lambda: scaled().of(numeric(labeled))
    return scaled, None if labeled is None else lambda: scaled().of(numeric(labeled))


def preprocessing_of(model: object) -> Transformer | None:
    """A pipeline's steps before its last, also of the best pipeline that a search found; None for another model."""
    pipeline: Any = getattr(model, "best_estimator_", model)
    return pipeline[:-1] if len(getattr(pipeline, "steps", None) or ()) > 1 else None


def embed_of(X: FeatureRows, estimator: object) -> FeatureRows:
    """Features in which near items are similar, where no model is fitted yet.

    The longest run of a pipeline's first steps that can be fitted on X without labels; else as `default_places`.

    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> embed_of(np.array([[1.0], [3.0]]), make_pipeline(StandardScaler(), LogisticRegression())).tolist()
    [[-1.0], [1.0]]
    """
    from sklearn.base import clone

    pipeline: Any = estimator
    while not hasattr(pipeline, "steps") and hasattr(pipeline, "estimator"):  # of a search over a pipeline
        pipeline = pipeline.estimator
    for n_steps in range(len(getattr(pipeline, "steps", None) or ()) - 1, 0, -1):
        try:
            features = clone(pipeline[:n_steps]).fit_transform(X[:])
            embed = reduced(features, features)
        except (TypeError, ValueError):  # a step that needs labels, or more items than there are
            continue
        if embed.ndim == 2 and embed.dtype.kind in "fiub":
            return embed
    place = default_places(X, None, None)[0]
    return place() if callable(place) else place


def encoder_of(items: FeatureRows) -> Any:
    """An unfitted transformer for texts, or for a DataFrame with words; None for numbers and what is neither."""
    if isinstance(items, Objects) and all(isinstance(value, str) for value in items.values):
        from sklearn.feature_extraction.text import TfidfVectorizer

        return TfidfVectorizer(token_pattern=r"(?u)\S+")  # also texts without words have features
    if isinstance(items, Frame) and not is_numeric(items):
        from sklearn.compose import make_column_selector, make_column_transformer
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler

        words = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MAX_CATEGORIES)
        numbers = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler())
        return make_column_transformer(
            (numbers, make_column_selector(dtype_include="number")),
            (words, make_column_selector(dtype_exclude="number")),
        )
    return None


def reduced(X: object, like: FeatureRows) -> npt.NDArray[Any]:
    """Dense rows as they are; sparse ones in the leading dimensions of ``like``."""
    if not hasattr(X, "tocsr"):
        return np.asarray(X)
    from sklearn.decomposition import TruncatedSVD

    n_dims = max(1, min(N_SPARSE_DIMS, like.shape[1] - 1))
    return np.asarray(TruncatedSVD(n_dims, random_state=0).fit(like).transform(X))


def _transformed(
    fitted: Transformer, items: FeatureRows, labeled: FeatureRows | None
) -> tuple[LazyRows, LazyRows | None]:
    inside = cache(lambda: fitted.transform(items[:]))
    place = cache(lambda: reduced(inside(), inside()))
    return place, None if labeled is None else lambda: reduced(fitted.transform(labeled[:]), inside())
