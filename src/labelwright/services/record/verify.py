"""The check of a project's record, for the command line."""

from __future__ import annotations

from labelwright.engine.verifying import Report, verify_site
from labelwright.engine.verifying import verify as check
from labelwright.services.site import Site
from labelwright.store.keys import Receipt


def verify(
    site: Site, slug: str, *, replay: bool = False, receipt: Receipt | None = None, full: bool = False
) -> Report:
    """Check the record of one project, and the site's own."""
    report = check(site.project(slug), replay=replay, receipt=receipt, full=full)
    verify_site(site.store, report, full=full)
    report.close()
    return report
