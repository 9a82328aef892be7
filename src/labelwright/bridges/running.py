"""A bridge that runs: it exchanges every few seconds, waits with patience while the other side is away, and says so."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from labelwright.bridges.label_studio import AwayError, Bridge, Exchanged
from labelwright.errors import InputError, NotReadyError, UnavailableError
from labelwright.pauses import Pauses
from labelwright.store.clock import now

log = logging.getLogger("labelwright.bridge")
PAUSES: Final = Pauses(first=2.0, longest=60.0)
WHOLE_EVERY: Final = 60  # exchanges; what changed is looked at in each, tasks that were deleted there only in these


def once(bridge: Bridge, *, anew: bool = False) -> Exchanged:
    """One exchange; whether the other side answered is in the bridge's memory when this returns or raises."""
    try:
        done = bridge.exchange(anew=anew)
    except (AwayError, InputError) as error:
        bridge.note_waiting(bridge.state.waiting_since or now(), error.message)
        raise
    bridge.note_waiting(None, None)
    return done


def run(bridge: Bridge, stop: threading.Event, told: Callable[[str], None], *, every: float = 5.0) -> None:
    """Exchange until stopped.

    Parameters
    ----------
    told : callable
        Gets a line where something happened; that the other side is away, once.

    Raises
    ------
    InputError
        If Label Studio refuses the token or what it is sent, which waiting does not cure.
    """
    n_failures = n_done = 0
    while not stop.is_set():
        try:
            done = once(bridge, anew=n_done % WHOLE_EVERY == 0)
        except (AwayError, NotReadyError, UnavailableError) as error:
            n_failures += 1
            if n_failures == 1:
                log.warning("the bridge waits", extra={"reason": error.message})
                told(f"{error.message} Nothing is lost; it is tried again until it does.")
            stop.wait(PAUSES.after(n_failures))
            continue
        if n_failures:
            told("It goes on.")
        n_failures, n_done = 0, n_done + 1
        if not done.is_empty:
            told(in_a_line(done))
        stop.wait(every)


def in_a_line(done: Exchanged) -> str:
    """What an exchange did, for people.

    >>> in_a_line(Exchanged(pushed=50, taken=3))
    'pushed 50, took 3, withdrew 0'
    """
    refused = "".join(f"; not taken: {message}" for message in done.refused)
    return f"pushed {done.pushed}, took {done.taken}, withdrew {done.withdrawn}{refused}"
