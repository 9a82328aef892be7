"""The label page by keyboard: each task, each kind of item, undo, skip, flag, grid, offline."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TOPICS = ("sport", "food", "law")
MANY = ("ash", "bay", "fig", "gold", "jade", "lime", "mint", "navy", "oak", "pink", "rose", "sand", "teal")


def write_texts(path: Path, n: int = 240) -> Path:
    """Short texts of three topics, no two alike."""
    with path.open("w") as file:
        for i in range(n):
            words = " ".join(f"{TOPICS[i % 3]}{(i * k) % 97}" for k in range(3, 12))
            file.write(json.dumps({"id": f"t{i:03d}", "text": f"{TOPICS[i % 3]} number {i}: {words}"}) + "\n")
    return path


def write_images(folder: Path, n: int = 200) -> Path:
    """The first of scikit-learn's digits."""
    from PIL import Image
    from sklearn.datasets import load_digits

    folder.mkdir()
    for i, pixels in enumerate(load_digits().data[:n]):
        Image.fromarray((pixels.reshape(8, 8) * (255 / 16)).astype("uint8")).save(folder / f"digit-{i:03d}.png")
    return folder


def write_rows(path: Path, loader: str, n: int = 200) -> Path:
    """The first rows of a table that ships with scikit-learn."""
    from sklearn import datasets

    bunch = getattr(datasets, loader)()
    lines = [",".join(["id", *(str(name).replace(" ", "_") for name in bunch.feature_names)])]
    lines += [f"r{i:03d}," + ",".join(f"{v:.5g}" for v in row) for i, row in enumerate(bunch.data[:n])]
    path.write_text("\n".join(lines) + "\n")
    return path


def fill(served: Any, folder: Path) -> None:
    """A project a task and a kind of item."""
    texts = write_texts(folder / "texts.jsonl")
    served.create("images", write_images(folder / "images"), "classification", labels=tuple("0123456789"))
    served.create("texts", texts, "classification", labels=TOPICS, guidelines="## Topics\n\nName the **topic**.")
    served.create("topics", texts, "multilabel", labels=TOPICS)
    served.create(
        "rows", write_rows(folder / "rows.csv", "load_breast_cancer"), "classification", labels=("malignant", "benign")
    )
    served.create("numbers", write_rows(folder / "numbers.csv", "load_diabetes"), "regression")
    served.create("many", texts, "classification", labels=MANY)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """All projects on one server."""
    return serving(fill)


SHOWS = {
    "images": "img, canvas",
    "texts": "text=number",
    "rows": "text=mean_radius",
}


@pytest.mark.parametrize("slug", list(SHOWS))
def test_a_digit_answers_and_moves_on(served: Any, slug: str) -> None:
    """One press an item, for each kind of item; the server counts what the screen counts."""
    person = served.person()
    page = person.label(slug)
    page.get_by_test_id("item").locator(SHOWS[slug]).first.wait_for()
    items = [person.answer(key) for key in ("1", "2", "1")]
    person.saved()
    one, two = ("l_2", "l_3") if slug == "images" else ("l_1", "l_2")  # labels that are digits have their own keys
    assert person.standing(slug) == dict(zip(items, [{"label": one}, {"label": two}, {"label": one}], strict=True))
    assert page.get_by_test_id("own-count").inner_text().startswith("3 ")
    page.reload()
    page.get_by_test_id("item").wait_for()
    assert page.get_by_test_id("own-count").inner_text().startswith("3 ")
    assert person.shown not in items


def test_multilabel_by_toggles(served: Any) -> None:
    """Digits toggle, Enter submits, 0 says none; Enter alone does nothing."""
    person = served.person()
    page = person.label("topics")
    first = person.shown
    person.press("Enter")
    assert person.shown == first and person.stored("topics") == []
    person.press("1", "3", "2", "2")
    assert page.get_by_test_id("label-choice-l_3").get_attribute("aria-checked") == "true"
    assert page.get_by_test_id("label-choice-l_2").get_attribute("aria-checked") == "false"
    person.press("Enter")
    second = person.moves_on(first)
    person.press("0", "Enter")
    person.moves_on(second)
    person.saved()
    assert person.standing("topics") == {first: {"labels": ["l_1", "l_3"]}, second: {"labels": []}}


