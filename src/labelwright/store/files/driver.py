"""Calls of a file system of fsspec: each has a time limit, is tried again, and its errors name no credentials.

What a driver says of an error may repeat a key or a signed request, so that messages are made of the kind of the error
alone, and the error itself is never chained. While a store is away, calls fail at once for a few seconds, so that
people who label do not wait for each of them.
"""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any, Final
from urllib.parse import urlsplit

from labelwright.errors import MissingExtraError, UnavailableError

CALL_SECONDS: Final = 20.0
BYTES_A_SECOND: Final = 1 << 20  # the slowest transfer that is waited for
PAUSES: Final = (0.1, 0.5)  # between attempts
ASK_SECONDS: Final = 8.0  # for what transfers nothing
ASKING: Final = ("info", "exists")
DOWN_SECONDS: Final = 3.0  # after a call failed, others fail at once
HUNG_SECONDS: Final = 30.0  # after one that had no answer in time, so that people rarely wait for the next
ANSWERS: Final = (FileNotFoundError, FileExistsError, NotImplementedError)  # the store is there, and this is its answer
S3: Final = ("s3", "s3a")
PACKAGES: Final = {"s3": "labelwright[s3]", "s3a": "labelwright[s3]", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs"}
FULL: Final = ("quota", "storagefull", "insufficientstorage", "nospace")
CURE: Final = "Labeling goes on, and what waits for it is tried again by itself; 'labelwright doctor' checks the store."


class Driver:
    """The file system behind an address; opened when it is first used.

    Parameters
    ----------
    url : str
        Checked by `check_files_url`.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.protocol = urlsplit(url).scheme
        self._opened: Any = None
        self._lock = threading.Lock()
        self._down_until = 0.0

    def call(self, method: str, *args: Any, n_bytes: int = 0, **options: Any) -> Any:
        """What a method of the file system gives.

        Parameters
        ----------
        n_bytes : int
            What is transferred; the time limit grows with it.

        Raises
        ------
        FileNotFoundError, FileExistsError, NotImplementedError
            As the store says.
        UnavailableError
            If it does not answer in time, refuses access, is full, or fails.
        MissingExtraError
            If fsspec or the driver of the address is not installed.
        """
        if time.monotonic() < self._down_until:
            raise UnavailableError(f"files: the store {self.url} did not answer a moment ago.", CURE)
        system = self._system()
        limit = ASK_SECONDS if method in ASKING else CALL_SECONDS + n_bytes / BYTES_A_SECOND
        until = time.monotonic() + limit  # of all attempts together
        error: BaseException | None = None
        for pause in (*PAUSES, None):
            left = max(0.0, until - time.monotonic())
            found, error = within(left, lambda: getattr(system, method)(*args, **options))
            if error is None:
                return found
            if (answer := _answer(error)) is not None:
                raise answer(f"{method}: so says the store {self.url}.")
            if pause is None or not _may_pass(error):
                break
            time.sleep(pause)
        assert error is not None
        if not _is_full(error) and not isinstance(error, PermissionError):
            pause = HUNG_SECONDS if isinstance(error, TimeoutError) else DOWN_SECONDS
            self._down_until = time.monotonic() + pause
        raise UnavailableError(f"files: the store {self.url} {_what_happened(error, limit)}.", CURE)

    @property
    def has_buckets(self) -> bool:
        """Whether the address begins with a bucket, which has to be there."""
        return self.protocol in S3

    def root(self) -> str:
        """The address as the driver writes it, without the protocol."""
        return str(self._system()._strip_protocol(self.url)).rstrip("/")

    def _system(self) -> Any:
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> Any:
        needed = PACKAGES.get(self.protocol, f"fsspec and its driver for {self.protocol}")
        try:
            fsspec = import_module("fsspec")
            options: dict[str, Any] = {"use_listings_cache": False, "skip_instance_cache": True}
            if self.protocol in S3:
                options["config_kwargs"] = {
                    "connect_timeout": 5,
                    "read_timeout": 60,
                    "retries": {"total_max_attempts": 1},
                }
            opened, error = within(CALL_SECONDS, lambda: fsspec.filesystem(self.protocol, **options))
        except ImportError:
            opened, error = None, ImportError()
        if isinstance(error, (ImportError, ValueError)):
            raise MissingExtraError(
                f"files: what reads {self.protocol}:// must be installed.", f"pip install '{needed}'"
            )
        if error is not None:
            raise UnavailableError(f"files: the store {self.url} {_what_happened(error, CALL_SECONDS)}.", CURE)
        if self.protocol in S3:
            opened.retries = 1  # attempts are counted here
        return opened


def within(seconds: float, work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    """What a call gives, or its error; a `TimeoutError` where it takes too long, and then its thread is left alone.

    >>> within(1.0, lambda: 2 + 2)
    (4, None)
    """
    outcome: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put((work(), None))
        except BaseException as error:  # told to the caller
            outcome.put((None, error))

    threading.Thread(target=run, daemon=True, name="labelwright-files").start()
    try:
        return outcome.get(timeout=seconds)
    except Empty:
        return None, TimeoutError()


def _answer(error: BaseException) -> type[Exception] | None:
    """The kind of error by which a store that is well says what it has, or what it cannot do; None for all others."""
    said = str(error).lower().replace("-", "")
    if isinstance(error, OSError) and error.errno == errno.EINVAL and "precondition" in said:
        return FileExistsError  # it was to be written only if it is not there
    if getattr(error, "errno", None) == errno.ENOSYS or isinstance(error, TypeError):
        return NotImplementedError
    return next((kind for kind in ANSWERS if isinstance(error, kind)), None)


def _may_pass(error: BaseException) -> bool:
    """Whether the same call may succeed in a moment; what has used up its time is not tried again."""
    return not isinstance(error, (PermissionError, TimeoutError)) and not _is_full(error)


def _is_full(error: BaseException) -> bool:
    said = str(error).lower().replace(" ", "")
    return getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or any(word in said for word in FULL)


def _what_happened(error: BaseException, limit: float) -> str:
    """A clause without any of the driver's own words, which may hold credentials."""
    if isinstance(error, PermissionError):
        return "refuses access: its credentials are wrong, have ended, or do not allow this"
    if _is_full(error):
        return "is full"
    if isinstance(error, TimeoutError):
        return f"does not answer within {limit:.0f} s"
    return f"does not answer ({type(error).__name__})"
