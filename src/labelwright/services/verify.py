"""The check of a project's record, for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.engine.verifying import Report, verify_site
from labelwright.engine.verifying import verify as check
from labelwright.services.site import Site


def verify(site: Site, slug: str, *, replay: bool = False, receipt: Mapping[str, Any] | None = None) -> Report:
    """Check the record of one project, and the site's own."""
    report = check(site.project(slug), replay=replay, receipt=receipt)
    verify_site(site.store, report)
    return report
