"""A browser and a server for measuring what is on the screen, with clocks inside the page."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.processes import opened
from benchmarks.screen_kinds import Kind
from tests.browser.conftest import SETTLED, Served, Server, browser_of, chromium

REST_MS = 100
WAIT_MS = 120_000
CLOCK = """
(() => {
  window.took = [];
  let pressed = 0, shown = null;
  addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  const look = () => {
    const item = document.querySelector("[data-testid=item]");
    const id = item ? item.dataset.itemId : null;
    if (id === null || id === shown) return;
    const from = shown === null ? null : pressed;
    shown = id;
    const pictures = [...item.querySelectorAll("img")].map((img) => img.decode().catch(() => null));
    Promise.all(pictures).then(() => requestAnimationFrame(() => requestAnimationFrame(() => {
      if (from !== null) window.took.push(performance.now() - from);
    })));
  };
  const watch = { subtree: true, childList: true, attributes: true, attributeFilter: ["data-item-id"] };
  new MutationObserver(look).observe(document, watch);
})();
"""
FRAMES = """
() => new Promise((resolve) => {
  const at = [];
  const next = (now) => { at.push(now); at.length > 120 ? resolve(at) : requestAnimationFrame(next); };
  requestAnimationFrame(next);
})
"""


@contextmanager
def browsing(home: Path, server: Any = None) -> Iterator[Served]:
    """A home with a server, its worker and a browser."""
    with opened(home) as site:
        served = Served(home, site)
        served.server = server or Server(home)
        try:
            with browser_of(chromium()) as served.browser:
                yield served
        finally:
            if server is None:
                served.server.stop()


def person_of(served: Served) -> Any:
    """An administrator in a window with the clock."""
    person = served.person("admin")
    person.context.set_default_timeout(WAIT_MS)
    person.context.add_init_script(CLOCK)
    return person


def first_item(person: Any, kind: Kind, source: Path) -> tuple[float, float]:
    """Seconds from choosing the file to its preview, and from *Start* to the first item on the screen."""
    page = person.open("/new")
    chosen = page.get_by_test_id("folder-input" if source.is_dir() else "file-input")
    begun = time.perf_counter()
    chosen.set_input_files(str(source))
    page.get_by_test_id("start").wait_for()
    preview = time.perf_counter() - begun
    if kind.labels:
        page.get_by_test_id("labels").locator("visible=true").first.click()
        page.keyboard.type(",".join(kind.labels) + ",")
    page.get_by_test_id("slug").fill(kind.slug)
    begun = time.perf_counter()
    page.get_by_test_id("start").click()
    page.get_by_test_id("item").wait_for()
    return preview, time.perf_counter() - begun


def key_to_item(person: Any, kind: Kind, n_answers: int) -> list[float]:
    """Seconds from the last key of each answer to the frame after the next item, decoded, was in the page."""
    page = person.label(kind.slug)
    for n in range(n_answers):
        page.wait_for_timeout(REST_MS)
        before = person.shown
        person.press(*kind.keys(n))
        page.locator(f"{SETTLED}:not([data-item-id='{before}'])").wait_for()
    page.wait_for_timeout(REST_MS)
    took = [ms / 1000 for ms in page.evaluate("window.took")]
    if len(took) != n_answers:
        raise RuntimeError(f"{kind.slug}: {n_answers} items must have followed, got {len(took)}")
    person.saved()
    return took


def frame_seconds(served: Served) -> list[float]:
    """Intervals between frames of an empty page."""
    page = served.browser.new_page()
    at = page.evaluate(FRAMES)
    page.close()
    return [(after - before) / 1000 for before, after in itertools.pairwise(at)]


def letters(person: Any, slug: str, names: Sequence[str]) -> list[int]:
    """For each label the fewest letters, of the beginning of one or two of its words, after which Enter takes it."""
    page = person.label(slug)
    buttons = "[...document.querySelectorAll('[data-testid^=label-choice-]')]"
    shown = page.evaluate(f"{buttons}.map((one) => [one.lastElementChild.innerText, one.dataset.testid])")
    id_of = {re.sub(r"\u200b", "", text): found for text, found in shown}
    return [_fewest(page, re.split(r"[\s_/-]+", name), id_of[name]) for name in names]


def _fewest(page: Any, words: Sequence[str], wanted: str) -> int:
    """Type each word, the name, and beginnings of two words, until the label is the best match."""
    fewest = sum(map(len, words)) + len(words) - 1
    pairs = {
        f"{one[:j]} {two[:k]}"
        for one, two in itertools.permutations(words, 2)
        for j, k in itertools.product((1, 2, 3, 4), repeat=2)
    }
    for typed in [*words, " ".join(words), *sorted(pairs, key=len)]:
        if typed in pairs and len(typed) >= fewest:
            continue
        for n, letter in enumerate(typed.lower()[: fewest - 1], 1):
            page.keyboard.press("Space" if letter == " " else letter)
            if page.evaluate("document.querySelector('[data-best]')?.dataset.testid") == wanted:
                fewest = n
                break
        page.keyboard.press("Escape")
    return fewest
