"""Results of strategies on real data sets: a summary of benchmark lines, and its curves as a picture."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from gallery_svg import PALETTE, Canvas

from labelwright.stats.paired import corrected_resampled_t
from labelwright.testing.samples import sample_task

PARTS = {"wide": "classification", "regression": "regression"}  # parts of `benchmarks.labels` that play all strategies
LEARNERS = {"lr": "logistic regression", "ridge": "ridge regression"}
BASELINE = "random"
TEST_SHARE = 0.3  # what simulate holds back, if nobody says otherwise
PANEL_WIDTH, PANEL_HEIGHT, GAP = 330, 200, 14


def measure(lines: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Summarise runs: by set the settings, and by strategy its mean curve and its gain over random.

    Parameters
    ----------
    lines : iterable of dict
        As `benchmarks.label_runs.run` gives them; of two of one run the later counts. Batches, starts and learners
        are those of the last line of a set.

    Returns
    -------
    summary : dict
        By set: ``task, metric, higher_is_better, learner, batch, n_initial, labels`` and ``strategies``, each with
        ``seeds`` (those that random was played with too), ``delta, low, high`` of the area under the curve, paired,
        ``curve``, the mean, and ``gain``, the mean of what it is above random's.
    """
    runs: dict[str, dict[tuple[str, int], dict[str, Any]]] = defaultdict(dict)
    for line in lines:
        if line["part"] in PARTS:
            runs[line["set"]][line["strategy"], line["seed"]] = line
    return {name: _set(found) for name, found in sorted(runs.items())}


def _set(runs: dict[tuple[str, int], dict[str, Any]]) -> dict[str, Any]:
    last = list(runs.values())[-1]
    same = ("part", "learner", "batch", "n_initial", "labels")
    runs = {key: line for key, line in runs.items() if all(line[k] == last[k] for k in same)}
    task = sample_task(PARTS[last["part"]])
    curves: dict[str, dict[int, Any]] = defaultdict(dict)
    for (strategy, seed), line in sorted(runs.items()):
        curves[strategy][seed] = np.array(line["values"])
    labels = np.array(last["labels"], dtype=float)
    return {
        "task": task.name, "metric": task.default_metric,
        "higher_is_better": task.higher_is_better(task.default_metric),
        "learner": last["learner"], "batch": last["batch"], "n_initial": last["n_initial"], "labels": last["labels"],
        "strategies": {name: _against(found, curves.get(BASELINE, {}), labels) for name, found in curves.items()
                       if set(found) & set(curves.get(BASELINE, {}))},
    }  # fmt: skip


def _against(curves: dict[int, Any], baseline: dict[int, Any], labels: Any) -> dict[str, Any]:
    seeds = sorted(set(curves) & set(baseline))
    areas = [np.trapezoid(curves[s] - baseline[s], labels) / np.ptp(labels) for s in seeds]
    estimate = corrected_resampled_t(np.array(areas), test_share=TEST_SHARE).estimate
    figures = {key: None if np.isnan(v) else round(float(v), 4) for key, v in
            (("delta", estimate.value), ("low", estimate.low), ("high", estimate.high))}  # fmt: skip
    curve = np.mean([curves[s] for s in seeds], axis=0)
    gain = np.mean([curves[s] - baseline[s] for s in seeds], axis=0)
    return {"seeds": len(seeds), **figures, "curve": curve.round(4).tolist(), "gain": gain.round(4).tolist()}


def read(path: Path) -> dict[str, Any]:
    """The summary; nothing where nothing was measured."""
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def write(path: Path, summary: dict[str, Any]) -> None:
    """The summary, a line a strategy."""
    sets = []
    for name, one in summary.items():
        rows = ",\n".join(f"    {json.dumps(key)}: {json.dumps(row)}" for key, row in one["strategies"].items())
        head = json.dumps({key: value for key, value in one.items() if key != "strategies"})
        sets.append(f'  {json.dumps(name)}: {head[:-1]}, "strategies": {{\n{rows}\n  }}}}')
    path.write_text("{\n" + ",\n".join(sets) + "\n}\n", "utf-8")


