"""Pictures of the picks of each strategy on one small pool for each task."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from contourpy import contour_generator
from gallery_svg import INK, PALE, POOL, Canvas, simplified

import labelwright as lw
from labelwright.strategies import Selection, Strategy, make

Array = npt.NDArray[Any]

N_LABELED, N_PICKS = 12, 12
WIDTH, HEIGHT, LEGEND = 420, 300, 24
SOURCE_LEFT_OF = -0.5
GRID = 56  # steps of the grid that contours are found on
RADIUS = 8.0  # of a numbered disc
SHOWN: dict[str, dict[str, Any]] = {"neighbours-only": {"k": 4, "strategy": "margin"}}  # else it sees the whole pool
ASKED, RANDOM, AGAIN = "asked", "random", "asked again"  # kinds of picks
CLASSES = ("#0072b2", "#e69f00", "#009e73")
RAMP = ("#f4f8fc", "#e3eef8", "#cfe1f2", "#b5d4e9", "#93c3df", "#6daed5", "#4b97c9")
BOX = np.array([[-4.2, 4.2], [-3.0, 3.0]])  # what is seen: x, y


@dataclass(frozen=True)
class Pool:
    """Items, a model of the labeled ones, and who answered what."""

    X: Array
    y: Array
    X_labeled: Array
    y_labeled: Array
    model: Any
    annotations: tuple[Array, Array, Array]


@cache
def pool(task: str) -> Pool:
    """The pool of a task: classes of uneven size with stray items, two labels, or a hilly number."""
    from sklearn.kernel_ridge import KernelRidge
    from sklearn.linear_model import LogisticRegression
    from sklearn.multioutput import MultiOutputClassifier

    rng = np.random.default_rng(11)
    sizes, centres = (130, 70, 22), np.array([[-1.5, -0.5], [1.7, -0.9], [0.9, 1.7]])
    spreads = np.array([[0.95, 0.75], [0.7, 0.65], [0.4, 0.35]])
    X = np.concatenate([c + s * rng.normal(size=(n, 2)) for n, c, s in zip(sizes, centres, spreads, strict=True)])
    y = np.repeat(np.arange(3), sizes)
    stray = np.array([[-3.7, 2.4], [-3.2, 2.0], [3.7, 2.3], [3.6, -2.6], [-0.9, 2.6]])
    X, y = np.concatenate([X, stray]), np.concatenate([y, [0, 0, 2, 1, 2]])
    X = np.clip(X, BOX[:, 0] + 0.25, BOX[:, 1] - 0.25)
    labeled = np.sort(np.concatenate([rng.choice(np.flatnonzero(y[:-5] == k), 4, replace=False) for k in range(3)]))
    model: Any = LogisticRegression()
    if task == "multilabel":
        noise = 0.5 * rng.normal(size=(len(X), 2))
        y = np.stack([X[:, 0] + 0.3 * X[:, 1] < -0.2 + noise[:, 0], X[:, 1] > 0.0 + noise[:, 1]], axis=1).astype(int)
        model = MultiOutputClassifier(LogisticRegression())
    elif task == "regression":
        labeled = np.sort(rng.choice(len(X) - 5, N_LABELED, replace=False))
        y = 3 * np.exp(-((X[:, 0] + 1.6) ** 2 + (X[:, 1] + 0.4) ** 2) / 1.6) + X[:, 0] + 0.1 * rng.normal(size=len(X))
        model = KernelRidge(kernel="rbf", gamma=0.3, alpha=0.1)
    rest = np.setdiff1d(np.arange(len(X)), labeled)
    who = np.arange(2 * N_LABELED) % 3
    answers = np.concatenate([y[labeled], y[labeled]])
    if task == "classification":  # the third person is often wrong
        answers = np.where((who == 2) & (np.arange(len(who)) % 2 == 0), (answers + 1) % 3, answers)
    annotations = (np.tile(np.arange(N_LABELED), 2), who, answers)
    return Pool(X[rest], y[rest], X[labeled], y[labeled], model.fit(X[labeled], y[labeled]), annotations)


def task_of(kind: type[Strategy]) -> str:
    """The task whose pool shows a strategy best."""
    return "regression" if kind.family == "regression" else kind.tasks[0]


def shown_with(name: str) -> str:
    """The parameters that a picture was made with, where they are not the defaults."""
    return "".join(f", {key}={value!r}" for key, value in SHOWN.get(name, {}).items())


def picks(name: str, task: str, *, cold: bool = False) -> Selection:
    """What a strategy asks first on a task's pool; cold: with nothing labeled."""
    p = pool(task)
    if cold:
        return lw.select(name, np.concatenate([p.X, p.X_labeled]), n=N_PICKS)
    strategy = make(name, **SHOWN.get(name, {}))
    source = p.X[:, 0] < SOURCE_LEFT_OF  # a domain that has the left part of the plane alone
    given = {"X_source": p.X[source], "y_source": p.y[source]} if "source" in strategy.needs else {}
    return lw.select(
        strategy, p.X, n=N_PICKS, model=p.model, X_labeled=p.X_labeled, y_labeled=p.y_labeled, embed=np.asarray,
        annotations=p.annotations if task == "classification" else None, **given,
    )  # fmt: skip


