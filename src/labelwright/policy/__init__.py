"""Strategy, quotas and shares make slots; slots and rules make what a person gets."""

from labelwright.policy.assign import Head, Rules, assign
from labelwright.policy.base import Policy, Slots
from labelwright.policy.rank import rank

__all__ = ["Head", "Policy", "Rules", "Slots", "assign", "rank"]
