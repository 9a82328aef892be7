"""From a source to visible items: scan checks all, split draws the reserve by groups, stage writes and shows."""

from labelwright.engine.importing.run import Added, ImportSpec, run_import

__all__ = ["Added", "ImportSpec", "run_import"]
