"""Real data that ships inside dependencies, written as the files a user would bring."""

from __future__ import annotations

from labelwright.services.site.demos.sources import SOURCES, Demo

__all__ = ["SOURCES", "Demo"]
