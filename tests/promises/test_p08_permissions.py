"""Promise 8: every route states the permission it needs; all routes are walked with all roles, also of one project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import insert, update

from labelwright.server.app import create_app
from labelwright.server.permissions import permission_of
from labelwright.services.people import members, sessions, users
from labelwright.services.people.roles import ANYONE, MEMBER, PROJECT_ROLES, ROLES, SELF, SYSTEM
from labelwright.store import site_tables as st
from tests.conftest import ordinal_of

OPEN = {
    "GET /api/v1/health", "GET /api/v1/ready", "POST /api/v1/session", "POST /api/v1/session/link",
    "GET /api/v1/session/provider", "GET /api/v1/session/provider/start", "GET /api/v1/session/provider/callback",
    "GET /api/{path:path}", "POST /api/{path:path}", "PUT /api/{path:path}", "DELETE /api/{path:path}",
    "GET /{path:path}",
}  # fmt: skip
ENDLESS = "/stream"
DELETING = "DELETE /api/v1/projects/{slug}"
GUESSED = {
    "slug": "topics", "item_id": "i3", "lease_id": "le_0000000000000000", "annotation_id": "a_0000000000000000",
    "user_id": "p_0000000000000000", "upload_id": "u_0000000000000000", "token_id": "t_0000000000000000", "import_id": "b_0000000000000000",
    "path": "anything", "deleted": "nothing", "question_id": "q_9", "person_id": "p_0000000000000000", "review_id": "rv_0000000000000000",
    "session_id": "cs_0000000000000000", "slice_id": "sl_0000000000000000",
    "alarm_id": "dr_0000000000000000", "round_id": "rd_0000000000000000", "fork_id": "fk_0000000000000000", "plan_id": "pl_0000000000000000",
    "model_id": "m-9-q_9", "change_id": "lc_0000000000000000", "hook_id": "wh_0000000000000000",
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """One method of one path, and the permissions its guards ask for."""

    method: str
    path: str
    permissions: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def url(self) -> str:
        return self.path.replace(":path", "").format(**GUESSED)


def walk(app: Any) -> Iterator[tuple[str, Any]]:
    for route in app.routes:
        inner = getattr(route, "original_router", None)  # FastAPI includes routers lazily since 0.16x
        if inner is not None:
            yield from ((route.include_context.prefix + r.path, r) for r in inner.routes)
        else:
            yield route.path, route


def all_routes() -> list[Route]:
    found = []
    for path, route in walk(create_app(None)):  # type: ignore[arg-type]
        if not isinstance(route, APIRoute):
            assert path == "/api/v1/openapi.json", f"{path} is served without a guard"
            continue
        guards = tuple(p for d in route.dependant.dependencies if d.call and (p := permission_of(d.call)) is not None)
        found += [Route(method, path, guards) for method in sorted(route.methods)]
    return found


ROUTES = all_routes()
GUARDED = [route for route in ROUTES if str(route) not in OPEN]


def test_all_routes_are_found() -> None:
    described = create_app(None).openapi()["paths"]  # type: ignore[arg-type]
    said = {f"{method.upper()} {path}" for path, methods in described.items() for method in methods}
    assert said <= {str(route) for route in ROUTES} and len(said) > 30


def test_every_route_states_one_known_permission() -> None:
    known = {permission for role in ROLES.values() for permission in role} | {SELF}
    for route in ROUTES:
        assert len(route.permissions) == 1, f"{route} has the guards {route.permissions}"
        if str(route) in OPEN:
            assert route.permissions == (ANYONE,), f"{route} was meant to be open to anyone"
        else:
            assert route.permissions[0] in known, f"{route} asks for the unknown '{route.permissions[0]}'"


def call(api: Any, route: Route, headers: dict[str, str] | None = None) -> Any:
    body = {} if route.method in ("POST", "PUT", "PATCH") else None
    return api.client.request(route.method, route.url, json=body, headers=api.headers if headers is None else headers)


@pytest.fixture(scope="module")
def walked(trained_once: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    import shutil

    from tests.conftest import make_api, make_site

    home = tmp_path_factory.mktemp("walked") / "home"
    shutil.copytree(trained_once.home, home)
    site = make_site(home)
    yield make_api(site)
    site.close()


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_nobody_gets_in_without_signing_in(walked: Any, route: Route) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer lw_guessed"},
        {"Cookie": "labelwright=guessed"},
        {"Authorization": "Bearer "},
    ):
        refused = call(walked, route, headers)
        assert refused.status_code == 401, (route, headers, refused.text)
        assert refused.json()["code"] == "unauthenticated"


IN_PROJECTS = "/api/v1/projects/{slug}"
SOMEWHERE = {  # a lead of one project adds items to it, and plans with its labels
    "POST /api/v1/uploads", "GET /api/v1/plans", "POST /api/v1/plans", "POST /api/v1/plans/similar",
    "GET /api/v1/plans/{plan_id}", "DELETE /api/v1/plans/{plan_id}",
}  # fmt: skip


def is_answered(client: Any, route: Route) -> None:
    """It is not refused for want of a right."""
    if route.path.endswith(ENDLESS) or str(route) == DELETING:  # the others need the project
        return
    answered = call(client, route)
    assert answered.status_code != 401, route
    if not route.path.endswith("/media"):  # refuses items that the caller does not hold
        assert answered.status_code != 403, (route, answered.text)
    assert answered.status_code < 500, (route, answered.text)


def is_refused(client: Any, route: Route) -> None:
    """It is refused for want of the permission."""
    (permission,) = route.permissions
    refused = call(client, route)
    assert refused.status_code == 403, (str(route), refused.status_code, refused.text)
    assert permission in refused.json()["message"]


@pytest.mark.parametrize("role", [role for role in ROLES if role != MEMBER])
def test_every_route_with_every_role(walked: Any, role: str) -> None:
    client = walked.as_role(role)
    for route in GUARDED:
        (permission,) = route.permissions
        (is_answered if permission == SELF or permission in ROLES[role] else is_refused)(client, route)


def test_every_route_with_a_member_of_no_project(walked: Any) -> None:
    """No route of a project tells whether the project exists: the whole answer is the same but for its id and name."""
    client = walked.as_role(MEMBER)

    def answer(route: Route, slug: str) -> tuple[int, dict[str, str], dict[str, str]]:
        there = Route(route.method, route.path.replace("{slug}", slug), route.permissions)
        found = call(client, there)
        headers = {k: v for k, v in found.headers.items() if k not in ("date", "x-request-id", "content-length")}
        body = {k: v.replace(slug, "SLUG") for k, v in found.json().items() if k != "request_id"}
        return found.status_code, headers, body

    for route in GUARDED:
        (permission,) = route.permissions
        if route.path.startswith(IN_PROJECTS):
            there, nowhere = answer(route, "topics"), answer(route, "secret")
            assert there == nowhere and there[0] == 404 and there[2]["code"] == "not-found", (str(route), there)
        elif permission == SELF or permission in ROLES[MEMBER]:
            is_answered(client, route)
        else:
            is_refused(client, route)
    assert client.get("/projects").json() == {"items": [], "next_cursor": None}


def test_a_member_is_told_what_the_admin_is_told_of_a_project_that_is_not_there(walked: Any) -> None:
    told = [one.get("/projects/secret").json() for one in (walked, walked.as_role(MEMBER))]
    assert [{**one, "request_id": ""} for one in told] == [{**told[0], "request_id": ""}] * 2


@pytest.mark.parametrize("role", PROJECT_ROLES)
def test_every_route_with_every_role_in_one_project(walked: Any, role: str) -> None:
    client = walked.as_role(MEMBER)
    who = client.get("/session").json()["user"]["id"]
    members.give(walked.site, SYSTEM, "topics", who, role)
    for route in GUARDED:
        (permission,) = route.permissions
        here = ROLES[role] if route.path.startswith(IN_PROJECTS) or str(route) in SOMEWHERE else ROLES[MEMBER]
        (is_answered if permission == SELF or permission in here else is_refused)(client, route)
    (listed,) = client.get("/projects").json()["items"]
    assert (listed["slug"], listed["role"], listed["permissions"]) == ("topics", role, sorted(ROLES[role]))
    assert client.get("/projects/topics").json()["role"] == role
    assert client.get("/projects/elsewhere").status_code == 404


def test_the_role_table_says_what_it_should() -> None:
    assert ROLES["admin"] >= ROLES["lead"] >= ROLES["annotator"]
    assert "user.manage" not in ROLES["lead"]
    assert ROLES[MEMBER] == {"project.list"} and set(PROJECT_ROLES) == set(ROLES) - {"admin", MEMBER}
    assert not ROLES["annotator"] & {"item.read", "event.read", "progress.read", "export", "project.manage", "upload"}
    assert not ROLES["auditor"] & {"label", "label.add", "project.create", "project.manage", "upload", "user.manage"}


def test_what_belongs_to_another_cannot_be_reached_by_its_id(trained: Any) -> None:
    one, two = trained.api.as_role("lead"), trained.api.as_role("lead")
    lease = one.queue("topics")[0]
    stored = one.answer("topics", lease, trained.right(lease)).json()
    token = one.post("/tokens", {"name": "mine"}).json()["id"]
    upload = one.client.post(
        "/api/v1/uploads", files={"files": ("a.csv", b"text\nsome words here\n")}, headers=one.headers
    ).json()["id"]  # fmt: skip

    def delete(path: str) -> Any:
        return two.client.delete(two.base + path, headers=two.headers)

    assert delete(f"/tokens/{token}").status_code == 404
    assert delete(f"/projects/topics/leases/{lease['id']}").status_code == 404
    assert two.post(f"/projects/topics/leases/{lease['id']}/renew").status_code == 404
    assert two.get(f"/projects/topics/annotations/{stored['id']}/item").status_code == 404
    assert two.post(f"/uploads/{upload}/preview", {}).status_code == 404
    assert two.post("/projects/topics/items", {"upload_id": upload}).status_code == 404
    item = f"i{ordinal_of(trained.store, lease)}"
    for kind in ("undo", "correct"):
        answer = {"label": "l_1"} if kind == "correct" else None
        refused = two.answer("topics", lease, answer, kind=kind, replaces=stored["id"])
        assert refused.status_code == 404  # the token of somebody else's lease
        refused = two.answer("topics", lease, answer, kind=kind, replaces=stored["id"], item_id=item, lease_id=None)
        assert refused.status_code == 409
    assert two.answer("topics", lease, {"label": "l_1"}).status_code == 404
    assert two.answer("topics", lease, {"label": "l_1"}, item_id=item).status_code == 404
    unlent = two.answer("topics", lease, {"label": "l_1"}, item_id=item, lease_id=None)
    assert unlent.status_code == 403  # an item that was not lent to them
    assert two.get(f"/projects/topics/leases/{lease['id']}/media").status_code == 404


def test_a_role_within_a_project_goes_before_the_role_on_the_site(trained: Any) -> None:
    below, above = trained.api.as_role("lead"), trained.api.as_role("annotator")

    def person(api: Any) -> str:
        return str(api.get("/session").json()["user"]["id"])

    with trained.site.store.write() as connection:
        rows = [(person(below), "annotator"), (person(above), "auditor")]
        connection.execute(insert(st.membership), [
            {"project_id": trained.store.project_id, "person_id": who, "role": role} for who, role in rows
        ])  # fmt: skip
    assert below.get("/projects/topics/progress").status_code == 403
    assert below.post("/projects/topics/pause").status_code == 403
    assert above.get("/projects/topics/progress").status_code == 200
    assert above.post("/projects/topics/queue", {"n": 1}).status_code == 403


def test_a_revoked_token_and_an_ended_session_are_refused(trained: Any) -> None:
    client = trained.api.as_role("annotator")
    (token,) = client.get("/tokens").json()["items"]
    assert client.client.delete(f"{client.base}/tokens/{token['id']}", headers=client.headers).status_code == 204
    assert client.get("/session").status_code == 401
    cookie, _ = sign_in_by_cookie(trained)
    with trained.site.store.write() as connection:
        connection.execute(update(st.session).values(expires_at=0.0))
    assert trained.api.client.get("/api/v1/session", headers={"Cookie": cookie}).status_code == 401


def test_an_account_that_was_closed_is_refused(trained: Any) -> None:
    client = trained.api.as_role("annotator")
    who = client.get("/session").json()["user"]["id"]
    with trained.site.store.write() as connection:
        connection.execute(update(st.person).where(st.person.c.id == who).values(active=False))
    assert client.get("/session").status_code == 401


def sign_in_by_cookie(trained: Any) -> tuple[str, str]:
    admin, _ = users.ensure_admin(trained.site)
    secret = sessions.make_link(trained.site, admin.person_id)
    opened = trained.api.client.post("/api/v1/session/link", json={"token": secret})
    assert opened.status_code == 200, opened.text
    said = opened.headers["set-cookie"].lower()
    assert "httponly" in said and "samesite=lax" in said
    trained.api.client.cookies.clear()
    assert trained.api.client.post("/api/v1/session/link", json={"token": secret}).status_code == 410  # good once
    return opened.headers["set-cookie"].partition(";")[0], str(opened.json()["csrf"])


def test_a_cookie_changes_nothing_without_the_csrf_header(trained: Any) -> None:
    cookie, csrf = sign_in_by_cookie(trained)
    client = trained.api.client

    def send(method: str, path: str, **more: str) -> int:
        return int(client.request(method, f"/api/v1{path}", json={}, headers={"Cookie": cookie, **more}).status_code)

    assert client.get("/api/v1/session", headers={"Cookie": cookie}).status_code == 200
    for method, path in (
        ("POST", "/projects/topics/pause"),
        ("POST", "/projects/topics/queue"),
        ("DELETE", "/session"),
    ):
        assert send(method, path) == 403
        assert send(method, path, **{"X-CSRF-Token": "wrong"}) == 403
        assert send(method, path, **{"X-CSRF-Token": ""}) == 403
    assert send("POST", "/projects/topics/pause", **{"X-CSRF-Token": csrf}) == 200
    assert send("DELETE", "/session", **{"X-CSRF-Token": csrf}) == 204
    assert send("GET", "/session") == 401


def test_a_foreign_host_is_refused(trained: Any) -> None:
    for host in ("evil.example", "localhost.evil.example", "evil.example:8000", ""):
        refused = trained.api.client.get("/api/v1/health", headers={"Host": host})
        assert refused.status_code == 421, host
    for host in ("localhost", "127.0.0.1:8000", "LOCALHOST", "LocalHost:8000"):
        assert trained.api.client.get("/api/v1/health", headers={"Host": host}).status_code == 200


def test_pages_carry_the_security_headers(trained: Any) -> None:
    for path in ("/api/v1/health", "/", "/api/v1/projects"):
        headers = trained.api.client.get(path).headers
        csp = headers["content-security-policy"]
        assert "script-src 'self'" in csp and "'unsafe-eval'" not in csp and "frame-ancestors 'none'" in csp
        assert headers["x-content-type-options"] == "nosniff" and headers["x-request-id"]


def test_a_path_cannot_leave_the_web_app_or_the_media_folder(trained: Any) -> None:
    for path in ("/../../pyproject.toml", "/%2e%2e/%2e%2e/store/keys.py", "/assets/..%2f..%2f..%2ferrors.py"):
        found = trained.api.client.get(path)
        assert "class LabelwrightError" not in found.text and "Ed25519" not in found.text
    for item in ("i-1", "..", "i0/../../x", "i99999999999999999999", "x1"):
        assert trained.api.get(f"/projects/topics/items/{item}/media").status_code in (404, 405)
