"""Delivers events to webhooks, from a thread of the worker.

Level-triggered: a webhook holds the event up to which it has been told; whatever comes after it in the record is sent,
in order, whoever wrote it and whenever. An event counts as told once the receiver has answered 2xx, so each arrives
at least once; its id tells doubles. After a failure the webhook rests, twice as long each time, and nothing is lost.
"""

from __future__ import annotations

import http.client
import logging
import ssl
import threading
import time
from typing import Final

from sqlalchemy.exc import DatabaseError

from labelwright import __version__
from labelwright.engine.webhooks import told
from labelwright.engine.webhooks.reach import Reach, addresses, post, target_of
from labelwright.errors import LabelwrightError
from labelwright.pauses import Pauses
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.clock import now
from labelwright.store.project import ProjectStore
from labelwright.store.rows import AnyRow
from labelwright.store.sealing import is_sealed
from labelwright.store.site import SiteStore

log = logging.getLogger("labelwright.webhooks")
LOOK_SECONDS: Final = 2.0
AT_ONCE: Final = 20  # events of a webhook between looks at the others
HOLD_SECONDS: Final = 60.0
PAUSES: Final = Pauses(first=5.0, longest=3600.0)


class Deliveries:
    """The thread; nothing starts where the owner has allowed no host.

    Parameters
    ----------
    site : SiteStore
    reach : Reach
    """

    def __init__(self, site: SiteStore, reach: Reach) -> None:
        self._site, self._reach = site, reach
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        if self._reach.hosts:
            self._thread.start()

    def stop(self) -> None:
        """End after the delivery that is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stop.is_set():
            more = False
            for slug in self._site.slugs():
                try:
                    more = deliver(self._site.open(slug), self._reach, self._stop) or more
                except (LabelwrightError, DatabaseError, OSError) as error:  # a damaged project stops no other
                    log.error("webhooks of a project failed", extra={"project": slug, "error": type(error).__name__})
            self._stop.wait(0.0 if more else LOOK_SECONDS)


def deliver(store: ProjectStore, reach: Reach, stop: threading.Event | None = None) -> bool:
    """Send what waits to the webhooks of a project that may be tried now; whether there may be more at once."""
    more = False
    with store.read() as rows:
        hooks = rows.all(rows.select(t.webhook).where(t.webhook.c.next_at <= time.time()).order_by(t.webhook.c.at))
    for hook in hooks:
        events, upto = _waiting(store, hook)
        if not events:
            if upto > hook.told_seq:
                _note(store, hook, told_seq=upto)
            continue
        if not _hold(store, hook):
            continue
        reason = None
        for event in events:
            if stop is not None and stop.is_set():
                break
            reason = _send(store, hook, event, reach)
            if reason is not None:
                break
            _note(
                store, hook, told_seq=event.seq, attempts=0, next_at=0.0, waiting_since=None, reason=None,
                held_until=time.time() + HOLD_SECONDS,
            )  # fmt: skip
        if reason is not None:
            _rest(store, hook, reason)
        else:
            _note(store, hook, held_until=0.0)
            more = more or len(events) == AT_ONCE
    return more


def _waiting(store: ProjectStore, hook: AnyRow) -> tuple[list[Event], int]:
    """Events that the webhook has not been told of, and the record's last event."""
    with store.read() as rows:
        kinds = told.events_of(hook.kinds)
        return list(store.events(rows, after=hook.told_seq, limit=AT_ONCE, kinds=kinds)), store.head_seq(rows)


def _send(store: ProjectStore, hook: AnyRow, event: Event, reach: Reach) -> str | None:
    """Send one event; None if it arrived, else why not, as a few words."""
    body = told.body_of(store.project_id, event)
    try:
        secret = store.sealer.open(hook.secret, store.project_id, hook.id)
        headers = {
            "Content-Type": "application/json", "User-Agent": f"labelwright/{__version__}",
            "Labelwright-Delivery": f"{store.project_id}-{event.seq}",
            "Labelwright-Signature": told.signature(secret, body, int(time.time())),
        }  # fmt: skip
        target = target_of(hook.url, reach)
        status = post(target, addresses(target, reach)[0], body, headers)
    except LabelwrightError as error:
        return error.message
    except ssl.SSLCertVerificationError as error:
        return f"the certificate is refused: {error.verify_message.rstrip('.')}"
    except TimeoutError:
        return "no answer in time"
    except (OSError, http.client.HTTPException) as error:
        return f"no connection ({type(error).__name__})"
    return None if 200 <= status < 300 else f"the answer was {status}"


def _hold(store: ProjectStore, hook: AnyRow) -> bool:
    """Keep other workers from sending at the same time; False if one does."""
    table, at = t.webhook, time.time()
    with store.stage() as rows:
        where = (table.c.id == hook.id, table.c.told_seq == hook.told_seq, table.c.held_until <= at)
        sealed = _sealed(store, hook)
        return rows.update(table, *where, held_until=at + HOLD_SECONDS, **sealed) == 1


def _sealed(store: ProjectStore, hook: AnyRow) -> dict[str, str]:
    """What to write into the row: the secret encrypted, where an earlier version has stored it unencrypted."""
    if is_sealed(hook.secret):
        return {}
    try:
        return {"secret": store.sealer.seal(hook.secret, store.project_id, hook.id)}
    except (OSError, ValueError, LabelwrightError) as error:  # the delivery does not depend on it
        log.warning("the secret of a webhook cannot be encrypted", extra={"error": type(error).__name__})
        return {}


def _rest(store: ProjectStore, hook: AnyRow, reason: str) -> None:
    with store.read() as rows:
        current = rows.first(rows.select(t.webhook).where(t.webhook.c.id == hook.id))
    if current is None:  # removed meanwhile
        return
    pause = PAUSES.after(current.attempts + 1)
    _note(
        store, hook, attempts=current.attempts + 1, next_at=time.time() + pause, reason=reason[:200], held_until=0.0,
        waiting_since=current.waiting_since or now(),
    )  # fmt: skip
    log.warning("a webhook waits", extra={"project": store.slug, "webhook": hook.id, "reason": reason[:200]})


def _note(store: ProjectStore, hook: AnyRow, **values: object) -> None:
    with store.stage() as rows:
        rows.update(t.webhook, t.webhook.c.id == hook.id, **values)