def picture(name: str, task: str, *, cold: bool = False) -> str:
    """The pool, the predictions, the labeled items and the numbered picks; cold: the pool and the picks alone."""
    p, found = pool(task), picks(name, task, cold=cold)
    begun = "nothing labeled" if cold else f"{N_LABELED} labeled"
    order = " ".join(f"{source}:{k}" for source, k in zip(found.source, found.indices, strict=True))
    title = f"{name}: {N_PICKS} picks on the {task} pool, {begun}{shown_with(name)}"
    canvas = Canvas(WIDTH, HEIGHT + LEGEND, title, f"Asked, in order: {order}")
    X, known = (np.concatenate([p.X, p.X_labeled]), p.X[:0]) if cold else (p.X, p.X_labeled)
    again, random = found.source == "labeled", found.origin == "random"
    if cold:
        canvas.add("rect", width=WIDTH, height=HEIGHT, fill="#f3f4f6")
    else:
        {"classification": _regions, "multilabel": _halves, "regression": _bands}[task](canvas, p)
    canvas.dots(_seen(np.delete(X, found.indices[~again], axis=0)), 2.2, POOL)
    for at, y in zip(_seen(known), p.y_labeled, strict=False):
        _marker(canvas, at, y, task, p)
    spots = np.array([(p.X_labeled if a else X)[k] for a, k in zip(again, found.indices, strict=True)])
    kinds = np.where(again, AGAIN, np.where(random, RANDOM, ASKED))
    _numbers(canvas, _seen(spots), _seen(known), kinds)
    _legend(canvas, "" if cold else task, [kind for kind in (ASKED, RANDOM, AGAIN) if kind in kinds])
    return str(canvas)


# --- predictions over the plane


def _seen(X: Array) -> Array:
    """Features to pixels."""
    share = (X - BOX[:, 0]) / (BOX[:, 1] - BOX[:, 0])
    return np.stack([share[:, 0] * WIDTH, (1 - share[:, 1]) * HEIGHT], axis=1)