def test_regression_typed_and_stepped(served: Any) -> None:
    """Digits type a number wherever the focus is; arrows step; Enter submits."""
    person = served.person()
    page = person.label("numbers")
    first = person.shown
    person.press("1", "4", "2", ".", "5", "Enter")
    second = person.moves_on(first)
    person.saved()
    assert person.standing("numbers") == {first: {"value": 142.5}}
    person.press("7", "ArrowUp", "Enter")
    person.moves_on(second)
    person.saved()
    assert person.standing("numbers")[second] == {"value": 8.0}
    assert page.get_by_test_id("regression-input").input_value() == ""


def test_many_labels_are_searched(served: Any) -> None:
    """Over ten labels: "/" focuses the search, letters and digits stay in it, Enter takes the best."""
    person = served.person()
    page = person.label("many")
    first = person.shown
    person.press("/")
    page.keyboard.type("min1")
    assert person.shown == first
    person.press("Backspace")
    page.wait_for_selector("[data-testid=label-choice-l_7]")
    assert page.locator("[data-testid^=label-choice-]").count() == 1
    person.press("Enter")
    person.moves_on(first)
    person.saved()
    assert person.standing("many") == {first: {"label": "l_7"}}
    assert len(person.stored("many")) == 1  # neither the digit nor Backspace was a hotkey


def test_letters_search_many_labels_at_once(served: Any) -> None:
    """No key before the search: letters go into it, arrows choose, digits are labels used lately, actions need Alt."""
    person = served.person()
    page = person.label("many")
    first = person.shown
    page.keyboard.type("mi")
    person.press("Enter")
    second = person.moves_on(first)
    page.keyboard.type("wing")  # alone, these would be actions
    person.press("Escape", "1")
    third = person.moves_on(second)
    page.keyboard.type("tael")  # a slip
    person.press("Enter")
    fourth = person.moves_on(third)
    page.keyboard.type("a")
    person.press("ArrowDown", "Enter")
    fifth = person.moves_on(fourth)
    person.press("Alt+f")
    page.get_by_test_id("reason-flag").wait_for()
    person.press("Enter")
    person.moves_on(fifth)
    person.saved()
    matches = [f"l_{MANY.index(name) + 1}" for name in ("ash", *(name for name in MANY if "a" in name[1:]))]
    labels = {item: answer["label"] for item, answer in person.standing("many").items()}
    assert labels == {first: "l_7", second: "l_7", third: "l_13", fourth: matches[1]}
    assert [one.kind for one in person.stored("many")] == ["answer"] * 4 + ["flag"]


def test_undo_goes_back_across_items(served: Any) -> None:
    """Backspace twice, then other answers: what was said at first stays on record and counts no more."""
    person = served.person()
    person.label("texts")
    one = person.answer("1")
    two = person.answer("1")
    person.saved()
    third = person.shown
    person.press("Backspace")
    assert person.moves_on(third) == two
    person.press("Backspace")
    assert person.moves_on(two) == one
    assert person.answer("2") == one
    assert person.answer("3") == two
    assert person.shown == third
    person.saved()
    rows = person.stored("texts")
    kinds = [r.kind for r in rows]
    assert [kinds[0], kinds[1], *kinds[4:]] == ["answer"] * 4 and set(kinds[2:4]) <= {"undo", "reopen"}
    assert person.standing("texts") == {one: {"label": "l_2"}, two: {"label": "l_3"}}
    stays = [kinds[3] == "reopen", kinds[2] == "reopen"]  # of the reserve, the first answer stays (decisions/0018)
    assert [r.first for r in rows] == [*stays, False, False, *(not one for one in stays)]
    assert person.page.get_by_test_id("own-count").inner_text().startswith("2 ")


