"""Makes scheduled backups while the server runs, in a process of its own so that nobody who labels waits for it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time

from labelwright.services.site import Site, scheduled

log = logging.getLogger("labelwright.backups")
LOOK_EVERY = 60.0


class BackupSchedule:
    """Looks every minute whether a backup is due.

    Parameters
    ----------
    site : Site
    look_every : float
        Seconds.
    """

    def __init__(self, site: Site, look_every: float = LOOK_EVERY) -> None:
        self._site, self._look_every = site, look_every
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="backups", daemon=True)

    def start(self) -> None:
        """Begin, if the settings name a folder."""
        if self._site.settings.backup_dir is not None:
            self._thread.start()

    def stop(self) -> None:
        """Stop; a backup that is being made is given up, and is made at the next start."""
        self._stop.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(5)
        if self._thread.is_alive():
            self._thread.join(5)

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                if scheduled.is_due(self._site.settings, time.time()):
                    self._make()
            except OSError as error:
                log.error("the schedule of backups failed", extra={"error": type(error).__name__})
            self._stop.wait(self._look_every)

    def _make(self) -> None:
        settings = self._site.settings
        environment = {
            **os.environ, "LABELWRIGHT_HOME": str(settings.home), "LABELWRIGHT_BACKUP_DIR": str(settings.backup_dir),
            "LABELWRIGHT_BACKUP_EVERY": str(settings.backup_every),
            "LABELWRIGHT_BACKUP_KEEP": str(settings.backup_keep),
        }  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-m", "labelwright", "backup", "--scheduled"], env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while self._process.poll() is None and not self._stop.wait(0.2):
            pass
