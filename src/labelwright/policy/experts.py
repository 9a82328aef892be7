"""Which slots are for experts: the chosen ones that the model doubts most."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labelwright.check import Floats, check_between, check_same_length
from labelwright.policy import kinds
from labelwright.policy.base import Slots
from labelwright.strategies.shared.selection import ANYONE, EXPERTS


def hard_to_experts(slots: Slots, doubt: Floats, share: float) -> Slots:
    """The same order, with the most doubtful part of the chosen slots marked for experts.

    Parameters
    ----------
    doubt : array of shape (n_slots,)
        The model's, of each slot's item.
    share : float
        Of the chosen slots that are not for a person already, in [0, 1]; rounded down.

    Examples
    --------
    >>> slots = Slots(np.arange(4), np.array(["chosen"] * 3 + ["random"]), np.zeros(4, np.float32), np.full(4, np.nan))
    >>> hard_to_experts(slots, np.array([0.1, 0.9, 0.2, 1.0]), 0.5).whom
    array([-1, -2, -1, -1])
    """
    check_same_length("hard_to_experts", slots=len(slots), doubt=len(doubt))
    check_between("hard_to_experts", "share", share, 0, 1)
    whom = np.full(len(slots), ANYONE) if slots.whom is None else slots.whom.copy()
    open_ = np.flatnonzero(np.isin(slots.kind, kinds.chosen()) & (whom == ANYONE))
    hardest = open_[np.argsort(-doubt[open_], kind="stable")][: int(share * len(open_))]
    whom[hardest] = EXPERTS
    return replace(slots, whom=whom)
