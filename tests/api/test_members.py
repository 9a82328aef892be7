"""Roles in projects: who sees what, who may give what, and what ends when a role is taken away."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from labelwright.services.people import members, users
from labelwright.services.people.roles import MEMBER, SYSTEM
from labelwright.services.people.views import ProjectGiven
from labelwright.services.projects import notes
from labelwright.services.record.verify import verify
from labelwright.store import site_tables as st
from labelwright.store import tables as t
from tests.conftest import Api

ANN = "ann@example.com"


def in_project(api: Any, role: str, slug: str = "topics", email: str | None = None) -> Any:
    """A client of a new member of the site with a role in one project."""
    client = api.as_role(MEMBER, email)
    members.give(api.site, SYSTEM, slug, id_of(client), role)
    return client


def id_of(client: Any) -> str:
    return str(client.get("/session").json()["user"]["id"])


def put(client: Any, path: str, body: Any) -> Any:
    return client.client.put(client.base + path, json=body, headers=client.headers)


def delete(client: Any, path: str) -> Any:
    return client.client.delete(client.base + path, headers=client.headers)


def role_events(api: Any) -> list[dict[str, Any]]:
    with api.site.store.read() as connection:
        query = select(st.event.c.body).where(st.event.c.kind == "membership").order_by(st.event.c.seq)
        return [json.loads(body)["data"] for body in connection.scalars(query)]


def test_a_lead_of_one_project_invites_somebody_to_it(trained: Any) -> None:
    lead = in_project(trained.api, "lead")
    added = lead.post("/projects/topics/members", {"email": ANN, "name": "Ann", "role": "annotator"})
    assert added.status_code == 201, added.text
    member, link = added.json()["member"], added.json()["link"]
    assert member["user"]["role"] == MEMBER and member["role"] == "annotator" and not member["everywhere"]
    assert link.startswith("/link#") and added.json()["expires_at"] > "2026"
    opened = trained.api.client.post("/api/v1/session/link", json={"token": link.partition("#")[2]})
    assert opened.status_code == 200 and opened.json()["permissions"] == ["project.list"]
    assert role_events(trained.api)[-1] == {
        "person": member["user"]["id"], "project_id": trained.store.project_id, "role": "annotator"
    }  # fmt: skip
    listed = {one["user"]["email"]: one for one in lead.get("/projects/topics/members").json()["items"]}
    assert listed[ANN] == member and listed["admin@localhost"]["everywhere"]


@pytest.mark.parametrize("site_role", ["annotator", MEMBER])
def test_no_link_is_made_for_an_account_that_exists(trained: Any, site_role: str) -> None:
    lead, ann = in_project(trained.api, "lead"), trained.api.as_role(site_role, ANN)
    added = lead.post("/projects/topics/members", {"email": " ANN@example.com", "role": "reviewer"})
    assert added.status_code == 201 and added.json()["link"] is None and added.json()["expires_at"] is None
    assert ann.get("/projects/topics").json()["role"] == "reviewer"
    with trained.site.store.read() as connection:
        assert len(connection.execute(select(st.link).where(st.link.c.person_id == id_of(ann))).all()) == 1
    assert lead.post(f"/users/{id_of(ann)}/link").status_code == 403


def test_a_second_click_changes_nothing(trained: Any) -> None:
    lead = in_project(trained.api, "lead")
    body = {"email": ANN, "role": "annotator"}
    first, second = (lead.post("/projects/topics/members", body) for _ in range(2))
    assert first.json()["link"] and second.json()["link"] is None and second.json()["member"] == first.json()["member"]
    refused = lead.post("/projects/topics/members", {**body, "role": "lead"})
    assert refused.status_code == 409 and "Change their role in the list" in refused.json()["hint"]
    path, before = f"/projects/topics/members/{first.json()['member']['user']['id']}", role_events(trained.api)
    for _ in range(2):
        assert put(lead, path, {"role": "reviewer"}).json()["role"] == "reviewer"
    assert len(role_events(trained.api)) == len(before) + 1
    assert [delete(lead, path).status_code for _ in range(2)] == [204, 404]


def test_many_clicks_at_once_are_one_event(any_api: Any) -> None:
    any_api.site.store.create("topics")
    who = users.add(any_api.site, SYSTEM, email=ANN, role=MEMBER).user.id
    with ThreadPoolExecutor(8) as pool:
        given = [pool.submit(members.give, any_api.site, SYSTEM, "topics", who, "lead") for _ in range(24)]
        assert {one.result().role for one in given} == {"lead"}
    assert len(role_events(any_api)) == 1


def test_what_a_lead_cannot_give(trained: Any) -> None:
    lead = in_project(trained.api, "lead")
    for role in ("admin", MEMBER, "king"):
        assert put(lead, f"/projects/topics/members/{id_of(lead)}", {"role": role}).status_code == 422
        assert lead.post("/projects/topics/members", {"email": ANN, "role": role}).status_code == 422
    admin = id_of(trained.api)
    assert put(lead, f"/projects/topics/members/{admin}", {"role": "auditor"}).status_code == 409
    assert lead.post("/projects/topics/members", {"email": "admin@localhost", "role": "lead"}).status_code == 409
    patched = lead.client.patch(f"{lead.base}/users/{admin}", json={"active": False}, headers=lead.headers)
    assert patched.status_code == 403 and lead.get("/users").status_code == 403
    assert lead.post("/users", {"email": ANN, "role": "lead"}).status_code == 403


@pytest.mark.parametrize("site_role", ["lead", "auditor"])
def test_only_an_admin_lowers_a_role_of_the_site(trained: Any, site_role: str) -> None:
    """Somebody invited to one project takes neither the leads nor the auditors of the site out of it."""
    lead, other = in_project(trained.api, "lead"), trained.api.as_role(site_role)
    path = f"/projects/topics/members/{id_of(other)}"
    refused = put(lead, path, {"role": "annotator"})
    assert refused.status_code == 403 and "Only an admin" in refused.json()["message"]
    assert put(trained.api, path, {"role": "annotator"}).status_code == 200
    assert other.get("/projects/topics/progress").status_code == 403
    assert put(lead, path, {"role": "lead"}).status_code == 403 and delete(lead, path).status_code == 403
    assert delete(trained.api, path).status_code == 204
    assert other.get("/projects/topics/progress").status_code == 200


def test_a_lead_raises_a_role_of_the_site(trained: Any) -> None:
    lead, other = in_project(trained.api, "lead"), trained.api.as_role("annotator")
    assert put(lead, f"/projects/topics/members/{id_of(other)}", {"role": "reviewer"}).status_code == 200
    assert other.get("/projects/topics/progress").status_code == 200


def test_a_lead_cannot_tell_the_members_of_other_projects_from_nobody(trained: Any, make_project: Any) -> None:
    make_project(trained.site, "other")
    lead, stranger = in_project(trained.api, "lead"), in_project(trained.api, "annotator", "other")
    known, unknown = (
        put(lead, f"/projects/topics/members/{who}", {"role": "lead"})
        for who in (id_of(stranger), "p_0000000000000000")
    )
    assert known.status_code == unknown.status_code == 404
    assert known.json()["message"].replace(id_of(stranger), "X") == "There is no account 'X'."
    assert id_of(stranger) not in lead.get("/projects/topics/members").text


def test_an_admin_stays_admin_in_every_project(trained: Any) -> None:
    ann = in_project(trained.api, "annotator")
    users.change(trained.site, SYSTEM, id_of(ann), role="admin")
    assert (
        ann.get("/projects/topics").json()["role"] == "admin" and ann.post("/projects/topics/pause").status_code == 200
    )
    (mine,) = [m for m in ann.get("/projects/topics/members").json()["items"] if m["user"]["id"] == id_of(ann)]
    assert mine["role"] == "admin" and mine["everywhere"]


def test_the_last_lead_may_go(trained: Any) -> None:
    lead = in_project(trained.api, "lead")
    assert delete(lead, f"/projects/topics/members/{id_of(lead)}").status_code == 204
    assert lead.get("/projects/topics/members").status_code == 404


def live_leases(trained: Any) -> int:
    with trained.store.read() as rows:
        return len(rows.all(rows.select(t.lease.c.id).where(t.lease.c.state == "live")))


@pytest.mark.parametrize("after", [None, "auditor"])
def test_work_of_somebody_who_may_not_answer_any_more_goes_back(trained: Any, after: str | None) -> None:
    ann = in_project(trained.api, "annotator")
    first, second = ann.queue("topics", n=2)
    assert ann.answer("topics", first, trained.right(first)).status_code == 201
    assert live_leases(trained) == 1
    path = f"/projects/topics/members/{id_of(ann)}"
    assert (delete(trained.api, path) if after is None else put(trained.api, path, {"role": after})).status_code < 300
    assert live_leases(trained) == 0
    assert ann.answer("topics", second, trained.right(second)).status_code == (404 if after is None else 403)
    assert ann.get("/session").status_code == 200  # sessions and tokens stay
    put(trained.api, path, {"role": "annotator"})
    late = ann.answer("topics", second, trained.right(second))
    assert late.status_code == 201 and ann.get("/projects/topics").json()["mine"]["total"] == 2


def test_those_who_were_given_the_project_come_first(any_api: Any, make_project: Any) -> None:
    make_project(any_api.site, "topics", n=12)
    for k in range(3):
        users.add(any_api.site, SYSTEM, email=f"a{k}@example.com", role="annotator")
        in_project(any_api, "annotator", email=f"z{k}@example.com")
    found, cursor = [], None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        page = any_api.get("/projects/topics/members", limit=2, **more).json()
        found += [one["user"]["email"].partition("@")[0] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == ["z0", "z1", "z2", "a0", "a1", "a2", "admin"]


def test_work_stays_with_somebody_who_may_still_answer(trained: Any) -> None:
    ann = in_project(trained.api, "annotator")
    ann.queue("topics", n=2)
    put(trained.api, f"/projects/topics/members/{id_of(ann)}", {"role": "reviewer"})
    assert live_leases(trained) == 2


def test_somebody_leaves_a_damaged_project(trained: Any) -> None:
    ann = in_project(trained.api, "annotator")
    assert ann.get("/projects/topics").status_code == 200
    trained.site.store.close()
    path = trained.home / "projects" / "topics" / "project.sqlite"
    path.write_bytes(b"not a database" * 100)
    (listed,) = ann.get("/projects").json()["items"]
    assert listed["state"] == "damaged" and listed["role"] == "annotator"
    assert delete(trained.api, f"/projects/topics/members/{id_of(ann)}").status_code == 204
    assert ann.get("/projects").json()["items"] == []


def test_a_member_pages_through_their_projects(any_api: Any, make_project: Any) -> None:
    for slug in ("a", "b", "c", "d", "e"):
        make_project(any_api.site, slug, n=12)
    ann = any_api.as_role(MEMBER)
    for slug in ("b", "c", "e"):
        members.give(any_api.site, SYSTEM, slug, id_of(ann), "annotator")
    notes.keep(any_api.site, "failed", failed_note())
    assert "failed" in any_api.get("/projects").text
    pages, cursor = [], None
    while True:
        page = ann.get("/projects", limit=2, **({} if cursor is None else {"cursor": cursor})).json()
        pages.append([one["slug"] for one in page["items"]])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert pages == [["b", "c"], ["e"]]
    everybody = [one["slug"] for one in any_api.get("/projects").json()["items"]]
    assert everybody == ["a", "b", "c", "d", "e", "failed"]


def failed_note() -> notes.ImportNote:
    note = notes.ImportNote("reading")
    note.fail(ValueError("no"))
    return note


def test_a_project_that_goes_takes_its_roles_along(api: Any) -> None:
    store = api.site.store.create("gone")
    ann = in_project(api, "annotator", "gone")
    api.site.store.discard(store)
    assert ann.get("/projects").json()["items"] == []
    with api.site.store.read() as connection:
        assert connection.execute(select(st.membership)).all() == []
    assert api.get("/projects/gone/members").status_code == 404


def test_a_lead_of_one_project_uploads_rows_but_learns_no_names(trained: Any) -> None:
    """The preview suggests a free name, which would tell what projects there are."""
    lead = in_project(trained.api, "lead")
    files = {"files": ("topics.csv", b"id,text\nnew1,some words here\n")}
    upload = lead.client.post(lead.base + "/uploads", files=files, headers=lead.headers).json()["id"]
    assert lead.post(f"/uploads/{upload}/preview", {}).status_code == 403
    added = lead.post("/projects/topics/items", {"upload_id": upload})
    assert added.status_code == 201 and added.json()["added"] == 1
    ann = in_project(trained.api, "annotator")
    assert ann.client.post(ann.base + "/uploads", files=files, headers=ann.headers).status_code == 403


def test_the_list_of_accounts(any_api: Any, make_project: Any) -> None:
    make_project(any_api.site, "topics", n=12)
    made = any_api.post(
        "/users",
        {"email": ANN, "name": "Änne", "role": MEMBER, "projects": [{"slug": "topics", "role": "annotator"}]},
    )
    assert made.status_code == 201 and made.json()["expires_at"] > "2026"
    for k in range(4):
        users.add(any_api.site, SYSTEM, email=f"bob{k}@example.com", role="annotator", simulated=k == 3)
    users.change(any_api.site, SYSTEM, users.by_email(any_api.site, "bob0@example.com").person_id, active=False)

    def accounts(**more: Any) -> list[dict[str, Any]]:
        return list(any_api.get("/users", **more).json()["items"])

    (ann,) = accounts(search="änn")
    assert ann["state"] == "invited" and ann["projects"] == [{"slug": "topics", "role": "annotator"}]
    assert [one["state"] for one in accounts(search="BOB")] == ["closed", "invited", "invited", "simulated"]
    assert accounts(search="%") == [] and len(accounts(search="@example.com")) == 5
    first = any_api.get("/users", search="bob", limit=3).json()
    assert [one["email"] for one in accounts(search="bob", cursor=first["next_cursor"])] == ["bob3@example.com"]
    secret = made.json()["link"].partition("#")[2]
    any_api.client.post("/api/v1/session/link", json={"token": secret, "password": "a long password"})
    any_api.client.cookies.clear()
    (ann,) = accounts(search="Änne")
    assert ann["state"] == "active" and ann["last_sign_in"] > "2026"


def test_an_account_is_made_with_all_its_projects_or_not_at_all(api: Any, make_project: Any) -> None:
    make_project(api.site, "topics", n=12)
    given = [{"slug": "topics", "role": "lead"}, {"slug": "nowhere", "role": "lead"}]
    assert api.post("/users", {"email": ANN, "role": MEMBER, "projects": given}).status_code == 404
    assert api.get("/users", search=ANN).json()["items"] == [] and role_events(api) == []
    refused = api.post("/users", {"email": ANN, "role": "lead", "projects": given[:1]})
    assert refused.status_code == 422 and "must be 'member'" in refused.json()["message"]


def test_a_change_that_changes_nothing_is_no_event(api: Any) -> None:
    who = users.add(api.site, SYSTEM, email=ANN, role="annotator").user.id

    def n_events() -> int:
        with api.site.store.read() as connection:
            return len(connection.execute(select(st.event.c.seq)).all())

    before = n_events()
    for _ in range(2):
        users.change(api.site, SYSTEM, who, active=False)
    assert n_events() == before + 1


def test_roles_in_projects_are_in_a_chain_that_verify_checks(trained: Any) -> None:
    users.add(trained.site, SYSTEM, email=ANN, role=MEMBER, projects=[ProjectGiven("topics", "lead")])
    assert verify(trained.site, "topics").problems == []
    with trained.site.store.write() as connection:
        row = connection.execute(select(st.event).where(st.event.c.kind == "membership")).one()
        body = row.body.replace(b'"role":"lead"', b'"role":"none"')
        connection.execute(st.event.update().where(st.event.c.seq == row.seq).values(body=body))
    assert verify(trained.site, "topics").n_problems > 0


def test_a_host_that_a_request_names_is_in_no_link(api: Api) -> None:
    headers = {**api.headers, "Host": "127.0.0.1:8000", "X-Forwarded-Host": "evil.example"}
    made = api.client.post("/api/v1/users", json={"email": ANN, "role": "lead"}, headers=headers)
    assert made.json()["link"].startswith("/link#")


def test_a_stakeholder_sees_figures_and_no_items(trained: Any) -> None:
    stakeholder = trained.api.as_role("stakeholder")
    shown = stakeholder.get("/projects/topics/progress")
    assert shown.status_code == 200 and shown.json()["next"] == [] and shown.json()["counts"]["items"] == 90
    assert trained.api.get("/projects/topics/progress").json()["next"]
    assert stakeholder.get("/projects/topics/rounds").status_code == 200
    for path in ("/items", "/items/i3", "/mistakes", "/events", "/export", "/annotations"):
        assert stakeholder.get(f"/projects/topics{path}").status_code == 403
    assert stakeholder.post("/projects/topics/queue", {"n": 1}).status_code == 403
