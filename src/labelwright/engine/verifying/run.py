"""All checks of a project's record, in one consistent view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.engine.verifying import chain, projected
from labelwright.engine.verifying.replay import replay_rounds
from labelwright.engine.verifying.report import Report
from labelwright.errors import LabelwrightError
from labelwright.store.project import ProjectStore
from labelwright.store.site import SiteStore


def verify_site(site: SiteStore, report: Report) -> None:
    """Check the site's own chain: roles, tokens, sign-ins."""
    anchors = site.keys.anchored(site.chain.project_id)
    with site.read() as connection:
        hashes = chain.check_chain(site.chain, connection, report, "site")
    chain.check_heads(site.chain, site.keys.public, hashes, anchors, "site anchor", report)


def verify(store: ProjectStore, *, replay: bool = False, receipt: Mapping[str, Any] | None = None) -> Report:
    """Check everything; a check that cannot go on is a problem, and the others still run.

    Parameters
    ----------
    replay : bool
        Also recompute label versions, rankings and verdicts, and refit the models.
    receipt : mapping, optional
        A signed head that was kept elsewhere.
    """
    report = Report()
    anchors = store.anchors()  # before the view below: heads are anchored after their commit
    with store.read() as connection:
        hashes = chain.check_chain(store.chain, connection, report)
        chain.check_heads(store.chain, store.public_key, hashes, anchors, "anchor", report)
        if receipt is not None:
            chain.check_heads(store.chain, store.public_key, hashes, [receipt], "receipt", report)
        checks = [
            chain.check_sealed, projected.check_projections, projected.check_imports, projected.check_arrays,
            projected.check_head_of_ranking, *([replay_rounds] if replay else []),
        ]  # fmt: skip
        for check in checks:
            try:
                check(store, connection, report)
            except (LabelwrightError, LookupError, ValueError, OSError) as error:
                report.complain(f"{check.__name__.replace('_', ' ')}: {error}")
    return report
