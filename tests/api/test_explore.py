"""The map over HTTP: positions and colours as bytes, selections, neighbours, and what nobody may see there."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from labelwright.engine import mapping
from labelwright.services.explore.codes import GONE, NONE, of_positions

URL = "/projects/topics/map"


@pytest.fixture
def mapped(lived: Any) -> Any:
    """A project of ninety texts with answers of two people, and its map."""
    assert mapping.make(lived.site.project("topics"))
    return lived


def coloured(api: Any, by: str) -> tuple[dict[str, Any], Any]:
    """Legend and codes."""
    answer = api.get(f"{URL}/colours", by=by)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/octet-stream"
    n = int.from_bytes(answer.content[:4], "little")
    return json.loads(answer.content[4 : 4 + n]), np.frombuffer(answer.content[4 + n :], dtype=np.uint8)


def test_before_the_first_features_a_sentence_says_so(api: Any, make_project: Any) -> None:
    make_project(api.site)
    about = api.get(f"{URL}/about").json()
    assert (about["n_items"], about["n_encoded"], about["share"], about["projections"]) == (90, 0, 0, [])
    for refused in (api.get(URL), api.get("/projects/topics/items/i3/neighbours")):
        assert refused.status_code == 409 and "no features yet" in refused.json()["message"]


def test_positions_are_two_numbers_an_item_and_are_sent_once(mapped: Any) -> None:
    api = mapped.api
    for projection in ("pca", "neighbour"):
        answer = api.get(URL, projection=projection)
        xy = np.frombuffer(answer.content, dtype="<u2").reshape(-1, 2)
        assert xy.shape == (90, 2) and xy.min() == 0 and xy.max() == 65_534
        again = api.client.get(
            f"{api.base}{URL}", params={"projection": projection},
            headers={**api.headers, "If-None-Match": answer.headers["etag"]},
        )  # fmt: skip
        assert again.status_code == 304 and again.content == b""
    about = api.get(f"{URL}/about").json()
    assert about["share"] == 1 and all(one["done"] for one in about["projections"])


def test_every_colour_that_is_offered_has_a_legend_that_adds_up(mapped: Any) -> None:
    offered = mapped.api.get(f"{URL}/about").json()["colours"]
    assert set(offered) >= {"label", "predicted", "score", "rank", "cluster", "person", "error", "split", "batch"}
    for by in offered:
        legend, codes = coloured(mapped.api, by)
        assert len(codes) == 90 and legend["by"] == by
        if legend["kind"] == "values":
            assert [one["n"] for one in legend["entries"]] == np.bincount(
                codes, minlength=256
            )[: len(legend["entries"])].tolist()  # fmt: skip
            assert sum(one["n"] for one in legend["entries"]) + legend["n_none"] == 90
    refused = mapped.api.get(f"{URL}/colours", by="nothing")
    assert refused.status_code == 422 and "slice:COLUMN" in refused.json()["message"]


def test_labels_and_predictions_are_those_of_the_items(mapped: Any) -> None:
    listed = mapped.api.get("/projects/topics/items", limit=90).json()["items"]
    for by, field in (("label", "label"), ("predicted", "prediction")):
        legend, codes = coloured(mapped.api, by)
        names = {k: one["name"] for k, one in enumerate(legend["entries"])}
        assert [names.get(int(code)) for code in codes] == [one[field] for one in listed]


def test_errors_are_of_labels_that_the_model_did_not_learn_from(mapped: Any) -> None:
    found = mapped.api.get("/projects/topics/mistakes").json()
    legend, codes = coloured(mapped.api, "error")
    in_cells = {
        int(item[1:]): cell["truth"] == cell["predicted"] for cell in found["cells"] for item in cell["items"]
    }  # fmt: skip
    assert in_cells
    for ordinal, right in in_cells.items():
        assert legend["entries"][codes[ordinal]]["name"] == ("right" if right else "wrong")
    _, split = coloured(mapped.api, "split")
    listed = mapped.api.get("/projects/topics/items", limit=90).json()["items"]
    learned = [k for k, one in enumerate(listed) if one["label"] and not one["provisional"] and split[k] == 0]
    assert learned and set(codes[learned]) == {NONE}


def test_a_leased_item_tells_nothing_by_its_colour(mapped: Any, make_project: Any) -> None:
    api = mapped.api
    (lease,) = api.queue("topics")
    key = lease["item"]["key"]
    listed = api.get("/projects/topics/items", limit=90).json()["items"]
    ordinal = next(int(one["id"][1:]) for one in listed if one["key"] == key)
    for by in api.get(f"{URL}/about").json()["colours"]:
        _, codes = coloured(api, by)
        assert codes[ordinal] == NONE, by
    card = api.post(f"{URL}/items", {"ordinals": [ordinal]}).json()
    assert card["labels"] == [] and card["n_answered"] == 0
    assert card["items"][0]["hidden"] and card["items"][0]["prediction"] is None


def test_annotators_get_nothing_and_reviewers_no_names(mapped: Any) -> None:
    annotator, reviewer = mapped.api.as_role("annotator"), mapped.api.as_role("reviewer")
    for path in (URL, f"{URL}/about", f"{URL}/colours", "/projects/topics/items/i3/neighbours"):
        assert annotator.get(path).status_code == 403
    assert annotator.post(f"{URL}/items", {"ordinals": [1]}).status_code == 403
    assert "person" not in reviewer.get(f"{URL}/about").json()["colours"]
    assert reviewer.get(f"{URL}/colours", by="person").status_code == 403
    assert reviewer.get(f"{URL}/colours", by="label").status_code == 200


def test_what_cards_tell_is_noted_as_seen(trained: Any, train: Any) -> None:
    """An answer to an item whose prediction was on a card trains, and does not measure."""
    from labelwright.store import tables as t

    api = trained.api
    before = api.post(f"{URL}/items", {"ordinals": [2, 3]}).json()
    store = api.site.project("topics")
    with store.read() as rows:
        noted = set(rows.scalars(rows.select(t.exposure.c.ordinal)).all())
    told = {int(one["id"][1:]) for one in before["items"] if one["prediction"] or one["label"]}
    assert noted == told


def test_a_selection_is_counted_as_a_whole(mapped: Any) -> None:
    lead = mapped.api.as_role("lead")
    whole = lead.post(f"{URL}/items", {"ordinals": [*range(90), 3, 4]}).json()
    legend, _ = coloured(lead, "label")
    assert whole["n"] == 90 and len(whole["items"]) == 90
    assert {one["name"]: one["n"] for one in whole["labels"]} == {
        one["name"]: one["n"] for one in legend["entries"] if one["n"]
    }  # fmt: skip
    assert sum(one["n"] for one in whole["clusters"]) == 90
    refused = mapped.api.post(f"{URL}/items", {"ordinals": [90]})
    assert refused.status_code == 422 and "from 0 to 89" in refused.json()["message"]
    assert mapped.api.post(f"{URL}/items", {"ordinals": [2**70]}).status_code == 422


def test_neighbours_are_the_nearest_by_brute_force(mapped: Any) -> None:
    from labelwright.engine import features
    from labelwright.engine.map_files import map_files

    store = mapped.site.project("topics")
    with store.read() as rows:
        files = map_files(store, rows)
    assert files is not None
    X = features.rows_of(store, files.revision, np.arange(90))
    gaps = np.sqrt(((X - X[7]) ** 2).sum(axis=1))
    gaps[7] = np.inf
    near = mapped.api.get("/projects/topics/items/i7/neighbours", n=5).json()["items"]
    assert np.allclose([one["distance"] for one in near], np.sort(gaps)[:5], atol=1e-3)
    assert all(one["item"]["id"] == f"i{one['ordinal']}" for one in near)
    assert mapped.api.get("/projects/topics/items/i99/neighbours").status_code == 404


def test_a_text_finds_what_is_like_it(mapped: Any) -> None:
    item = mapped.api.get("/projects/topics/items/i7").json()["item"]
    near = mapped.api.post(f"{URL}/example", {"text": item["content"]["text"], "n": 3}).json()["items"]
    assert near[0]["item"]["key"] == item["key"] and near[0]["distance"] < 1e-2
    assert mapped.api.post(f"{URL}/example", {"text": "xyzzy"}).status_code == 422
    assert mapped.api.post(f"{URL}/example", {}).status_code == 422
    word = item["content"]["text"].split()[0]
    found = mapped.api.get(f"{URL}/search", words=word).json()
    assert 7 in found["ordinals"] and found["complete"]


def test_excluded_items_are_not_drawn(mapped: Any) -> None:
    assert mapped.api.post("/projects/topics/items/exclude", {"items": ["i4"], "reason": "a test"}).status_code == 200
    legend, codes = coloured(mapped.api.as_role("lead"), "cluster")
    assert codes[4] == GONE and sum(one["n"] for one in legend["entries"]) == 89


def test_a_million_items_are_coded_without_a_loop() -> None:
    position = np.random.default_rng(0).integers(-1, 100, 1_000_000)
    found = of_positions("slice:source", [f"s{k}" for k in range(100)], position)
    entries = found.legend.entries
    assert len(entries) == 40 and entries[-1].name is None
    assert sum(one.n for one in entries) + found.legend.n_none == 1_000_000
    assert [one.n for one in entries[:-1]] == sorted((one.n for one in entries[:-1]), reverse=True)


def test_saved_slices_have_colours(mapped: Any) -> None:
    api = mapped.api
    listed = [one["key"] for one in api.get("/projects/topics/items", limit=90).json()["items"]]
    assert "slices" not in api.get(f"{URL}/about").json()["colours"]
    for name, items in (("one", listed[:10]), ("two", listed[8:12])):
        made = api.client.post(
            f"{api.base}/projects/topics/slices", json={"name": name, "items": items}, headers=api.headers
        )
        assert made.status_code == 201
    assert "slices" in api.get(f"{URL}/about").json()["colours"]
    legend, codes = coloured(api, "slices")
    assert {one["name"]: one["n"] for one in legend["entries"] if one["n"]} == {"one": 8, "two": 2, "several slices": 2}
    assert (codes[12:] == NONE).all()


def area_of(api: Any, projection: str, corners: list[tuple[int, int]], revision: str | None = None) -> tuple[str, Any]:
    """An area as Explore writes it, and where the items lie."""
    answer = api.get(URL, projection=projection)
    xy = np.frombuffer(answer.content, dtype="<u2").reshape(-1, 2).astype(int)
    flat = np.array(corners)
    steps = [int(step) for step in np.diff(flat, axis=0, prepend=[[0, 0]]).ravel()]
    written = ".".join(("-" if step < 0 else "") + np.base_repr(abs(step), 36).lower() for step in steps)
    return f"{projection}~{revision or answer.headers['etag'].strip(chr(34))}~{written}", xy


def test_an_area_of_the_map_is_a_filter_beside_the_others(mapped: Any) -> None:
    api = mapped.api
    ids = {one["id"] for one in api.get("/projects/topics/items", limit=200).json()["items"]}
    for projection, high in (("pca", 32_000), ("neighbour", 40_000)):
        area, xy = area_of(api, projection, [(-10, -10), (high, -10), (high, 70_000), (-10, 70_000)])
        inside = {f"i{k}" for k in np.flatnonzero(xy[:, 0] < high).tolist()} & ids
        assert 0 < len(inside) < 90
        page = api.get("/projects/topics/items", area=area, limit=200).json()
        assert {one["id"] for one in page["items"]} == inside and page["count"] == len(inside)
        first = api.get("/projects/topics/items", area=area, limit=7, sort="key", descending=True).json()
        rest = api.get("/projects/topics/items", area=area, limit=200, sort="key", descending=True,
                       cursor=first["next_cursor"]).json()  # fmt: skip
        keys = [one["key"] for one in (*first["items"], *rest["items"])]
        assert keys == sorted(keys, reverse=True) and len(keys) == len(inside)
        both = api.get("/projects/topics/items", area=area, show="labeled", limit=200).json()["items"]
        labeled = api.get("/projects/topics/items", show="labeled", limit=200).json()["items"]
        assert {one["id"] for one in both} == inside & {one["id"] for one in labeled}


def test_an_area_of_another_map_finds_nothing_else_and_says_so(mapped: Any) -> None:
    square = [(0, 0), (65_535, 0), (65_535, 65_535)]
    old, _ = area_of(mapped.api, "pca", square, revision="0" * 32)
    refused = mapped.api.get("/projects/topics/items", area=old)
    assert refused.status_code == 410 and "map has changed" in refused.json()["message"]
    for wrong in (
        "",
        "pca~1",
        "x~1~0.0.1.1.2.2",
        "pca~1~0.0.1.1",
        "pca~1~0.0.zzzzzzzzz.1.2.2",
        "pca~1~" + "1." * 500 + "1",
    ):
        refused = mapped.api.get("/projects/topics/items", area=wrong)
        assert refused.status_code == 422, wrong
    saved = mapped.api.post("/projects/topics/slices", {"name": "Left", "filter": {"area": old}})
    assert saved.status_code == 422


def test_the_points_of_a_large_area_are_those_that_a_ray_counts() -> None:
    """Against a slow reference, on a star whose corners turn in and out."""
    from labelwright.services.explore.area import MOST_CORNERS, enclosed

    rng = np.random.default_rng(3)
    turns = np.linspace(0, 2 * np.pi, MOST_CORNERS, endpoint=False)
    reach = np.where(np.arange(MOST_CORNERS) % 2, 30_000, 12_000)
    corners = np.rint(32_000 + np.stack([np.cos(turns), np.sin(turns)], axis=1) * reach[:, None]).astype(np.int64)
    places = rng.integers(0, 65_536, size=(100_000, 2)).astype(np.float64)
    found = enclosed(places, corners)
    assert 10_000 < found.sum() < 90_000
    for k in rng.choice(len(places), 300, replace=False):
        odd, (x, y) = False, places[k]
        for (xa, ya), (xb, yb) in zip(corners.tolist(), np.roll(corners, 1, axis=0).tolist(), strict=True):
            if (ya > y) != (yb > y) and x < (xb - xa) * (y - ya) / (yb - ya) + xa:
                odd = not odd
        assert found[k] == odd
