"""``python -m labs``: the list."""

from __future__ import annotations

from pathlib import Path

from benchmarks.listing import show

if __name__ == "__main__":
    show(Path(__file__).parent, ("changes", "homes"))