def test_a_recent_answer_is_corrected(served: Any) -> None:
    """Shift and a digit reopens one of the last five; the first answer keeps its place."""
    person = served.person()
    page = person.label("texts")
    one = person.answer("1")
    person.answer("1")
    person.saved()
    before = person.shown
    page.keyboard.press("Shift+Digit2")
    assert person.moves_on(before) == one
    person.press("2")
    assert person.moves_on(one) == before
    person.saved()
    rows = person.stored("texts")
    assert [r.kind for r in rows] == ["answer", "answer", "correct"] and rows[2].replaces == rows[0].id
    assert rows[0].first and person.standing("texts")[one] == {"label": "l_2"}


def test_skip_and_flag_with_a_reason(served: Any) -> None:
    """Space skips; f opens a box in which no letter or digit is a hotkey; the words are sealed."""
    person = served.person()
    page = person.label("texts")
    first = person.shown
    person.press("Space")
    second = person.moves_on(first)
    person.press("f")
    page.get_by_test_id("reason-flag").wait_for()
    page.keyboard.type("1 2 g w f ? cut off")
    assert person.shown == second
    person.press("Enter")
    person.moves_on(second)
    person.saved()
    skip, flag = person.stored("texts")
    assert (skip.kind, skip.lease_id) == ("skip", first)
    assert (flag.kind, flag.lease_id) == ("flag", second)
    assert served.reason("texts", flag) == "1 2 g w f ? cut off"
    assert person.standing("texts") == {}


def test_escape_leaves_the_box(served: Any) -> None:
    """Nothing is flagged, and the keys work again."""
    person = served.person()
    page = person.label("texts")
    person.press("f")
    page.get_by_test_id("reason-flag").wait_for()
    page.keyboard.type("1")
    person.press("Escape")
    page.get_by_test_id("reason-flag").wait_for(state="detached")
    item = person.answer("3")
    person.saved()
    assert person.standing("texts") == {item: {"label": "l_3"}} and len(person.stored("texts")) == 1


def test_a_note_goes_with_the_answer(served: Any) -> None:
    """n keeps words for the answer to come."""
    person = served.person()
    page = person.label("texts")
    person.press("n")
    page.get_by_test_id("reason-note").wait_for()
    page.keyboard.type("two readings")
    person.press("Enter")
    person.answer("2")
    person.saved()
    (row,) = person.stored("texts")
    assert row.kind == "answer" and served.reason("texts", row) == "two readings"


def test_why_comes_after_the_answer(served: Any) -> None:
    """w before any answer shows no reason for the item at hand; after it, why the last one was asked."""
    person = served.person()
    page = person.label("images")
    person.press("w")
    panel = page.get_by_test_id("why-panel")
    assert "After each answer" in panel.inner_text()
    person.answer("4")
    person.saved()
    person.says("why-panel", re.compile("stands for|learns most|at random"))
    person.says("why-panel", re.compile(r"Place \d+ of the ranking"))
    person.press("w")
    panel.wait_for(state="detached")


def test_help_lists_the_keys(served: Any) -> None:
    """? opens the table; digits do nothing below it; Escape closes it."""
    person = served.person()
    page = person.label("texts")
    first = person.shown
    person.press("?")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    for words in ("Undo the last answer", "Flag for a second look", "Many similar items at once", "Zoom in"):
        dialog.get_by_text(words).wait_for()
    person.press("1")
    person.press("Escape")
    dialog.wait_for(state="detached")
    assert person.shown == first and person.stored("texts") == []


def test_a_held_key_answers_once(served: Any) -> None:
    """Whatever the keyboard repeats, one press is one answer."""
    person = served.person()
    page = person.label("images")
    first = person.shown
    for _ in range(25):
        page.keyboard.down("5")
        page.wait_for_timeout(15)
    page.keyboard.up("5")
    person.moves_on(first)
    person.saved()
    assert person.standing("images") == {first: {"label": "l_6"}}
    second = person.answer("5")
    person.saved()
    assert list(person.standing("images")) == [first, second]


