"""A project as a file: written, read back to the same bytes, compared and applied."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labelwright.engine.goals import Goal
from labelwright.engine.parts import Filter
from labelwright.engine.quality import Profile, QualityRules
from labelwright.engine.targets import Target
from labelwright.errors import ConflictError, InputError
from labelwright.exchange import Columns
from labelwright.policy import Policy
from labelwright.services.people import members, users
from labelwright.services.people.roles import SYSTEM, Actor
from labelwright.services.projects import config, create
from labelwright.services.projects.config import applying, toml
from labelwright.services.projects.config.completing import check_before, complete
from labelwright.services.projects.config.document import Document
from labelwright.services.projects.config.drafting import drafted
from labelwright.services.projects.config.exporting import export
from labelwright.services.projects.goal import set_goal
from labelwright.services.projects.schema import LabelChange, change_question
from labelwright.services.quality import rules
from labelwright.services.selection import slices
from labelwright.services.targets.acts import set_quota, set_targets
from labelwright.store.clock import today
from tests.cli.test_cli import Run, run
from tests.conftest import make_api, text_draft, write_texts
from tests.engine.test_questions import FILE

__all__ = ["run"]


def admin_of(site: Any) -> Actor:
    """The first admin."""
    return users.ensure_admin(site)[0]


def body_of(site: Any, slug: str) -> str:
    """The exported file without the comment at its head."""
    return export(site, admin_of(site), slug).text.split("\n\n", 1)[1]


def rows_of(folder: Path, n: int = 60) -> Path:
    """A table with a text, a domain and a label for each kind of question."""
    path = folder / "rows.jsonl"
    write_texts(path, n)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for i, line in enumerate(lines):
        line |= {"domain": "ab"[i % 2], "topic": ["law", "food"][i % 2], "tone": float(i % 5)}
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def recreate(site: Any, folder: Path, slug: str, text: str) -> tuple[str, ...]:
    """Make a project from a text, as ``create --config`` does."""
    document = config.parse(tomllib.loads(text), file="project.toml", folder=folder)
    check_before(document)
    create.create(site, admin_of(site), drafted(document, folder, slug=slug))
    return complete(site, admin_of(site), slug, document)


COLUMNS = Columns(id="id", text="text", domain="domain")
KINDS: dict[str, dict[str, Any]] = {
    "classification": {"labels": ("sport", "food", "law"), "guidelines": '# Rules\n\nSay "law" for """law""".\\\n'},
    "of a column": {"labels": (), "column": "topic", "labels_are": "random"},
    "multilabel": {"task": "multilabel", "labels": ("long", 'o"dd', "ä\t"), "open_labels": True},
    "regression": {"task": "regression", "labels": (), "column": "tone", "scale": {"min": 0, "max": 4.5, "unit": "m"}},
    "search": {"labels": ("yes", "no"), "positive": "yes", "goal": "recall=0.9"},
    "with a goal": {"goal": Goal("accuracy", 0.9, budget=100, point_value=3.5, label_cost=0.2), "seed": 7},
    "with a policy": {"policy": Policy("margin", batch_size=20, guard=False, overlap_by_kind={"random": 2})},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_project_made_of_its_own_file_exports_the_same_bytes(site: Any, tmp_path: Path, kind: str) -> None:
    source = rows_of(tmp_path)
    create.create(site, admin_of(site), text_draft("first", source, columns=COLUMNS, title="T", **KINDS[kind]))
    text = export(site, admin_of(site), "first").text
    assert text == export(site, admin_of(site), "first").text
    recreate(site, tmp_path, "second", text)
    assert body_of(site, "second") == body_of(site, "first")
    assert not applying.preview(site, admin_of(site), "second", config.parse_text(text)).differences


def test_several_questions_come_back_in_their_order(site: Any, tmp_path: Path) -> None:
    write_texts(tmp_path / "reports.jsonl", 60)
    recreate(site, tmp_path, "first", FILE)
    recreate(
        site,
        tmp_path,
        "second",
        export(site, admin_of(site), "first").text.replace('title = "first"', 'title = "first"'),
    )
    assert body_of(site, "second") == body_of(site, "first")
    assert [question["id"] for question in tomllib.loads(body_of(site, "second"))["question"]] == [
        "topic",
        "tone",
        "marks",
    ]


@pytest.fixture
def lived(site: Any, tmp_path: Path) -> Any:
    """A site with "first": everything that a lead can set is set."""
    admin = admin_of(site)
    create.create(site, admin, text_draft("first", rows_of(tmp_path), columns=COLUMNS, title="First"))
    users.add(site, SYSTEM, email="ann@example.com", role="member")
    members.add(site, admin, "first", email="ann@example.com", role="annotator")
    person = users.by_email(site, "ann@example.com").person_id
    rules.describe(site, admin, "first", person, Profile(rate=20.5, only={"domain": ("a",)}, skills={"l_3": 0.8}))
    set_goal(site, admin, "first", Goal("accuracy", 0.9, deadline=today().replace(year=today().year + 1, day=1)))
    part = slices.save(site, admin, "first", "Of a", filter=Filter(column="domain", value="a"))
    set_targets(site, admin, "first", [Target(part.id, "accuracy", 0.8)], 500)
    set_quota(site, admin, "first", "domain", "b", 0.3)
    now = rules.show(site, admin, "first").checking
    wanted = replace(now, overlap=2, rules=QualityRules(review="sample", strict=True), resolvers={"q_1": "dawid-skene"})
    rules.change(site, admin, "first", wanted)
    labels = [
        LabelChange("l_3", "law"),
        LabelChange(None, "war"),
        LabelChange("l_1", "sports"),
        LabelChange("l_2", "food"),
    ]
    change_question(site, admin, "first", "q_1", labels=labels)
    return site


def test_all_that_was_set_by_hand_comes_back(lived: Any, tmp_path: Path) -> None:
    text = export(lived, admin_of(lived), "first").text
    values = tomllib.loads(text)
    assert values["question"][0]["label_ids"] == ["l_3", "l_4", "l_1", "l_2"]
    assert values["target"] == [{"slice": "Of a", "metric": "accuracy", "value": 0.8}]
    assert values["role"] == [{"email": "ann@example.com", "role": "annotator"}]
    assert values["annotator"][0]["skills"] == {"law": 0.8} and values["goal"]["before"] == 500
    assert recreate(lived, tmp_path, "second", text) == ()
    assert body_of(lived, "second") == body_of(lived, "first")


def test_a_file_without_people_names_nobody(lived: Any) -> None:
    assert "example.com" not in export(lived, admin_of(lived), "first", with_people=False).text
    reader = Actor("p_x", "stakeholder")
    assert "example.com" not in export(lived, reader, "first").text


def test_guidelines_go_to_files_of_their_own_and_come_back(site: Any, tmp_path: Path) -> None:
    plan = {"guidelines": "# Rules\n\nRead them.\n"}
    create.create(site, admin_of(site), text_draft("first", rows_of(tmp_path), columns=COLUMNS, title="T", **plan))
    made = export(site, admin_of(site), "first", guidelines_to=tmp_path / "rules", beside=tmp_path)
    assert 'guidelines = "rules/q_1.md"' in made.text
    assert (tmp_path / "rules/q_1.md").read_text() == plan["guidelines"]
    recreate(site, tmp_path, "second", made.text)
    assert body_of(site, "second") == body_of(site, "first")


@pytest.mark.parametrize(
    ("text", "where", "near"),
    [
        ("[policy]\nstrategi = 'margin'\n", "[policy] has no key 'strategi'", "'strategy'"),
        ("[polcy]\n", "has no table 'polcy'", "'policy'"),
        ("[[question]]\nlabel = ['a']\n", "[[question]] 1 has no key 'label'", "'labels'"),
        ("[goal]\nmetric = 'accuracy'\nvalue = 'high'\n", "[goal] value must be a number", ""),
        ("[goal]\nmetric = 'accuracy'\n", "value is missing", ""),
        ("[policy]\nguard = 1\n", "[policy] guard must be true or false, got 1", ""),
        ("[role]\nemail = 'a@b.c'\n", "[[role]] must be a list of tables", "double brackets"),
        ("policy = \n", "must be TOML", ""),
    ],
)
def test_what_a_file_cannot_say_is_named_with_the_nearest_name(text: str, where: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        config.parse_text(text)
    assert where in caught.value.message and near in caught.value.hint


def test_a_person_without_an_account_is_said_and_left_out(site: Any, tmp_path: Path) -> None:
    create.create(site, admin_of(site), text_draft("first", rows_of(tmp_path), columns=COLUMNS))
    text = export(site, admin_of(site), "first").text + '\n[[role]]\nemail = "new@example.com"\nrole = "annotator"\n'
    (note,) = recreate(site, tmp_path, "second", text)
    assert "new@example.com has no account yet" in note
    with pytest.raises(InputError, match="role"):
        recreate(site, tmp_path, "third", text.replace('"annotator"', '"king"'))


def changed(site: Any, slug: str, *pairs: tuple[str, str]) -> Document:
    """The project's own file with some text replaced."""
    text = export(site, admin_of(site), slug).text
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after)
    return config.parse_text(text)


