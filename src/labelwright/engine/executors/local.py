"""The work is done here, a shard after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from labelwright.engine.executors.base import Executor, Going, OnDone, Shard, Work, call, stopped
from labelwright.plain import JsonObject


class Local(Executor):
    """The default: this process does the work, with all cores where a step can use them."""

    name: ClassVar[str] = "local"
    has_address: ClassVar[bool] = False
    is_local: ClassVar[bool] = True

    def check(self) -> str:
        return "local: the worker itself"

    def _results(
        self, work: Work, shards: Sequence[Shard], on_done: OnDone, may_go_on: Going
    ) -> list[JsonObject]:  # fmt: skip
        results: list[JsonObject] = []
        for shard in shards:
            if not may_go_on():
                raise stopped(self.spec)
            results.append(call(work, shard))
            on_done(len(results), len(shards))
        return results
