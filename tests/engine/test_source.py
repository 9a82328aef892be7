"""A project that starts from labels of another domain: what is imported, learned, recorded, counted and replayed."""

from __future__ import annotations

import csv
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from labelwright.engine import sourcing
from labelwright.engine.cycle import Cycle
from labelwright.engine.layout import SOURCE, layout
from labelwright.engine.project import load
from labelwright.engine.reasons import reason_of
from labelwright.engine.steps import steps
from labelwright.engine.worker import Worker
from labelwright.errors import ConflictError, ForbiddenError, InputError, IntegrityError, NotFoundError
from labelwright.exchange import Columns
from labelwright.policy import Policy
from labelwright.services.evaluation import slicing
from labelwright.services.people import users
from labelwright.services.projects import acts, create, overview
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
from labelwright.services.projects.source import SourceDraft
from labelwright.services.record import exports, package
from labelwright.services.record.reproducing import reproduce
from labelwright.services.record.verify import verify
from labelwright.services.reporting.decisions import decisions
from labelwright.services.steering import progress, rounds
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.record.imports import ItemsImported
from tests.conftest import make_api, train_until_idle

N_SOURCE, N_TARGET = 240, 300
STEPS = {step.name: step for step in steps()}
NAMES = [f"p{k}" for k in range(64)]
CLASSES = ("0", "1", "2", "3")


def digits() -> tuple[Any, Any]:
    """Digits of four classes, (n, 64) and (n,)."""
    X, y = load_digits(return_X_y=True)
    kept = np.isin(y, [int(name) for name in CLASSES])
    return X[kept], y[kept]


def write(path: Path, X: Any, y: Any, *, labeled: bool = True) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", *NAMES, *(["label"] if labeled else [])])
        for k, (row, label) in enumerate(zip(X, y, strict=True)):
            out.writerow([f"d{k}", *row, *([str(label)] if labeled else [])])


def target(X: Any) -> Any:
    """The other domain: half as bright, on a grey ground."""
    return X / 2 + 4


def make(site: Any, folder: Path, start_from: SourceDraft | None, slug: str = "target", **plan: Any) -> dict[str, str]:
    """A project of the second half of the digits, in the other domain; returns the right label by key."""
    X, y = digits()
    path = folder / f"{slug}.csv"
    some = slice(N_SOURCE, N_SOURCE + N_TARGET)
    write(path, target(X[some]), y[some], labeled=False)
    admin, _ = users.ensure_admin(site)
    labels = plan.pop("labels", ())
    draft = ProjectDraft(
        slug, path, (QuestionDraft(labels=labels, model="linear"),), Columns(id="id", features=tuple(NAMES)), start_from=start_from,
        **plan,
    )  # fmt: skip
    create.create(site, admin, draft)
    return {f"d{k}": str(label) for k, label in enumerate(y[some])}


@pytest.fixture
def source_file(tmp_path: Path) -> Path:
    X, y = digits()
    path = tmp_path / "upright.csv"
    write(path, X[:N_SOURCE], y[:N_SOURCE])
    return path


def cycle_of(site: Any, slug: str = "target") -> Cycle:
    store = site.project(slug)
    with store.read() as rows:
        return Cycle(store, store.row(rows).cycle)


def accuracy(site: Any, truth: dict[str, str], slug: str = "target") -> float:
    """Of the published model, on the reserve, by the truth that nobody told it."""
    cycle = cycle_of(site, slug)
    question = cycle.inputs.primary
    task, predictions = question.make_task(), cycle.predictions(question)
    assert predictions is not None
    inside = np.flatnonzero(cycle.layout.reserve)
    with cycle.store.read() as rows:
        keys = list(rows.scalars(rows.select(t.item.c.key).order_by(t.item.c.ordinal)))
    guessed = [task.describe(answer) for answer in task.decode(task.answer(task.take(predictions, inside)))]
    return float(np.mean([guess == truth[keys[k]] for guess, k in zip(guessed, inside.tolist(), strict=True)]))


def answer_some(site: Any, truth: dict[str, str], n: int, slug: str = "target") -> None:
    api = make_api(site)
    names = {name: f"l_{k}" for k, name in enumerate(CLASSES, 1)}
    for lease in api.queue(slug, n=n):
        assert api.answer(slug, lease, {"label": names[truth[lease["item"]["key"]]]}).status_code == 201


