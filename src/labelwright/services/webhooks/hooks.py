"""Set, show and remove the webhooks of a project; the owner's settings say which hosts are allowed at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from labelwright.check import check_one_of, complain
from labelwright.engine.webhooks import told
from labelwright.engine.webhooks.reach import Reach, reach_of, target_of
from labelwright.errors import ConflictError, IntegrityError, NotFoundError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import new_id, now
from labelwright.store.project import ProjectStore
from labelwright.store.record.webhooks import WebhookSet
from labelwright.store.rows import AnyRow
from labelwright.store.sealing import new_secret
from labelwright.words import Figure, Reason

MAX_HOOKS: Final = 10


@dataclass(frozen=True)
class WebhookView:
    """One address.

    Attributes
    ----------
    kinds : list of str
        "label", "round", "verdict", "drift".
    told_seq : int
        Up to which event it has been told.
    waiting_since, reason : str, optional
        Since when the receiver does not take what is sent, and why.
    secret : str, optional
        Only where it has just been made.
    """

    id: str
    url: str
    kinds: list[str]
    told_seq: int
    waiting_since: str | None
    reason: str | None
    secret: str | None = None


@dataclass(frozen=True)
class WebhookList:
    """All addresses of a project, and the hosts that the owner allows; no host: webhooks are off."""

    items: list[WebhookView]
    hosts: list[str]


def reach(site: Site) -> Reach:
    """Where webhooks may go."""
    return reach_of(site.settings.webhook_hosts, site.settings.webhook_private)


def show(site: Site, slug: str) -> WebhookList:
    """All of a project, the oldest first."""
    with site.project(slug).read() as rows:
        found = rows.all(rows.select(t.webhook).order_by(t.webhook.c.at))
    return WebhookList([_view(row) for row in found], sorted(reach(site).hosts))


def put(site: Site, actor: Actor, slug: str, url: str, kinds: Sequence[str]) -> WebhookView:
    """Tell an address of events from now on, or change what it is told of; a new one comes with its secret, once.

    An address whose secret cannot be read any more, since the key file is away or another one, gets a new secret; what
    waited for it is then sent.

    Raises
    ------
    ForbiddenError
        If the owner has not allowed the host.
    InputError
        If the address or a kind is none.
    ConflictError
        If there are too many.
    """
    if not kinds:
        raise complain("webhooks", "kinds", f"some of {', '.join(told.KINDS)}", "none")
    for kind in kinds:
        check_one_of("webhooks", "kinds", kind, tuple(told.KINDS))
    target, store = target_of(url, reach(site)), site.project(slug)
    wanted = [kind for kind in told.KINDS if kind in kinds]
    secret = None
    with store.write() as transaction:
        rows = transaction.rows
        access.changeable(store, rows)
        known = rows.first(rows.select(t.webhook).where(t.webhook.c.url == url))
        hook_id = known.id if known is not None else new_id("wh")
        if known is not None:
            secret, values = _kept_or_renewed(store, known)
            rows.update(t.webhook, t.webhook.c.id == hook_id, kinds=wanted, **values)
        else:
            if len(rows.all(rows.select(t.webhook.c.id))) >= MAX_HOOKS:
                raise ConflictError(f"webhooks: a project has at most {MAX_HOOKS}.", "Remove one.")
            secret = new_secret()
            rows.insert(
                t.webhook,
                {
                    "id": hook_id, "url": url, "kinds": wanted,
                    "secret": store.sealer.seal(secret, store.project_id, hook_id), "by": actor.person_id, "at": now(),
                    "told_seq": store.head_seq(rows), "attempts": 0, "next_at": 0.0, "held_until": 0.0,
                },
            )  # fmt: skip
        transaction.record(WebhookSet(hook_id, target.host, tuple(wanted)), actor=actor.person_id)
        row = rows.one(rows.select(t.webhook).where(t.webhook.c.id == hook_id))
        return _view(row, secret)


def _kept_or_renewed(store: ProjectStore, known: AnyRow) -> tuple[str | None, dict[str, str | float]]:
    """A new secret where the old one cannot be read, else None; and what to write: the secret, encrypted."""
    try:
        old, new = store.sealer.open(known.secret, store.project_id, known.id), None
    except IntegrityError:
        old = new = new_secret()
    sealed = store.sealer.seal(old, store.project_id, known.id)
    return new, {"secret": sealed} if new is None else {"secret": sealed, "next_at": 0.0}


def remove(site: Site, actor: Actor, slug: str, hook_id: str) -> None:
    """Tell an address nothing more; what waits for it is not sent."""
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        row = rows.first(rows.select(t.webhook).where(t.webhook.c.id == hook_id))
        if row is None:
            raise NotFoundError(f"webhooks: there is no webhook '{hook_id}' in this project.")
        rows.delete(t.webhook, t.webhook.c.id == hook_id)
        host = (row.url.partition("://")[2]).partition("/")[0].partition("?")[0]
        transaction.record(WebhookSet(hook_id, host, ()), actor=actor.person_id)


def waiting(site: Site, store: ProjectStore) -> list[Reason]:
    """What *Progress* says of receivers that do not take what is sent."""
    with store.read() as rows:
        table = t.webhook
        found = rows.all(rows.select(table).where(table.c.waiting_since.is_not(None)).order_by(table.c.at))
    return [_reason(row) for row in found]


def _reason(row: AnyRow) -> Reason:
    host = (row.url.partition("://")[2]).partition("/")[0].partition("?")[0]
    figures: dict[str, Figure] = {"host": host, "since": row.waiting_since[:16].replace("T", " "), "reason": row.reason}
    return Reason("webhook-waits", figures)


def _view(row: AnyRow, secret: str | None = None) -> WebhookView:
    return WebhookView(row.id, row.url, list(row.kinds), row.told_seq, row.waiting_since, row.reason, secret)
