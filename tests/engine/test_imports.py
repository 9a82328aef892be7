"""Imports: all or nothing, idempotent, groups on one side, a reserve sampled at random."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func

from benchmarks.processes import environment
from labelwright.engine.goals import Goal
from labelwright.engine.importing import split as splitting
from labelwright.errors import ConflictError, InputError, NotReadyError
from labelwright.exchange import Columns
from labelwright.services.people import users
from labelwright.services.projects import acts, create, overview
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import text_draft

WORDS = "river stone cloud bird lamp paper glass iron wood alpha beta gamma delta kappa omega"


def admin(site: Any) -> Any:
    return users.ensure_admin(site)[0]


def make(site: Any, source: Path, task: str = "classification", **more: Any) -> Any:
    columns = Columns.from_dict(
        {k: more.pop(k) for k in ("id", "text", "image", "label", "group", "features") if k in more}
    )
    draft = text_draft("p", source, **{"labels": (), "task": task, "columns": columns, **more})
    return create.create(site, admin(site), draft)


def items(site: Any) -> list[Any]:
    with site.project("p").read() as rows:
        return list(rows.all(rows.select(t.item).order_by(t.item.c.ordinal)))


def head_of(site: Any) -> str:
    store = site.project("p")
    with store.read() as rows:
        return str(store.receipt(rows)["hash"])


def texts(n: int, start: int = 0) -> str:
    words = WORDS.split()
    rng = np.random.default_rng(start)
    return "".join(f"k{i},{' '.join(rng.choice(words, 9))} number {i}\n" for i in range(start, start + n))


GOOD = "id,text,label\nk1,one two three,a\nk2,four five six,b\n"


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (GOOD, {"label": "labels"}, "--label must be one of the columns id, text, label, got 'labels'"),
        (GOOD, {"text": "body", "labels": ("a",)}, "--text must be one of the columns"),
        (GOOD + "k2,seven eight nine,a\n", {"id": "id", "label": "label"}, "s.csv, line 4, row 3, column 'id': ids must be distinct, got 'k2' in row 2"),
        (GOOD + ",seven eight nine,a\n", {"id": "id", "label": "label"}, "row 3, column 'id': an id must have 1 to 300 characters, got 0"),
        (GOOD + "k3,seven eight nine,z\n", {"label": "label", "labels": ("a", "b")}, "row 3, column 'label'"),
        (GOOD + "k3\n", {"label": "label"}, "s.csv, row 3: a row must have 3 cells, got 1"),
        (GOOD + "k3,,a\n", {"text": "text", "label": "label"}, "row 3"),
        ("id,text,label\n", {"label": "label"}, "s.csv: there are no rows"),
        (GOOD, {}, "needs to know its labels"),
        (GOOD, {"label": "label", "goal": Goal("accuracy", 0.9, None, 0)}, "budget"),
        (GOOD, {"label": "label", "goal": Goal("accuracy", math.nan)}, "goal: value"),
        (GOOD, {"label": "label", "goal": Goal("speed", 1.0)}, "speed"),
        (GOOD, {"label": "label", "positive": "z"}, "z"),
        (GOOD, {"label": "label", "labels_are": "guessed"}, "--labels-are must be one of"),
        (GOOD, {"label": "label", "model": "os.system"}, "os.system"),
    ],
)  # fmt: skip
def test_bad_input_leaves_no_trace(site: Any, tmp_path: Path, content: str, options: dict[str, Any], said: str) -> None:
    (tmp_path / "s.csv").write_text(content)
    with pytest.raises(InputError) as refused:
        make(site, tmp_path / "s.csv", **options)
    assert said in refused.value.message, refused.value.message
    assert site.store.slugs() == []
    assert not list((site.settings.home / "projects").glob("*"))


TOO_MUCH = {
    "text": (f"k3,{'x' * 1_000_001},a", "row 3: an item must have at most 1,000,000 characters, got 1,000,001"),
    "label": (
        f"k3,x y z,{'x' * 1_001}",
        "row 3, column 'label': a label must have at most 1,000 characters, got 1,001",
    ),
    "NUL": ("k\0,x y z,a", "row 3: column 'id': a cell must not hold the character NUL"),
}


@pytest.mark.parametrize("cell", TOO_MUCH)
def test_cells_that_no_page_or_database_can_hold_are_refused(site: Any, tmp_path: Path, cell: str) -> None:
    line, said = TOO_MUCH[cell]
    (tmp_path / "s.csv").write_text(GOOD + line + "\n")
    with pytest.raises(InputError) as refused:
        make(site, tmp_path / "s.csv", label="label")
    assert said in refused.value.message
    assert site.store.slugs() == []


@pytest.mark.parametrize(
    "bound", [{"min": -1e40}, {"max": 10**400}, {"step": float("inf")}], ids=["min", "max", "step"]
)
def test_bounds_of_answers_are_bounded_too(site: Any, tmp_path: Path, bound: dict[str, float]) -> None:
    (tmp_path / "s.csv").write_text("a\n1\n2\n3\n4\n")
    with pytest.raises(InputError, match=r"create: (min|max|step) must be a number between"):
        make(site, tmp_path / "s.csv", "regression", scale=bound)
    assert site.store.slugs() == []


def test_replacing_a_text_has_the_same_limit(site: Any, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(GOOD)
    make(site, tmp_path / "s.csv", label="label")
    with pytest.raises(InputError, match="at most 1,000,000 characters"):
        acts.replace_content(site, admin(site), "p", "i0", {"text": "x" * 1_000_001})


@pytest.mark.parametrize("row", [{"y": "\ud800"}, {"y": 10**309}], ids=["surrogate", "integer"])
def test_rows_of_a_request_are_checked_like_those_of_a_file(site: Any, tmp_path: Path, row: dict[str, Any]) -> None:
    (tmp_path / "s.csv").write_text("a,y\n1,2\n3,4\n5,6\n7,8\n")
    make(site, tmp_path / "s.csv", "regression", label="y", features=["a"])
    before = head_of(site)
    with pytest.raises(InputError, match="row 1"):
        create.add(site, admin(site), "p", rows=[{"a": 9} | row])
    assert head_of(site) == before


def test_regression_labels_must_be_numbers(site: Any, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("a,b,y\n1,2,0.5\n2,3,many\n")
    with pytest.raises(InputError, match="row 2, column 'y'"):
        make(site, tmp_path / "s.csv", "regression", label="y", features=["a", "b"])
    assert site.store.slugs() == []


def png(path: Path, level: int, size: int = 12) -> None:
    from PIL import Image

    pixels = np.random.default_rng(level).integers(0, 255, (size, size), dtype=np.uint8)
    Image.fromarray(pixels).save(path)


def test_an_image_that_cannot_be_decoded_is_named(site: Any, tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    for k in range(3):
        png(folder / f"{k}.png", k)
    (folder / "2b.png").write_bytes((folder / "2.png").read_bytes()[:60])
    with pytest.raises(InputError, match=r"2b\.png, row 4: column 'image': the image cannot be decoded"):
        make(site, folder, labels=("a", "b"))
    assert site.store.slugs() == [] and not list((site.settings.home / "projects").glob("*"))


def test_an_image_path_that_leaves_the_folder_is_refused(site: Any, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    png(tmp_path / "secret.png", 0)
    png(tmp_path / "in/a.png", 1)
    (tmp_path / "in/s.csv").write_text("image\na.png\n../secret.png\n")
    with pytest.raises(InputError, match=r"row 2: .*must lie inside"):
        make(site, tmp_path / "in/s.csv", labels=("a", "b"))
    (tmp_path / "in/s.csv").write_text("image\na.png\nnone.png\n")
    with pytest.raises(InputError, match=r"row 2: column 'image': the image 'none.png' does not exist"):
        make(site, tmp_path / "in/s.csv", labels=("a", "b"))
    assert site.store.slugs() == []


def test_images_are_stored_once_by_their_hash(site: Any, tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    for k in range(4):
        png(folder / f"{k}.png", k % 3)
    make(site, folder, labels=("a", "b"))
    assert len(list((site.settings.home / "projects/p/media").rglob("*.png"))) == 3
    assert len({row.dup_group for row in items(site)}) == 3
    assert verify(site, "p").problems == []


def test_groups_and_duplicates_stay_on_one_side(site: Any, tmp_path: Path) -> None:
    rng, lines = np.random.default_rng(0), []
    for i in range(240):
        words = " ".join(rng.choice(WORDS.split(), 10))
        text = f"{words} entry {i}" if i % 8 else "the very same words in every eighth row of the file"
        lines.append(f"k{i},{text},g{i // 3}\n")
    (tmp_path / "s.csv").write_text("id,text,group\n" + "".join(lines))
    added = make(site, tmp_path / "s.csv", id="id", text="text", group="group", labels=("a", "b"))
    rows = items(site)
    for key in ("group_key", "dup_group"):
        sides: dict[Any, set[bool]] = {}
        for row in rows:
            sides.setdefault(getattr(row, key), set()).add(row.split == "pool")
        assert all(len(side) == 1 for side in sides.values()), key
    assert added.duplicates >= 29 and 0 < added.reserve < 120


def test_near_duplicates_are_grouped(site: Any, tmp_path: Path) -> None:
    base = "the committee shall meet on the first monday of every month to discuss the budget of the coming year and report"
    rows = [
        base + ".",
        base.upper() + "!",
        base + " promptly.",
        "a wholly different sentence about gardening and the weather in june",
    ]
    (tmp_path / "s.csv").write_text("id,text\n" + "".join(f"k{i},{text}\n" for i, text in enumerate(rows)))
    make(site, tmp_path / "s.csv", id="id", text="text", labels=("a", "b"))
    groups = [row.dup_group for row in items(site)]
    assert groups[0] == groups[1] and groups[3] != groups[0]


def test_adding_is_idempotent_by_id_and_by_hash(any_site: Any, tmp_path: Path) -> None:
    site = any_site
    (tmp_path / "s.csv").write_text("id,text\n" + texts(60))
    make(site, tmp_path / "s.csv", id="id", text="text", labels=("a", "b"))
    before = items(site)
    (tmp_path / "more.csv").write_text("id,text\n" + texts(60) + texts(40, 60))
    added = create.add(site, admin(site), "p", source=tmp_path / "more.csv")
    assert (added.added, added.known) == (40, 60)
    again = create.add(site, admin(site), "p", source=tmp_path / "more.csv")
    assert (again.added, again.known) == (0, 100)
    after = items(site)
    assert after[:60] == before and len(after) == 100
    share = added.reserve_share
    assert added.reserve == round(40 * share) > 0  # new rows get their share
    assert verify(site, "p").problems == []


def test_adding_without_ids_is_idempotent_by_content(site: Any, tmp_path: Path) -> None:
    lines = [line.split(",", 1)[1] for line in texts(30).splitlines()]
    (tmp_path / "s.csv").write_text("text\n" + "\n".join(lines) + "\n")
    make(site, tmp_path / "s.csv", text="text", labels=("a", "b"))
    (tmp_path / "more.csv").write_text("text\n" + "\n".join([*lines[::-1], "one more line of words", lines[0]]) + "\n")
    added = create.add(site, admin(site), "p", source=tmp_path / "more.csv")
    assert (added.added, added.known) == (2, 30)  # the new line, and the line that now stands twice
    again = create.add(site, admin(site), "p", source=tmp_path / "more.csv")
    assert (again.added, again.known) == (0, 32)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "id,text\nk900,fresh words here today\nk1,other words than before\n",
            "'k1' is in the project with other content",
        ),
        ("id,text\nk900,fresh words here today\nk901\n", "row 2: a row must have 2 cells"),
        ("id,body\nk900,fresh words here today\n", "--text must be one of the columns id, body"),
        ("id,text\n", "there are no rows"),
    ],
)
def test_an_add_that_fails_leaves_the_project_as_it_was(site: Any, tmp_path: Path, more: str, said: str) -> None:
    (tmp_path / "s.csv").write_text("id,text\n" + texts(30))
    make(site, tmp_path / "s.csv", id="id", text="text", labels=("a", "b"))
    before, head = items(site), head_of(site)
    (tmp_path / "more.csv").write_text(more)
    with pytest.raises((InputError, ConflictError)) as refused:
        create.add(site, admin(site), "p", source=tmp_path / "more.csv")
    assert said in refused.value.message
    assert items(site) == before and head_of(site) == head


def test_a_duplicate_that_is_added_later_shares_the_old_ones_side(site: Any, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("id,text\n" + texts(80))
    make(site, tmp_path / "s.csv", id="id", text="text", labels=("a", "b"))
    old = items(site)
    copies = "".join("copy" + line + "\n" for line in texts(80).splitlines())
    (tmp_path / "more.csv").write_text("id,text\n" + copies)
    create.add(site, admin(site), "p", source=tmp_path / "more.csv")
    rows = items(site)
    assert [row.split for row in rows[80:]] == [row.split for row in old]
    assert [row.dup_group for row in rows[80:]] == [row.dup_group for row in old]


def test_known_labels_by_how_they_were_chosen(site: Any, tmp_path: Path) -> None:
    rows = texts(40).splitlines()
    (tmp_path / "s.csv").write_text(
        "id,text,label\n" + "".join(f"{r},{'ab'[i % 2] if i < 20 else ''}\n" for i, r in enumerate(rows))
    )
    added = make(site, tmp_path / "s.csv", id="id", text="text", label="label", labels_are="gold")
    assert added.labeled == 20
    store = site.project("p")
    with store.read() as rows_:
        given = rows_.all(rows_.select(t.given.c.labels_are, func.count()).group_by(t.given.c.labels_are))
        labels = store.row(rows_).config["labels_are"]
    assert [tuple(r) for r in given] == [("gold", 20)] and labels == "gold"


def test_the_reserve_is_sampled_uniformly() -> None:
    """Over many seeds each item is put aside equally often, whatever its place; chi-square, by groups too."""
    n_items, n_seeds = 60, 2000
    member = np.arange(n_items)
    old = np.full(n_items, "pool", dtype="<U7")
    counts = np.zeros(n_items)
    for seed in range(n_seeds):
        split = splitting.draw(member, np.ones(n_items, dtype=bool), old, 0.2, np.random.default_rng([seed, 0]))
        counts += split != "pool"
        assert (split != "pool").sum() == 12
    expected = n_seeds * 0.2
    statistic = ((counts - expected) ** 2 / (expected * 0.8)).sum()
    assert statistic < 110  # 59 degrees of freedom: beyond with p < 0.0001


def test_large_groups_do_not_blow_up_the_reserve() -> None:
    member = np.repeat(np.arange(20), 10)
    old = np.full(200, "pool", dtype="<U7")
    sizes = [
        int((splitting.draw(member, np.ones(200, dtype=bool), old, 0.25, np.random.default_rng(seed)) != "pool").sum())
        for seed in range(50)
    ]
    assert set(sizes) == {50}


@pytest.mark.parametrize("seed", range(5))
def test_a_cluster_stays_in_the_pool_if_the_reserve_would_be_little_else(seed: int) -> None:
    """A quarter of the reserve is the most that one group has, and the reserve never has more than its share."""
    sizes = np.array([300, 60, 26, 25, 24, *[1] * 565])
    member = np.repeat(np.arange(len(sizes)), sizes)
    new, old = np.ones(len(member), dtype=bool), np.full(len(member), "pool", dtype="<U7")
    split = splitting.draw(member, new, old, 0.1, np.random.default_rng(seed))
    assert (split != "pool").sum() == 100
    assert (split[np.isin(member, [0, 1, 2])] == "pool").all()
    assert splitting.in_large_groups(member, new, 0.1).sum() == 386
    for group in np.unique(member):
        assert len(set(split[member == group])) <= 1


def test_groups_of_one_are_drawn_as_they_always_were() -> None:
    """The splits of an import follow from its seed, which is in the record."""
    old = np.full(50, "pool", dtype="<U7")
    split = splitting.draw(np.arange(50), np.ones(50, dtype=bool), old, 0.2, np.random.default_rng([3, 0]))
    order = np.random.default_rng([3, 0]).permutation(50)
    assert sorted(np.flatnonzero(split == "reserve")) == sorted(order[:10])


def test_an_import_says_how_many_items_are_in_large_groups(site: Any, tmp_path: Path) -> None:
    lines = [f"k{k},{'g' if k < 50 else k},{k} {WORDS.split()[k % 9]}" for k in range(120)]
    (tmp_path / "s.csv").write_text("id,group,text\n" + "\n".join(lines) + "\n")
    added = make(site, tmp_path / "s.csv", labels=("a", "b"), group="group")
    assert (added.in_large_groups, added.reserve) == (50, 30)
    assert {i.split for i in items(site)[:50]} == {"pool"}


KILLED = """
import os, signal, sys
from pathlib import Path
from benchmarks.processes import opened
from labelwright.engine.importing import stage
from labelwright.services.people import users
from labelwright.services.projects import create
chunk = stage.insert_chunk
stage.CHUNK = 10
calls = 0
def insert_chunk(*args):
    global calls
    calls += 1
    if calls == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    chunk(*args)
