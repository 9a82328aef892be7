"""From a source to visible items: scan (check everything), split (reserve by whole groups), stage (chunks, one flag)."""

from labelwright.engine.importing.run import Added, ImportSpec, run_import

__all__ = ["Added", "ImportSpec", "run_import"]