def test_a_change_is_shown_then_applied_and_nothing_differs_then(lived: Any) -> None:
    admin = admin_of(lived)
    wanted = changed(
        lived, "first", ("batch_size = 10", "batch_size = 15"), ("value = 0.9\n", "value = 0.95\n"),
        ('review = "sample"', 'review = "all"'), ('"sports"', '"sport"'), ('resolver = "dawid-skene"', 'resolver = "one-coin"'),
        ('role = "annotator"', 'role = "reviewer"'), ("rate = 20.5", "rate = 30.0"), ("before = 500", "before = 400"),
        ('value = "a"', 'value = "b"'), ('primary = true', 'primary = true\nguidelines = "Read."'),
    )  # fmt: skip
    seen = applying.preview(lived, admin, "first", wanted)
    keys = {(one.table, one.key) for one in seen.differences}
    assert keys == {
        ("[policy]", "batch_size"), ("[goal]", "value"), ("[quality]", "review"), ("[[question]] q_1", "labels"),
        ("[[question]] resolver", "q_1"), ("[[role]]", "ann@example.com"), ("[[annotator]]", "ann@example.com"),
        ("[goal]", "before"), ("[[slice]] Of a", "filter"), ("[[question]] q_1", "guidelines"),
    }  # fmt: skip
    assert seen.possible and all(one.effect for one in seen.differences)
    assert "Renames 'sports' to 'sport'" in " ".join(one.effect for one in seen.differences)
    before = lived.project("first")
    with before.read() as rows:
        assert before.head_seq(rows) == seen.seq  # a preview changes nothing
    applying.apply(lived, admin, "first", wanted, seq=seen.seq)
    assert applying.preview(lived, admin, "first", wanted).differences == []
    with pytest.raises(ConflictError, match="changed since the preview"):
        applying.apply(lived, admin, "first", wanted, seq=seen.seq)


