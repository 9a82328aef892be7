"""The application: routers, security, errors, and the web app's files."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from labelwright import __version__
from labelwright.errors import NotFoundError
from labelwright.server import problems, security
from labelwright.server.calibration.routes import router as calibration
from labelwright.server.drift.routes import router as drift
from labelwright.server.evaluation.routes import router as evaluation
from labelwright.server.explore.routes import router as explore
from labelwright.server.labeling.routes import router as labeling
from labelwright.server.people.members import router as members
from labelwright.server.people.provider import router as provider
from labelwright.server.people.sessions import router as sessions
from labelwright.server.people.users import router as users
from labelwright.server.permissions import need
from labelwright.server.planning.routes import router as planning
from labelwright.server.prefix import Prefix, prefix_of
from labelwright.server.projects.config import router as config
from labelwright.server.projects.items import router as items
from labelwright.server.projects.labels import router as labels
from labelwright.server.projects.routes import router as projects
from labelwright.server.projects.settings import router as settings
from labelwright.server.projects.uploads import router as uploads
from labelwright.server.quality.guidelines import router as guidelines
from labelwright.server.quality.routes import router as quality
from labelwright.server.record.routes import router as record
from labelwright.server.record.version_routes import router as versions
from labelwright.server.reporting.routes import router as reporting
from labelwright.server.search.routes import router as search
from labelwright.server.selection.routes import router as selection
from labelwright.server.site.routes import router as health
from labelwright.server.steering.encoders import router as encoders
from labelwright.server.steering.forks import router as forks
from labelwright.server.steering.rounds import router as rounds
from labelwright.server.steering.routes import router as steering
from labelwright.server.steering.strategies import router as strategies
from labelwright.server.stopping.routes import before as certifiable
from labelwright.server.stopping.routes import router as stopping
from labelwright.server.targets.routes import router as targets
from labelwright.server.team.routes import router as team
from labelwright.server.web_app import web_app
from labelwright.server.webhooks.routes import router as webhooks
from labelwright.services.people.roles import ANYONE
from labelwright.services.site import Site

API = "/api/v1"


class _Application(FastAPI):
    """One that describes errors as they are sent."""

    def openapi(self) -> dict[str, Any]:
        """The API's description."""
        document = super().openapi()
        problems.name_media_type(document)
        return document


def create_app(
    site: Site | None, *, hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]", "testserver")
) -> FastAPI:
    """Build the application for one site.

    Parameters
    ----------
    hosts : tuple of str
        Names that a request's Host header may carry, without port.
    """
    app = _Application(
        title="Labelwright",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        responses=problems.RESPONSES,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.site = site
    problems.install(app)
    of_site, of_projects = (
        (health, sessions, provider, users, uploads, strategies, planning, certifiable),
        (projects, members, settings, labels, config, webhooks),
    )
    of_people = (labeling, quality, guidelines, calibration, team)
    of_steering = (steering, rounds, forks, encoders, reporting, selection, targets)
    of_model = (evaluation, drift, explore, stopping, search)
    for router in (*of_site, *of_projects, items, *of_people, *of_steering, *of_model, record, versions):
        app.include_router(router, prefix=API)
    app.add_api_route("/api/{path:path}", _no_route, include_in_schema=False, methods=["GET", "POST", "PUT", "DELETE"])
    app.add_api_route("/{path:path}", web_app, include_in_schema=False)
    max_upload = site.settings.max_upload if site else 0
    app.add_middleware(security.Security, hosts=hosts, max_upload=max_upload)
    if site and (prefix := prefix_of(site.settings)):
        app.add_middleware(Prefix, prefix=prefix)
    return app


def _no_route(path: str, _: None = need(ANYONE)) -> None:
    raise NotFoundError(f"There is no route /api/{path}.", f"They are listed in {API}/openapi.json.")


def openapi() -> dict[str, Any]:
    """The API's description, as committed in openapi.json."""
    described: dict[str, Any] = create_app(None).openapi()
    return described
