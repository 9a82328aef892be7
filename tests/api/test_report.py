"""The report: a page that loads nothing, escapes everything, and names nobody."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from labelwright.cli.main import group
from labelwright.engine.goals import Goal
from labelwright.services.projects import goal
from labelwright.services.reporting.markup import tag
from labelwright.services.reporting.report import html
from tests.conftest import LABEL, Ready, make_api, train_until_idle

REPORT = "/projects/topics/report"


def parsed(page: str) -> ET.Element:
    """The page as XML, so that a forgotten end of an element is found."""
    assert page.startswith("<!doctype html>\n")
    return ET.fromstring(re.sub(r"<(meta|br)([^>]*)>", r"<\1\2/>", page.removeprefix("<!doctype html>\n")))


def text_of(page: str) -> str:
    return " ".join(parsed(page).itertext())


def test_it_tells_rounds_decisions_and_nobodys_name(lived: Ready) -> None:
    api = lived.api
    one = api.get("/projects/topics/rounds").json()["items"][-1]
    said = {"hypothesis": "<script>alert(1)</script> & so on", "verdict": "failed", "note": "It did not work."}
    assert api.client.put(f"{api.base}/projects/topics/rounds/{one['id']}", json=said, headers=api.headers).is_success
    sent = api.get(REPORT)
    assert sent.status_code == 200 and sent.headers["content-type"].startswith("text/html")
    assert "<script" not in sent.text and not re.search(r"(src|href)=|url\(|@import", sent.text)
    words = text_of(sent.text)
    assert "<script>alert(1)</script> & so on" in words and "It did not work." in words and "doubt helps" in words
    assert "Strategy: entropy instead of auto" in words
    assert "The project began" in words and "too few labels of the reserve to draw a curve" in words
    names = [name for name, _ in lived.site.names().values()]
    assert names and not any(name in words for name in names)
    assert "simmer the onions" not in words and "the striker" not in words


def test_stakeholders_read_it_and_strangers_do_not(lived: Ready) -> None:
    assert lived.api.as_role("stakeholder").get(REPORT).status_code == 200
    assert lived.api.as_role("annotator").get(REPORT).status_code == 403
    assert lived.api.as_role("member").get(REPORT).status_code == 404


def test_a_measured_project_has_a_curve_a_goal_and_figures(make_project: Any, site: Any, tmp_path: Path) -> None:
    truth = make_project(site, n=200, goal="accuracy=0.9")
    train_until_idle(site)
    api = make_api(site)
    for _ in range(5):
        for lease in api.queue("topics", n=36):
            assert api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).status_code == 201
        train_until_idle(site)
    page = api.get(REPORT).text
    words, last = text_of(page), api.get("/projects/topics/progress").json()["curve"][-1]["estimate"]
    assert f"{last['value']:.3f} [{last['low']:.3f}, {last['high']:.3f}]" in words
    assert "accuracy at least 0.9" in words and "target 0.9" in words
    drawn = parsed(page).find(".//svg")
    assert drawn is not None and len(drawn.findall("path")) == 2  # the line and its band
    out = tmp_path / "out.html"
    done = CliRunner().invoke(group, ["--home", str(site.settings.home), "report", "topics", str(out)])
    assert done.exit_code == 0, done.output
    assert text_of(out.read_text("utf-8"))[:200] == words[:200]


def test_the_goal_is_a_decision(trained: Ready) -> None:
    from labelwright.services.people import users

    admin, _ = users.ensure_admin(trained.site)
    goal.set_goal(trained.site, admin, "topics", Goal.parse("macro-f1=0.8"))
    goal.set_goal(trained.site, admin, "topics", None)
    words = text_of(html(trained.site, admin, "topics"))
    assert words.index("The goal is macro-f1 of 0.8.") < words.index("There is no goal any more.")


@pytest.mark.parametrize("text", ['"><img src=x>', "a & b", "'", "<b>"])
def test_text_and_attributes_are_escaped(text: str) -> None:
    made = ET.fromstring(tag("p", text, title=text))
    assert made.text == text and made.get("title") == text
