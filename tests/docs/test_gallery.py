"""Every strategy stands in the gallery, with a picture of what it asks; what was measured is summed up rightly."""

from __future__ import annotations

import doctest
import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from labelwright.strategies import Strategy, current

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "scripts"))

import gallery  # noqa: E402
import gallery_measured as measured  # noqa: E402
import gallery_pictures as pictures  # noqa: E402
import gallery_svg  # noqa: E402

STRATEGIES = current()
INDEX = gallery.PAGES / "README.md"


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_has_an_entry_and_a_picture(name):
    kind = STRATEGIES[name]
    page = (gallery.PAGES / f"{kind.family}.md").read_text("utf-8")
    assert f"[{name}]({kind.family}.md#{name})" in INDEX.read_text("utf-8")
    entry = re.split(r"^## ", page, flags=re.M)
    (own,) = [part for part in entry if part.startswith(f"{name}\n")]
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", own)
    assert len(shown) == 1 + kind.cold
    for target in shown:
        path = (gallery.PAGES / target).resolve()
        asked = [e.text for e in ET.parse(path).iter("{http://www.w3.org/2000/svg}text") if e.text.isdigit()]
        assert {*map(int, asked)} == {*range(1, pictures.N_PICKS + 1)}


def test_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in gallery.IMAGES.iterdir()}
    assert sum(sizes.values()) < 1.5 * 2**20
    most = {"curves": 40 * 1024}  # a line for each strategy on each set
    assert not {name for name, size in sizes.items() if size > most.get(name.partition("-")[0], 25 * 1024)}


def test_links_lead_somewhere():
    """Within the gallery, down to the headings; what it links outside is tested with the other pages."""
    for page in gallery.PAGES.glob("*.md"):
        for path, anchor in re.findall(r"\]\(([\w./-]*)#?([\w-]*)\)", page.read_text("utf-8")):
            there = (page.parent / path).resolve() if path else page
            assert there.exists(), f"{page.name}: {path}"
            assert not anchor or f"\n## {anchor}\n" in there.read_text("utf-8"), f"{page.name}: {path}#{anchor}"


def test_what_margin_asks_is_what_is_drawn():
    pool = pictures.pool("classification")
    first, second = np.sort(pool.model.predict_proba(pool.X), axis=1)[:, :-3:-1].T
    expected = np.argsort(first - second)[: pictures.N_PICKS]
    said = (gallery.IMAGES / "margin.svg").read_text("utf-8")
    drawn = re.findall(r"pool:(\d+)", re.search(r"<desc>(.*?)</desc>", said)[1])
    assert [int(k) for k in drawn] == expected.tolist()


def test_numbers_do_not_cover_each_other():
    spots = np.array([[50.0, 50], [50, 50], [51, 50], [200, 100], [0, 0]])
    places = pictures._apart(spots, np.array([[200.0, 101]]))
    distance = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    assert distance[np.triu_indices(5, 1)].min() > 2 * pictures.RADIUS
    assert np.hypot(*(places[3] - [200, 101])) > pictures.RADIUS + 5


def test_a_docstring_is_taken_apart():
    class Made(Strategy):
        """The idea.

        The score is ``p1 * p2``, between 0 and 1. For x. Not for 1.5 classes, so prefer
        max-herding.

        Parameters
        ----------
        beta : float
            How much, in
            words.
        plain : int

        Notes
        -----
        Unlike the paper. Cost: one pass.
        """

    docs = gallery.read_docs(Made)
    assert docs.idea == "The idea." and docs.body == [r"The score is `p1 \* p2`, between 0 and 1. For x."]
    assert docs.when_not == "Not for 1.5 classes, so prefer max-herding."
    assert docs.parameters == {"beta": "How much, in words.", "plain": ""}
    assert docs.notes == ["Unlike the paper."] and docs.cost == "One pass."
    linked = "Not for 1.5 classes, so prefer [max-herding](diversity.md#max-herding)."
    assert gallery.linked(docs.when_not, "made") == linked
    assert gallery.linked("max-herding", "max-herding") == "max-herding"


def lines(part="wide", learner="lr"):
    """Two seeds of three strategies; of one seed random was not played."""
    runs = {"random": {0: [0, 1, 1], 1: [0, 0, 0]}, "margin": {0: [0, 1, 1], 1: [0, 2, 0]}, "badge": {2: [1, 1, 1]}}
    shared = {"part": part, "set": "s", "learner": learner, "batch": 10, "n_initial": 10, "labels": [10, 20, 30]}
    for strategy, seeds in runs.items():
        for seed, values in seeds.items():
            yield shared | {"strategy": strategy, "seed": seed, "values": values}


def test_measured_differences_are_paired(tmp_path):
    """By hand: areas differ by 0 and 1, s^2 = 1/2, so the half width is t(1) sqrt(1/2 (1/2 + 3/7))."""
    summary = measured.measure(lines())
    row = summary["s"]["strategies"]["margin"]
    assert row["seeds"] == 2 and row["delta"] == 0.5
    assert row["high"] - 0.5 == pytest.approx(12.7062 * np.sqrt(0.5 * (1 / 2 + 3 / 7)), abs=1e-3)
    assert row["curve"] == [0, 1.5, 0.5] and row["gain"] == [0, 1, 0]
    assert "badge" not in summary["s"]["strategies"]
    assert measured.table(summary, "badge") == ["Not measured."]
    assert measured.curves(summary, ["badge"], "none") is None
    measured.write(tmp_path / "m.json", summary)
    assert measured.read(tmp_path / "m.json") == json.loads(json.dumps(summary)) == summary
    ET.fromstring(measured.curves(summary, ["margin", "random"], "a & b"))
    assert "lower is better" in measured.table(measured.measure(lines("regression", "ridge")), "margin")[2]
    assert not measured.measure(lines("cold"))


def test_of_two_lines_of_one_run_the_later_counts():
    again = [one | {"values": [9, 9, 9]} for one in lines() if one["strategy"] == "margin" and one["seed"] == 0]
    row = measured.measure([*lines(), *again])["s"]["strategies"]["margin"]
    assert row["curve"] == [4.5, 5.5, 4.5]


def test_a_picture_is_stale_where_its_picks_are(tmp_path):
    path = tmp_path / "p.svg"
    path.write_text('<svg><desc>Asked, in order: pool:1</desc><path d="M1,1"/></svg>')
    assert gallery.same(path, '<svg><desc>Asked, in order: pool:1</desc><path d="M1,1.1"/></svg>')
    assert not gallery.same(path, '<svg><desc>Asked, in order: pool:2</desc><path d="M1,1"/></svg>')
    assert not gallery.same(tmp_path / "q.svg", "<svg/>")


def test_every_strategy_of_scikit_activeml_is_named():
    pool = pytest.importorskip("skactiveml.pool")
    page = INDEX.read_text("utf-8").partition("## Those of scikit-activeml")[2].partition("\n## ")[0]
    named = {name for cell in re.findall(r"^\| (`.*?) \|", page, re.M) for name in re.findall(r"`(\w+)`", cell)}
    query = re.compile(r"\b[A-Z]\w+")
    there = {name for name in [*pool.__all__, *pool.multiannotator.__all__] if query.match(name)}
    assert named == there


def test_doctests():
    assert doctest.testmod(gallery_svg).failed == 0
