"""Stop a search where its gain curve bends: a heuristic."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from labelwright.check import check_count
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd


class Knee(StoppingRule):
    """Stop when relevant items came much more often before some look than since it.

    A heuristic, tuned on legal collections of many thousand documents. It promises no recall.

    Parameters
    ----------
    min_seen : int
        Reviewed items before which it never stops.

    Notes
    -----
    At each look i before the last look s: the found relevant items an item until i, divided by one more than those
    found since, an item since. The largest ratio must be at least ``156 - min(n_found, 150)``: 6 where 150 or more are
    found.

    References
    ----------
    Cormack, Grossman (2016). Engineering quality and reliability in technology-assisted review, SIGIR.

    Examples
    --------
    >>> import pandas as pd
    >>> Knee(min_seen=100).judge(pd.DataFrame({"n_seen": [300, 2300], "n_found": [200, 203]})).value
    333.33...
    """

    name: ClassVar[str] = "knee"
    needs: ClassVar[tuple[str, ...]] = ("n_seen", "n_found")
    guarantee: ClassVar[str] = "none: a heuristic"
    reference: ClassVar[str] = "Cormack, Grossman (2016). Engineering quality and reliability in TAR, SIGIR"

    def __init__(self, *, min_seen: int = 100) -> None:
        self.min_seen = check_count("knee", "min_seen", min_seen)

    def _judge(self, history: pd.DataFrame) -> Verdict:
        seen, found = history["n_seen"].to_numpy(dtype=float), history["n_found"].to_numpy(dtype=float)
        limit = 156.0 - min(float(found[-1]), 150.0)
        before = (seen > 0) & (seen < seen[-1])
        ratio = 0.0
        if before.any():
            i, found_i = seen[before], found[before]
            ratio = float(np.max((found_i / i) / ((1 + found[-1] - found_i) / (seen[-1] - i))))
        if seen[-1] < self.min_seen:
            figures = {"n_seen": int(seen[-1]), "min_seen": self.min_seen}
            return Verdict(False, ratio, limit, Reason("knee-too-early", figures))
        return Verdict(ratio >= limit, ratio, limit, Reason("knee-ratio", {"ratio": ratio, "limit": limit}))
