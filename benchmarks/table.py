"""What all benchmarks print: quantiles and a table."""

from __future__ import annotations

import math
from collections.abc import Sequence


def quantile(values: Sequence[float], q: float) -> float:
    """The smallest value that at least a share ``q`` does not exceed; NaN of nothing.

    >>> quantile([3.0, 1.0, 2.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(q * len(ordered) - 1e-9) - 1)] if ordered else float("nan")


def milliseconds(seconds: Sequence[float]) -> str:
    """Quantiles of durations, in words."""
    parts = [f"p{int(q * 100)} {quantile(seconds, q) * 1000:8.1f}" for q in (0.5, 0.95, 0.99)]
    return " · ".join(parts) + f" ms   (n {len(seconds):,}, max {max(seconds, default=float('nan')) * 1000:.1f})"


def show(title: str, rows: Sequence[tuple[str, object]]) -> None:
    """Print a table of two columns."""
    print(f"\n{title}")
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"  {name:{width}}  {value}")
