"""Limits that files have hold for requests too."""

from __future__ import annotations

from typing import Any

from labelwright.budgets import MAX_LABELS

NAMES = [f"label {k}" for k in range(MAX_LABELS + 1)]


def test_a_question_gets_no_more_labels_than_a_file_may_have(api: Any, make_project: Any) -> None:
    make_project(api.site, task="multilabel", labels=tuple(NAMES[: MAX_LABELS - 1]), open_labels=True)
    assert api.post("/projects/topics/labels", {"name": NAMES[-2]}).status_code == 201
    refused = api.post("/projects/topics/labels", {"name": NAMES[-1]})
    assert refused.status_code == 422 and f"at most {MAX_LABELS}" in refused.json()["message"]


def test_a_project_is_not_made_with_more(api: Any) -> None:
    for body in ({"labels": NAMES}, {"questions": [{"task": "multilabel", "labels": NAMES}]}):
        refused = api.post("/projects", {"slug": "many", "upload_id": "u_1", "task": "multilabel", **body})
        assert refused.status_code == 422 and f"at most {MAX_LABELS}" in refused.json()["message"]


def test_an_answer_names_each_label_of_the_schema_once(trained: Any, make_project: Any, train: Any) -> None:
    make_project(trained.site, "many", task="multilabel")
    train(trained.site)
    lease = trained.api.queue("many")[0]
    for labels in (["l_1", "l_1"], ["l_1", "l_2", "l_3", "l_4"]):
        assert trained.api.answer("many", lease, {"labels": labels}).status_code == 422
