"""What errors a project may make, and what is left of each: nothing else spends any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labelwright.annotators.evidence import ALPHA as ALARM_ALPHA
from labelwright.engine import sealed
from labelwright.engine.guards import past_guards
from labelwright.engine.project import Project
from labelwright.policy import guard
from labelwright.stats.certify import ALPHA
from labelwright.stopping.plateau import Plateau, counted_looks
from labelwright.store.rows import Rows
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd

NEWEST: Final = 10**12  # beyond any cycle


@dataclass(frozen=True)
class Entry:
    """One kind of statement that may be wrong.

    Attributes
    ----------
    name : str
        "certificates", "plateau", "guard" or "people".
    alpha : float
        The chance that any statement of this kind is wrong, over all its looks.
    looks, used : int, optional
        Declared, and used; None where there is no limit.
    text : str
    """

    name: str
    alpha: float
    looks: int | None
    used: int | None
    text: str


def entries(rows: Rows, project: Project, history: pd.DataFrame) -> list[Entry]:
    """Every kind of statement that a project makes."""
    goal = project.goal
    found = []
    if goal is not None:
        last = sealed.asked(rows)
        used = len(sealed.openings(rows))
        openings = last.openings if last is not None and used else goal.openings
        found.append(_entry("certificates", ALPHA, openings, used))
    plateau = next((rule for rule in (one.make() for one in project.rules) if isinstance(rule, Plateau)), None)
    if plateau is not None:
        used = min(len(counted_looks(history, plateau.first)), plateau.n_looks) if "change" in history else 0
        found.append(_entry("plateau", plateau.alpha, plateau.n_looks, used))
    if project.policy.guard:
        found.append(_entry("guard", guard.ALPHA, guard.MAX_LOOKS, len(past_guards(rows, NEWEST))))
    return [*found, _entry("people", ALARM_ALPHA, None, None)]


def _entry(name: str, alpha: float, looks: int | None, used: int | None) -> Entry:
    return Entry(name, alpha, looks, used, str(Reason(f"ledger-{name}", {"alpha": alpha})))