@pytest.mark.parametrize(
    ("pair", "why"),
    [
        (("seed = 0", "seed = 1"), "fixed when a project is created"),
        (('task = "classification"', 'task = "multilabel"'), "fixed when a project is created"),
        (('id = "q_1"', 'id = "q_9"'), "cannot be added or removed"),
    ],
)
def test_what_cannot_be_changed_is_said_and_nothing_else_is_done(lived: Any, pair: tuple[str, str], why: str) -> None:
    wanted = changed(lived, "first", pair, ("batch_size = 10", "batch_size = 15"))
    seen = applying.preview(lived, admin_of(lived), "first", wanted)
    assert not seen.possible and any(why in one.effect for one in seen.differences if not one.possible)
    before = body_of(lived, "first")
    with pytest.raises(InputError, match="not possible"):
        applying.apply(lived, admin_of(lived), "first", wanted)
    assert body_of(lived, "first") == before


def test_a_label_that_answers_name_is_not_removed(site: Any, make_project: Any) -> None:
    make_project(site)
    api = make_api(site)
    (lease,) = api.queue("topics")
    assert api.answer("topics", lease, {"label": "l_2"}).status_code == 201
    wanted = changed(site, "topics", ('["sport", "food", "law"]', '["sport", "law"]'))
    (one,) = applying.preview(site, admin_of(site), "topics", wanted).differences
    assert not one.possible and "1 answer or label names it" in one.effect


def test_a_wrong_policy_changes_nothing_at_all(lived: Any) -> None:
    wanted = changed(lived, "first", ("value = 0.9\n", "value = 0.95\n"), ('value = "b"', 'value = "zebra"'))
    before = body_of(lived, "first")
    with pytest.raises(InputError, match="zebra"):
        applying.apply(lived, admin_of(lived), "first", wanted)
    assert body_of(lived, "first") == before


