"""The other pages: first sign-in, Create from a file to the first answer, live Progress, and a look at every page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

N_ROWS = 120


def fill(served: Any, folder: Path) -> None:
    """One demo with some life, and one project that nobody has touched."""
    from labelwright.services.site import demo
    from labelwright.services.site.demos import SOURCES

    demo.prepare(served.site, "breast-cancer")
    source, _ = SOURCES["diabetes"].write(folder)
    served.create("fresh", source, "regression")


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """Both on one server."""
    return serving(fill)


def test_the_first_sign_in(served: Any) -> None:
    """The printed link sets a name and a password, works once, and the password works after."""
    person = served.window()
    page = person.page
    page.goto(served.server.link)
    page.get_by_test_id("name").fill("Ada")
    page.get_by_test_id("password").fill("correct horse battery")
    page.locator("button[type=submit]").click()
    page.get_by_test_id("project-breast-cancer").wait_for()
    assert served.server.link.partition("#")[2] not in page.url

    again = served.window()
    again.page.goto(served.server.link)
    again.page.get_by_test_id("look-around").click()
    again.page.get_by_text("used already").wait_for()
    again.complaints.clear()  # the browser reports the 410

    other = served.window()
    other.page.goto(served.base + "/p/breast-cancer/progress")
    other.page.get_by_test_id("email").fill("admin@localhost")
    other.page.get_by_test_id("password").fill("correct horse battery")
    other.press("Enter")
    other.page.get_by_test_id("sentence").wait_for()  # where they wanted to go
    other.complaints.clear()  # the browser reports the 401 of nobody being signed in


def test_from_a_file_to_the_first_answer(served: Any, tmp_path: Path) -> None:
    """Drop a CSV, see the guess, start, answer by key."""
    rows = [
        f"r{i},the service was {'slow' if i % 2 else 'quick'} on day {i} and the food was number {i * 7}"
        for i in range(N_ROWS)
    ]
    (tmp_path / "visits.csv").write_text("\n".join(["id,review", *rows]) + "\n")
    person = served.person("lead")
    page = person.open("/new")
    page.get_by_test_id("file-input").set_input_files(tmp_path / "visits.csv")
    assert "review" in page.get_by_test_id("column-review").inner_text()
    page.get_by_text("the service was slow on day 1 ").first.wait_for()
    assert page.get_by_test_id("start").is_disabled()  # labels are missing, and the page says so
    page.get_by_test_id("labels").locator("visible=true").first.click()
    page.keyboard.type("good,bad,")
    page.get_by_test_id("start").click()
    page.wait_for_url("**/p/visits/label")
    page.get_by_test_id("item").wait_for(timeout=30_000)
    item = person.answer("2")
    person.saved()
    assert person.standing("visits") == {item: {"label": "l_2"}}


def test_strategies_come_from_the_server_by_task_with_their_idea(served: Any, tmp_path: Path) -> None:
    """The default first; a choice says what it does; what does not fit the task is not offered."""
    (tmp_path / "notes.csv").write_text("id,text\n" + "".join(f"n{i},note {i} on thing {i % 7}\n" for i in range(40)))
    page = served.person("lead").open("/new")
    page.get_by_test_id("file-input").set_input_files(tmp_path / "notes.csv")
    page.get_by_role("button", name="Advanced").click()
    field = page.get_by_role("combobox", name="Strategy")
    assert field.input_value() == "auto"
    field.click()
    page.get_by_role("option", name="typiclust").wait_for()
    names = page.get_by_role("option").all_inner_texts()
    assert names[0] == "auto" and {"typiclust", "badge", "galaxy"} <= set(names) and "greedy-y" not in names
    page.get_by_role("option", name="typiclust").click()
    page.get_by_text("As many clusters as labels").wait_for()


def test_a_broken_file_is_refused(served: Any, tmp_path: Path) -> None:
    """One clear message, and no project."""
    (tmp_path / "broken.csv").write_text("id,text\n1,fine words in a row\n2,too,many,cells\n")
    person = served.person("lead")
    page = person.open("/new")
    page.get_by_test_id("file-input").set_input_files(tmp_path / "broken.csv")
    page.get_by_text(re.compile("broken.csv.*(row|line)")).first.wait_for()
    assert "broken" not in served.site.store.slugs()
    person.complaints.clear()


def test_progress_is_live(served: Any) -> None:
    """Sentence and curve are there; an answer given elsewhere changes the page without a reload."""
    from labelwright.services.labeling import annotations, queue

    person = served.person("lead")
    page = person.open("/p/fresh/progress")
    page.get_by_text("Nothing is labeled yet").wait_for()
    page.evaluate("window.stayed = true")
    annotator = served.person()
    for k, lease in enumerate(queue.take(served.site, annotator.actor, "fresh", n=8).leases):
        given = annotations.Given.of(
            answer_id=f"00000000-0000-4000-8000-{k:012d}", lease_id=lease.id, item_id=lease.item.id, kind="answer",
            answer={"value": 100.0 + k}, seconds=2.0,
        )  # fmt: skip
        annotations.give(served.site, annotator.actor, "fresh", [given])
    person.says("sentence", re.compile(r"^\d+ labels so far"))
    page.locator("[data-testid=running][data-state=idle]").wait_for()
    assert page.evaluate("window.stayed") is True


def test_progress_shows_the_curve(served: Any) -> None:
    """Figure, interval and n in words; the chart; pause by a button, and its effect on the label page."""
    person = served.person("lead")
    page = person.open("/p/breast-cancer/progress")
    page.get_by_test_id("curve").locator("canvas").wait_for()
    assert re.search(r"\d+ (labels|of 30)", page.get_by_test_id("sentence").inner_text())
    assert "Simulated Ada" in page.content()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Resume").wait_for()
    annotator = served.person()
    annotator.open("/p/breast-cancer/label").get_by_text("This project is paused").wait_for()
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("button", name="Pause").wait_for()


def test_an_item_tells_its_life(served: Any) -> None:
    """From the list to one item: what it is, its label, and every event about it."""
    person = served.person("lead")
    page = person.open("/p/breast-cancer/items?show=labeled")
    page.locator("a[href*='/items/i']").first.click()
    page.wait_for_url("**/items/i*")
    page.get_by_text("Simulated", exact=False).first.wait_for()
    page.get_by_text(re.compile("imported", re.I)).first.wait_for()


PAGES = {
    "light": (
        "/", "/new", "/p/breast-cancer/label", "/p/breast-cancer/progress", "/p/breast-cancer/items",
        "/p/breast-cancer/items/i0", "/p/fresh/label", "/people", "/account",
    ),
    "dark": ("/p/breast-cancer/label", "/p/breast-cancer/progress"),
}  # fmt: skip
NAMELESS = """() => {
  const name = (e) => (e.getAttribute('aria-label') || e.title || e.innerText || e.placeholder || e.alt || '').trim()
    || (e.getAttribute('aria-labelledby') || '').split(' ').map((id) => document.getElementById(id)?.innerText ?? '').join('').trim()
    || [...(e.labels ?? [])].map((l) => l.innerText).join('').trim()
    || [...e.querySelectorAll('img[alt]')].map((i) => i.alt).join('');
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('[aria-hidden=true]');
  const of = (what) => [...document.querySelectorAll(what)].filter(shown);
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  return [
    ...of('button, a[href], [role=button], [role=slider], [role=tab], input:not([type=hidden]), textarea, select').filter((e) => !name(e)).map((e) => 'nameless: ' + e.outerHTML.slice(0, 200)),
    ...of('img:not([alt])').map((e) => 'image without alt: ' + e.outerHTML.slice(0, 200)),
    ...of('[role=img]').filter((e) => !name(e)).map((e) => 'nameless image: ' + e.outerHTML.slice(0, 200)),
    ...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => 'id twice: ' + id),
    ...(document.documentElement.lang ? [] : ['no language']),
    ...(document.title ? [] : ['no title']),
    ...(of('button, a[href]').length > 0 ? [] : ['no control was seen']),
    ...(of('main, [role=main]').length === 1 ? [] : ['main parts: ' + of('main, [role=main]').length]),
  ];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_named_and_quiet(served: Any, scheme: str) -> None:
    """No console error, every control has a name, one main part, nothing wider than a phone; light and dark."""
    person = served.person("admin", color_scheme=scheme)
    found = {}
    for path in PAGES[scheme]:
        page = person.open(path)
        page.locator("h1").first.wait_for()
        page.wait_for_timeout(150)
        found[path] = page.evaluate(NAMELESS) + person.complaints
        person.complaints.clear()
        page.set_viewport_size({"width": 390, "height": 780})
        page.wait_for_timeout(100)
        found[path] += page.evaluate(NAMELESS)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 390:
            found[path].append(f"{width} pixels wide on a phone")
        page.set_viewport_size({"width": 1280, "height": 800})
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
