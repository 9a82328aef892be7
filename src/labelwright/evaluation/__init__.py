"""Measures the model on items that were sampled at random."""

from labelwright.evaluation.reserve import evaluate_reserve

__all__ = ["evaluate_reserve"]
