"""``python -m labs``: the list."""

from __future__ import annotations

import ast
from pathlib import Path

HELPERS = ("changes", "homes")


def main() -> None:
    """Print each experiment with its first line."""
    for file in sorted(Path(__file__).parent.glob("*.py")):
        if file.stem.startswith("_") or file.stem in HELPERS:
            continue
        said = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
        print(f"python -m labs.{file.stem:12} {said.splitlines()[0] if said else ''}")


if __name__ == "__main__":
    main()
