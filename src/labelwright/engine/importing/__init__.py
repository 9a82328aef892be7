"""From a source to visible items: scan checks all, split samples the reserve by groups, stage writes and shows."""

from labelwright.engine.importing.lock import is_importing
from labelwright.engine.importing.more_source import add_source
from labelwright.engine.importing.run import Added, ImportSpec, run_import
from labelwright.engine.importing.scan import LabelSource
from labelwright.engine.importing.source import SourceSpec

__all__ = ["Added", "ImportSpec", "LabelSource", "SourceSpec", "add_source", "is_importing", "run_import"]
