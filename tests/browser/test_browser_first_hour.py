"""The first hour with four kinds of data: drop, answer sixty items, partly offline, read Progress, export, use the model."""

from __future__ import annotations

import csv
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

import labelwright as lw
from benchmarks.data import vocabulary
from tests.browser.conftest import SETTLED
from tests.browser.test_browser_label import write_images

N_ANSWERS, BUDGET = 60, 200
N_CLASSES, ROWS_EACH = 77, 12
GONE, BACK = 15, 35  # answers between which there is no network
AHEAD = 50
ENOUGH = 30  # reserve labels below which no curve is drawn
FIRST_ITEM_SECONDS = 30
WORKER_SECONDS = 60
TOPICS = ("Börse", "Küche", "Wetter")
Truth = Mapping[str, tuple[str, ...]]  # labels by the item's key


@dataclass
class Hour:
    """One person with one kind of data; `keys` says which keys give an answer."""

    person: Any
    slug: str
    truth: Truth
    keys: Callable[[tuple[str, ...]], list[str]]

    @property
    def page(self) -> Any:
        """The page on the screen."""
        return self.person.page

    def start(self, metric: str) -> None:
        """Set a goal with its limits, start, and see an item soon."""
        self.page.get_by_test_id("goal-metric").locator("visible=true").first.click()
        self.page.get_by_role("option", name=metric, exact=True).click()
        self.page.get_by_test_id("goal-value").fill("0.95")
        self.page.get_by_test_id("goal-deadline").fill(f"{datetime.now(UTC).date() + timedelta(days=30)}")
        self.page.get_by_test_id("goal-budget").fill(str(BUDGET))
        started = time.monotonic()
        self.page.get_by_test_id("start").click()
        self.page.wait_for_url(f"**/p/{self.slug}/label")
        self.page.locator(SETTLED).wait_for(timeout=WORKER_SECONDS * 1000)
        assert time.monotonic() - started < FIRST_ITEM_SECONDS

    def answer(self) -> None:
        """Give the true answer to the item on the screen."""
        shown = self.person.shown
        heading = self.page.get_by_test_id("item").get_attribute("aria-label")
        self.person.press(*self.keys(self.truth[heading.removeprefix("Item ")]))
        self.person.moves_on(shown)

    def answer_sixty(self) -> None:
        """A third of them are answered without a network; each is stored once."""
        searched = self.page.locator("[data-label-search]").count() > 0
        for n in range(N_ANSWERS):
            if n == GONE:
                self.person.press("Alt+o" if searched else "o")
                self.person.says("offline-switch", f"{AHEAD} ready")
                self.person.saved()
                self.person.context.set_offline(True)
            if n == BACK:
                self.person.says("saved-state", f"offline · {BACK - GONE} unsaved")
                assert len(self.person.stored(self.slug)) == GONE
                self.person.context.set_offline(False)
            self.answer()
        self.person.saved()
        rows = self.person.stored(self.slug)
        assert [row.kind for row in rows] == ["answer"] * N_ANSWERS and len({row.ordinal for row in rows}) == N_ANSWERS
        assert all(row.standing and not row.late for row in rows)
        expect(self.page.get_by_test_id("own-count")).to_have_text(f"{N_ANSWERS} today")
        self.person.complaints.clear()  # the browser itself reports requests that failed

    def _wait_for_model(self) -> None:
        from labelwright.store import tables as t

        store = self.person.served.site.project(self.slug)
        until = time.monotonic() + WORKER_SECONDS
        while time.monotonic() < until:
            with store.read() as rows:
                if rows.first(rows.select(t.model)) is not None:
                    return
            time.sleep(0.2)
        raise AssertionError("no model:\n" + "".join(self.person.served.server.lines[-30:]))

    def read_progress(self, measured: bool) -> None:
        """The sentence speaks of the goal and its limits; the curve is drawn from thirty reserve labels on."""
        self.page.get_by_role("link", name="Progress").click()
        self.person.says("sentence", f"{N_ANSWERS} of the budget of {BUDGET} answers are given. The deadline")
        curve = self.page.get_by_test_id("curve")
        if measured:
            curve.locator("canvas").wait_for(timeout=WORKER_SECONDS * 1000)
            sentence = self.page.get_by_test_id("sentence").inner_text()
            n_reserve = int(re.search(r"measured on (\d+) reserve items; the target is 0.95", sentence)[1])
            assert n_reserve >= ENOUGH
        else:
            self.person.says("sentence", re.compile(rf"\b\d\d? of {ENOUGH} reserve labels: too few to judge"))
            self.page.get_by_text(f"The curve begins with {ENOUGH} labels of the reserve").wait_for()
            assert curve.count() == 0

    def download(self, name: str, folder: Path) -> Path:
        """Choose an entry of the Export menu."""
        self.page.get_by_role("button", name="Export").click()
        with self.page.expect_download() as got:
            self.page.get_by_role("menuitem", name=name, exact=True).click()
        path = folder / got.value.suggested_filename
        got.value.save_as(path)
        return path

    def export(self, folder: Path) -> list[dict[str, str]]:
        """The labels of the export are those that were given."""
        with self.download("CSV", folder).open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert {row["key"] for row in rows} == set(self.truth)
        answered = [row for row in rows if row["n_answers"] not in ("", "0")]
        assert len(answered) == N_ANSWERS
        for row in answered:
            assert tuple(row["label"].split("|")) == self.truth[row["key"]], row
            assert row["asked_as"] in ("chosen", "random", "reserve") and row["annotators"]
        return rows

    def right(self, contents: Mapping[str, Any], folder: Path) -> float:
        """The share of items, by key, that the downloaded model gets right when it is loaded elsewhere."""
        self._wait_for_model()
        model = lw.load_model(self.download("Trained model", folder))
        assert model.about["project"] == self.slug
        predicted = dict(zip(contents, model.predict(list(contents.values())), strict=True))
        found = {key: (one,) if isinstance(one, str) else tuple(one) for key, one in predicted.items()}
        return sum(found[key] == self.truth[key] for key in contents) / len(contents)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """A server with its worker and without a project."""
    return serving(lambda served, folder: None)


