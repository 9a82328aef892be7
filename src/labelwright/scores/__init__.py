"""Predictions in, one score an item out. Higher always means ask first."""
