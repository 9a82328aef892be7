"""Sign-in by an identity provider: which account somebody has, and which role the provider's groups give them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from labelwright.errors import ConflictError, ForbiddenError, InputError, UnauthenticatedError
from labelwright.services.people import accounts, provider
from labelwright.services.people.digests import digest
from labelwright.services.people.provider import Claims
from labelwright.services.people.roles import SITE_ROLES, SYSTEM
from labelwright.services.people.sessions import Opened, open_session
from labelwright.services.site import Site
from labelwright.services.site.settings import Settings
from labelwright.store import site_tables as t
from labelwright.store.clock import new_id, now
from labelwright.store.record.people import RoleGiven

SIGN_IN_SECONDS: Final = 600
CALLBACK: Final = "/api/v1/session/provider/callback"


@dataclass(frozen=True)
class Ways:
    """How people sign in here.

    Attributes
    ----------
    provider : str, optional
        What the button says; None where no identity provider is set.
    """

    provider: str | None


@dataclass(frozen=True)
class Start:
    """A sign-in that was begun: where the browser goes, and the secret that it must bring back."""

    url: str
    state: str


def ways(site: Site) -> Ways:
    """How people sign in."""
    return Ways(site.settings.oidc_name if is_set(site.settings) else None)


def is_set(settings: Settings) -> bool:
    """Whether an identity provider is set."""
    return settings.oidc_issuer is not None and settings.oidc_client_id is not None


def start(site: Site, *, then: str) -> Start:
    """Begin a sign-in; any server of the site may finish it.

    Parameters
    ----------
    then : str
        The path of the app to open afterwards.

    Raises
    ------
    InputError
        If no provider is set, or no address to come back to.
    UnauthenticatedError
        If the provider does not answer.
    """
    begun = provider.begin(_checked(site.settings), _redirect_uri(site.settings))
    with site.store.database.write(durable=False) as connection:
        connection.execute(delete(t.authorization).where(t.authorization.c.expires_at < time.time()))
        connection.execute(
            insert(t.authorization).values(
                state_hash=digest(begun.state), nonce=begun.nonce, verifier=begun.verifier, next=_local(then),
                expires_at=time.time() + SIGN_IN_SECONDS,
            )
        )  # fmt: skip
    return Start(begun.url, begun.state)


def finish(site: Site, *, state: str, code: str, agent: str) -> tuple[Opened, str]:
    """Open a session for whom the provider names; also the path to open.

    Raises
    ------
    UnauthenticatedError
        If the sign-in was not begun here, has expired or was finished, or what the provider says does not hold.
    ForbiddenError
        If they have no account here and get none, or it is closed.
    """
    with site.store.write() as connection:
        table = t.authorization
        row = connection.execute(select(table).where(table.c.state_hash == digest(state))).one_or_none()
        connection.execute(delete(table).where(table.c.state_hash == digest(state)))
    if row is None or row.expires_at < time.time():
        raise UnauthenticatedError("This sign-in has expired or was finished already.", "Begin again.")
    claims = provider.finish(
        _checked(site.settings), _redirect_uri(site.settings), code=code, nonce=row.nonce, verifier=row.verifier
    )
    with site.store.write() as connection:
        person = _account(site, connection, claims)
        return open_session(site, connection, person, agent), str(row.next)


def _account(site: Site, connection: Connection, claims: Claims) -> Any:
    """The account of somebody: the one that they had, the one with their verified e-mail, or a new one."""
    role, known = role_of(site.settings, claims.groups), t.identity
    if site.settings.oidc_roles and role is None:
        raise ForbiddenError(
            "None of your groups at the identity provider has a role here.", "Ask an admin of this site."
        )
    person_id = connection.scalar(
        select(known.c.person_id).where(known.c.issuer == claims.issuer, known.c.subject == claims.subject)
    )
    if person_id is None:
        person_id = _first_time(site, connection, claims, role)
        connection.execute(
            insert(known).values(
                issuer=claims.issuer, subject=claims.subject, person_id=person_id, created_at=now()
            )
        )  # fmt: skip
    person = accounts.find(connection, person_id)
    if not person.active:
        raise ForbiddenError("Your account is closed.", "Ask an admin of this site.")
    if role is not None and person.role != role:
        _give_role(site, connection, person, role)
    return accounts.find(connection, person_id)


def _first_time(site: Site, connection: Connection, claims: Claims, role: str | None) -> str:
    if claims.email is None:
        raise ForbiddenError(
            "The identity provider gives no verified e-mail address, so it is not known which account is yours.",
            "Ask an admin of this site.",
        )
    email = accounts.normal_email(claims.email)
    found = connection.execute(select(t.person.c.id).where(t.person.c.email == email)).one_or_none()
    if found is not None:
        return str(found.id)
    if role is None:
        raise ForbiddenError("There is no account for you here.", "Ask an admin of this site to invite you.")
    person = {
        "id": new_id("p"), "email": email, "name": claims.name.strip(), "role": role, "password_hash": None,
        "simulated": False, "active": True, "created_at": now(),
    }  # fmt: skip
    connection.execute(insert(t.person).values(**person))
    site.store.record(connection, RoleGiven(str(person["id"]), role), actor=SYSTEM.person_id)
    return str(person["id"])


def _give_role(site: Site, connection: Connection, person: Any, role: str) -> None:
    """The provider's groups say another role; the last admin stays one."""
    if person.role == "admin":
        try:
            accounts.keep_an_admin(connection, person.id)
        except ConflictError:
            return
    connection.execute(update(t.person).where(t.person.c.id == person.id).values(role=role))
    site.store.record(connection, RoleGiven(person.id, role, person.active), actor=SYSTEM.person_id)


def role_of(settings: Settings, groups: tuple[str, ...]) -> str | None:
    """The role of the first entry of ``oidc_roles`` whose group somebody is in; None if there is none.

    >>> role_of(Settings(oidc_roles="ml-admins=admin, labelers=annotator"), ("staff", "labelers"))
    'annotator'
    """
    return next((role for group, role in roles_by_group(settings.oidc_roles) if group in groups), None)


def roles_by_group(text: str | None) -> list[tuple[str, str]]:
    """Read ``GROUP=ROLE, GROUP=ROLE``.

    Raises
    ------
    InputError
    """
    pairs = [part.strip().rpartition("=") for part in (text or "").split(",") if part.strip()]
    for group, _, role in pairs:
        if not group or role.strip() not in SITE_ROLES:
            raise InputError(
                f"oidc_roles must be GROUP=ROLE between commas, with roles among {', '.join(SITE_ROLES)}, got '{text}'."
            )
    return [(group.strip(), role.strip()) for group, _, role in pairs]


def _checked(settings: Settings) -> Settings:
    if not is_set(settings):
        raise InputError("sign-in: no identity provider is set here.", "Sign in with a password.")
    if not provider.is_safe(str(settings.oidc_issuer)):
        raise InputError("oidc_issuer must begin with https://, or be on this machine.")
    roles_by_group(settings.oidc_roles)
    return settings


def _redirect_uri(settings: Settings) -> str:
    if settings.base_url is None:
        raise InputError(
            "sign-in: an identity provider needs the address that people use here.", "Set LABELWRIGHT_BASE_URL."
        )
    return settings.base_url.rstrip("/") + CALLBACK


def _local(path: str) -> str:
    """A path of the app; whatever else was asked for becomes its first page."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and len(path) <= 500
    return path if is_local and path.isprintable() else "/"
