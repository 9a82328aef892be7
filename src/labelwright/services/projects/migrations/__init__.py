"""Merging and splitting labels: planned, previewed, and applied or proposed. Answers in the record never change."""
