"""A small SVG canvas: a picture of the gallery has a few kilobytes, and the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

INK, PALE, POOL = "#1a1a1a", "#ffffff", "#8c8c8c"
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#6a3d9a", "#7a5c00")  # Okabe, Ito first


def number(value: float) -> str:
    """A coordinate, to a tenth.

    >>> number(3.0), number(-0.04), number(12.345)
    ('3', '0', '12.3')
    """
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0", 1 if round(value, 1) == 0 else 0)


def points(path: Iterable[Sequence[float]]) -> str:
    """Corners of a path, without those that a tenth does not tell apart."""
    corners = list(dict.fromkeys(f"{number(x)},{number(y)}" for x, y in path))
    return " ".join(corners)


def simplified(path: npt.NDArray[Any], tolerance: float = 0.4) -> npt.NDArray[Any]:
    """The corners without which the path would move by more than the tolerance (Douglas and Peucker).

    >>> simplified(np.array([[0.0, 0.0], [1.0, 0.1], [2.0, 0.0], [2.0, 2.0]])).tolist()
    [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]]
    """
    first, last = path[0], path[-1]
    along = last - first
    length = float(np.hypot(*along))
    off = path - first
    far = np.hypot(*off.T) if length < 1e-9 else np.abs(off[:, 0] * along[1] - off[:, 1] * along[0]) / length
    k = int(far.argmax())
    if far[k] <= tolerance:
        return np.stack([first, last])
    return np.concatenate([simplified(path[: k + 1], tolerance)[:-1], simplified(path[k:], tolerance)])


class Canvas:
    """Shapes in the order drawn, on a background of its own."""

    def __init__(self, width: int, height: int, title: str, description: str = "") -> None:
        self.width, self.height, self.title, self.description = width, height, title, description
        self.parts: list[str] = []

    def add(self, tag: str, content: str = "", **attributes: Any) -> None:
        """One element; `stroke_width` becomes ``stroke-width``."""
        markup = "".join(
            f' {key.replace("_", "-")}="{number(value) if isinstance(value, float) else value}"'
            for key, value in attributes.items()
        )
        self.parts.append(f"<{tag}{markup}>{content}</{tag}>" if content else f"<{tag}{markup}/>")

    def dots(self, where: Iterable[Sequence[float]], radius: float, colour: str, **more: Any) -> None:
        """Many equal dots in one path."""
        path = "".join(f"M{number(x)},{number(y)}h0" for x, y in where)
        self.add("path", d=path, stroke=colour, stroke_width=2 * radius, stroke_linecap="round", **more)

    def line(self, path: Iterable[Sequence[float]], colour: str, width: float, **more: Any) -> None:
        """An open line."""
        self.add("polyline", points=points(path), fill="none", stroke=colour, stroke_width=width, **more)

    def area(self, rings: Iterable[Iterable[Sequence[float]]], colour: str, **more: Any) -> None:
        """Filled rings; holes are rings too."""
        path = "".join(f"M{points(ring)}z" for ring in rings)
        if path:
            self.add("path", d=path, fill=colour, fill_rule="evenodd", **more)

    def text(self, x: float, y: float, content: str, size: float = 10.0, **more: Any) -> None:
        """A line of text; x is where it begins."""
        self.add("text", escape(content), x=float(x), y=float(y), font_size=float(size), **({"fill": INK} | more))

    def __str__(self) -> str:
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" font-family="Helvetica, Arial, sans-serif" role="img">'
        )
        back = f'<rect width="{self.width}" height="{self.height}" fill="{PALE}"/>'
        parts = [f"<title>{escape(self.title)}</title>"]
        parts += [f"<desc>{escape(self.description)}</desc>"] if self.description else []
        return "\n".join([head, *parts, back, *self.parts, "</svg>", ""])
