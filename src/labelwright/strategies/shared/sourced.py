"""Labeled items of another domain: what they cover already, and which candidates look like them."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, complain
from labelwright.evidence.base import Evidence
from labelwright.transfer.domains import source_chance


def covered(evidence: Evidence) -> Floats:
    """Embeddings of what is labeled or in flight, and of a source that the model learns from, (n, n_dims)."""
    if evidence.source is None or not evidence.source.used:
        return evidence.embed_labeled
    return np.concatenate([evidence.embed_labeled, evidence.source.embed])


def chance_of_source(evidence: Evidence) -> Floats:
    """Probability that each candidate is of the source's domain, (n_items,), by a classifier of embeddings.

    Raises
    ------
    InputError
        If there is no source.
    """
    if evidence.source is None:
        cure = "Pass labeled items of another domain."
        raise complain("select", "X_source and y_source", "given", "nothing", cure)
    return source_chance(evidence.source.embed, evidence.embed, evidence.embed)