def test_before_a_label_the_model_has_learned_from_the_source_alone(
    site: Any, tmp_path: Path, source_file: Path
) -> None:
    truth = make(site, tmp_path, SourceDraft(path=source_file))
    train_until_idle(site)
    store = site.project("target")
    with store.read() as rows:
        where = layout(store, rows, store.row(rows).n_items)
        found = sourcing.last_chosen(rows, "q_1")
        served = set(rows.scalars(rows.select(t.slot.c.ordinal)))
    assert (where.split == SOURCE).sum() == N_SOURCE and where.n_items == N_SOURCE + N_TARGET
    assert found is not None and found.method == "coral" and found.reason.code == "transfer-cold"
    assert (found.n_labels, found.n_source) == (0, N_SOURCE)
    assert accuracy(site, truth) > 0.8
    assert served and not served & set(np.flatnonzero(where.split == SOURCE).tolist())
    assert verify(site, "target", replay=True).problems == []


def test_labels_of_the_target_decide_how_much_the_source_counts(site: Any, tmp_path: Path, source_file: Path) -> None:
    truth = make(site, tmp_path, SourceDraft(path=source_file), policy=Policy(strategy="tqs"))
    train_until_idle(site)
    for _ in range(3):
        answer_some(site, truth, 12)
        train_until_idle(site)
    cycle = cycle_of(site)
    with cycle.store.read() as rows:
        found = sourcing.last_chosen(rows, "q_1")
    assert found is not None and 0 < found.n_labels <= 36 and len(found.tried) > 10
    assert found.loss is not None and found.alone is not None and found.loss <= found.alone
    assert {one.method for one in found.tried}.isdisjoint({"augment", "ridge"})
    assert not np.isin(np.flatnonzero(cycle.layout.split == SOURCE), cycle.labels(cycle.inputs.primary).item_idx).any()
    assert accuracy(site, truth) > 0.85
    admin, _ = users.ensure_admin(site)
    shown = progress.show(site, admin, "target").source
    assert shown is not None and shown.came_from == "file upright.csv" and shown.n_items == N_SOURCE
    assert shown.why == str(reason_of(found.reason)) and len(shown.tried) == 6
    screened = {one.method: one.loss for one in found.tried[: len(found.tried) - 2] if one.method is None}
    assert [one.loss for one in shown.tried if one.method is None] == [screened[None]]
    with cycle.store.read() as rows:
        told = decisions(cycle.store, rows, load(cycle.store, rows))
    text = " ".join(one.text for one in told)
    assert "starts from 240 labeled items of the file upright.csv" in text and "Nothing is labeled here yet" in text
    checked = verify(site, "target", replay=True)
    assert checked.problems == [], checked.problems
    out = tmp_path / "target.evidence.zip"
    package.write(site, admin, "target", out)
    with zipfile.ZipFile(out) as zipped:
        zipped.extractall(tmp_path / "unpacked")
    script = tmp_path / "unpacked/verify.py"
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(out), "--full"],
        capture_output=True,
        text=True,
        timeout=120,
        env={},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if found.method is not None:
        with pytest.raises(ConflictError, match="has learned from labels of another domain"):
            reproduce(site, admin, "target", 1, tmp_path / "again")


class DiedError(BaseException):
    """Stands for kill -9 within this process: nothing catches it."""


