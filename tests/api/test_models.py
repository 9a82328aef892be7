"""The registry of models, and which of them serves."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from labelwright.cli.main import group
from labelwright.engine import thinning
from labelwright.engine.cycle import Cycle
from labelwright.engine.model_file import load
from labelwright.engine.serving import chosen_cycles, serving_cycle
from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.services.people import users
from labelwright.services.people.roles import SYSTEM
from labelwright.services.projects import access, table
from labelwright.services.record import exports, model, model_card, model_facts, models, versions
from labelwright.services.record.verify import verify
from tests.conftest import make_site

FIXTURES = Path(__file__).parents[1] / "fixtures"


def confidences(lived: Any) -> Any:
    with lived.store.read() as rows:
        project = access.ready(lived.store, rows)
        return table.opinion(lived.site, lived.store, rows, project, project.primary).confidence


def answer_and_train(lived: Any, train: Any, n: int = 4) -> None:
    for lease in lived.api.queue("topics", n=n):
        assert lived.api.answer("topics", lease, lived.right(lease)).status_code == 201
    train(lived.site)


def test_every_model_is_listed_newest_first_with_what_it_rests_on(lived: Any) -> None:
    listed = models.models(lived.site, "topics").items
    assert len(listed) >= 2 and [one.cycle for one in listed] == sorted((one.cycle for one in listed), reverse=True)
    newest, oldest = listed[0], listed[-1]
    assert [one.stage for one in listed] == ["served", *["retired"] * (len(listed) - 1)]
    assert not any(one.is_chosen for one in listed) and all(one.can_serve for one in listed)
    assert newest.n_labels > oldest.n_labels and newest.seed != oldest.seed
    assert {"labelwright", "python", "numpy", "scikit-learn"} <= set(
        newest.versions
    ) and "versions" not in newest.params
    assert newest.artifact.is_kept and lived.store.arrays.digest(newest.artifact.path) == newest.artifact.hash
    assert {Path(one.path).name for one in newest.refit} == {"inputs.json", "labels.npz"}
    assert all(one.is_kept and lived.store.arrays.digest(one.path) == one.hash for one in newest.refit)
    paged, cursor = [], None
    while True:
        page = models.models(lived.site, "topics", cursor=cursor, limit=1)
        paged, cursor = paged + page.items, page.next_cursor
        if cursor is None:
            break
    assert paged == listed


def test_metrics_come_with_intervals_and_the_best_is_marked(lived: Any) -> None:
    listed = models.models(lived.site, "topics").items
    measured = [one for one in listed if one.metrics]
    assert measured and all(m.low <= m.value <= m.high for one in measured for m in one.metrics)
    best = max(measured, key=lambda one: (one.metrics[0].value, -one.cycle))
    assert [one.id for one in listed if one.is_best] == [best.id]


def test_a_chosen_model_serves_everywhere_until_the_newest_serves_again(lived: Any, tmp_path: Path, train: Any) -> None:
    site, admin = lived.site, users.first_admin(lived.site)
    newest, oldest = (models.models(site, "topics").items[k] for k in (0, -1))
    before = confidences(lived)
    chosen = models.choose_model(site, admin, "topics", None, oldest.id, note="it is less hasty")
    assert (chosen.id, chosen.stage, chosen.is_chosen) == (oldest.id, "served", True)
    listed = models.models(site, "topics").items
    assert [one.stage for one in listed] == [*["candidate"] * (len(listed) - 1), "served"]
    after = confidences(lived)
    cycle = Cycle(lived.store, oldest.cycle)
    frozen = cycle.inputs.question("q_1")
    own = np.asarray(frozen.make_task().confidence(cycle.predictions(frozen)), dtype=np.float32)
    shown = np.isfinite(after)
    assert not np.array_equal(before[shown], after[shown]) and np.array_equal(after[shown], own[shown])
    exports.export(site, admin, "topics", tmp_path / "now.csv")
    with (tmp_path / "now.csv").open() as lines:
        said = {
            round(float(row[c]), 6)
            for row in csv.DictReader(lines)
            for c in row
            if c.endswith("confidence") and "prediction" in c and row[c]
        }
    assert said and said <= {round(float(value), 6) for value in own}
    (tmp_path / "model.zip").write_bytes(model.write(site, admin, "topics"))
    assert load(tmp_path / "model.zip").about["cycle"] == oldest.cycle
    answer_and_train(lived, train)
    with lived.store.read() as rows:
        published = lived.store.row(rows).cycle
        assert published > newest.cycle and chosen_cycles(rows) == {"q_1": oldest.cycle}
        assert serving_cycle(rows, "q_1", published) == oldest.cycle and serving_cycle(rows, "q_1", 0) == 0
    back = models.choose_model(site, admin, "topics", "q_1", None)
    assert back.cycle == published and back.stage == "served" and not back.is_chosen
    assert verify(site, "topics", replay=True).problems == []


def test_what_cannot_be_chosen_is_refused_with_what_to_do(lived: Any) -> None:
    site, admin = lived.site, users.first_admin(lived.site)
    oldest = models.models(site, "topics").items[-1]
    with pytest.raises(ConflictError, match="serves already"):
        models.choose_model(site, admin, "topics", None, None)
    with pytest.raises(NotFoundError, match="no model 'm-99-q_1'"):
        models.choose_model(site, admin, "topics", None, "m-99-q_1")
    models.choose_model(site, admin, "topics", None, oldest.id)
    with pytest.raises(ConflictError, match="serves already"):
        models.choose_model(site, admin, "topics", None, oldest.id)
    with pytest.raises(InputError, match="cursor"):
        models.models(site, "topics", cursor="x")


def test_thinning_keeps_what_somebody_can_return_to(lived: Any, train: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site, admin = lived.site, users.first_admin(lived.site)
    first = models.models(site, "topics").items[-1]
    models.choose_model(site, admin, "topics", None, first.id)
    answer_and_train(lived, train)
    named = models.models(site, "topics").items[0]
    versions.snapshot(site, admin, "topics", "paper", at=named.label_version)
    monkeypatch.setattr(thinning, "KEEP_CYCLES", 2)
    for _ in range(4):
        answer_and_train(lived, train)
    now = {one.id: one for one in models.models(site, "topics").items}
    kept = {one.id for one in now.values() if one.can_serve}
    best = next(one.id for one in now.values() if one.is_best)
    assert {first.id, named.id, best} <= kept
    gone = [one for one in now.values() if not one.can_serve]
    assert gone
    with pytest.raises(ConflictError, match="kept no longer"):
        models.choose_model(site, admin, "topics", None, gone[0].id)
    assert verify(site, "topics", replay=True).problems == []


def test_a_card_tells_what_the_record_holds_and_nobodys_name(lived: Any) -> None:
    site, admin = lived.site, users.first_admin(lived.site)
    newest, oldest = (models.models(site, "topics").items[k] for k in (0, -1))
    written = model_card.card(site, admin, "topics", newest.id)
    for heading in ("What it is for", "Data", "Training", "How good it is", "What the figures do not tell", "Files"):
        assert f"\n## {heading}" in written
    facts = model_facts.collect(site, "topics", newest.id)
    assert facts.data is not None and facts.data.origins is not None and facts.data.n_people == 2
    assert sum(facts.data.origins.values()) == facts.data.n_training == newest.n_labels
    assert sum(one.before for one in facts.data.classes) == newest.n_labels
    assert sum(one.after for one in facts.data.classes) == facts.data.n_reserve == newest.metrics[0].n
    assert sum(facts.splits.values()) == 90 == sum(one.n_items for one in facts.imports)
    figure = newest.metrics[0]
    assert f"| {figure.metric} | {figure.value:.3f} | {figure.low:.3f} to {figure.high:.3f} | {figure.n} |" in written
    assert newest.artifact.hash in written and facts.event_hash in written and "It serves" in written
    assert f"Seed: {newest.seed}" in written and "2 people" in written
    assert not any(name and name in written for name, _ in site.names().values())
    assert "It is older" in model_card.card(site, admin, "topics", oldest.id)
    assert model_card.card(site, admin, "topics") == written
    with pytest.raises(NotFoundError, match="no model 'm-9-q_9'"):
        model_card.card(site, admin, "topics", "m-9-q_9")


def test_a_card_leaves_out_what_is_kept_no_longer(lived: Any, train: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site, admin = lived.site, users.first_admin(lived.site)
    monkeypatch.setattr(thinning, "KEEP_CYCLES", 2)
    for _ in range(4):
        answer_and_train(lived, train)
    gone = next(one for one in models.models(site, "topics").items if not one.can_serve)
    written = model_card.card(site, admin, "topics", gone.id)
    assert "kept no longer" in written and "to train on" not in written and "how their items came" not in written


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0", "0.3.0"])
def test_models_of_earlier_versions_are_listed_told_and_can_serve(tmp_path: Path, version: str) -> None:
    with zipfile.ZipFile(FIXTURES / f"home-{version}.zip") as packed:
        packed.extractall(tmp_path)
    site = make_site(next(path.parent for path in tmp_path.rglob("site.sqlite")))
    newest, oldest = models.models(site, "topics").items
    assert (newest.stage, oldest.stage) == ("served", "retired") and newest.label_version == "lv-3"
    assert oldest.artifact.is_kept and all(one.hash for one in [oldest.artifact, *oldest.refit])
    assert f"Training labels: {oldest.n_labels}" in model_card.card(site, SYSTEM, "topics", oldest.id)
    assert models.choose_model(site, SYSTEM, "topics", None, oldest.id).stage == "served"
    site.close()


def test_the_command_writes_the_card_to_a_file_or_prints_it(lived: Any, tmp_path: Path) -> None:
    oldest = models.models(lived.site, "topics").items[-1].id
    asked = ["--home", str(lived.home), "model-card", "topics", oldest]
    printed = CliRunner().invoke(group, asked)
    assert printed.exit_code == 0 and printed.output == model_card.card(lived.site, SYSTEM, "topics", oldest)
    written = CliRunner().invoke(group, [*asked, "--to", str(tmp_path / "card.md")])
    assert written.exit_code == 0 and (tmp_path / "card.md").read_text() == printed.output


def test_the_report_tells_which_model_was_chosen_and_what_was_erased(lived: Any) -> None:
    from labelwright.services.record.erasing import erase_items
    from labelwright.services.reporting import report

    admin = users.first_admin(lived.site)
    oldest = models.models(lived.site, "topics").items[-1]
    models.choose_model(lived.site, admin, "topics", oldest.question, oldest.id)
    models.choose_model(lived.site, admin, "topics", oldest.question, None)
    erase_items(lived.site, admin, "topics", ["i0"], reason="asked for")
    told = report.html(lived.site, admin, "topics")
    assert f"Predictions come from the model {oldest.id}" in told and "from the newest model again" in told
    assert "The content of 1 item was erased." in told
