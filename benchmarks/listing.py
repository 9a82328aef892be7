"""The list of a package's commands, each with its first line."""

from __future__ import annotations

import ast
from collections.abc import Collection
from pathlib import Path


def show(folder: Path, helpers: Collection[str]) -> None:
    """Print a line for each module of a folder that can be run."""
    for file in sorted(folder.glob("*.py")):
        if file.stem.startswith("_") or file.stem in helpers:
            continue
        docstring = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
        print(f"python -m {folder.name}.{file.stem:12} {docstring.splitlines()[0] if docstring else ''}")
