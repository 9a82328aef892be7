"""What the documentation shows runs, and what it lists is complete."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    path for folder in ("docs", "decisions") for path in (ROOT / folder).rglob("*.md")
)
GENERATED = {"cli.md", "packages.md"}
SLOW = {"selection.md"}  # half a minute of simulation: its block is only compiled
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.S | re.M)
FILE = re.compile(r"# file: (\S+)\n")
WITH_BLOCKS = [
    page
    for page in PAGES
    if page.name not in GENERATED and re.search(r"^```(python|console)$", page.read_text("utf-8"), re.M)
]


def names(page: Path) -> str:
    """How a page is called in the list of tests."""
    return page.relative_to(ROOT).as_posix()


def environment(folder: Path) -> dict[str, str]:
    """A home of its own, this Python, and `labelwright` on the path."""
    tools = folder / ".bin"
    tools.mkdir()
    for tool, arguments in (("labelwright", "-m labelwright "), ("python", "")):
        (tools / tool).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        (tools / tool).chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LABELWRIGHT_")}
    paths = [str(ROOT / "src"), str(folder), os.environ.get("PYTHONPATH", "")]
    return kept | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(paths),
        "LABELWRIGHT_HOME": str(folder / "home"),
        "PYTHONWARNINGS": "error::DeprecationWarning:__main__",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
    }


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=names)
def test_a_page_runs_from_top_to_bottom(page: Path, tmp_path: Path) -> None:
    """Python blocks share their names, console blocks their folder; the output shown is the output that comes.

    A block of any language that begins with ``# file: NAME`` is written to that file.
    """
    env = environment(tmp_path)
    said: list[str] = []
    for language, block in BLOCK.findall(page.read_text("utf-8")):
        if file := FILE.match(block):
            (tmp_path / file[1]).write_text(block)
        elif language == "python":
            if page.name in SLOW:
                compile(block, str(page), "exec")
            else:
                said.append(block)
        elif language == "console":
            for command, expected in commands(block):
                done = subprocess.run(
                    ["bash", "-c", state_kept(command)], cwd=tmp_path, env=env, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT, text=True, timeout=120,
                )  # fmt: skip
                assert done.returncode == 0, f"$ {command}\n{done.stdout}"
                assert alike(expected, done.stdout), f"$ {command}\nshown:\n{expected}\ncame:\n{done.stdout}"
    if said:
        (tmp_path / "page.py").write_text("\n".join(said))
        done = subprocess.run(
            [sys.executable, "page.py"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=240
        )
        assert done.returncode == 0, done.stderr


def commands(block: str) -> list[tuple[str, str]]:
    """Each command of a console block with the output shown below it."""
    parts = re.split(r"^\$ ", block, flags=re.M)
    assert parts[0] == "", f"a console block begins with '$ ': {block}"
    return [(command, output) for command, _, output in (part.partition("\n") for part in parts[1:])]


def state_kept(command: str) -> str:
    """Variables set by one command are there for the next."""
    return f"set -o pipefail; [ -f .vars ] && . ./.vars; {command}\nstatus=$?; declare -p TOKEN > .vars 2>/dev/null; exit $status"


def alike(expected: str, came: str) -> bool:
    """Whether an output is the one shown, where ``...`` stands for anything; nothing shown means nothing claimed."""
    if not expected.strip():
        return True
    pattern = re.escape(expected.strip()).replace(re.escape("..."), ".*")
    pattern = re.sub(r"(?m)(?<=\\\n)\.\*\\\n", r"(?:.*\\n)?", pattern)  # a line of dots may stand for no line
    return re.fullmatch(pattern, came.strip(), re.S) is not None


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page: Path) -> None:
    """Files exist, headings too, fences close."""
    text = page.read_text("utf-8")
    assert text.count("\n```") % 2 == 0
    plain = re.sub(r"`[^`\n]*`", "", BLOCK.sub("", text))
    for target in re.findall(r"\]\(([^)\s]+)\)", plain):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if there.name in GENERATED:  # written by 'make generate'
            continue
        assert there.exists(), f"{names(page)}: {target}"
        if anchor:
            slugs = {
                re.sub(r"[^\w -]", "", h.lower()).strip().replace(" ", "-")
                for h in re.findall(r"^#+ (.*)$", there.read_text("utf-8"), re.M)
            }
            assert anchor in slugs, f"{names(page)}: {target}"


def test_files_that_are_named_exist() -> None:
    """ARCHITECTURE and CONTRIBUTING name files by their path within the package."""
    roots = (ROOT, ROOT / "src" / "labelwright", ROOT / "web" / "src", ROOT / "web" / "src" / "features" / "label")
    for page in (ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "decisions").glob("*.md"))):
        for name in re.findall(r"`([\w./-]+\.(?:py|ts|tsx|md|json))`", page.read_text("utf-8")):
            if (
                "NAME" in name
                or "DOMAIN" in name
                or name in ("base.py", "index.ts", "schemas.py", "keys.ts", "outbox.ts")
            ):
                continue
            assert any((root / name).exists() for root in roots), f"{page.name}: {name}"


@pytest.mark.parametrize("name", ["active_learner", "simulate"])
def test_example(name: str, tmp_path: Path) -> None:
    """The examples run and say something."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / f"{name}.py")], cwd=tmp_path, env=environment(tmp_path),
        capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout, done.stderr


