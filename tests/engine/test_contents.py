"""Contents are read in blocks that fit into memory, whatever their size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright import encoders, items
from labelwright.engine import contents, encoding, features
from labelwright.engine.importing import stage
from labelwright.items.text import text_of
from labelwright.services.people import users
from labelwright.services.projects import acts, create
from tests.conftest import text_draft

N_ITEMS = 20
LENGTH = 1000


@pytest.fixture
def store(site: Any, tmp_path: Path) -> Any:
    """A project of texts of 1,000 characters, one of which is longer than a block and one of which was replaced."""
    lines = [f"text {k} " + "word " * (LENGTH // 5) for k in range(N_ITEMS)]
    lines[7] *= 10
    (tmp_path / "p.csv").write_text("text\n" + "\n".join(lines) + "\n")
    create.create(site, users.ensure_admin(site)[0], text_draft("p", tmp_path / "p.csv"))
    acts.replace_content(site, users.ensure_admin(site)[0], "p", "i3", {"text": "something else"})
    return site.project("p")


@pytest.mark.parametrize("max_items", [1, 3, 100])
def test_blocks_hold_everything_in_order_and_no_more_than_fits(
    store: Any, monkeypatch: pytest.MonkeyPatch, max_items: int
) -> None:
    monkeypatch.setattr(contents, "BLOCK_SIZE", 3 * LENGTH)
    order = np.random.default_rng(0).permutation(N_ITEMS)
    blocks = list(contents.blocks(store, order, max_items=max_items))
    read = [text_of(content.body).split()[1] for block in blocks for content in block]
    assert read == [str(k) for k in order]
    assert all(len(block) == 1 or sum(one.size for one in block) <= 3 * LENGTH for block in blocks)
    assert max(map(len, blocks)) == min(max_items, 2)


def test_blocks_hold_contents_as_of_an_event(store: Any) -> None:
    with store.read() as rows:
        head = store.head_seq(rows)
    before, after = (
        [text_of(one.body)[:9] for one in next(contents.blocks(store, range(5), upto_seq=seq))]
        for seq in (head - 1, head)
    )
    assert before[3] == "text 3 wo" and after[3] == "something"
    assert [*before[:3], before[4]] == [*after[:3], after[4]]


def test_an_encoder_is_fitted_on_a_sample_that_fits(store: Any) -> None:
    order = np.random.default_rng(1).permutation(N_ITEMS)
    drawn = contents.sample(store, order, 4 * LENGTH)
    numbers = [int(text_of(content.body).split()[1]) for content in drawn]
    assert numbers == sorted(order[: len(numbers)]) and sum(one.size for one in drawn[:-1]) < 5 * LENGTH
    assert len(contents.sample(store, order, 10**9)) == N_ITEMS


def test_features_do_not_depend_on_the_blocks(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = items.make("text")
    whole = encoders.make("tfidf").fit([kind.content({"text": f"text {k} word"}) for k in range(9)])
    one = whole.transform(next(contents.blocks(store, range(N_ITEMS))))
    monkeypatch.setattr(contents, "BLOCK_SIZE", 2 * LENGTH)
    parts = [whole.transform(block) for block in contents.blocks(store, range(N_ITEMS))]
    assert len(parts) > 5 and np.array_equal(np.concatenate(parts), one)
    encoding.encode(store, "text", "tfidf", "tfidf-1", N_ITEMS, 100)
    assert features.load(store, "tfidf-1", N_ITEMS, 100).shape[0] == N_ITEMS


def test_an_import_in_many_chunks_is_whole(site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from labelwright.engine.importing import scan
    from labelwright.services.record.verify import verify

    monkeypatch.setattr(stage, "BLOCK_SIZE", 100)
    monkeypatch.setattr(scan, "BLOCK_SIZE", 100)
    (tmp_path / "p.csv").write_text("text\n" + "\n".join(f"some words and number {k}" for k in range(30)) + "\n")
    create.create(site, users.ensure_admin(site)[0], text_draft("p", tmp_path / "p.csv"))
    assert verify(site, "p").problems == []


def test_texts_of_words_that_never_repeat_can_be_encoded() -> None:
    kind, rng = items.make("text"), np.random.default_rng(0)
    texts = [kind.content({"text": "".join(chr(0x4E00 + c) for c in rng.integers(0, 20_000, 3))}) for _ in range(1001)]
    X = encoders.make("tfidf").fit(texts).transform(texts)
    assert np.isfinite(X).all() and X.shape[0] == 1001
