"""Runs the loop durably: imports, cycles, workers. The one place where the store and the pure rooms meet."""