def test_example_over_http(tmp_path: Path) -> None:
    """The client against a served project."""
    env = environment(tmp_path)

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    rows = "".join(f"r{i},the {i}th of the short texts about {i * 37 % 101} things\n" for i in range(60))
    (tmp_path / "texts.csv").write_text("id,text\n" + rows)
    run("labelwright", "create", "texts", "texts.csv", "--task", "classification", "--labels", "x,y")
    run("labelwright", "users", "add", "ann@example.com", "--role", "annotator")
    token = run("labelwright", "tokens", "create", "ann@example.com").strip()
    server = subprocess.Popen(
        [sys.executable, "-m", "labelwright", "serve", "--port", "0"], cwd=tmp_path, env=env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found is not None
        wait_until_it_answers(found[0])
        out = run("python", str(ROOT / "examples" / "http_client.py"), found[0], token, "texts")
    finally:
        server.terminate()
        server.communicate(timeout=20)
    assert out.count(": x, event ") == 3 and "taken back (201)" in out


def wait_until_it_answers(base: str) -> None:
    """The address is printed a moment before the server listens."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{base}/api/v1/ready", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {base}")


def test_every_key_is_named() -> None:
    """docs/reference/keys.md has each action of the app's table, with its words."""
    page = (ROOT / "docs" / "reference" / "keys.md").read_text("utf-8")
    table = (ROOT / "web" / "src" / "actions" / "keys.ts").read_text("utf-8")
    lines = re.findall(r'\{ id: "([\w.]+)", scope: "\w+", keys: \[.*?\], text: "(.*?)" \}', table)
    ids = set(re.findall(r'^  \| "([\w.]+)"', table, re.M))
    assert ids == {name for name, _ in lines} and len(ids) > 20  # or the table's form has changed
    for name, text in lines:
        assert f"| `{name}` |" in page and text in page, name
    for name in ("choice.1", "choice.10", "recent.1", "recent.5"):
        assert f"`{name}`" in page


def test_roles_are_those_of_the_table() -> None:
    """docs/reference/roles.md has each permission of each role, and no other."""
    from labelwright.services.people.roles import ROLES

    rows = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs" / "reference" / "roles.md").read_text("utf-8").splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]
    header, *body = rows
    shown = {role: {row[0] for row in body if row[header.index(role)] == "yes"} for role in header[2:]}
    assert shown == {role: set(permissions) for role, permissions in ROLES.items()}


def test_every_kind_of_event_is_named() -> None:
    """docs/reference/events.md has each kind, each table that verify compares, and each that it does not."""
    from labelwright.store import record, tables

    page = (ROOT / "docs" / "reference" / "events.md").read_text("utf-8")
    assert re.findall(r"^### `([\w.-]+)`$", page, re.M) == list(record.kinds())
    _, _, follow = page.partition("## Tables that follow from events")
    unchecked = page.partition("## What verify does not check")[2].partition("## Kinds")[0]
    projected = {p.table.name: p.columns for p in record.projected_tables()}
    for table in tables.META.sorted_tables:
        if table.name in projected:
            assert f"`{table.name}" in follow
            columns = projected[table.name]
            for column in set(table.c.keys()) - set(columns or table.c.keys()) - {"project_id"}:
                assert f"`{table.name}.{column}`" in unchecked, column
        elif table.name not in ("event", "chain_head", "sealed", "item", "content", "given"):  # checked otherwise
            assert f"`{table.name}`" in unchecked, table.name


def test_every_setting_is_named() -> None:
    """docs/reference/settings.md has each field with its variable."""
    from labelwright.services.site.settings import PREFIX, Settings

    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    fields = [field.name for field in dataclasses.fields(Settings) if field.name != "source"]
    assert re.findall(r"^\| `(\w+)` \| `(\w+)` \|", page, re.M) == [(name, PREFIX + name.upper()) for name in fields]


def test_every_option_of_create_is_named() -> None:
    """docs/how-to/own-data.md has each option."""
    from labelwright.cli.create import command

    page = (ROOT / "docs" / "how-to" / "own-data.md").read_text("utf-8")
    for parameter in command.params:
        for option in parameter.opts:
            assert not option.startswith("--") or option in page, option


def test_every_status_of_a_problem_is_named() -> None:
    """docs/reference/http.md has each code with its status."""
    from labelwright.server.problems import STATUS

    page = (ROOT / "docs" / "reference" / "http.md").read_text("utf-8")
    for code, status in STATUS.items():
        assert re.search(rf"^\| {status} \|.*`{code}`", page, re.M), code


def test_screenshots_are_small() -> None:
    """The README's images are there, 1280 x 800, under 150 KB."""
    from PIL import Image

    for name in ("label.png", "progress.png"):
        path = ROOT / "docs" / "images" / name
        with Image.open(path) as image:
            size = image.size
        assert size == (1280, 800) and path.stat().st_size < 150 * 1024
