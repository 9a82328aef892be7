"""All checks of a project's record, in one consistent view."""

from __future__ import annotations

from labelwright.engine.verifying import arrays, chain, items
from labelwright.engine.verifying.projected import check_projections
from labelwright.engine.verifying.replay import replay_rounds
from labelwright.engine.verifying.report import Report
from labelwright.engine.verifying.site import SiteFold, check_tables
from labelwright.engine.verifying.types import check_types
from labelwright.store.project import ProjectStore
from labelwright.store.receipts import Receipt
from labelwright.store.site import SiteStore


def verify_site(site: SiteStore, report: Report, *, receipt: Receipt | None = None, full: bool = False) -> None:
    """Check the site's keys, its own chain and the tables it tells of; also against a signed head kept elsewhere."""
    before, collected, fold = site.keys.anchored(site.chain.project_id), chain.Collected(), SiteFold()
    with site.read() as connection:
        for _, body in chain.read_chain(site.chain, connection, report, collected, "site"):
            fold.take(body)
        check_tables(connection, fold, report)
        after = site.keys.anchored(site.chain.project_id)
    ring, hashes = site.keys.ring(), collected.hashes
    chain.check_keys(ring, report)
    chain.check_anchors(site.chain, ring, hashes, before, after, "site anchor", report, every=full)
    if receipt is not None:
        chain.check_heads(site.chain, ring, hashes, [receipt], "site receipt", report)


def verify(store: ProjectStore, *, replay: bool = False, receipt: Receipt | None = None, full: bool = False) -> Report:
    """Check everything; a check that cannot go on is a problem, and the others still run.

    Parameters
    ----------
    replay : bool
        Also recompute label versions, rankings and verdicts, and refit the models.
    receipt : Receipt, optional
        A signed head that was kept elsewhere.
    full : bool
        Check the signature of every anchored head, not only of the last and of one in a thousand.
    """
    report, collected = Report(), chain.Collected()
    before = store.anchors()
    with store.read() as rows:
        check_projections(rows, chain.read_chain(store.chain, rows.connection, report, collected), report)
        ring, hashes = store.ring(), collected.hashes
        chain.check_anchors(store.chain, ring, hashes, before, store.anchors(), "anchor", report, every=full)
        if receipt is not None:
            chain.check_heads(store.chain, ring, hashes, [receipt], "receipt", report)
        checks = [
            check_types, chain.check_sealed, items.check_imports, items.check_contents, arrays.check_arrays,
            arrays.check_head_of_ranking, *([replay_rounds] if replay else []),
        ]  # fmt: skip
        for check in checks:
            try:
                check(store, rows, collected, report)
            except Exception as error:  # damage may look like anything, and the other checks must still run
                report.complain(f"{check.__name__.replace('_', ' ')}: {type(error).__name__}: {error}")
    report.close()
    return report
