"""The work is done by the workers of a dask cluster."""

from __future__ import annotations

import importlib
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from labelwright.engine.executors import base
from labelwright.engine.executors.base import Executor, Going, OnDone, Shard, Work
from labelwright.errors import InputError
from labelwright.plain import JsonObject


class Dask(Executor):
    """``dask://HOST:PORT`` of a scheduler; a lost worker's shards are done by another."""

    name: ClassVar[str] = "dask"

    def check(self) -> str:
        with self._client() as client:
            return f"{self.spec}: {_n_workers(client)} worker(s), of the same versions"

    def _results(
        self, work: Work, shards: Sequence[Shard], on_done: OnDone, may_go_on: Going
    ) -> list[JsonObject]:  # fmt: skip
        with self._client() as client:
            run = uuid.uuid4().hex
            futures = [
                client.submit(
                    base.perform, base.told(work, shard), key=f"labelwright-{run}-{shard.index}",
                    retries=base.N_RETRIES, pure=False,
                )
                for shard in shards
            ]  # fmt: skip
            left, texts, idle = dict(enumerate(futures)), dict[int, str](), 0.0
            try:
                while left:
                    if not may_go_on():
                        raise base.stopped(self.spec)
                    done = self._some_done(client, left)
                    idle = 0.0 if done or _n_workers(client) else idle + base.POLL_SECONDS
                    if idle > base.TIMEOUT_SECONDS:
                        raise base.away(self.spec, "has lost its workers")
                    for k in done:
                        texts[k] = left.pop(k).result()
                        base.answered(texts[k])
                        on_done(len(texts), len(futures))
            finally:
                if left and client.status == "running":
                    client.cancel(list(left.values()))
            return [base.answered(texts[k]) for k in range(len(futures))]

    def _some_done(self, client: Any, left: dict[int, Any]) -> list[int]:
        """Which shards are done by now, after a short time in which one may be."""
        distributed: Any = importlib.import_module("distributed")
        with (
            client.as_current(),
            suppress(TimeoutError, distributed.CancelledError),
        ):  # what became of each is looked at below
            distributed.wait(list(left.values()), timeout=base.POLL_SECONDS, return_when="FIRST_COMPLETED")
        if client.status != "running" or any(one.status in ("cancelled", "lost") for one in left.values()):
            raise base.away(self.spec, "is gone")
        return [k for k, one in left.items() if one.status in ("finished", "error")]

    @contextmanager
    def _client(self) -> Iterator[Any]:
        """A connection to the scheduler, which has workers, all of the versions that are installed here."""
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError:
            raise InputError("executor: dask must be installed.", "pip install 'labelwright[dask]'") from None
        try:
            client = distributed.Client(
                f"tcp://{self.address}", timeout=base.TIMEOUT_SECONDS, set_as_default=False
            )  # fmt: skip
        except (OSError, ValueError, TypeError) as error:  # its TimeoutError among them
            raise base.away(self.spec, "does not answer") from error
        try:
            self._check(client)
            yield client
        finally:
            client.close(timeout=base.TIMEOUT_SECONDS)

    def _check(self, client: Any) -> None:
        try:
            client.wait_for_workers(1, timeout=base.TIMEOUT_SECONDS)
        except TimeoutError:
            raise base.away(self.spec, "has no workers") from None
        try:
            client.get_versions(check=True, packages=["numpy", "scipy", "sklearn"])
        except ValueError as error:
            raise base.away(self.spec, "has other versions than this process", str(error).strip()) from error


def _n_workers(client: Any) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])
