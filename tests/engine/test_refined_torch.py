"""Adapters that a project fits by itself; `make test-all`."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.engine import candidates, features, refined
from labelwright.services.record.verify import verify
from labelwright.services.steering import encoders
from tests.conftest import make_api, train_until_idle
from tests.engine.test_encoders import KNOWING, answer_some, served
from tests.engine.test_refined import FOLDED

pytest.importorskip("torch")


def labeled(site: Any, make_project: Any, encoder: str) -> Any:
    """A project with labels enough, and what can wait done."""
    make_project(site, n=300, encoder=encoder)
    train_until_idle(site)
    api, store = make_api(site), site.project("topics")
    candidates.make(store)
    for _ in range(6):
        answer_some(api, 20)
        train_until_idle(site)
    assert candidates.wanted(store) and candidates.make(store) and not candidates.wanted(store)
    train_until_idle(site)
    train_until_idle(site)
    return store


def test_what_a_linear_model_cannot_use_is_refined_and_serves(site: Any, make_project: Any) -> None:
    store = labeled(site, make_project, f"refined:{FOLDED}")
    shown = encoders.show(site, "topics").encoders[-1]
    assert served(site) == f"refined:{FOLDED}" and shown.serves and shown.gain.startswith("Gain measured"), shown
    with store.read() as rows:
        base = features.revision_of(rows, FOLDED)
        made = refined.last(rows, f"refined:{FOLDED}", base)
    assert made is not None and any(gain.low > 0 for gain in made.gains)
    assert verify(site, "topics", replay=True).problems == []


def test_features_that_a_linear_model_uses_already_are_left_as_they_are(site: Any, make_project: Any) -> None:
    labeled(site, make_project, f"tfidf,refined:{KNOWING}")
    shown = encoders.show(site, "topics").encoders[-1]
    assert served(site) == KNOWING and not shown.serves and shown.gain.startswith("No gain measured"), shown
    assert verify(site, "topics", replay=True).problems == []
