"""Move a site's rows to PostgreSQL or back to files, and verify every project where it arrived."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from labelwright.errors import IntegrityError
from labelwright.services.record.verify import verify
from labelwright.services.site.settings import Settings
from labelwright.services.site.site import Site
from labelwright.store import moving
from labelwright.store.copying import Progress
from labelwright.store.site import SiteStore

FILES: Final = "sqlite"


@dataclass(frozen=True)
class Move:
    """What was moved, and found in order.

    Attributes
    ----------
    verified : dict of str to int
        Events of each project that was verified where it arrived.
    """

    n_rows: int
    n_events: int
    verified: dict[str, int]
    left_at: str


def move(settings: Settings, to: str, progress: Progress = lambda *_: None) -> Move:
    """Move all rows.

    Parameters
    ----------
    to : str
        The URL of an empty PostgreSQL database, or "sqlite" for files in the home.

    Raises
    ------
    InputError, ConflictError
        See `labelwright.store.moving`.
    IntegrityError
        If a record is not in order where it arrived.
    """
    store = SiteStore(settings.home, settings.database_url, settings.key_file)
    try:
        moved = moving.to_sqlite(store, progress) if to == FILES else moving.to_postgresql(store, to, progress)
    finally:
        store.close()
    return Move(moved.n_rows, moved.n_events, _verified(settings, None if to == FILES else to), moved.left_at)


def _verified(settings: Settings, database_url: str | None) -> dict[str, int]:
    site, events = Site(replace(settings, database_url=database_url)), dict[str, int]()
    try:
        for slug in [*site.store.slugs()]:
            report = verify(site, slug)
            if report.n_problems:
                raise IntegrityError(
                    f"move: the record of '{slug}' is not in order where it arrived: {report.problems[0]}",
                    "The rows that were left behind are untouched; see docs/how-to/postgres.md to go back to them.",
                )
            with site.project(slug).read() as rows:
                events[slug] = site.project(slug).head_seq(rows)
    finally:
        site.close()
    return events