def test_grid_labels_many_at_once(served: Any) -> None:
    """g shows similar items; x takes the one under the cursor out, a click another; one key labels the rest."""
    person = served.person()
    page = person.label("images")
    person.press("g")
    cards = page.get_by_test_id("grid-card")
    cards.first.wait_for()
    ids = [card.get_attribute("data-item-id") for card in cards.all()]
    assert len(ids) > 3
    person.press("ArrowRight", "x")
    cards.nth(2).click()
    page.locator("[data-testid=grid-card][data-out]").nth(1).wait_for()
    page.locator("[data-settled]").wait_for()  # for 150 ms new items take no answer
    person.press("8")
    page.locator(f"[data-testid=grid-card][data-item-id={ids[0]}]").wait_for(state="detached")
    cards.first.wait_for()
    person.saved()
    kept = [one for i, one in enumerate(ids) if i not in (1, 2)]
    assert person.standing("images") == {one: {"label": "l_9"} for one in kept}
    rows = person.stored("images")
    assert all(r.grid and r.slot_kind != "reserve" for r in rows)  # grids never hold what measures the model
    person.press("Backspace")
    page.locator(f"[data-testid=grid-card][data-item-id={ids[0]}]").wait_for()
    person.saved()
    assert person.standing("images") == {}
    person.press("Escape")
    page.get_by_test_id("item").wait_for()


def test_offline_answers_arrive_exactly_once(served: Any) -> None:
    """Two answers without a network are counted as unsaved, and are stored once when it is back."""
    person = served.person()
    person.label("texts")
    one = person.answer("1")
    person.saved()
    person.context.set_offline(True)
    two, three = person.answer("2"), person.answer("3")
    person.says("saved-state", "2 unsaved")
    assert list(person.standing("texts")) == [one]
    person.context.set_offline(False)
    person.saved()
    assert person.standing("texts") == {one: {"label": "l_1"}, two: {"label": "l_2"}, three: {"label": "l_3"}}
    assert len(person.stored("texts")) == 3
    person.complaints.clear()  # the browser itself reports requests that failed


def test_a_lost_reply_stores_nothing_twice(served: Any) -> None:
    """The server has the answer, the browser never hears of it and sends it again."""
    person = served.person()
    page = person.label("texts")
    sent: list[str] = []

    def lose_first(route: Any) -> None:
        if route.request.method != "POST":
            return route.continue_()
        sent.append(route.request.post_data_json["answer_id"])
        reply = route.fetch()
        return route.abort() if len(sent) == 1 else route.fulfill(response=reply)

    page.route("**/annotations", lose_first)
    item = person.answer("2")
    person.says("saved-state", "1 unsaved")
    person.saved()
    assert len(sent) >= 2 and len(set(sent)) == 1
    assert len(person.stored("texts")) == 1 and person.standing("texts") == {item: {"label": "l_2"}}
    person.complaints.clear()


def test_unsaved_answers_survive_a_closed_page(served: Any) -> None:
    """An answer given while the server could not be reached is sent by the next page of that browser."""
    person = served.person()
    page = person.label("texts")
    page.route("**/annotations", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    item = person.answer("1")
    person.says("saved-state", "1 unsaved")
    page.close()
    assert person.stored("texts") == []
    person.page = person.context.new_page()
    person.label("texts")
    person.saved()
    for _ in range(50):
        if person.stored("texts"):
            break
        person.page.wait_for_timeout(100)
    assert person.standing("texts") == {item: {"label": "l_1"}} and len(person.stored("texts")) == 1
    person.complaints.clear()


def test_guidelines_are_in_sight(served: Any) -> None:
    """Beside the item; i folds them away and brings them back."""
    person = served.person()
    page = person.label("texts")
    panel = page.get_by_test_id("guidelines")
    assert "Name the topic" in panel.inner_text()
    person.press("i")
    panel.wait_for(state="detached")
    person.press("i")
    panel.wait_for()


def test_a_phone_labels_too(served: Any) -> None:
    """At 390 pixels nothing is wider than the window, and a tap answers."""
    person = served.person(viewport={"width": 390, "height": 780}, has_touch=True)
    page = person.label("texts")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    item = person.shown
    page.get_by_test_id("label-choice-l_2").tap()
    person.moves_on(item)
    person.saved()
    assert person.standing("texts") == {item: {"label": "l_2"}}
