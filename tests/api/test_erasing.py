"""Erasing items over HTTP, and on the command line."""

from __future__ import annotations

from typing import Any

from click.testing import CliRunner

from labelwright.cli.main import group
from labelwright.services.record.verify import verify


def test_a_lead_erases_an_item_and_an_annotator_cannot(lived: Any) -> None:
    body = {"items": ["i3"], "reason": "consent withdrawn"}
    assert lived.api.as_role("annotator").post("/projects/topics/items/erase", body).status_code == 403
    assert lived.api.as_role("auditor").post("/projects/topics/items/erase", body).status_code == 403
    done = lived.api.as_role("lead").post("/projects/topics/items/erase", body)
    assert done.status_code == 200, done.text
    assert done.json()["erased"] == 1 and any("Backups made before event" in one for one in done.json()["findings"])
    shown = lived.api.get("/projects/topics/items/i3").json()
    assert shown["content"]["text"] == "" if "content" in shown else shown["item"]["content"]["text"] == ""
    assert lived.api.post("/projects/topics/items/erase", {"items": ["i4"], "reason": ""}).status_code == 422


def test_the_command_asks_for_the_name_of_the_project(lived: Any) -> None:
    def run(*arguments: str, typed: str = "") -> Any:
        command = ["--home", str(lived.home), "erase", "topics", "--reason", "withdrawn", *arguments]
        return CliRunner().invoke(group, command, input=typed)

    refused = run("--items", "i3", typed="something else\n")
    assert refused.exit_code != 0 and verify(lived.site, "topics").problems == []
    assert run("--items", "i3", typed="topics\n").output.endswith("topics: 1 item erased\n")
    keys = lived.home / "keys.txt"
    keys.write_text("i4\n\ni5\ni4\n")
    assert run("--file", str(keys), "--yes").output.endswith("topics: 2 items erased\n")
    assert "3 items erased, seq " in "\n".join(verify(lived.site, "topics").lines)
