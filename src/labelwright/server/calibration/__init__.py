"""Routes about calibration sessions and trainings."""
