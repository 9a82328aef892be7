"""A widget that asks about the items of a batch, one after the other, by the keys of the web app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from labelwright.notebook.assets import anywidget, asset
from labelwright.plain import JsonObject

Done = Callable[[list[object | None]], "Page | None"]


class Page:
    """What is asked now: items as they are shown, and what stands above them."""

    def __init__(self, items: Sequence[JsonObject], title: str) -> None:
        self.items, self.title = list(items), title


class LabelingWidget(Protocol):
    """What the widget has; it is one of anywidget.

    Attributes
    ----------
    labels : list
        The values of the page so far; None where nothing is chosen, or it was skipped.
    chosen : list of int or None
        A position among the classes, -1 where it was skipped, None where nothing is chosen yet.
    confirmed : int
        How many pages the person has confirmed.
    title, state, problem : str
    """

    chosen: list[int | None]
    confirmed: int
    title: str
    state: str
    problem: str

    @property
    def labels(self) -> list[object | None]: ...


def labeling(page: Page, classes: Sequence[object], done: Done) -> LabelingWidget:
    """A widget that asks about a page, and about the next one that `done` gives.

    Parameters
    ----------
    page : Page
    classes : sequence
        Values to choose from; what is shown is their text.
    done : callable
        Called with the values of a page in its order, None where it was skipped, once all are answered and confirmed;
        gives the next page, or None if there is none.

    Returns
    -------
    widget : LabelingWidget
    """
    import traitlets

    values = list(classes)

    class Labeling(anywidget().AnyWidget):  # type: ignore[misc]
        _esm = asset("labeling.js")
        _css = asset("notebook.css")
        items: Any = traitlets.List().tag(sync=True)
        classes: Any = traitlets.List().tag(sync=True)
        chosen: Any = traitlets.List().tag(sync=True)  # a position in classes, -1 skipped, None not yet
        title = traitlets.Unicode().tag(sync=True)
        state = traitlets.Unicode("asking").tag(sync=True)  # "asking", "busy", "ended" or "failed"
        problem = traitlets.Unicode("").tag(sync=True)
        confirmed = traitlets.Int(0).tag(sync=True)  # how many pages the person has confirmed

        @property
        def labels(self) -> list[object | None]:
            """The values of the page so far."""
            return [values[k] if k is not None and k >= 0 else None for k in self.chosen]

        @traitlets.observe("confirmed")
        def _confirmed(self, _change: object) -> None:
            if self.state == "busy" or any(k is None for k in self.chosen):
                return
            self.state, self.problem = "busy", ""
            try:
                following = done(self.labels)
            except Exception as error:
                self.state, self.problem = "failed", f"{type(error).__name__}: {error}"
                return
            if following is None:
                self.state = "ended"
            else:
                self.ask(following)

        def ask(self, page: Page) -> None:
            """Ask about another page."""
            self.items, self.title = page.items, page.title
            self.chosen, self.state = [None] * len(page.items), "asking"

    widget = Labeling(classes=[str(value) for value in values])
    widget.ask(page)
    made: LabelingWidget = widget
    return made