def test_tables_that_the_file_leaves_out_stay_and_empty_ones_clear(lived: Any) -> None:
    admin = admin_of(lived)
    assert applying.preview(lived, admin, "first", config.parse_text("")).differences == []
    applying.apply(lived, admin, "first", config.parse_text("target = []\nrole = []\n"))
    values = tomllib.loads(body_of(lived, "first"))
    assert "target" not in values and "role" not in values and values["slice"]
    applying.apply(lived, admin, "first", config.parse_text("goal = {}\n"))
    assert "goal" not in tomllib.loads(body_of(lived, "first"))


@pytest.mark.parametrize(
    "text", ["a\nb", 'end with "\n"', '"""\n"""', "back\\\nslash\\", "\r\n\x00\x7f\n\t", "\n", 'x\n""""""']
)
def test_texts_of_several_lines_are_read_back_as_they_were(text: str) -> None:
    written = toml.table("[t]", {"a": text, 'odd "key"': [text, {"b": None, "c": text}]})
    assert tomllib.loads(written)["t"] == {"a": text, 'odd "key"': [text, {"c": text}]}


def test_the_command_line_writes_previews_and_applies(run: Run, tmp_path: Path) -> None:
    rows_of(tmp_path)
    made = run("create", "first", "rows.jsonl", "--task", "classification", "--labels", "a,b", "--text", "text")
    assert made.code == 0, made
    assert run("export-config", "first", "--to", "first.toml").code == 0
    text = (tmp_path / "first.toml").read_text()
    assert run("export-config", "first").out == text
    assert "says nothing else" in run("apply-config", "first", "first.toml").out
    (tmp_path / "first.toml").write_text(text.replace("overlap = 1", "overlap = 2"))
    shown = run("apply-config", "first", "first.toml", "--preview")
    assert shown.code == 0 and "[policy] overlap: 1 -> 2" in shown.out and "applied" not in shown.out
    done = run("apply-config", "first", "first.toml", "--yes")
    assert done.code == 0 and "first: 1 change applied" in done.out
    assert "overlap = 2" in run("export-config", "first").out
    (tmp_path / "first.toml").write_text(text.replace("seed = 0", "seed = 3"))
    refused = run("apply-config", "first", "first.toml", "--yes")
    assert refused.code == 2 and "NOT POSSIBLE" in refused.out and "nothing was changed" in refused.err
    (tmp_path / "first.toml").write_text(text)
    assert run("create", "second", "--config", "first.toml").code == 0
    assert run("export-config", "second").out.split("\n\n", 1)[1] == text.split("\n\n", 1)[1]


def test_quotas_of_slices_are_in_the_file_and_come_and_go_with_them(site: Any, tmp_path: Path) -> None:
    admin = admin_of(site)
    create.create(site, admin, text_draft("first", rows_of(tmp_path), columns=COLUMNS, title="T"))
    slices.save(site, admin, "first", "Short ones", filter=Filter(search="number"))
    set_quota(site, admin, "first", "slice", "Short ones", 0.3)
    text = export(site, admin, "first").text
    assert 'column = "slice"' in text and 'value = "Short ones"' in text
    recreate(site, tmp_path, "second", text)
    assert body_of(site, "second") == body_of(site, "first")
    redefined = text.replace('search = "number"', 'search = "text"')
    assert redefined != text
    applying.apply(site, admin, "second", config.parse_text(redefined))
    assert body_of(site, "second") == redefined.split("\n\n", 1)[1]
    kept = "[[slice]]" + text.split("[[slice]]")[1].split("\n\n")[0]
    with pytest.raises(InputError, match="must keep 'Short ones'"):
        other = text.replace(kept, kept.replace("Short ones", "Other"))
        applying.preview(site, admin, "second", config.parse_text(other))
    assert tomllib.loads(text)["policy"]["constraints"] == [
        {"column": "slice", "rule": "at-least", "value": "Short ones", "share": 0.3}
    ]
    renamed = text.replace("Short ones", "Other ones")
    applying.apply(site, admin, "second", config.parse_text(renamed))
    assert [one.name for one in slices.listing(site, "second").items] == ["Other ones"]