stage.insert_chunk = insert_chunk
with opened(Path(sys.argv[1])) as site:
    admin = users.ensure_admin(site)[0]
    if sys.argv[2] == "add":
        create.add(site, admin, "p", source=Path(sys.argv[3]))
    else:
        question = create.QuestionDraft(labels=("a", "b"))
        create.create(site, admin, create.ProjectDraft("p", Path(sys.argv[3]), questions=(question,)))
"""


def killed_import(home: Path, what: str, source: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(home), what, str(source)],
        env=environment(home),
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_first_import_that_was_killed_can_simply_be_repeated(site: Any, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("id,text\n" + texts(60))
    killed_import(site.settings.home, "create", tmp_path / "s.csv")
    (listed,) = overview.listing(site, admin(site)).items
    assert listed.state == "failed" and "interrupted" in str(listed.error)
    make(site, tmp_path / "s.csv", labels=("a", "b"))
    assert len(items(site)) == 60 and verify(site, "p").problems == []


def test_an_add_that_was_killed_leaves_nothing(site: Any, tmp_path: Path, train: Any) -> None:
    (tmp_path / "s.csv").write_text("id,text\n" + texts(60))
    make(site, tmp_path / "s.csv", labels=("a", "b"))
    before = items(site)
    (tmp_path / "more.csv").write_text("id,text\n" + texts(50, 60))
    killed_import(site.settings.home, "add", tmp_path / "more.csv")
    assert len(items(site)) == 80  # staged, and seen by nobody:
    assert verify(site, "p").problems == []
    train(site)
    store = site.project("p")
    with store.read() as rows:
        assert store.row(rows).n_items == 60
        assert max(rows.scalars(rows.select(t.slot.c.ordinal))) < 60
    added = create.add(site, admin(site), "p", source=tmp_path / "more.csv")  # the next import clears it away
    assert added.added == 50 and items(site)[:60] == before and len(items(site)) == 110
    assert verify(site, "p").problems == []


def test_two_imports_at_once_are_refused(site: Any, tmp_path: Path) -> None:
    from labelwright.engine.importing.lock import import_lock

    (tmp_path / "s.csv").write_text("id,text\n" + texts(30))
    make(site, tmp_path / "s.csv", labels=("a", "b"))
    with import_lock(site.project("p")), pytest.raises(ConflictError, match="another import into 'p' is running"):
        create.add(site, admin(site), "p", source=tmp_path / "s.csv")


def test_rows_are_refused_while_the_first_import_runs(site: Any, tmp_path: Path) -> None:
    """The error says that the project is not ready, not that its database is damaged."""
    (tmp_path / "s.csv").write_text("id,text\n" + texts(30))
    site.store.create("early")
    with pytest.raises(NotReadyError, match="'early' is still being imported"):
        create.add(site, admin(site), "early", source=tmp_path / "s.csv")


def test_a_source_that_changes_while_it_is_read_is_refused(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labelwright.engine.importing import run

    path = tmp_path / "s.csv"
    path.write_text("id,text\n" + texts(30))
    scan = run.scanning.scan

    def scan_then_change(*args: Any, **more: Any) -> Any:
        found = scan(*args, **more)
        path.write_text("id,text\n" + texts(30).replace("number 7", "number seven"))
        return found

    monkeypatch.setattr(run.scanning, "scan", scan_then_change)
    with pytest.raises(InputError, match="the source changed while it was read"):
        make(site, path, labels=("a", "b"))
    assert site.store.slugs() == []


def test_rows_over_http_are_checked_alike(api: Any, make_project: Any) -> None:
    make_project(api.site)
    before = api.counts("topics")["items"]
    for rows in (
        [{"id": "x"}],
        [{"text": "no id here at all"}],
        [{"id": "x", "text": "fine words here", "more": {"a": 1}}, 3],
        [],
    ):
        refused = api.post("/projects/topics/items", {"rows": rows})
        assert refused.status_code == 422, (rows, refused.text)
    assert api.counts("topics")["items"] == before


def test_json_values_survive_the_import(site: Any, tmp_path: Path) -> None:
    rows = [{"id": i, "text": f"line {i} with \u0000 odd \u2028 signs and 💡 number {i}"} for i in range(12)]
    (tmp_path / "s.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    try:
        make(site, tmp_path / "s.jsonl", labels=("a", "b"))
    except InputError as error:
        assert "row 1" in error.message
        return
    assert verify(site, "p").problems == []
    assert os.path.exists(site.settings.home / "projects/p/project.sqlite")
