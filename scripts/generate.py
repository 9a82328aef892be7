"""Write the generated files: openapi.json, the web app's types, the command-line reference, the rooms' tables.

``--check`` changes nothing and exits 1 if one of them is stale.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from node import npm

ROOT = Path(__file__).parent.parent


def openapi() -> str:
    """The API's description."""
    from labelwright.server.app import openapi as describe

    return json.dumps(describe(), indent=1, sort_keys=True) + "\n"


def cli_reference() -> str:
    """Every command's --help, as it is printed."""
    import click

    from labelwright.cli.main import group

    settings = group.context_settings
    parts = ["# Command line\n\nGenerated from `--help` by `make generate`.\n"]

    def add(command: click.Command, names: list[str]) -> None:
        context = click.Context(command, info_name=" ".join(names), terminal_width=100, **settings)
        parts.append(f"## {' '.join(names)}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                child = command.get_command(context, name)
                if child is not None:
                    add(child, [*names, name])

    add(group, ["labelwright"])
    return "\n".join(parts)


def rooms() -> str:
    """Tables of strategies and stopping rules."""
    import labelwright as lw

    parts = ["# Strategies and stopping rules\n\nGenerated from the classes by `make generate`.\n"]
    for title, frame in (("Strategies", lw.strategies()), ("Stopping rules", lw.stopping_rules())):
        parts.append(f"## {title}\n")
        parts.append("| " + " | ".join(frame.columns) + " |")
        parts.append("|" + " --- |" * len(frame.columns))
        for row in frame.itertuples(index=False):
            cells = [", ".join(map(str, c)) if isinstance(c, (list, tuple, set, frozenset)) else str(c) for c in row]
            parts.append("| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |")
        parts.append("")
    return "\n".join(parts)


def web_types() -> str:
    """TypeScript types of the API."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "schema.ts"
        command = [*npm(), "exec", "--no", "--", "openapi-typescript", str(ROOT / "openapi.json"), "-o", str(out)]
        subprocess.run(command, cwd=ROOT / "web", check=True, capture_output=True)
        return out.read_text()


FILES: dict[str, Callable[[], str]] = {
    "openapi.json": openapi,
    "docs/reference/cli.md": cli_reference,
    "docs/reference/rooms.md": rooms,
    "web/src/api/schema.ts": web_types,
}


def main() -> int:
    """Write or check all files."""
    check = "--check" in sys.argv
    stale = []
    for name, make in FILES.items():
        path = ROOT / name
        made = make()
        if path.exists() and path.read_text("utf-8") == made:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made, "utf-8")
            print(f"wrote {name}")
    if check and stale:
        print(f"stale: {', '.join(stale)}. Run 'make generate' and commit.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
