"""Sends projects to the MLflow server of the settings while the worker runs, whenever one has got further."""

from __future__ import annotations

import logging
import threading
from typing import Final

from sqlalchemy import func
from sqlalchemy.exc import DatabaseError

from labelwright.errors import LabelwrightError
from labelwright.services.people.users import first_admin
from labelwright.services.site import Site
from labelwright.services.tracking.projects import send_project
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore

log = logging.getLogger("labelwright.tracking")
LOOK_SECONDS: Final = 10.0
REST_SECONDS: Final = 300.0  # after a failure

Standing = tuple[int, int, int]


class Following:
    """The thread; nothing starts where no server is set."""

    def __init__(self, site: Site) -> None:
        self._site, self._sent = site, dict[str, Standing]()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tracking", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        if self._site.settings.mlflow_uri:
            self._thread.start()

    def stop(self) -> None:
        """End after the project that is being sent; what is missing is sent after the next start."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stop.is_set():
            went_well = True
            for slug in self._site.store.slugs():
                if not self._stop.is_set():
                    went_well = self._send(slug) and went_well
            self._stop.wait(LOOK_SECONDS if went_well else REST_SECONDS)

    def _send(self, slug: str) -> bool:
        """Send a project if it got further; False where the server did not take it."""
        uri = self._site.settings.mlflow_uri
        try:
            standing = _standing(self._site.project(slug))
            if uri is None or standing is None or self._sent.get(slug) == standing:
                return True
            send_project(self._site, first_admin(self._site), slug, uri)
            self._sent[slug] = standing
        except (LabelwrightError, DatabaseError, OSError) as error:  # neither a damaged project nor an absent server
            log.error("a project was not sent", extra={"project": slug, "error": type(error).__name__})
            return False
        return True


def _standing(store: ProjectStore) -> Standing | None:
    """The published cycle, the newest round, and how many have ended; None before there is a project."""
    with store.read() as rows:
        row = store.row_if_any(rows)
        if row is None or row.state == "importing":
            return None
        n = rows.scalar(rows.select(func.max(t.round_.c.number), of=t.round_))
        ended = rows.scalar(rows.select(func.count(t.round_.c.ended_at), of=t.round_))
        return row.cycle, int(n or 0), int(ended or 0)
