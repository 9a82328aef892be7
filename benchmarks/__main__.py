"""``python -m benchmarks``: the list."""

from __future__ import annotations

from pathlib import Path

from benchmarks.listing import show

if __name__ == "__main__":
    helpers = (
        "data", "databases", "intervals_other", "intervals_worlds", "keepalive", "listing", "processes", "r_tables",
        "screen_kinds", "screen_page", "speed_cases", "speed_peers", "speed_pool", "stop_runs", "table",
    )  # fmt: skip
    show(Path(__file__).parent, helpers)
