"""The work is done by the workers of a dask cluster."""

from __future__ import annotations

import importlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, ClassVar, Final

from labelwright.engine.executors import base
from labelwright.engine.executors.base import Executor, Going, OnDone, Shard, Work
from labelwright.errors import InputError
from labelwright.plain import JsonObject

COMPARED: Final = ("python", "dask", "distributed")


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
        if others := other_versions(client.get_versions()):
            raise base.away(self.spec, f"has other versions than this process: {', '.join(others)}")


def _n_workers(client: Any) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


def other_versions(found: Mapping[str, Any]) -> list[str]:
    """Which versions of the scheduler and of workers are not those of this process, from `Client.get_versions`.

    What results depend on is compared by `perform`.

    >>> one, other = {"python": "3.12.1.final.0", "dask": "2"}, {"python": "3.12.4.final.0", "dask": "3"}
    >>> here, there = {"packages": one}, {"packages": other}
    >>> other_versions({"client": here, "scheduler": here, "workers": {"tcp://10.0.0.6:4711": there}})
    ['dask 3 in place of 2']
    """
    differing = dict[str, None]()
    for there in (found["scheduler"], *found["workers"].values()):
        for name in COMPARED:
            was, has = (_release(name, str(one["packages"].get(name))) for one in (found["client"], there))
            if was != has:
                differing[f"{name} {has} in place of {was}"] = None
    return list(differing)


def _release(name: str, version: str) -> str:
    """Python without what differs between builds of one release."""
    return ".".join(version.split(".")[:2]) if name == "python" else version
