"""Executors: where work by shards is done; `local` by default, or an engine that runs already.

An executor is named as ``local``, ``dask://HOST:PORT`` or ``ray://HOST:PORT``. What stands before ``://`` is the name
of a class of this package, or of another distribution under the entry point ``labelwright.executors``.
"""

from __future__ import annotations

from labelwright.check import complain
from labelwright.engine.executors.base import (
    Executor,
    Going,
    Shard,
    StoppedError,
    TaskError,
    Work,
    answered,
    perform,
    told,
)
from labelwright.engine.executors.local import Local
from labelwright.registry import plugins

__all__ = [
    "Executor", "Going", "Local", "Shard", "StoppedError", "TaskError", "Work", "answered",
    "executor_of", "names", "perform", "told",
]  # fmt: skip


def names() -> list[str]:
    """The executors there are.

    >>> names()
    ['dask', 'local', 'ray']
    """
    return list(plugins(__name__, Executor))


def executor_of(spec: str) -> Executor:
    """The executor that a setting names; nothing is connected to yet.

    Raises
    ------
    InputError
        If there is no such executor, or its address is missing.

    Examples
    --------
    >>> executor_of("local").spec, executor_of("dask://10.0.0.5:8786").spec
    ('local', 'dask://10.0.0.5:8786')
    >>> executor_of("spark://10.0.0.5:7077")
    Traceback (most recent call last):
    ...
    labelwright.errors.InputError: executor: it must be local, dask://HOST:PORT or ray://HOST:PORT, got 'spark://10.0.0.5:7077'.
    """
    name, _, address = spec.partition("://")
    classes = plugins(__name__, Executor)
    if name not in classes or bool(address) != classes[name].has_address:
        listed = [f"{each}://HOST:PORT" if one.has_address else each for each, one in classes.items()]
        listed.sort(key=lambda text: text != Local.name)
        raise complain("executor", "it", f"{', '.join(listed[:-1])} or {listed[-1]}", repr(spec))
    found: Executor = classes[name](address)
    return found