def drop(person: Any, path: Path) -> Any:
    """Drop a file or a folder on Create, as a file manager does, and wait for its preview."""
    page = person.open("/new")
    box = page.get_by_test_id("file-input").locator("xpath=..").bounding_box()
    at, data = {"x": box["x"] + 20, "y": box["y"] + 20}, {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    devtools = person.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {**at, "type": kind, "data": data})
    page.get_by_test_id("start").wait_for()
    return page


def write_csv(path: Path, header: list[str], rows: list[list[str]], encoding: str = "utf-8") -> None:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows([header, *rows])


def write_classes(path: Path) -> Truth:
    """Texts sorted by class, in Windows-1252; each class has words of its own."""
    rng = random.Random(7)
    words = vocabulary(3000, rng)
    names = [f"Gebühr {words[0]}", *(f"{words[k]}_{words[k + N_CLASSES]}" for k in range(1, N_CLASSES))]
    rows, truth = [], dict[str, tuple[str, ...]]()
    for k, name in enumerate(sorted(names)):
        own = words[500 + 8 * k : 508 + 8 * k]
        for j in range(ROWS_EACH):
            key = f"q{k:02d}-{j:02d}"
            text = ["für", *rng.choices(own, k=6), *rng.choices(words[1500:], k=6)]
            rows.append([key, " ".join(text), name])
            truth[key] = (name,)
    write_csv(path, ["id", "text", "label"], rows, "cp1252")
    return truth


def write_churn(path: Path, n: int = 400) -> tuple[Truth, dict[str, Mapping[str, object]]]:
    """Customers with gaps; of every second one it is known whether they left."""
    rng = random.Random(3)
    rows, truth, contents = [], dict[str, tuple[str, ...]](), dict[str, Mapping[str, object]]()
    for k in range(n):
        tenure, charges = rng.randint(0, 72), round(rng.uniform(18, 120), 2)
        plan = rng.choice(["Month-to-month", "One year", "Two year"])
        leaves = "Yes" if tenure < 30 and plan == "Month-to-month" else "No"
        cells = [f"{tenure}", f"{charges}", "" if rng.random() < 0.1 else f"{tenure * charges:.1f}", plan]
        rows.append([f"c{k:03d}", *cells, leaves if rng.random() < 0.5 else ""])
        truth[f"c{k:03d}"] = (leaves,)
        contents[f"c{k:03d}"] = {"tenure": tenure, "MonthlyCharges": charges, "TotalCharges": None, "Contract": plan}
    write_csv(path, ["customerID", "tenure", "MonthlyCharges", "TotalCharges", "Contract", "Churn"], rows)
    return truth, contents


def write_topics(path: Path, n: int = 300) -> tuple[Truth, dict[str, str]]:
    """Texts with one to three topics, separated by bars; every third one is labeled."""
    rng = random.Random(5)
    words = vocabulary(900, rng)
    rows, truth, texts = [], dict[str, tuple[str, ...]](), dict[str, str]()
    for k in range(n):
        topics = sorted(rng.sample(TOPICS, rng.randint(1, 3)))
        own = [w for topic in topics for w in rng.choices(words[20 * TOPICS.index(topic) :][:20], k=4)]
        text = " ".join([*own, *rng.choices(words[100:], k=6)])
        rows.append([f"m{k:03d}", text, "|".join(topics) if k % 3 == 0 else ""])
        truth[f"m{k:03d}"], texts[f"m{k:03d}"] = tuple(topics), text
    write_csv(path, ["id", "text", "labels"], rows)
    return truth, texts


