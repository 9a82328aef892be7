"""Fills slots from a strategy, constraints and shares, and decides which person gets which slot."""

from labelwright.policy.assign import Head, assign
from labelwright.policy.base import Policy, Slots
from labelwright.policy.rank import rank
from labelwright.policy.rules import Rules, enough_answers

__all__ = ["Head", "Policy", "Rules", "Slots", "assign", "enough_answers", "rank"]
