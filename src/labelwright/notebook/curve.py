"""A widget that draws a learning curve and goes on drawing it while labels come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from labelwright.notebook.assets import anywidget, asset


class CurveWidget(Protocol):
    """What the widget has; it is one of anywidget.

    Attributes
    ----------
    points : list of [labels, value, low, high]
    """

    points: list[list[float]]

    def show(self, points: Sequence[tuple[int, float, float, float]], counts: Mapping[str, int]) -> None:
        """Draw other points and other numbers of labels by class."""


def curve(name: str) -> CurveWidget:
    """A widget with an empty curve of a figure by the number of labels; ``widget.show(points, counts)`` draws it."""
    import traitlets

    class Curve(anywidget().AnyWidget):  # type: ignore[misc]
        _esm = asset("curve.js")
        _css = asset("notebook.css")
        name = traitlets.Unicode().tag(sync=True)
        points: Any = traitlets.List().tag(sync=True)  # [labels, value, low, high] each
        counts: Any = traitlets.List().tag(sync=True)  # [class, labels] each

        def show(self, points: Sequence[tuple[int, float, float, float]], counts: Mapping[str, int]) -> None:
            """Draw other points and other numbers of labels by class."""
            self.points = [list(point) for point in points]
            self.counts = [[label, n] for label, n in counts.items()]

    made: CurveWidget = Curve(name=name)
    return made
