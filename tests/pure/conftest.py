"""Shared by the tests of the pure packages."""

import pytest


@pytest.fixture
def few_trees(monkeypatch):
    """Boosting with a fifth of its trees, where a test is about what holds for any number of them."""
    monkeypatch.setattr("labelwright.models.boosting.N_ROUNDS", 20)
