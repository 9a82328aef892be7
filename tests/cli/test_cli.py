"""The command line: exit codes, error lines, help, output that scripts rely on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.processes import environment
from labelwright.cli.main import COMMANDS, main
from tests.conftest import make_site, write_texts

DOCS = Path(__file__).parents[2] / "docs/reference/cli.md"
SUBCOMMANDS = [(name,) for name in COMMANDS] + [
    ("users", "add"), ("users", "list"), ("users", "give"), ("users", "take"), ("tokens", "create"),
]  # fmt: skip


class Ran:
    """What a command left behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def __repr__(self) -> str:
        return f"exit {self.code}\n{self.out}\n{self.err}"


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process, on a home of the test's own."""
    for name in [n for n in os.environ if n.startswith("LABELWRIGHT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LABELWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def go(*arguments: str) -> Ran:
        capsys.readouterr()
        try:
            main(list(arguments))
            code: Any = 0
        except SystemExit as stop:
            code = stop.code or 0
        said = capsys.readouterr()
        return Ran(int(code), said.out, said.err)

    return go


@pytest.fixture
def project(run: Run, tmp_path: Path) -> dict[str, str]:
    """A project "topics", made by the command; the truth by key."""
    truth = write_texts(tmp_path / "topics.jsonl", 60)
    made = run("create", "topics", "topics.jsonl", "--task", "classification", "--labels", "sport,food,law")
    assert made.code == 0, made
    return truth


@pytest.mark.parametrize("command", SUBCOMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(run: Run, command: tuple[str, ...]) -> None:
    shown = run(*command, "--help")
    assert shown.code == 0 and shown.err == ""
    assert shown.out.startswith(f"Usage: labelwright {' '.join(command)}")
    if command not in [("users",), ("tokens",)]:
        assert "Example:" in shown.out
    assert run(*command, "-h").out == shown.out


def test_help_is_what_the_docs_say(run: Run) -> None:
    if not DOCS.exists():
        pytest.skip("docs/reference/cli.md is not there yet")

    def words(text: str) -> str:  # however wide the terminal was
        return " ".join(text.replace("-h, --help", "--help").split())

    docs = words(DOCS.read_text("utf-8"))
    for command in SUBCOMMANDS:
        shown = words(run(*command, "--help").out).partition("Commands:")[0]  # of a group, what width cannot cut
        assert shown in docs, f"docs/reference/cli.md is stale for 'labelwright {' '.join(command)}'"


def test_version_and_the_list_of_commands(run: Run) -> None:
    assert re.fullmatch(r"labelwright, version \d+\.\d+\.\d+\n", run("--version").out)
    listed = run("--help").out
    assert all(re.search(rf"^  {name} ", listed, re.M) for name in COMMANDS)


def lines_are_whole(ran: Ran) -> bool:
    """Errors are `error:` and `hint:` lines, nothing else, and not wrapped."""
    return all(line.startswith(("error: ", "hint: ")) for line in ran.err.splitlines()) and ran.err.startswith(
        "error: "
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("frobnicate",), "No such command"),
        (("create",), "Missing argument 'NAME'"),
        (("create", "p"), "SOURCE must be given"),
        (("create", "p", "none.csv", "--task", "classification"), "SOURCE must exist"),
        (("create", "p", "a.csv"), "--task must be given"),
        (("create", "p", "a.csv", "--task", "poetry"), "--task must be one of classification, multilabel, regression, got 'poetry'"),
        (("create", "Bad Name", "a.csv", "--task", "classification", "--labels", "a,b"), "NAME must be a slug"),
        (("create", "p", "a.csv", "--task", "classification", "--labels", "a,b", "--strategy", "magic"), "magic"),
        (("create", "p", "a.csv", "--task", "classification", "--labels", "a,b", "--model", "magic"), "magic"),
        (("create", "p", "a.csv", "--task", "classification", "--labels", "a,b", "--overlap", "0"), "overlap"),
        (("create", "p", "a.csv", "--task", "classification", "--labels", "a,b", "--guidelines", "none.md"), "none.md"),
        (("create", "p", "a.csv", "--task", "classification", "--config", "none.toml"), "none.toml"),
        (("add", "nothing", "a.csv"), "There is no project 'nothing'"),
        (("status", "nothing"), "There is no project 'nothing'"),
        (("pause", "nothing"), "There is no project 'nothing'"),
        (("resume", "nothing"), "There is no project 'nothing'"),
        (("round", "nothing"), "There is no project 'nothing'"),
        (("export", "nothing", "out.csv"), "There is no project 'nothing'"),
        (("verify", "nothing"), "There is no project 'nothing'"),
        (("users", "add", "nobody", "--role", "annotator"), "EMAIL must look like name@host"),
        (("users", "add", "a@b.c", "--role", "king"), "--role must be one of admin, lead, annotator, reviewer, auditor, stakeholder, member, got 'king'"),
        (("tokens", "create", "nobody@example.com"), "There is no account for 'nobody@example.com'"),
        (("simulate", "a.csv", "--label", "nothing"), "--label must be one of the columns"),
        (("serve", "--port", "70000"), "70000"),
        (("demo", "poems"), "poems"),
    ],
)  # fmt: skip
def test_what_the_user_can_put_right_is_exit_2(run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "a.csv").write_text("text,label\nsome words in a row,a\nother words in a row,b\n")
    ran = run(*arguments)
    assert ran.code == 2, ran
    assert said in ran.err and lines_are_whole(ran), ran
    assert ran.out == "" and "Traceback" not in ran.err


def test_a_classification_without_labels_says_what_to_do(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,label\nsome words in a row,a\nother words in a row,b\n")
    ran = run("create", "p", "a.csv", "--task", "classification")
    assert ran.code == 2 and len(ran.err.splitlines()) == 2
    error, hint = ran.err.splitlines()
    assert error == "error: create: a classification project needs to know its labels."
    assert hint.startswith("hint: ") and all(flag in hint for flag in ("--label label", "--labels", "--open-labels"))
    assert run("status").out.startswith("There is no project yet.")


def test_a_long_error_is_not_wrapped(run: Run, tmp_path: Path) -> None:
    columns = [f"a_rather_long_column_name_{k}" for k in range(30)]
    (tmp_path / "a.csv").write_text(",".join(columns) + "\n" + ",".join("x" for _ in columns) + "\n")
    ran = run("create", "p", "a.csv", "--task", "classification", "--label", "none")
    assert ran.code == 2 and len(ran.err.splitlines()[0]) > 800


def test_our_fault_is_exit_1(run: Run, project: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from labelwright.services.projects import overview as projects

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(projects, "show", broken)
    ran = run("status", "topics")
    assert ran.code == 1 and ran.err.startswith("error: ZeroDivisionError: division by zero\nhint: This is our fault.")


def test_a_failed_verify_is_exit_1(run: Run, project: dict[str, str], tmp_path: Path) -> None:
    import sqlite3

    fine = run("verify", "topics")
    assert fine.code == 0 and fine.out.endswith("topics: the record is whole.\n") and fine.err == ""
    with sqlite3.connect(tmp_path / "home/projects/topics/project.sqlite") as db:
        db.execute("UPDATE item SET domain = 'elsewhere' WHERE ordinal = 2")
        db.commit()
    db.close()
    ran = run("verify", "topics")
    assert ran.code == 1 and lines_are_whole(ran) and "differ from its manifest" in ran.err
    assert "whole" not in ran.out


def test_a_receipt_goes_round(run: Run, project: dict[str, str], tmp_path: Path) -> None:
    ran = run("export", "topics", "labels.csv", "--receipt", "kept.json")
    assert ran.code == 0 and re.fullmatch(r"labels\.csv: 60 items, answers up to event \d+\n", ran.out)
    assert run("verify", "topics", "--receipt", "kept.json").code == 0
    receipt = json.loads((tmp_path / "kept.json").read_text())
    (tmp_path / "kept.json").write_text(json.dumps({**receipt, "seq": receipt["seq"] + 50}))
    assert run("verify", "topics", "--receipt", "kept.json").code == 1
    (tmp_path / "kept.json").write_text("{")
    assert run("verify", "topics", "--receipt", "kept.json").code == 2
    (tmp_path / "kept.json").write_text("{}")
    assert run("verify", "topics", "--receipt", "kept.json").code == 2


def test_a_token_is_alone_on_stdout(run: Run, tmp_path: Path) -> None:
    added = run("users", "add", "ann@example.com", "--role", "annotator")
    assert added.code == 0 and "/link#" in added.out
    made = run("tokens", "create", "ann@example.com")
    assert re.fullmatch(r"lw_[\w-]{40,}\n", made.out) and made.err == ""
    from labelwright.services.people import sessions

    site = make_site(tmp_path / "home")
    assert sessions.by_token(site, made.out.strip()).role == "annotator"
    site.close()
    assert "ann@example.com" in run("users", "list").out


def test_people_are_given_projects(run: Run, project: dict[str, str]) -> None:
    added = run("users", "add", "ann@example.com", "--role", "annotator", "--project", "topics", "--name", "Ann")
    assert added.code == 0 and added.out.startswith("ann@example.com is annotator in topics. Send this link;")
    assert "/link#" in added.out
    assert re.search(r"^ann@example.com +member +Ann +annotator in topics$", run("users", "list").out, re.M)
    given = run("users", "give", "ann@example.com", "topics", "--role", "reviewer")
    assert given.out == "ann@example.com is reviewer in topics\n"
    taken = run("users", "take", "ann@example.com", "topics")
    assert taken.out == "ann@example.com has no role of their own in topics any more and sees it no more\n"
    assert re.search(r"^ann@example.com +member +Ann$", run("users", "list").out, re.M)
    for arguments, said in (
        (("add", "bob@example.com", "--role", "admin", "--project", "topics"), "must be one of lead, annotator"),
        (("add", "bob@example.com", "--role", "lead", "--project", "nowhere"), "There is no project 'nowhere'"),
        (("give", "ann@example.com", "topics", "--role", "member"), "must be one of lead, annotator"),
        (("give", "bob@example.com", "topics", "--role", "lead"), "There is no account for 'bob@example.com'"),
        (("take", "ann@example.com", "topics"), "was given no role in 'topics'"),
    ):
        refused = run("users", *arguments)
        assert refused.code == 2 and said in refused.err and lines_are_whole(refused), refused
    assert "bob" not in run("users", "list").out


def test_status_json_is_one_object(run: Run, project: dict[str, str]) -> None:
    listed = json.loads(run("status", "--json").out)
    assert [p["slug"] for p in listed] == ["topics"]
    shown = json.loads(run("status", "topics", "--json").out)
    assert shown["state"] == "ready" and shown["counts"]["items"] == 60
    assert {"sentence", "curve", "cost", "running", "policy"} <= shown.keys()
    assert "60" in run("status", "topics").out


def test_the_life_of_a_project(run: Run, project: dict[str, str], tmp_path: Path) -> None:
    assert run("worker", "--until-idle").code == 0
    began = run("round", "topics", "--hypothesis", "it can be done", "--labels", "7", "--strategy", "margin")
    assert began.code == 0 and "7 labels planned, strategy margin" in began.out
    assert run("pause", "topics").out == "topics: paused\n"
    refused = run("round", "topics")
    assert refused.code == 2 and "hint: labelwright resume topics" in refused.err
    assert run("resume", "topics").out == "topics: ready\n"
    write_texts(tmp_path / "more.jsonl", 70)
    added = run("add", "topics", "more.jsonl")
    assert added.code == 0 and "10 items added" in added.out and "60 were there already" in added.out
    for ending in ("csv", "jsonl", "parquet"):
        out = run("export", "topics", f"out.{ending}").out
        assert re.fullmatch(rf"out\.{ending}: 70 items, answers up to event \d+\n", out)
    for wrong in (("out.odt",), ("out.csv", "--at", "lv-99"), ("out.csv", "--at", "yesterday")):
        assert run("export", "topics", *wrong).code == 2
    assert run("verify", "topics", "--replay").code == 0


def test_a_config_file_holds_options_and_flags_go_before_it(run: Run, tmp_path: Path) -> None:
    write_texts(tmp_path / "topics.jsonl", 30)
    (tmp_path / "plan.toml").write_text(
        'source = "topics.jsonl"\ntask = "classification"\nlabels = ["sport", "food"]\nid = "id"\n"batch-size" = 7\noverlap = 3\n'
    )
    ran = run("create", "topics", "--config", "plan.toml", "--overlap", "2", "--labels", "sport,food,law")
    assert ran.code == 0, ran
    shown = json.loads(run("status", "topics", "--json").out)
    assert shown["policy"]["overlap"] == 2 and shown["policy"]["batch_size"] == 7
    assert [label["name"] for label in shown["question"]["labels"]] == ["sport", "food", "law"]
    for content, said in (("surprise = 1\n", "got 'surprise'"), ("task = \n", "must be a readable TOML file")):
        (tmp_path / "plan.toml").write_text(content)
        ran = run("create", "other", "topics.jsonl", "--config", "plan.toml")
        assert ran.code == 2 and said in ran.err, ran


def test_simulate_prints_a_table(run: Run, tmp_path: Path) -> None:
    from sklearn.datasets import load_iris

    X, y = load_iris(return_X_y=True)
    rows = [",".join(map(str, [*x, f"kind{k}"])) for x, k in zip(X, y, strict=True)]
    (tmp_path / "iris.csv").write_text("a,b,c,d,kind\n" + "\n".join(rows) + "\n")
    ran = run(
        "simulate", "iris.csv", "--label", "kind", "--strategies", "margin,random", "--budget", "40", "--seeds", "2",
        "--curves", "curves.csv",
    )  # fmt: skip
    assert ran.code == 0, ran
    assert "aulc" in ran.out and re.search(r"^margin", ran.out, re.M)
    assert (tmp_path / "curves.csv").read_text().startswith("strategy,seed,n_labels")


def test_an_export_says_which_columns_became_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mixed.jsonl").write_text("".join(json.dumps({"n": n, "word": "w"}) + "\n" for n in (1, "two", 3, 4)))
    run("create", "mixed", str(tmp_path / "mixed.jsonl"), "--task", "regression", "--features", "n,word")
    told = run("export", "mixed", str(tmp_path / "out.parquet")).err
    assert "Written as text, because their values have several types: row.n." in told
    assert "several types" not in run("export", "mixed", str(tmp_path / "out.csv")).err


def test_doctor_names_every_setting_and_its_source(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/config.toml").write_text('base_url = "https://labels.example.com"\nlog_level = "debug"\n')
    monkeypatch.setenv("LABELWRIGHT_LOG_LEVEL", "WARNING")
    shown = run("doctor")
    assert "base_url = https://labels.example.com  (config.toml)" in shown.out
    assert "log_level = WARNING  (LABELWRIGHT_LOG_LEVEL)" in shown.out
    assert "max_upload = 2147483648  (default)" in shown.out
    assert f"home = {tmp_path / 'home'}  (LABELWRIGHT_HOME)" in shown.out
    assert run("--home", str(tmp_path / "other"), "doctor").out.count("(flag)") == 1


def test_the_bundle_holds_no_content(run: Run, project: dict[str, str], tmp_path: Path) -> None:
    import zipfile

    run("users", "add", "secret.person@example.com", "--role", "lead")
    run("worker", "--until-idle", "--log", str(tmp_path / "home/logs/worker.log")) if (
        tmp_path / "home/logs"
    ).exists() else None
    shown = run("doctor", "--bundle")
    path = Path(shown.out.rpartition("bundle: ")[2].strip())
    with zipfile.ZipFile(path) as bundle:
        everything = b"".join(bundle.read(name) for name in bundle.namelist())
    for secret in (b"striker", b"onions", b"clause", b"secret.person", b"BEGIN PRIVATE KEY", b"lw_"):
        assert secret not in everything


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:hidden@host/db",
        "postgresql://ann:hid:hidden@host/db",
        "postgresql://ann:hidden%40@host:5432/db?sslmode=require",
        "postgresql://host/db?user=ann&password=hidden",
    ],
)
def test_the_password_of_a_database_is_not_shown(tmp_path: Path, url: str) -> None:
    import dataclasses

    from labelwright.services.site import doctor

    site = make_site(tmp_path / "home")
    site.settings = dataclasses.replace(site.settings, database_url=url)
    (line,) = [line for line in doctor.examine(site).lines if "database_url = " in line]
    site.close()
    assert "host" in line and "/db" in line and "hid" not in line


def test_the_real_command_starts_quickly_and_imports_little(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "labelwright", "--help"], env=environment(tmp_path),
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0 and "create" in done.stdout
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert not loaded & {"numpy", "sklearn", "pandas", "fastapi", "sqlalchemy", "PIL"}


def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m labelwright --help | head -1", shell=True, env=environment(tmp_path), capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip
    assert "Traceback" not in done.stderr


def test_quality_sets_and_shows_the_rules_of_checking(run: Run, project: dict[str, str]) -> None:
    shown = run("quality", "topics")
    assert shown.code == 0 and "people for each item: 1\n" in shown.out and "0 open, 0 to approve" in shown.out
    changed = run("quality", "topics", "--overlap-random", "2", "--resolver", "one-coin", "--strict")
    assert changed.code == 0, changed
    assert "people for each item: 1, random 2" in changed.out and "resolver: q_1 one-coin" in changed.out
    assert "strict: yes" in changed.out
    refused = run("quality", "topics", "--gold-share", "0.9")
    assert refused.code == 2 and refused.err.startswith("error:") and "0.9" in refused.err
    assert run("quality", "topics", "--resolver", "votes").code == 2
    assert "resolver: q_1 one-coin" in run("quality", "topics").out


def test_targets_says_the_labeling_plan(run: Run, project: dict[str, str]) -> None:
    none = run("targets", "topics")
    assert none.code == 0 and none.out.startswith("No goal is set")
    assert run("goal", "topics", "accuracy=0.9").code == 0
    lines = run("targets", "topics").out.splitlines()
    assert lines[0].startswith("All items: accuracy at least 0.9. ")
    assert lines[-1] == "Annotators: too few to tell (0 of 20 times)."
