"""Intervals and tests; all other packages use these."""

from labelwright.stats.estimate import Estimate
from labelwright.stats.intervals import bootstrap, half_width, mean_interval, wilson
from labelwright.stats.paired import corrected_resampled_t

__all__ = ["Estimate", "bootstrap", "corrected_resampled_t", "half_width", "mean_interval", "wilson"]
