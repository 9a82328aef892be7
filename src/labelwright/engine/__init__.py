"""Runs the loop durably: imports, cycles, workers. It joins the store and the pure packages."""
