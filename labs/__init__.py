"""Experiments that show what Labelwright stands: each is a command that prints a table."""
