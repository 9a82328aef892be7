"""Work that does nothing but answer, for checks of an executor."""

from __future__ import annotations

import os
import time
from pathlib import Path

from labelwright.engine.executors.base import Shard
from labelwright.errors import InputError
from labelwright.plain import JsonObject


def echo(params: JsonObject, shard: Shard) -> JsonObject:
    """The first row, and what is to be added to it; shards may be told to wait, to fail, or to end their process once.

    Parameters
    ----------
    params : JSON object
        "add"; "seconds" to wait, the longer the earlier the shard is among ten; "fail_at", the index of a shard;
        "die_at", one more, with "mark", the file that says that it has died already; "log", a file that gets a line a
        call.
    """
    if (log := params.get("log")) is not None:
        with Path(str(log)).open("a") as file:
            file.write(f"{shard.index}\n")
    if (seconds := params.get("seconds")) is not None:
        time.sleep(float(str(seconds)) * max(1, 10 - shard.index))
    if params.get("fail_at") == shard.index:
        raise InputError(f"echo: the shard must not be {shard.index}.", "Take another.")
    if params.get("die_at") == shard.index:
        mark = Path(str(params["mark"]))
        if not mark.exists():
            mark.touch()
            os._exit(9)
    return {"first": shard.first + int(str(params.get("add", 0)))}
