"""What the model gets wrong: counted on the reserve, with the items behind each cell."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from benchmarks.processes import opened
from labelwright.services.people import users
from labelwright.services.steering import mistakes
from scripts import keep_project
from tests.conftest import LABEL, make_api, split_of


def test_cells_add_up_and_lead_to_their_items(site: Any, make_project: Any, train: Any) -> None:
    """People err on a fifth of the reserve, so that there is something off the diagonal."""
    truth = make_project(site, n=200)
    train(site)
    api, rng, said = make_api(site), random.Random(0), dict[str, str]()
    for _ in range(5):
        for lease in api.queue("topics", n=40):
            label = LABEL[truth[lease["item"]["key"]]]
            if split_of(site.project("topics"), lease) != "pool" and rng.random() < 0.2:
                label = rng.choice([one for one in LABEL.values() if one != label])
            said[lease["item"]["key"]] = label
            assert api.answer("topics", lease, {"label": label}).status_code == 201
        train(site)
    found = api.get("/projects/topics/mistakes").json()
    assert found["n"] == sum(cell["n"] for cell in found["cells"]) == sum(one["n"] for one in found["classes"]) > 30
    assert found["enough"] and found["far_off"] == []
    names = {name: label for label, name in (("sport", "l_1"), ("food", "l_2"), ("law", "l_3"))}
    wrong = [cell for cell in found["cells"] if cell["truth"] != cell["predicted"]]
    assert wrong
    for cell in wrong:
        assert len(cell["items"]) == cell["n"]
        for item in cell["items"]:
            shown = api.get(f"/projects/topics/items/{item}").json()
            assert said[shown["item"]["key"]] == {v: k for k, v in names.items()}[cell["truth"]]
    for one in found["classes"]:
        right = sum(cell["n"] for cell in found["cells"] if cell["truth"] == cell["predicted"] == one["name"])
        assert abs(one["recall"]["value"] - right / one["n"]) < 1e-9
        assert one["recall"]["low"] < one["recall"]["value"] <= one["recall"]["high"]
    assert api.as_role("annotator").get("/projects/topics/mistakes").status_code == 403


def test_several_labels_and_numbers_have_mistakes_too(tmp_path: Path) -> None:
    keep_project.make(tmp_path / "home")
    with opened(tmp_path / "home") as site:
        admin = users.first_admin(site)
        organs, degree = (mistakes.show(site, admin, "reports", question) for question in ("organs", "degree"))
        assert [one.name for one in organs.classes] == ["lung", "heart", "liver"] and organs.n > 0
        assert all(
            (cell.truth is None) != (cell.predicted is None) and cell.n == len(cell.items) for cell in organs.cells
        )
        gaps = [abs(one.truth - one.predicted) for one in degree.far_off]
        assert len(gaps) == degree.n > 0 and gaps == sorted(gaps, reverse=True)


def test_nothing_is_told_before_there_is_a_model(trained: Any) -> None:
    found = trained.api.get("/projects/topics/mistakes").json()
    assert found == {"question": "q_1", "n": 0, "enough": False, "classes": [], "cells": [], "far_off": []}
