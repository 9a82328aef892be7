"""Measures the model on items that were sampled at random."""

from labelwright.evaluation.active import active_test, draw_test_items
from labelwright.evaluation.evaluate import evaluate
from labelwright.evaluation.label_errors import accuracy_despite_label_errors
from labelwright.evaluation.reserve import evaluate_reserve

__all__ = ["accuracy_despite_label_errors", "active_test", "draw_test_items", "evaluate", "evaluate_reserve"]
