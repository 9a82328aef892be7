"""The learning curve as an SVG drawing in black and blue on white."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from labelwright.services.reporting.markup import Markup, joined, tag
from labelwright.services.steering.estimates import EstimateView

WIDTH, HEIGHT = 680.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 16.0, 14.0, 46.0
BLUE = "#0b5cad"
Scale = Callable[[float], float]


def ticks(low: float, high: float, wanted: int = 6) -> list[float]:
    """Round numbers between two, about as many as asked for.

    >>> ticks(0, 1, 5)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    raw = ((high - low) or 1) / wanted
    size = 10.0 ** math.floor(math.log10(raw))
    step = next((factor * size for factor in (1, 2, 5) if factor * size >= raw), 10 * size)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)]


def curve(
    points: Sequence[EstimateView], metric: str, *, target: float | None, arm: Sequence[EstimateView] = ()
) -> Markup:  # fmt: skip
    """Models by labels, with their 95 % intervals as a band, the target as a dashed line, the control arm as dots.

    Parameters
    ----------
    points : sequence of EstimateView
        One at least.
    """
    best = {point.n_labels: point for point in sorted(points, key=lambda one: one.n_labels)}
    shown = list(best.values())
    ys = [y for point in [*shown, *arm] for y in (point.value, point.low, point.high) if math.isfinite(y)]
    xs = [float(point.n_labels) for point in [*shown, *arm]]
    x, y = _scale(xs, LEFT, WIDTH - RIGHT), _scale([*ys, *([] if target is None else [target])], HEIGHT - BOTTOM, TOP)
    return tag(
        "svg", _axes(xs, [*ys, *([] if target is None else [target])], x, y, metric), _band(shown, x, y),
        None if target is None else _target(y(target), target),
        tag("path", d=_line([(x(p.n_labels), y(p.value)) for p in shown]), fill="none", stroke=BLUE, stroke_width=2),
        joined(tag("circle", cx=x(p.n_labels), cy=y(p.value), r=2.5, fill=BLUE) for p in shown),
        joined(tag("circle", cx=x(p.n_labels), cy=y(p.value), r=3, fill="#fff", stroke="#555") for p in arm),
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}", role="img", aria_label=f"{metric} over the number of labels",
    )  # fmt: skip


def _scale(values: Sequence[float], start: float, end: float) -> Scale:
    low, high = _span(values)
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    air = ((high - low) or abs(high) or 1.0) * 0.05
    return low - air, high + air


def _axes(xs: Sequence[float], ys: Sequence[float], x: Scale, y: Scale, metric: str) -> Markup:
    floor = HEIGHT - BOTTOM
    parts = [_stroke(LEFT, floor, WIDTH - RIGHT, floor, "#000"), _stroke(LEFT, TOP, LEFT, floor, "#000")]
    for value in ticks(*_span(xs)):
        parts.append(_text(f"{value:g}", x(value), floor + 16, "middle"))
        parts.append(_stroke(x(value), floor, x(value), floor + 4, "#000"))
    for value in ticks(*_span(ys)):
        parts += [
            _stroke(LEFT, y(value), WIDTH - RIGHT, y(value), "#ddd"),
            _text(f"{value:g}", LEFT - 7, y(value) + 4, "end"),
        ]
    parts.append(_text("labels", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "middle"))
    parts.append(_text(metric, LEFT + 6, TOP + 4, "start"))
    return joined(parts)


def _band(shown: Sequence[EstimateView], x: Scale, y: Scale) -> Markup | None:
    known = [point for point in shown if math.isfinite(point.low) and math.isfinite(point.high)]
    upper = [(x(point.n_labels), y(point.high)) for point in known]
    lower = [(x(point.n_labels), y(point.low)) for point in reversed(known)]
    return tag("path", d=f"{_line([*upper, *lower])} Z", fill=BLUE, fill_opacity=0.16) if known else None


def _target(at: float, value: float) -> Markup:
    line = tag("line", x1=LEFT, y1=at, x2=WIDTH - RIGHT, y2=at, stroke="#0b6b4f", stroke_dasharray="7 4")
    return joined([line, _text(f"target {value:g}", WIDTH - RIGHT, at - 5, "end")])


def _stroke(x1: float, y1: float, x2: float, y2: float, color: str) -> Markup:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=color)


def _text(words: str, x: float, y: float, anchor: str) -> Markup:
    return tag("text", words, x=x, y=y, text_anchor=anchor)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
