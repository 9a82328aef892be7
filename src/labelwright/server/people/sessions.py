"""Sign in and out."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from labelwright.server.people.session_schemas import ClaimLink, Session, SignIn
from labelwright.server.permissions import COOKIE, TheSite, need
from labelwright.server.prefix import prefix_of
from labelwright.services.people import sessions
from labelwright.services.people.roles import ANYONE, SELF, Actor
from labelwright.services.site import Site

router = APIRouter(prefix="/session", tags=["session"])
VERIFIERS = ThreadPoolExecutor(4, "verify")  # each takes 64 MiB and a core: they must not take the threads of all


@router.post("", response_model=Session)
async def sign_in(body: SignIn, request: Request, response: Response, site: TheSite, _: None = need(ANYONE)) -> Any:
    """Sign in by e-mail and password; sets the session cookie. After many attempts of late, the answer takes longer."""
    with site.sign_ins.turn(_address(request), body.email.strip().lower()) as seconds:
        await asyncio.sleep(seconds)
        verify = partial(sessions.sign_in, site, body.email, body.password, agent=_agent(request))
        opened = await asyncio.get_running_loop().run_in_executor(VERIFIERS, verify)
    set_cookie(response, request, site, opened.secret)
    return opened.view


@router.post("/link", response_model=Session)
def claim_link(body: ClaimLink, request: Request, response: Response, site: TheSite, _: None = need(ANYONE)) -> Any:
    """Open a one-time link; sets the session cookie."""
    opened = sessions.claim_link(site, body.token, name=body.name, password=body.password, agent=_agent(request))
    set_cookie(response, request, site, opened.secret)
    return opened.view


@router.get("", response_model=Session)
def show(request: Request, site: TheSite, actor: Annotated[Actor, need(SELF)]) -> Any:
    """Who is signed in."""
    return sessions.show(site, actor, getattr(request.state, "session", None))


@router.delete("", status_code=204)
def sign_out(request: Request, response: Response, site: TheSite, actor: Annotated[Actor, need(SELF)]) -> None:
    """Sign out here; other devices stay signed in."""
    sessions.sign_out(site, actor, request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path=prefix_of(site.settings) or "/")


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")[:200]


def is_secure(request: Request, site: Site) -> bool:
    """Whether the browser sends a cookie over TLS alone."""
    return "https" in (request.url.scheme, urlsplit(site.settings.base_url or "").scheme)


def set_cookie(response: Response, request: Request, site: Site, secret: str) -> None:
    """Give the browser a session."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=sessions.LIFETIME_SECONDS,
        httponly=True,
        samesite="lax",
        secure=is_secure(request, site),
        path=prefix_of(site.settings) or "/",
    )
