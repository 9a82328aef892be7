"""How good the model is, on items that it never chose."""

from labelwright.evaluation.reserve import evaluate_reserve

__all__ = ["evaluate_reserve"]