def table(summary: dict[str, Any], strategy: str) -> list[str]:
    """A Markdown table of one strategy; a sentence where there is nothing."""
    rows = []
    for name, one in summary.items():
        row = one["strategies"].get(strategy)
        if row is not None:
            ends = f"{row['curve'][0]:.3f} to {row['curve'][-1]:.3f}"
            span = "" if row["low"] is None else f" [{row['low']:+.3f}, {row['high']:+.3f}]"
            metric = one["metric"] + ("" if one["higher_is_better"] else " (lower is better)")
            over = "the baseline" if strategy == BASELINE else f"{row['delta']:+.3f}{span}"
            rows.append(f"| {name} | {metric} | {ends} | {over} | {row['seeds']} |")
    if not rows:
        return ["Not measured."]
    head = "| measured on | metric | first to last value | area under the curve, minus that of random | seeds |"
    return [head, f"|{'---|' * 5}", *rows]


def curves(summary: dict[str, Any], strategies: Sequence[str], title: str) -> str | None:
    """Mean curves of some strategies above random's, a panel a set; None where none was measured.

    What strategies differ in is a few hundredths, which nobody sees in curves that rise by half.
    """
    wanted = set(strategies) - {BASELINE}
    shown = {name: one for name, one in summary.items() if wanted & set(one["strategies"])}
    if not shown:
        return None
    measured = [s for s in strategies if any(s in one["strategies"] for one in shown.values())]
    columns = min(2, len(shown))
    n_rows = -(-len(shown) // columns)
    names = [BASELINE, *[s for s in measured if s != BASELINE]]
    legend_rows = -(-len(names) // 4)
    width = columns * (PANEL_WIDTH + GAP) + GAP
    canvas = Canvas(width, n_rows * (PANEL_HEIGHT + GAP) + 20 * legend_rows + 10, title)
    style = {BASELINE: ("#8c8c8c", "none")}
    for k, name in enumerate(names[1:]):
        style[name] = (PALETTE[k % len(PALETTE)], "none" if k < len(PALETTE) else "5 3")
    for k, (name, one) in enumerate(shown.items()):
        left, top = GAP + (k % columns) * (PANEL_WIDTH + GAP), (k // columns) * (PANEL_HEIGHT + GAP)
        _panel(canvas, left, top, name, one, style)
    for k, name in enumerate(names):
        x, y = GAP + (k % 4) * (width - GAP) / 4, n_rows * (PANEL_HEIGHT + GAP) + 14 + 20 * (k // 4)
        colour, dash = style[name]
        canvas.line([(x, y - 3.5), (x + 20, y - 3.5)], colour, 2.5, stroke_dasharray=dash)
        canvas.text(x + 25, y, name, 11)
    return str(canvas)


def _panel(canvas: Canvas, left: float, top: float, name: str, one: dict[str, Any], style: dict[str, Any]) -> None:
    """One set: random is the line at zero."""
    drawn = {s: np.array(row["gain"]) for s, row in one["strategies"].items() if s in style}
    start, *_, end = one["strategies"][BASELINE]["curve"]
    labels = np.array(one["labels"], dtype=float)
    low, high = min(-0.005, *(c.min() for c in drawn.values())), max(0.005, *(c.max() for c in drawn.values()))
    x0, x1, y0, y1 = left + 44, left + PANEL_WIDTH - 6, top + PANEL_HEIGHT - 22, top + 26
    xs = x0 + (labels - labels[0]) / max(float(np.ptp(labels)), 1e-9) * (x1 - x0)

    def height(values: Any) -> Any:
        return y0 - (values - low) / (high - low) * (y0 - y1)

    canvas.text(left, top + 16, f"{name}", 12, font_weight="bold")
    worse = "" if one["higher_is_better"] else ", lower is better"
    caption = f"{one['metric']} minus random's ({start:.2f} to {end:.2f}){worse}"
    canvas.text(left + PANEL_WIDTH - 6, top + 16, caption, text_anchor="end")
    for value in sorted({round(float(v), 3) for v in (low, 0.0, high)}):
        canvas.line([(x0, height(value)), (x1, height(value))], "#dddddd", 1)
        crowded = value != 0 and abs(height(value) - height(0.0)) < 11
        canvas.text(
            x0 - 5, height(value) + 3.5, "" if crowded else f"{value:+.3f}" if value else "0", text_anchor="end"
        )
    for k in (0, len(labels) // 2, len(labels) - 1):
        last = k == len(labels) - 1
        canvas.text(
            xs[k], y0 + 14, f"{labels[k]:.0f}{' labels' if last else ''}", text_anchor="end" if last else "middle"
        )
    for strategy in sorted(drawn, key=list(style).index):
        colour, dash = style[strategy]
        path = np.stack([xs, height(drawn[strategy])], axis=1)
        canvas.line(path, colour, 3 if strategy == BASELINE else 1.8, stroke_dasharray=dash)