def test_a_file_that_is_sorted_by_77_classes(served: Any, tmp_path: Path) -> None:
    """All rows have a label, so what is asked about is the reserve, and the curve is drawn."""
    truth = write_classes(tmp_path / "queries.csv")
    names = sorted({name for (name,) in truth.values()})

    def typed(labels: tuple[str, ...]) -> list[str]:
        """The first letters that no other label begins with."""
        (name,) = labels
        n = next(n for n in range(1, len(name) + 1) if sum(one.startswith(name[:n]) for one in names) == 1)
        return [*name[:n].lower(), "Enter"]

    person = served.person("admin")
    page = drop(person, tmp_path / "queries.csv")
    page.get_by_text("read as Windows-1252").wait_for()
    for name in (names[0], names[-1]):
        page.get_by_text(name, exact=True).first.wait_for()
    hour = Hour(person, "queries", truth, typed)
    hour.start("Accuracy")
    hour.answer_sixty()
    hour.read_progress(measured=True)
    rows = hour.export(tmp_path)
    assert "text" in rows[0] and all(row["text"].startswith("für ") for row in rows)
    assert all(row["given_label"] == truth[row["key"]][0] for row in rows)
    assert hour.right({row["key"]: row["text"] for row in rows if row["n_answers"] == "1"}, tmp_path) > 0.8


def test_a_table_with_gaps_and_a_column_to_ask_about(served: Any, tmp_path: Path) -> None:
    """The labels of the file are a random sample, so they measure the model from the first training on."""
    truth, contents = write_churn(tmp_path / "churn.csv")
    person = served.person("admin")
    page = drop(person, tmp_path / "churn.csv")
    asked = page.get_by_test_id("answer-column")
    expect(asked).to_contain_text("“Churn” looks like the answer")
    expect(page.get_by_test_id("start")).to_be_disabled()
    asked.get_by_role("button", name="It holds the labels").click()
    expect(page.get_by_test_id("column-Churn")).to_contain_text("Label")
    page.get_by_test_id("column-customerID").click()
    page.get_by_role("menuitem", name=re.compile("^Id")).click()
    expect(page.get_by_test_id("column-customerID")).to_contain_text("Id")
    page.get_by_role("combobox", name="The labels in the file are").click()
    page.get_by_role("option", name=re.compile("of a random sample")).click()
    hour = Hour(person, "churn", truth, lambda labels: [{"No": "1", "Yes": "2"}[labels[0]]])
    hour.start("Accuracy")
    hour.answer_sixty()
    hour.read_progress(measured=True)
    columns = set(hour.export(tmp_path)[0])
    assert {f"row.{name}" for name in contents["c000"]} <= columns and "row.Churn" not in columns
    assert hour.right(contents, tmp_path) > 0.8


def test_a_folder_of_images(served: Any, tmp_path: Path) -> None:
    """Labels are typed on Create; a dozen reserve labels are too few for a curve."""
    from sklearn.datasets import load_digits

    folder = write_images(tmp_path / "digits")
    digits = load_digits().target[:200]
    truth = {f"digits/digit-{k:03d}.png": (str(digit),) for k, digit in enumerate(digits)}
    person = served.person("admin")
    page = drop(person, folder)
    page.get_by_text("Images from images, 200 rows").wait_for()
    page.get_by_test_id("labels").locator("visible=true").first.click()
    page.keyboard.type(",".join("0123456789") + ",")
    hour = Hour(person, "digits", truth, list)
    hour.start("Accuracy")
    hour.answer_sixty()
    hour.read_progress(measured=False)
    hour.export(tmp_path)
    assert hour.right({key: (tmp_path / key).read_bytes() for key in truth}, tmp_path) > 0.5


def test_a_file_with_several_labels_a_row(served: Any, tmp_path: Path) -> None:
    """Digits toggle, Enter submits; the file of the model gives lists of labels."""
    truth, texts = write_topics(tmp_path / "articles.csv")
    person = served.person("admin")
    page = drop(person, tmp_path / "articles.csv")
    expect(page.get_by_role("radio", name="Several labels")).to_be_checked()
    hour = Hour(person, "articles", truth, lambda labels: [*(str(TOPICS.index(one) + 1) for one in labels), "Enter"])
    hour.start("Hamming accuracy")
    hour.answer_sixty()
    hour.read_progress(measured=False)
    hour.export(tmp_path)
    assert hour.right(texts, tmp_path) > 0.5
