"""Every route states the permission it needs, here and nowhere else.

``need("project.manage")`` is a dependency: it finds out who calls (session cookie or bearer token),
refuses a cookie that a page of another origin uses, checks the CSRF header where a cookie changes something, and
refuses with 401 or 403, or with 404 where the caller may not know of the project, as if there were none. The permission
hangs on the function, so that a test can walk all routes and find one without.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request

from labelwright.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from labelwright.services.people import sessions
from labelwright.services.people.roles import ANYONE, Actor
from labelwright.services.site import Site

COOKIE = "labelwright"
CSRF_HEADER = "x-csrf-token"
SAFE = {"GET", "HEAD", "OPTIONS"}


def get_site(request: Request) -> Site:
    """The site this app serves."""
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(get_site)]


def need(permission: str, *, somewhere: bool = False) -> Any:
    """Return the dependency that gives the actor, or refuses.

    Parameters
    ----------
    somewhere : bool
        A route outside of projects that is also for those who have the permission in one project alone.
    """

    def guard(request: Request, site: TheSite) -> Actor | None:
        return None if permission == ANYONE else allowed(request, site, permission, somewhere=somewhere)

    guard.permission = permission  # type: ignore[attr-defined]
    return Depends(guard)


def allowed(request: Request, site: Site, permission: str, *, somewhere: bool = False) -> Actor:
    """Who calls, if they have the permission now.

    Raises
    ------
    UnauthenticatedError, ForbiddenError
        If nobody is signed in any more, or their role does not have it.
    NotFoundError
        If they may not know of the project.
    """
    actor = _who(request, site)
    slug = request.path_params.get("slug")
    if slug is not None:
        actor = site.actor_in(actor, slug)
    if not actor.may(permission) and not (somewhere and site.may_somewhere(actor, permission)):
        raise ForbiddenError(
            f"{request.method} {request.url.path}: the role '{actor.role}' does not have '{permission}'.",
            "Ask an admin of this site for another role.",
        )
    return actor


def still_allowed(request: Request, site: Site, permission: str) -> bool:
    """Whether the caller of a long request still has the permission, and the project is still there."""
    try:
        allowed(request, site, permission)
    except (UnauthenticatedError, ForbiddenError, NotFoundError):
        return False
    return True


def permission_of(guard: Callable[..., Any]) -> str | None:
    """The permission a dependency asks for, or None if it is not a guard."""
    return getattr(guard, "permission", None)


def _who(request: Request, site: Site) -> Actor:
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        return sessions.by_token(site, header[7:].strip())
    secret = request.cookies.get(COOKIE)
    if not secret:
        raise UnauthenticatedError("Nobody is signed in.", "Sign in, or send an API token as 'Authorization: Bearer'.")
    _refuse_other_origins(request, site)
    found = sessions.by_cookie(site, secret)
    if request.method not in SAFE and not sessions.same(request.headers.get(CSRF_HEADER, ""), found.csrf):
        raise ForbiddenError("The CSRF token is missing or wrong.", "Reload the page and try again.")
    request.state.session = found
    return found.actor


def _refuse_other_origins(request: Request, site: Site) -> None:
    """A browser sends the cookie along whoever asks; another port of this machine even counts as the same site."""
    relation, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if relation is not None:
        is_own = relation in ("same-origin", "none")
    else:  # an older browser, or a program
        own = (request.headers.get("host", "").lower(), urlsplit(site.settings.base_url or "").netloc.lower())
        is_own = origin is None or (origin.lower().partition("://")[2] or origin) in own
    if not is_own:
        raise ForbiddenError(
            "A page of another origin may not use this session.", "Open the page here, or send an API token."
        )
