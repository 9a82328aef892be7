"""Labels of another domain that are added later: with embeddings of their own, and items whose content changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from labelwright.engine.cycle import Cycle
from labelwright.exchange import Columns
from labelwright.services.people import users
from labelwright.services.projects import acts, create
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
from labelwright.services.projects.more_source import add_labels
from labelwright.services.projects.source import SourceDraft
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import train_until_idle


def rows(path: Path, n: int, seed: int, *, labeled: bool, embedded: bool) -> Path:
    """Texts of two classes, with vectors that tell them apart."""
    rng, lines = np.random.default_rng(seed), list[str]()
    for k in range(n):
        name = ("dark", "bright")[k % 2]
        line = {"id": f"r{k}", "text": f"{name} {seed} and {k}"}
        more = {"label": name} if labeled else {}
        vector = {"vector": rng.normal(k % 2, 0.2, size=3).tolist()} if embedded else {}
        lines.append(json.dumps({**line, **more, **vector}))
    path.write_text("\n".join(lines) + "\n")
    return path


def make(site: Any, slug: str, path: Path, *, labeled: bool = False, embedding: str | None = None) -> None:
    columns = Columns(id="id", text="text", embedding=embedding, label="label" if labeled else None)
    question = QuestionDraft(labels=("dark", "bright"), column="label" if labeled else None)
    create.create(site, users.first_admin(site), ProjectDraft(slug, path, (question,), columns))


def frozen(site: Any, slug: str) -> int:
    store = site.project(slug)
    with store.read() as read:
        inputs = Cycle(store, store.row(read).cycle).inputs
    assert inputs.source is not None
    return inputs.source.n_items


def test_embeddings_come_with_the_labels(site: Any, tmp_path: Path) -> None:
    make(site, "new", rows(tmp_path / "new.jsonl", 60, 0, labeled=False, embedded=True), embedding="vector")
    train_until_idle(site)
    admin, old = users.first_admin(site), tmp_path / "old.jsonl"
    for n, expected in ((20, 20), (30, 10)):
        draft = SourceDraft(path=rows(old, n, 1, labeled=True, embedded=True))
        assert add_labels(site, admin, "new", draft).added == expected
        train_until_idle(site)
        assert frozen(site, "new") == n
    assert verify(site, "new", replay=True).problems == []


def test_a_content_that_was_replaced_in_the_source_comes_in_place_of_the_copy(site: Any, tmp_path: Path) -> None:
    make(site, "old", rows(tmp_path / "old.jsonl", 20, 1, labeled=True, embedded=False), labeled=True)
    make(site, "new", rows(tmp_path / "new.jsonl", 60, 0, labeled=False, embedded=False))
    admin = users.first_admin(site)
    first = add_labels(site, admin, "new", SourceDraft(project="old"))
    file = SourceDraft(path=rows(tmp_path / "other.jsonl", 4, 2, labeled=True, embedded=False))
    assert add_labels(site, admin, "new", file).added == 4  # of the same keys, with other contents
    train_until_idle(site)
    store = site.project("old")
    with store.read() as read:
        item, given = t.item, t.given
        ordinal = read.scalar(
            read.select(given.c.ordinal).where(given.c.ordinal == item.c.ordinal, item.c.split == "pool")
        )
        key = read.scalar(read.select(item.c.key).where(item.c.ordinal == ordinal))
    acts.replace_content(site, admin, "old", key, {"text": "bright as never before"})
    again = add_labels(site, admin, "new", SourceDraft(project="old"))
    assert (again.added, again.corrected, again.known) == (1, 1, first.added - 1)
    train_until_idle(site)
    assert frozen(site, "new") == first.added + 4
    assert verify(site, "new", replay=True).problems == []
