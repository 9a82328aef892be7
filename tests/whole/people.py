"""People who answer over HTTP by the library's own client, and go to another server when theirs is gone."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

import labelwright as lw
from benchmarks.processes import Server
from labelwright.client import RemoteProject, Retries
from labelwright.client.answering import Answer
from labelwright.errors import UnreachableError

Got = TypeVar("Got")
PATIENCE = 60.0  # seconds, for a server that answers


class Person(threading.Thread):
    """One annotator at one of the servers; each answer keeps its ``answer_id`` until a server acknowledges it.

    Parameters
    ----------
    servers : list of Server
        A server that was started again is found at its new address.
    first : int
        The one to begin with.
    truth : dict of str to str
        The label of each item by its key.
    """

    def __init__(
        self, token: str, servers: Sequence[Server], first: int, slug: str, truth: dict[str, str], pause: float = 0.2
    ) -> None:
        super().__init__(daemon=True)
        self._token, self._servers, self._slug, self._truth, self._pause = token, servers, slug, truth, pause
        self.at = first
        self.moves = 0
        self.receipts: dict[str, Answer] = {}
        self.given: dict[str, str] = {}  # label by answer_id, from before it is sent
        self.failure: BaseException | None = None
        self.ended = threading.Event()

    def run(self) -> None:
        try:
            while not self.ended.is_set():
                for lease in self._ask(lambda project: project.queue(3)):
                    answer_id, label = str(uuid.uuid4()), self._truth[lease.item.key]
                    self.given[answer_id] = label
                    self.receipts[answer_id] = self._ask(
                        lambda project, lease=lease, label=label, answer_id=answer_id: project.answer(
                            lease, label, seconds=1.0, answer_id=answer_id
                        )
                    )
                    self.ended.wait(self._pause)
        except BaseException as error:  # the test looks at it, in its own thread
            self.failure = error

    def _ask(self, use: Callable[[RemoteProject], Got]) -> Got:
        """Ask the server, or the next one if it is gone; the same request, whether it had arrived or not."""
        end = time.monotonic() + PATIENCE
        while True:
            url = self._servers[self.at].url
            project = lw.connect(url, self._token, timeout=30, retries=Retries(n=0)).project(self._slug)
            try:
                return use(project)
            except UnreachableError:
                if time.monotonic() > end:
                    raise
                self.at = (self.at + 1) % len(self._servers)
                self.moves += 1
                time.sleep(0.02)
