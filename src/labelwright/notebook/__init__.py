"""Widgets for a notebook: label a batch by keyboard, and watch the learning curve. Needs ``labelwright[notebook]``."""