def _grid() -> tuple[Array, Array, Array]:
    (left, right), (low, high) = BOX
    x, y = np.linspace(left, right, GRID), np.linspace(low, high, GRID * 3 // 4)
    return x, y, np.stack([a.ravel() for a in np.meshgrid(x, y)], axis=1)


def _filled(canvas: Canvas, values: Array, low: float, high: float, colour: str, opacity: float) -> None:
    x, y, _ = _grid()
    generator = contour_generator(x, y, values.reshape(len(y), len(x)), fill_type="OuterOffset")
    rings = []
    for outline, offsets in zip(*generator.filled(low, high), strict=True):
        rings += [simplified(_seen(outline[a:b])) for a, b in pairwise(offsets)]
    canvas.area(rings, colour, fill_opacity=opacity)


def _border(canvas: Canvas, values: Array) -> None:
    x, y, _ = _grid()
    for line in contour_generator(x, y, values.reshape(len(y), len(x))).lines(0.0):
        canvas.line(simplified(_seen(np.asarray(line))), PALE, 2.0)


def _regions(canvas: Canvas, p: Pool) -> None:
    proba = p.model.predict_proba(_grid()[2])
    for k, colour in enumerate(CLASSES):
        lead = proba[:, k] - np.delete(proba, k, axis=1).max(axis=1)
        _filled(canvas, lead, 0.0, 2.0, colour, 0.13)
        _filled(canvas, lead, 0.5, 2.0, colour, 0.13)


def _halves(canvas: Canvas, p: Pool) -> None:
    for part, colour in zip(p.model.predict_proba(_grid()[2]), CLASSES, strict=False):
        _filled(canvas, part[:, 1] - 0.5, 0.0, 1.0, colour, 0.2)
        _border(canvas, part[:, 1] - 0.5)


def _bands(canvas: Canvas, p: Pool) -> None:
    values = p.model.predict(_grid()[2])
    steps = _steps(p)
    for low, high, colour in zip([-99.0, *steps], [*steps, 99.0], RAMP, strict=True):
        _filled(canvas, values, low, high, colour, 1.0)


def _steps(p: Pool) -> Array:
    return np.linspace(p.y_labeled.min(), p.y_labeled.max(), len(RAMP) + 1)[1:-1]


# --- items


def _marker(canvas: Canvas, at: Array, y: Any, task: str, p: Pool) -> None:
    """A labeled item: shape and colour say its class, halves its labels, the shade its number."""
    x0, y0 = at
    edge: dict[str, Any] = {"stroke": INK, "stroke_width": 1.2}
    if task == "multilabel":
        for on, sweep, colour in zip(y, (0, 1), CLASSES, strict=False):
            half = f"M{x0:.1f},{y0 - 6:.1f}A6,6,0,0,{sweep},{x0:.1f},{y0 + 6:.1f}z"
            canvas.add("path", d=half, fill=colour if on else PALE, **edge)
    elif task == "regression":
        shade = RAMP[int(np.searchsorted(_steps(p), y))]
        canvas.add("path", d=f"M{x0:.1f},{y0 - 7.5:.1f}l7.5,7.5l-7.5,7.5l-7.5,-7.5z", fill=shade, **edge)
    elif y == 0:
        canvas.add("circle", cx=x0, cy=y0, r=5.5, fill=CLASSES[0], **edge)
    elif y == 1:
        canvas.add("rect", x=x0 - 5, y=y0 - 5, width=10, height=10, fill=CLASSES[1], **edge)
    else:
        canvas.add("path", d=f"M{x0:.1f},{y0 - 6.5:.1f}l6.5,11h-13z", fill=CLASSES[2], **edge)


def _numbers(canvas: Canvas, spots: Array, known: Array, kinds: Array) -> None:
    """Numbered discs, pushed apart where they would cover each other, each tied to its item."""
    places = _apart(spots, known)
    for spot, place in zip(spots, places, strict=True):
        if np.hypot(*(spot - place)) > 1:
            canvas.line([spot, place], INK, 1.2)
    canvas.dots(spots, 2.6, INK)
    for k, ((x, y), kind) in enumerate(zip(places, kinds, strict=True), 1):
        _disc(canvas, x, y, str(k), kind)


def _disc(canvas: Canvas, x: float, y: float, text: str, kind: str) -> None:
    back, front, edge = {ASKED: (INK, PALE, PALE), RANDOM: (PALE, INK, INK), AGAIN: ("#d55e00", PALE, INK)}[kind]
    canvas.add("circle", cx=x, cy=y, r=RADIUS, fill=back, stroke=edge, stroke_width=1.2)
    canvas.text(x, y + 3.5, text, 10, fill=front, font_weight="bold", text_anchor="middle")


def _apart(spots: Array, known: Array) -> Array:
    """Places near the spots, no two nearer than a disc, none on what is labeled."""
    turn = 2.4 * np.arange(len(spots))
    places = spots + 0.1 * np.stack([np.cos(turn), np.sin(turn)], axis=1)  # ties go apart, too
    need = np.full((len(spots), len(spots) + len(known)), 2 * RADIUS + 1.5)
    need[:, len(spots) :] = RADIUS + 6.5
    np.fill_diagonal(need, 0)
    share = np.repeat([0.5, 1.0], [len(spots), len(known)])[:, None]  # what is labeled does not give way
    for _ in range(400):
        away = places[:, None] - np.concatenate([places, known])[None]
        distance = np.maximum(np.hypot(away[..., 0], away[..., 1]), 1e-6)
        push = (np.maximum(need - distance, 0) / distance)[..., None] * away * share
        places = np.clip(places + 0.5 * push.sum(axis=1), RADIUS + 1, [WIDTH - RADIUS - 1, HEIGHT - RADIUS - 1])
    return np.where(np.hypot(*(places - spots).T)[:, None] > 1, places, spots)


def _legend(canvas: Canvas, task: str, kinds: list[str]) -> None:
    base, x = HEIGHT + LEGEND / 2, 86.0
    canvas.add("rect", y=HEIGHT, width=WIDTH, height=LEGEND, fill=PALE)
    canvas.dots([(12, base)], 2.2, POOL)
    canvas.text(20, base + 3.5, "not labeled")
    if task:
        y = pool(task).y_labeled
        legends: dict[str, tuple[list[Any], str]] = {
            "classification": ([0, 1, 2], "labeled, by class"),
            "multilabel": ([np.array([1, 0]), np.array([0, 1])], "labeled, one half a label"),
            "regression": ([y.min(), y.max()], "labeled, low to high"),
        }
        marks, words = legends[task]
        for mark in marks:
            x += 16
            _marker(canvas, np.array([x - 8, base]), mark, task, pool(task))
        canvas.text(x + 3, base + 3.5, words)
        x += 3 + 5.2 * len(words)
    for kind in kinds:
        _disc(canvas, x + 14, base, "1", kind)
        canvas.text(x + 26, base + 3.5, kind)
        x += 32 + 5.2 * len(kind)
