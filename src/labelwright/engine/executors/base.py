"""The contract of an executor: pieces of work go out as names and plain JSON, and results come back in order.

What is done to a shard is a function of `labelwright.engine.work`, named as ``module:function``. It takes the
parameters of the work and the shard, both JSON, reads the files that they name, writes one file, and returns JSON.
So no array, no object and no secret travels; whoever does the work must see the project's files under the same path.
"""

from __future__ import annotations

import importlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import ClassVar, Final, TypeAlias

from labelwright.engine.work.machine import versions
from labelwright.errors import (
    ConflictError,
    InputError,
    IntegrityError,
    LabelwrightError,
    NotReadyError,
    UnavailableError,
)  # fmt: skip
from labelwright.plain import JsonObject

TIMEOUT_SECONDS: Final = 10.0  # until an engine must have answered
TRIED_AGAIN: Final = "Labeling goes on with the last ranking; training is tried again when the engine is back."
POLL_SECONDS: Final = 0.2  # between looks whether the work may go on
N_RETRIES: Final = 3  # of a shard whose worker is lost
PACKAGE: Final = "labelwright."
Going: TypeAlias = Callable[[], bool]
OnDone: TypeAlias = Callable[[int, int], None]


class StoppedError(ConflictError):
    """The work was stopped because it may not go on; what is done stays, and is not done again."""


class TaskError(LabelwrightError):
    """A piece of work failed on a worker with an error that is not one of ours."""


RAISED_AGAIN: Final = {
    kind.__name__: kind
    for kind in (InputError, IntegrityError, ConflictError, NotReadyError, UnavailableError, TaskError)
}


@dataclass(frozen=True)
class Work:
    """What is done to each shard.

    Attributes
    ----------
    name : str
        Of a function of this package at the top of its module, as ``module:function``.
    params : JSON object
        The same for all shards.
    """

    name: str
    params: JsonObject = field(default_factory=dict)


@dataclass(frozen=True)
class Shard:
    """A range of rows, and the files that they are computed from.

    Attributes
    ----------
    index, first, n_rows : int
    inputs : mapping of str to str
        Digests by path.
    """

    index: int
    first: int
    n_rows: int
    inputs: Mapping[str, str] = field(default_factory=dict)


def ignore(n_done: int, n_shards: int) -> None:
    """Where nobody wants to know how far the work is."""


class Executor(ABC):
    """Does a piece of work on each shard; a new one is one file of this package, or an entry point of another.

    Write ``_results`` and ``check``. `labelwright.testing.check_executor` says whether it keeps the contract.

    Parameters
    ----------
    address : str
        What stands after ``://``.

    Attributes
    ----------
    name : str
        What stands before it.
    has_address : bool
    is_local : bool
        Whether the work is done by this process, which has checked the files that it reads.
    """

    name: ClassVar[str]
    has_address: ClassVar[bool] = True
    is_local: ClassVar[bool] = False

    def __init__(self, address: str = "") -> None:
        self.address = address

    @property
    def spec(self) -> str:
        """As the setting names it."""
        return f"{self.name}://{self.address}" if self.has_address else self.name

    def map_shards(
        self, work: Work, shards: Sequence[Shard], *, on_done: OnDone = ignore, may_go_on: Going = lambda: True
    ) -> list[JsonObject]:
        """Do the work on each shard.

        Parameters
        ----------
        on_done : callable
            Called with how many shards are done, and how many there are.
        may_go_on : callable
            Asked again and again; when it says no, what has not begun is cancelled.

        Returns
        -------
        results : list of JSON objects
            In the order of the shards.

        Raises
        ------
        StoppedError
            If it may not go on.
        UnavailableError
            If the engine is away, is of another version, or has no workers.
        LabelwrightError
            Of the work itself; an error that is not one of ours comes as `TaskError` from an engine.
        """
        if not shards:
            return []
        if not may_go_on():
            raise stopped(self.spec)
        return self._results(work, shards, on_done, may_go_on)

    @abstractmethod
    def _results(self, work: Work, shards: Sequence[Shard], on_done: OnDone, may_go_on: Going) -> list[JsonObject]:
        """The results in the order of the shards; there is one at least."""

    @abstractmethod
    def check(self) -> str:
        """What is there, in a few words; `UnavailableError` if work could not be done now."""


def away(spec: str, what: str, why: str = "") -> UnavailableError:
    """The error of an engine that cannot do the work now."""
    return UnavailableError(
        f"executor: {spec} must answer and have workers, but it {what}.",
        f"{why.strip().rstrip('.')}. {TRIED_AGAIN}" if why else TRIED_AGAIN,
    )


def stopped(spec: str) -> StoppedError:
    """The error of work that may not go on."""
    return StoppedError(f"executor: the work on {spec} was stopped.", "It goes on where it was.")


def call(work: Work, shard: Shard) -> JsonObject:
    """Do the work on one shard, here.

    >>> call(Work("labelwright.engine.work.echoing:echo", {"add": 2}), Shard(0, first=10, n_rows=5))
    {'first': 12}
    """
    module, _, function = work.name.partition(":")
    if not module.startswith(PACKAGE):
        raise InputError(f"executor: work must be a function of {PACKAGE}*, got '{work.name}'.")
    done: Callable[[JsonObject, Shard], JsonObject] = getattr(importlib.import_module(module), function)
    return done(work.params, shard)


def told(work: Work, shard: Shard) -> str:
    """A piece of work as text, for `perform`."""
    return json.dumps({"versions": versions(), "work": asdict(work), "shard": asdict(shard)})


def perform(text: str) -> str:
    """Do a piece of work on a worker; what came of it as text, an error among it, for `answered`.

    An error of the operating system is raised, since it may pass: the engine tries again.
    """
    asked = json.loads(text)
    try:
        here = versions()
        for name, version in asked["versions"].items():
            if here[name] != version:
                raise UnavailableError(
                    f"executor: workers must have {name} {version}, got {here[name]}.",
                    f"Install one version on all machines. {TRIED_AGAIN}",
                )
        return json.dumps({"result": call(Work(**asked["work"]), Shard(**asked["shard"]))})
    except LabelwrightError as error:
        return json.dumps({"error": type(error).__name__, "message": error.message, "hint": error.hint})
    except OSError:
        raise
    except Exception as error:
        return json.dumps({"error": TaskError.__name__, "message": f"{type(error).__name__}: {error}", "hint": ""})


def answered(text: str) -> JsonObject:
    """The result that `perform` gave; its error is raised.

    >>> answered(perform(told(Work("labelwright.engine.work.echoing:echo", {"add": 2}), Shard(0, 10, 5))))
    {'first': 12}
    """
    answer = json.loads(text)
    if "result" not in answer:
        raise RAISED_AGAIN.get(answer["error"], LabelwrightError)(answer["message"], answer["hint"])
    result: JsonObject = answer["result"]
    return result
