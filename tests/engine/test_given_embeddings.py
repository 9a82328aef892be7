"""Embeddings that come with the items are their features: imported whole, trained on, kept through what happens later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from labelwright.engine import features
from labelwright.engine.importing import vectors as staging
from labelwright.errors import InputError
from labelwright.exchange import Columns
from labelwright.services.people import users
from labelwright.services.projects import acts, create
from labelwright.services.projects.source import SourceDraft
from labelwright.services.record.erasing import erase_items
from labelwright.services.record.verify import verify
from labelwright.services.steering import encoders as steering
from labelwright.store import tables as t
from tests.conftest import text_draft, train_until_idle

N, DIMS = 90, 6
REVISION = "given-1"


def vectors(n: int = N, seed: int = 0) -> npt.NDArray[np.float32]:
    """Two clusters, so that a model can learn which."""
    rng = np.random.default_rng(seed)
    middle = np.where(np.arange(n) % 2, 2.0, -2.0)[:, None]
    return (middle + rng.normal(size=(n, DIMS))).astype(np.float16).astype(np.float32)


def table(made: npt.NDArray[np.float32], first: int = 0) -> list[dict[str, Any]]:
    """Rows of texts that say nothing about their class."""
    return [
        {"id": f"k{first + k}", "text": f"note number {first + k} of many", "label": "ab"[k % 2] if k < 60 else None,
         "vector": [float(value) for value in row]}
        for k, row in enumerate(made)
    ]  # fmt: skip


def write(folder: Path, rows: list[dict[str, Any]], ending: str) -> Path:
    """The same rows in a format."""
    path = folder / f"s{ending}"
    if ending == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path
    import pandas as pd

    frame = pd.DataFrame(rows)
    if ending == ".csv":
        frame["vector"] = [json.dumps(cell) for cell in frame["vector"]]
        frame.to_csv(path, index=False)
    else:
        import pyarrow as pa
        import pyarrow.parquet as pq

        plain = pa.table({name: [row[name] for row in rows] for name in ("id", "text", "label")})
        half = pa.FixedSizeListArray.from_arrays(
            pa.array(np.concatenate([r["vector"] for r in rows]).astype(np.float16)), DIMS
        )
        pq.write_table(plain.append_column("vector", half), path)
    return path


def make(site: Any, source: Path, **more: Any) -> Any:
    columns = Columns(id="id", text="text", label="label", embedding=more.pop("embedding", "vector"))
    draft = text_draft("p", source, **{"labels": (), "columns": columns, **more})
    return create.create(site, users.ensure_admin(site)[0], draft)


def stored(site: Any, n: int = N) -> npt.NDArray[np.float32]:
    return np.array(features.load(site.project("p"), REVISION, n, 10**9))


def files(site: Any) -> list[str]:
    return sorted(site.project("p").arrays.find("features"))


@pytest.mark.parametrize("ending", [".parquet", ".jsonl", ".csv"])
def test_they_are_the_features_as_they_came(site: Any, tmp_path: Path, ending: str) -> None:
    made = vectors()
    make(site, write(tmp_path, table(made), ending))
    assert np.array_equal(stored(site), made)
    assert site.project("p").arrays.read(files(site)[0]).dtype == np.float32
    train_until_idle(site)
    shown = steering.show(site, "p")
    assert [(one.spec, one.serves) for one in shown.encoders] == [("given", True)]
    assert verify(site, "p", replay=True).problems == []


def test_columns_of_numbers_are_taken_by_a_pattern(site: Any, tmp_path: Path) -> None:
    import pandas as pd

    made = vectors()
    frame = pd.DataFrame(table(made)).drop(columns="vector")
    for k in range(DIMS):
        frame[f"e_{k}"] = made[:, k]
    frame.to_csv(tmp_path / "s.csv", index=False)
    make(site, tmp_path / "s.csv", embedding="e_*")
    assert np.allclose(stored(site), made)


def test_a_column_of_that_name_is_taken_unasked(site: Any, tmp_path: Path) -> None:
    rows = [{**row, "embedding": row.pop("vector")} for row in table(vectors())]
    make(site, write(tmp_path, rows, ".jsonl"), embedding=None)
    assert np.array_equal(stored(site), vectors())


@pytest.mark.parametrize("ending", [".parquet", ".jsonl"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([1.0, 2.0], "6"),
        ([float("nan")] * DIMS, "finite numbers"),
        ([1e9] * DIMS, "finite numbers"),
        (None, "embedding"),
    ],
)
def test_one_that_is_wrong_is_named(site: Any, tmp_path: Path, wrong: Any, said: str, ending: str) -> None:
    rows = table(vectors())
    rows[40]["vector"] = wrong
    if ending == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        source = tmp_path / "s.parquet"
        pq.write_table(pa.table({name: [row[name] for row in rows] for name in rows[0]}), source)
    else:
        source = write(tmp_path, rows, ending)
    with pytest.raises(InputError, match="column 'vector'") as caught:
        make(site, source)
    assert said in str(caught.value)
    assert site.store.slugs() == []


def test_more_rows_bring_their_own(site: Any, tmp_path: Path) -> None:
    make(site, write(tmp_path, table(vectors()), ".parquet"))
    admin = users.ensure_admin(site)[0]
    more = table(vectors(30, seed=1), first=N)
    create.add(site, admin, "p", rows=[*table(vectors())[:5], *more])
    assert np.array_equal(stored(site, N + 30), np.concatenate([vectors(), vectors(30, seed=1)]))
    before = files(site)
    for wrong in ({"vector": [1.0, 2.0]}, {"vector": None}):
        with pytest.raises(InputError, match="embedding"):
            create.add(site, admin, "p", rows=[table(vectors(1), first=500)[0], {**more[0], "id": "x", **wrong}])
    with pytest.raises(InputError, match="--embedding must be one of the columns"):
        create.add(site, admin, "p", rows=[{"id": "y", "text": "one more note"}])
    assert files(site) == before
    train_until_idle(site)
    assert verify(site, "p", replay=True).problems == []


def test_an_import_that_stops_leaves_no_file(site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(site, write(tmp_path, table(vectors()), ".parquet"))
    before = files(site)

    def stops(self: Any, transaction: Any, actor: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(staging.StagedVectors, "record", stops)
        with pytest.raises(KeyboardInterrupt):
            create.add(site, users.ensure_admin(site)[0], "p", rows=table(vectors(30, seed=1), first=N))
    assert files(site) == before
    site.project("p").arrays.write(f"features/{REVISION}/{N:09d}-{N + 9:09d}-b_killed.npy", vectors(9))
    create.add(site, users.ensure_admin(site)[0], "p", rows=table(vectors(30, seed=1), first=N))
    assert not any("b_killed" in path for path in files(site))
    assert np.array_equal(stored(site, N + 30)[N:], vectors(30, seed=1))


def test_an_erased_item_loses_it_and_a_replaced_one_keeps_it(site: Any, tmp_path: Path) -> None:
    make(site, write(tmp_path, table(vectors()), ".parquet"))
    train_until_idle(site)
    admin = users.ensure_admin(site)[0]
    with site.project("p").read() as rows:
        names = {row.ordinal: row.key for row in rows.all(rows.select(t.item.c.ordinal, t.item.c.key))}
    from labelwright.services.projects.shown import item_id_of

    acts.replace_content(site, admin, "p", item_id_of(4), {"text": "another content altogether"})
    erase_items(site, admin, "p", [item_id_of(7)], reason="asked for")
    train_until_idle(site)
    features._cache.clear()
    found = stored(site)
    assert names[4] == "k4" and np.array_equal(found[4], vectors()[4])
    assert not found[7].any() and np.array_equal(found[8], vectors()[8])
    assert verify(site, "p", replay=True).problems == []


def test_it_is_compared_with_other_encoders(site: Any, tmp_path: Path) -> None:
    make(site, write(tmp_path, table(vectors()), ".parquet"), encoder="tfidf,given")
    train_until_idle(site)
    shown = {one.spec: one for one in steering.show(site, "p").encoders}
    assert shown["given"].serves and shown["given"].loss < shown["tfidf"].loss


def test_a_source_brings_its_own(site: Any, tmp_path: Path) -> None:
    rows = [{**row, "label": None} for row in table(vectors())]
    other = tmp_path / "other"
    other.mkdir()
    source = write(other, table(vectors(60, seed=2)), ".jsonl")
    make(site, write(tmp_path, rows, ".parquet"), labels=("a", "b"), start_from=SourceDraft(path=source, label="label"))
    assert np.array_equal(stored(site, N + 60)[N:], vectors(60, seed=2))
    train_until_idle(site)
    assert verify(site, "p", replay=True).problems == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"embedding": "", "encoder": "given"}, "must be given with embeddings, got none"),
        ({"encoder": "given+tfidf"}, "one that can encode"),
        ({"embedding": "nothing_*"}, "--embedding must be one of the columns"),
    ],
)
def test_what_cannot_be_is_refused_with_a_cure(site: Any, tmp_path: Path, more: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        make(site, write(tmp_path, table(vectors()), ".jsonl"), **more)
    assert said in str(caught.value) and caught.value.hint
