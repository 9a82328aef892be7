"""Whether something has changed: one file a test of two samples, one file a detector of a stream.

The package itself can be called: ``labelwright.drift(reference, current)`` is `labelwright.drift.detect.drift`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

from labelwright.drift.base import Drift, DriftTest
from labelwright.drift.detect import drift
from labelwright.drift.detector import Alarm, Detector
from labelwright.drift.monitor import DriftMonitor
from labelwright.registry import plugins

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

__all__ = ["Alarm", "Detector", "Drift", "DriftMonitor", "DriftTest", "detectors", "drift", "names", "table"]


def names() -> list[str]:
    """The tests there are, sorted.

    >>> names()
    ['classifier', 'columns', 'label-shift', 'mmd']
    """
    return list(plugins(__name__, DriftTest))


def detectors() -> list[str]:
    """The detectors there are, sorted.

    >>> detectors()
    ['adwin', 'page-hinkley']
    """
    return list(plugins(__name__, Detector))


def table() -> pd.DataFrame:
    """A row a test: name, takes, effect, reference."""
    import pandas as pd

    columns = ("name", "takes", "effect", "reference")
    rows = [{column: getattr(kind, column) for column in columns} for kind in plugins(__name__, DriftTest).values()]
    return pd.DataFrame(rows, columns=list(columns))


class _Callable(ModuleType):
    def __call__(
        self, reference: npt.ArrayLike | pd.DataFrame, current: npt.ArrayLike | pd.DataFrame, *, method: str = "mmd",
        groups: Sequence[npt.ArrayLike] | None = None, y: npt.ArrayLike | None = None, random_state: int = 0,
        **params: object,
    ) -> Drift:  # fmt: skip
        return drift(
            reference, current, method=method, groups=groups, y=y, random_state=random_state, **params
        )  # fmt: skip


sys.modules[__name__].__class__ = _Callable
