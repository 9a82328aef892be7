"""Stop a search after many irrelevant items in a row: a heuristic."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from labelwright.check import check_between, check_count
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd


class ConsecutiveIrrelevant(StoppingRule):
    """Stop when so many reviewed items in a row were irrelevant.

    A heuristic that reviewers use. It promises no recall: the last relevant items may be of a kind that the model
    ranks low. Certify with `QBCB` or `Elusion` what matters.

    Parameters
    ----------
    n_items : int
        In a row, at least 1.
    min_share : float
        Share of the collection that must have been reviewed before, in [0, 1].

    References
    ----------
    Boetje, van de Schoot (2024). The SAFE procedure: a practical stopping heuristic for active learning-based screening
    in systematic reviews, Syst. Rev. 13 (50 in a row, and a tenth screened, among other conditions).

    Examples
    --------
    >>> import pandas as pd
    >>> look = pd.DataFrame({"n_seen": [400], "n_unseen": [600], "irrelevant_run": [50]})
    >>> print(ConsecutiveIrrelevant().judge(look).reason)
    50 of 50 items in a row were irrelevant, and 40 % of the collection is reviewed.
    """

    name: ClassVar[str] = "consecutive-irrelevant"
    needs: ClassVar[tuple[str, ...]] = ("n_seen", "n_unseen", "irrelevant_run")
    guarantee: ClassVar[str] = "none: a heuristic"
    reference: ClassVar[str] = "Boetje, van de Schoot (2024). The SAFE procedure, Syst. Rev. 13"

    def __init__(self, *, n_items: int = 50, min_share: float = 0.1) -> None:
        self.n_items = check_count("consecutive-irrelevant", "n_items", n_items)
        check_between("consecutive-irrelevant", "min_share", min_share, 0, 1)
        self.min_share = float(min_share)

    def _judge(self, history: pd.DataFrame) -> Verdict:
        last = history.iloc[-1]
        n_seen, run = int(last["n_seen"]), int(last["irrelevant_run"])
        share = n_seen / max(n_seen + int(last["n_unseen"]), 1)
        reason = Reason("irrelevant-run", {"run": run, "n_items": self.n_items, "share": 100 * share})
        return Verdict(run >= self.n_items and share >= self.min_share, float(run), float(self.n_items), reason)
