"""The evidence package: everything that somebody else needs to check a project's record without Labelwright."""

from labelwright.services.record.package.write import Packed, drop, to_temporary, write

__all__ = ["Packed", "drop", "to_temporary", "write"]
