"""Sign in by an identity provider: the browser goes there and comes back."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from labelwright.errors import LabelwrightError, UnauthenticatedError
from labelwright.server.people.session_schemas import SignInWays
from labelwright.server.people.sessions import is_secure, set_cookie
from labelwright.server.permissions import TheSite, need
from labelwright.server.prefix import prefix_of
from labelwright.services.people import single_sign_on
from labelwright.services.people.roles import ANYONE
from labelwright.services.people.single_sign_on import SIGN_IN_SECONDS
from labelwright.services.site import Site

router = APIRouter(prefix="/session/provider", tags=["session"])
log = logging.getLogger("labelwright.server")
STATE_COOKIE = "labelwright-sign-in"  # so that nobody is made to finish a sign-in that another person began


@router.get("", response_model=SignInWays)
def list_ways(site: TheSite, _: None = need(ANYONE)) -> Any:
    """How people sign in here."""
    return single_sign_on.ways(site)


@router.get("/start", status_code=303, response_class=RedirectResponse)
def start_sign_in(
    request: Request, site: TheSite, then: Annotated[str, Query(max_length=500)] = "/", _: None = need(ANYONE)
) -> RedirectResponse:
    """Go to the identity provider, which sends the browser back to ``callback``."""
    try:
        begun = single_sign_on.start(site, then=then)
    except LabelwrightError as error:
        return _to_login(site, error)
    reply = RedirectResponse(begun.url, status_code=303)
    reply.set_cookie(
        STATE_COOKIE, begun.state, max_age=SIGN_IN_SECONDS, httponly=True, samesite="lax",
        secure=is_secure(request, site), path=f"{prefix_of(site.settings)}/api/v1/session/provider",
    )  # fmt: skip
    return reply


@router.get("/callback", status_code=303, response_class=RedirectResponse)
def finish_sign_in(
    request: Request, site: TheSite, state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "", _: None = need(ANYONE),
) -> RedirectResponse:  # fmt: skip
    """Come back from the identity provider; sets the session cookie and opens the app."""
    try:
        if not state or not code or request.cookies.get(STATE_COOKIE) != state:
            raise UnauthenticatedError("The sign-in was given up, or was begun in another browser.", "Begin again.")
        agent = request.headers.get("user-agent", "")[:200]
        opened, then = single_sign_on.finish(site, state=state, code=code, agent=agent)
    except LabelwrightError as error:
        return _to_login(site, error)
    reply = RedirectResponse(prefix_of(site.settings) + then, status_code=303)
    set_cookie(reply, request, site, opened.secret)
    reply.delete_cookie(STATE_COOKIE, path=f"{prefix_of(site.settings)}/api/v1/session/provider")
    return reply


def _to_login(site: Site, error: LabelwrightError) -> RedirectResponse:
    """Say on the sign-in page what kind of thing went wrong; the words are in the log, never in an address."""
    log.warning("sign-in by the identity provider failed", extra={"error": str(error)})
    return RedirectResponse(f"{prefix_of(site.settings)}/login?problem={error.code}", status_code=303)
