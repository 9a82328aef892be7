"""Checks that every strategy, rule, task, model, format and executor must pass, those of other distributions included.

Each raises `AssertionError` with what is wrong. Run all over a class:

>>> from labelwright.strategies.margin import Margin
>>> check_strategy(Margin)
"""

from __future__ import annotations

from labelwright.testing.executors import EXECUTOR_CHECKS, check_executor
from labelwright.testing.formats import FORMAT_CHECKS, check_format
from labelwright.testing.models import MODEL_CHECKS, check_model
from labelwright.testing.stopping import RULE_CHECKS, check_rule
from labelwright.testing.strategies import STRATEGY_CHECKS, check_strategy
from labelwright.testing.tasks import TASK_CHECKS, check_task

__all__ = [
    "EXECUTOR_CHECKS",
    "FORMAT_CHECKS",
    "MODEL_CHECKS",
    "RULE_CHECKS",
    "STRATEGY_CHECKS",
    "TASK_CHECKS",
    "check_executor",
    "check_format",
    "check_model",
    "check_rule",
    "check_strategy",
    "check_task",
]