def test_a_worker_that_dies_between_the_model_and_what_it_took_leaves_no_trace(
    site: Any, tmp_path: Path, source_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next worker fits again, and all is as in a project whose worker lived."""
    truth = make(site, tmp_path, SourceDraft(path=source_file), "lived")
    train_until_idle(site)
    answer_some(site, truth, 12, "lived")
    train_until_idle(site)

    make(site, tmp_path, SourceDraft(path=source_file))
    train_until_idle(site)
    answer_some(site, truth, 12)

    def die(*_: Any) -> None:
        raise DiedError

    with monkeypatch.context() as patched:
        patched.setattr(sourcing, "chosen_event", die)
        with pytest.raises(DiedError):
            Worker(site.store).run(until_idle=True)
    store = site.project("target")
    died = Cycle(store, 2)
    assert store.arrays.has(died.files.model("q_1"))
    with store.read() as rows:
        assert sourcing.chosen_in(rows, 2, "q_1") is None and store.row(rows).cycle == 1
    assert not STEPS["fit"].done(died)
    train_until_idle(site)
    cycles = [cycle_of(site, slug) for slug in ("lived", "target")]
    chosen = []
    for cycle in cycles:
        with cycle.store.read() as rows:
            assert cycle.id == 2
            chosen.append(sourcing.chosen_in(rows, 2, "q_1"))
    assert chosen[0] == chosen[1] and chosen[0] is not None and chosen[0].n_labels > 0
    (one, two), orders = (cycle.predictions(cycle.inputs.primary) for cycle in cycles), [c.slots() for c in cycles]
    assert one is not None and two is not None and np.array_equal(one.values, two.values)
    assert np.array_equal(orders[0].item_idx, orders[1].item_idx)
    assert verify(site, "target", replay=True).problems == []


def test_labels_of_a_source_that_were_altered_are_found(site: Any, tmp_path: Path, source_file: Path) -> None:
    make(site, tmp_path, SourceDraft(path=source_file))
    train_until_idle(site)
    store, (cycle, given) = site.project("target"), (cycle_of(site), t.given)
    with store.stage() as rows:
        rows.update(given, given.c.ordinal == N_TARGET, answer={"label": "l_4"})
        rows.update(given, given.c.ordinal == N_TARGET + 1, answer={"label": "l_4"})
    with pytest.raises(IntegrityError, match="must find the 240 labels"):
        cycle.state(cycle.inputs.primary)
    assert any("differ from its manifest" in one for one in verify(site, "target").problems)


def test_nothing_of_the_source_is_counted_asked_or_measured(site: Any, tmp_path: Path, source_file: Path) -> None:
    make(site, tmp_path, SourceDraft(path=source_file))
    train_until_idle(site)
    admin, _ = users.ensure_admin(site)
    counts = overview.show(site, admin, "target").counts
    assert counts.pool + counts.reserve == N_TARGET and counts.labeled == counts.answers == 0
    assert counts.left == N_TARGET
    exports.export(site, admin, "target", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open() as file:
        lines = list(csv.DictReader(file))
    of_source = [line for line in lines if line["split"] == SOURCE]
    assert len(of_source) == N_SOURCE and {line["label"] for line in of_source} == {""}


def test_metrics_by_domain_are_those_of_the_projects_own_domains(site: Any, tmp_path: Path) -> None:
    """Two domains of the project and one of the source: each is measured on its own part of the reserve alone."""
    X, y = digits()
    own, sourced, names = tmp_path / "target.csv", tmp_path / "paper.csv", ("bright", "dark")
    for path, part, domain in (
        (sourced, slice(0, N_SOURCE), lambda k: "paper"),
        (own, slice(N_SOURCE, N_SOURCE + N_TARGET), lambda k: names[k % 2]),
    ):
        write(path, target(X[part]) if path is own else X[part], y[part], labeled=path is sourced)
        with path.open(newline="") as file:
            lines = list(csv.DictReader(file))
        with path.open("w", newline="") as file:
            out = csv.DictWriter(file, [*lines[0], "domain"])
            out.writeheader()
            out.writerows({**line, "domain": domain(k)} for k, line in enumerate(lines))
    truth = {f"d{k}": str(label) for k, label in enumerate(y[N_SOURCE : N_SOURCE + N_TARGET])}
    draft = ProjectDraft(
        "target", own, (QuestionDraft(labels=CLASSES, model="linear"),),
        Columns(id="id", features=tuple(NAMES), domain="domain"), start_from=SourceDraft(path=sourced),
        policy=Policy(reserve_share=0.5),
    )  # fmt: skip
    create.create(site, users.ensure_admin(site)[0], draft)
    train_until_idle(site)
    for _ in range(5):
        answer_some(site, truth, 20)
    train_until_idle(site)
    found = slicing.slices(site, "target", metric="accuracy", by="domain")
    cycle = cycle_of(site)
    labels, predictions = cycle.labels(cycle.inputs.primary), cycle.predictions(cycle.inputs.primary)
    idx, labeled = labels.of("reserve")
    assert predictions is not None and found.overall is not None and found.overall.n == len(idx) >= 40
    task = cycle.inputs.primary.make_task()
    right = np.asarray(task.answer(task.take(predictions, idx))) == labeled
    with cycle.store.read() as rows:
        domains = np.array(rows.scalars(rows.select(t.item.c.domain).order_by(t.item.c.ordinal)).all())
    assert set(domains) == {*names, "paper"} and set(domains[cycle.layout.split == SOURCE]) == {"paper"}
    measured = {line.value: line.figure for line in found.slices}
    assert set(measured) == set(names)
    for name in names:
        inside = domains[idx] == name
        assert measured[name].n == inside.sum() and measured[name].value == pytest.approx(right[inside].mean())


def test_the_event_says_where_the_source_came_from(site: Any, tmp_path: Path, source_file: Path) -> None:
    make(site, tmp_path, SourceDraft(path=source_file))
    store = site.project("target")
    with store.read() as rows:
        bodies = [record.read(event) for event in store.events(rows, kinds=(ItemsImported.kind,))]
    first, second = (body for body in bodies if isinstance(body, ItemsImported))
    assert first.came_from is None and second.labels_are == SOURCE and second.came_from is not None
    assert second.came_from["file"] == "upright.csv" and len(str(second.came_from["sha256"])) == 64


def test_labels_of_a_project_at_a_snapshot_are_taken_by_whoever_may_export_it(
    site: Any, tmp_path: Path, source_file: Path
) -> None:
    admin, _ = users.ensure_admin(site)
    upright = QuestionDraft(column="label", model="linear")
    create.create(site, admin, ProjectDraft("upright", source_file, (upright,), Columns(id="id", label="label")))
    train_until_idle(site)
    truth = make(site, tmp_path, SourceDraft(project="upright", snapshot="lv-1"))
    train_until_idle(site)
    assert accuracy(site, truth) > 0.8
    store = site.project("target")
    with store.read() as rows:
        last = [record.read(event) for event in store.events(rows, kinds=(ItemsImported.kind,))][-1]
    assert isinstance(last, ItemsImported) and last.came_from is not None
    assert last.came_from["project"] == "upright" and last.came_from["label_version"] == "lv-1"
    assert last.came_from["n_labels"] == last.n_items
    assert verify(site, "target", replay=True).problems == []
    api = make_api(site)
    for role, error in (("annotator", ForbiddenError), ("member", NotFoundError)):
        person = api.as_role(role, f"{role}@example.com")
        assert person is not None
        actor = users.by_email(site, f"{role}@example.com")
        with pytest.raises(error):
            make_as(site, actor, tmp_path)


def make_as(site: Any, actor: Any, folder: Path) -> None:
    draft = ProjectDraft(
        "other", folder / "target.csv", (QuestionDraft(),), Columns(id="id", features=tuple(NAMES)),
        start_from=SourceDraft(project="upright"),
    )  # fmt: skip
    create.create(site, actor, draft)


def test_classes_that_the_project_does_not_have_are_listed(site: Any, tmp_path: Path, source_file: Path) -> None:
    with pytest.raises(InputError, match=r"classes of the source must be among those of the project, got 2, 3\."):
        make(site, tmp_path, SourceDraft(path=source_file), labels=("0", "1"))
    assert site.store.slugs() == []


def test_other_tasks_are_refused(site: Any, tmp_path: Path, source_file: Path) -> None:
    make(site, tmp_path, None, slug="plain", labels=CLASSES)
    with pytest.raises(InputError, match="needs no source"):
        rounds.start(site, users.ensure_admin(site)[0], "plain", strategy="aada")
    admin, _ = users.ensure_admin(site)
    draft = ProjectDraft(
        "numbers", tmp_path / "plain.csv", (QuestionDraft(task="regression"),), start_from=SourceDraft(path=source_file)
    )
    with pytest.raises(InputError, match="the task of a project with a source must be classification"):
        create.create(site, admin, draft)


def test_a_source_that_is_taken_out_no_longer_teaches(site: Any, tmp_path: Path, source_file: Path) -> None:
    truth = make(site, tmp_path, SourceDraft(path=source_file), policy=Policy(strategy="aada"))
    train_until_idle(site)
    admin, _ = users.ensure_admin(site)
    acts.undo_import(site, admin, "target")
    answer_some(site, truth, 12)
    train_until_idle(site)
    cycle = cycle_of(site)
    assert cycle.inputs.source is None
    counts = overview.show(site, admin, "target").counts
    assert (counts.source, counts.excluded, counts.left) == (0, 0, N_TARGET - 12)
    assert verify(site, "target", replay=True).problems == []


def test_rows_like_those_of_the_source_are_new(site: Any, tmp_path: Path, source_file: Path) -> None:
    make(site, tmp_path, SourceDraft(path=source_file))
    X, _ = digits()
    admin, _ = users.ensure_admin(site)
    rows = [{"id": "again", **dict(zip(NAMES, map(float, X[0]), strict=True))}]
    added = create.add(site, admin, "target", rows=rows)
    assert added.added == 1
    store = site.project("target")
    with store.read() as read:
        split = read.scalar(read.select(t.item.c.split).where(t.item.c.key == "again"))
    assert split != SOURCE


def test_two_replays_of_one_project_learn_the_same(site: Any, tmp_path: Path, source_file: Path) -> None:
    truth = make(site, tmp_path, SourceDraft(path=source_file))
    train_until_idle(site)
    answer_some(site, truth, 12)
    train_until_idle(site)
    cycle = cycle_of(site)
    question = cycle.inputs.primary
    from labelwright.loop import steps as pure

    one, two = (pure.fit(cycle.state(question), cycle.labels(question)) for _ in range(2))
    assert one is not None and two is not None
    X = cycle.state(question).X[:]
    assert np.array_equal(one.predict(X).values, two.predict(X).values)
