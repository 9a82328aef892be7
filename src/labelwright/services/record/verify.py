"""The check of a project's record, for the command line."""

from __future__ import annotations

from labelwright.engine.verifying import Report, verify_site
from labelwright.engine.verifying import verify as check
from labelwright.services.site import Site
from labelwright.store.receipts import Receipt


def verify(
    site: Site, slug: str, *, replay: bool = False, receipt: Receipt | None = None, of_site: Receipt | None = None,
    full: bool = False,
) -> Report:  # fmt: skip
    """Check the record of one project and the site's own, also against signed heads of both kept elsewhere."""
    report = check(site.project(slug), replay=replay, receipt=receipt, full=full)
    verify_site(site.store, report, receipt=of_site, full=full)
    report.close()
    return report
