"""A project as a file over HTTP: read, held against the project, applied as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.services.record.verify import verify
from tests.conftest import Ready

FILE = "/projects/topics/config"


@pytest.fixture
def text(lived: Ready) -> str:
    found = lived.api.get(FILE)
    assert found.status_code == 200 and found.headers["content-type"].startswith("text/plain")
    return str(found.text)


def preview(api: Any, text: str) -> Any:
    sent = api.post(f"{FILE}/preview", {"text": text})
    assert sent.status_code == 200, sent.text
    return sent.json()


def test_what_was_read_says_nothing_new(lived: Ready, text: str) -> None:
    found = preview(lived.api, text)
    assert found["differences"] == [] and found["possible"]


def test_a_changed_file_is_shown_and_applied_once(lived: Ready, text: str) -> None:
    changed = text.replace("batch_size = ", "batch_size = 1")
    assert changed != text
    found = preview(lived.api, changed)
    (one,) = found["differences"]
    assert (one["table"], one["key"], one["possible"]) == ("[policy]", "batch_size", True)
    assert lived.api.get(FILE).text == text  # nothing was changed
    stale = lived.api.post(f"{FILE}/apply", {"text": changed, "seq": found["seq"] - 1})
    assert stale.status_code == 409 and "changed since the preview" in stale.text
    assert lived.api.post(f"{FILE}/apply", {"text": changed, "seq": found["seq"]}).status_code == 200
    assert preview(lived.api, changed)["differences"] == []
    assert verify(lived.site, "topics").problems == []


def test_a_file_that_cannot_be_meant_changes_nothing(lived: Ready, text: str) -> None:
    wrong = lived.api.post(f"{FILE}/preview", {"text": text.replace("batch_size", "batch_sice")})
    assert wrong.status_code == 422 and "Did you mean 'batch_size'" in wrong.text
    assert lived.api.post(f"{FILE}/preview", {"text": "[["}).status_code == 422
    fixed = text.replace('task = "classification"', 'task = "regression"')
    found = preview(lived.api, fixed)
    assert not found["possible"] and not all(one["possible"] for one in found["differences"])
    assert lived.api.post(f"{FILE}/apply", {"text": fixed, "seq": found["seq"]}).status_code == 422
    assert lived.api.get(FILE).text == text


def test_guidelines_of_a_file_are_text_and_no_path_of_the_server(lived: Ready, text: str) -> None:
    lines = [line for line in text.splitlines() if not line.startswith("guidelines")]
    at = next(k for k, line in enumerate(lines) if line.startswith("task ="))
    lines.insert(at, 'guidelines = "/etc/secret.md"')
    found = lived.api.post(f"{FILE}/preview", {"text": "\n".join(lines) + "\n"})
    assert found.status_code == 422 and "must be the text itself here" in found.text


def test_annotators_may_not_read_it(lived: Ready) -> None:
    assert lived.api.as_role("annotator").get(FILE).status_code == 403
