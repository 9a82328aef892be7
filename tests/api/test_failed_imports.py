"""A failed import stays visible, with its place in the file, until it is dismissed or the project is made."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from labelwright.services.projects.notes import IMPORTS
from tests.api.test_create import upload
from tests.conftest import Api, make_api, make_site

TEXTS = [f"{k},these are some words {k}" for k in range(600)]
FAULTY = ("id,text\n" + "\n".join([*TEXTS, "599,an id that is there already"])).encode()
WHOLE = ("id,text\n" + "\n".join(TEXTS)).encode()


def create(api: Api, slug: str, content: bytes, name: str = "texts.csv") -> dict[str, Any]:
    """Start an import and wait for its end."""
    body = {"slug": slug, "upload_id": upload(api, name, content), "task": "classification", "labels": ["a", "b"]}
    started = api.post("/projects", {**body, "title": "My texts", "columns": {"id": "id", "text": "text"}})
    assert started.status_code == 201, started.text
    for thread in threading.enumerate():
        if thread.name == f"import-{slug}":
            thread.join(60)
    shown = api.get(f"/projects/{slug}")
    assert shown.status_code == 200, shown.text
    return dict(shown.json())


def listed(api: Api) -> dict[str, dict[str, Any]]:
    return {project["slug"]: project for project in api.get("/projects").json()["items"]}


def dismiss(api: Api, slug: str) -> Any:
    return api.client.delete(f"{api.base}/projects/{slug}/failed-import", headers=api.headers)


def test_a_failed_import_is_shown_with_its_place(api: Api) -> None:
    shown = create(api, "texts", FAULTY)
    assert (shown["state"], shown["title"]) == ("failed", "My texts")
    state = shown["import_state"]
    assert (state["file"], state["row"], state["column"]) == ("texts.csv", 601, "id")
    assert state["reason"] == "ids must be distinct, got '599' in row 600 already."
    assert state["error"] == f"texts.csv, line 602, row 601, column 'id': {state['reason']}"
    assert state["hint"] == "Make them distinct, or use no column of ids."  # in the words of the page
    assert listed(api)["texts"]["state"] == "failed" and listed(api)["texts"]["error"] == state["error"]
    assert api.get("/projects/texts").json() == shown


def test_a_restart_keeps_a_failed_import(api: Api, tmp_path: Path) -> None:
    before = create(api, "texts", FAULTY)
    assert "texts" not in IMPORTS  # nothing of it is left in this process
    again = make_site(tmp_path / "home")
    try:
        other = make_api(again)
        assert other.get("/projects/texts").json() == before
        assert listed(other)["texts"]["state"] == "failed"
    finally:
        again.close()


def test_a_failed_import_goes_when_it_is_dismissed(api: Api) -> None:
    create(api, "texts", FAULTY)
    assert dismiss(api.as_role("annotator"), "texts").status_code == 403
    assert listed(api)["texts"]["state"] == "failed"
    assert dismiss(api, "texts").status_code == 204
    assert listed(api) == {} and api.get("/projects/texts").status_code == 404
    gone = dismiss(api, "texts")
    assert gone.status_code == 404 and "no failed import 'texts'" in gone.json()["message"]


def test_a_failed_import_goes_when_the_project_is_made(api: Api) -> None:
    create(api, "texts", FAULTY)
    made = create(api, "texts", WHOLE)
    assert (made["state"], made["items"], made["import_state"]) == ("ready", 600, None)
    assert dismiss(api, "texts").status_code == 404
    assert listed(api)["texts"]["state"] == "ready"


def test_the_second_failure_replaces_the_first(api: Api) -> None:
    create(api, "texts", FAULTY)
    shown = create(api, "texts", WHOLE + b"\n7,another", name="other.csv")
    assert (shown["import_state"]["file"], shown["import_state"]["row"]) == ("other.csv", 601)
    assert list(listed(api)) == ["texts"]


def test_an_interrupted_import_is_dismissed_too(api: Api) -> None:
    api.site.store.create("halfway")
    shown = api.get("/projects/halfway").json()
    assert shown["state"] == "failed" and "interrupted" in shown["import_state"]["error"]
    assert dismiss(api, "halfway").status_code == 204
    assert listed(api) == {} and api.site.store.slugs() == []


def test_an_import_that_runs_is_not_dismissed(api: Api) -> None:
    api.site.store.create("running")
    with api.site.store.claim("running"):
        assert dismiss(api, "running").status_code == 409
    assert api.site.store.slugs() == ["running"]


def test_a_note_that_cannot_be_read_still_names_the_failed_import(api: Api) -> None:
    create(api, "texts", FAULTY)
    (note,) = (Path(api.site.settings.home) / "imports").iterdir()
    note.write_text("{")
    shown = api.get("/projects/texts").json()
    assert shown["state"] == "failed" and "import failed" in shown["import_state"]["error"]
    assert dismiss(api, "texts").status_code == 204 and listed(api) == {}


def choices(api: Api, slug: str) -> Any:
    return api.get(f"/projects/{slug}/failed-import")


def test_what_was_chosen_for_a_failed_import_outlives_a_restart(api: Api, tmp_path: Path) -> None:
    create(api, "texts", FAULTY)
    shown = choices(api, "texts").json()
    request, sent = shown["request"], shown["upload"]
    assert (shown["file"], request["slug"], request["title"]) == ("texts.csv", "texts", "My texts")
    assert request["labels"] == ["a", "b"] and request["columns"]["text"] == "text"
    assert sent == {"id": request["upload_id"], "name": "texts.csv", "bytes": len(FAULTY), "files": 1}
    again = make_site(tmp_path / "home")
    try:
        other = make_api(again)
        assert choices(other, "texts").json() == shown
        assert other.post("/projects", {**request, "columns": {"id": "", "text": "text"}}).status_code == 201
        for thread in threading.enumerate():
            if thread.name == "import-texts":
                thread.join(60)
        assert other.get("/projects/texts").json()["state"] == "ready"
        assert choices(other, "texts").status_code == 404
    finally:
        again.close()


def test_choices_outlive_an_upload_that_was_dropped(api: Api) -> None:
    from labelwright.services.projects import uploads

    create(api, "texts", FAULTY)
    keep, uploads.KEEP_SECONDS = uploads.KEEP_SECONDS, -1
    try:
        uploads.drop_old(api.site)
    finally:
        uploads.KEEP_SECONDS = keep
    shown = choices(api, "texts").json()
    assert shown["upload"] is None and shown["request"]["labels"] == ["a", "b"]


def test_choices_are_told_to_those_who_may_create_and_the_upload_to_its_owner(api: Api) -> None:
    create(api, "texts", FAULTY)
    lead = choices(api.as_role("lead"), "texts").json()
    assert lead["upload"] is None and lead["request"]["title"] == "My texts"
    for role in ("reviewer", "annotator", "auditor", "member"):
        refused = choices(api.as_role(role), "texts")
        assert refused.status_code in (403, 404) and "My texts" not in refused.text, role


def test_choices_of_an_interrupted_import_are_kept_too(api: Api) -> None:
    """The process that imports is killed: its note is there, and its project has no items."""
    from labelwright.services.projects import notes

    request = {"slug": "halfway", "upload_id": upload(api, "texts.csv", WHOLE), "title": "Half"}
    api.site.store.create("halfway")
    notes.begin(api.site, "halfway", notes.ImportNote("reading", file="texts.csv", title="Half", request=request))
    assert choices(api, "halfway").status_code == 404  # it runs
    IMPORTS.pop("halfway")
    shown = api.get("/projects/halfway").json()
    assert (shown["state"], shown["title"]) == ("failed", "Half")
    assert (choices(api, "halfway").json()["request"], choices(api, "halfway").json()["file"]) == (request, "texts.csv")
    assert dismiss(api, "halfway").status_code == 204
    assert listed(api) == {} and not list((Path(api.site.settings.home) / "imports").iterdir())


def test_a_project_that_is_made_leaves_no_note(api: Api) -> None:
    create(api, "texts", WHOLE)
    assert not list((Path(api.site.settings.home) / "imports").iterdir())
    assert choices(api, "texts").status_code == 404
