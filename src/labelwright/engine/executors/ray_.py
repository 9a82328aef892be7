"""The work is done by the workers of a Ray cluster."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from labelwright.engine.executors import base
from labelwright.engine.executors.base import Executor, Going, OnDone, Shard, Work
from labelwright.errors import InputError
from labelwright.plain import JsonObject


class Ray(Executor):
    """``ray://HOST:PORT`` of a cluster's Ray client server; usage reports are switched off."""

    name: ClassVar[str] = "ray"

    def check(self) -> str:
        with self._connected() as ray:
            n_alive = sum(bool(node["Alive"]) for node in ray.nodes())
            return f"{self.spec}: {n_alive} node(s), Ray {ray.__version__}"

    def _results(
        self, work: Work, shards: Sequence[Shard], on_done: OnDone, may_go_on: Going
    ) -> list[JsonObject]:  # fmt: skip
        with self._connected() as ray:
            task = ray.remote(max_retries=base.N_RETRIES, retry_exceptions=[OSError])(base.perform)
            refs = [task.remote(base.told(work, shard)) for shard in shards]
            left = list(refs)
            try:
                while left:
                    if not may_go_on():
                        raise base.stopped(self.spec)
                    done, left = ray.wait(left, num_returns=1, timeout=base.POLL_SECONDS)
                    for ref in done:
                        base.answered(ray.get(ref))
                    if done:
                        on_done(len(refs) - len(left), len(refs))
                return [base.answered(text) for text in ray.get(refs)]
            except ConnectionError as error:
                raise base.away(self.spec, "is gone") from error
            finally:
                for ref in left:
                    ray.cancel(ref)

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # read when Ray is imported and when it starts
        try:
            ray: Any = importlib.import_module("ray")
        except ImportError:
            raise InputError("executor: ray must be installed.", "pip install 'labelwright[ray]'") from None
        try:
            connection = ray.init(address=self.spec, log_to_driver=False, allow_multiple=True)
        except (ConnectionError, RuntimeError, OSError) as error:
            raise base.away(self.spec, "does not answer, or is of another version", str(error)[:300]) from error
        try:
            with connection:
                yield ray
        finally:
            connection.disconnect()
