"""Questions as a labeling configuration, results as answers."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from labelwright.bridges.label_studio.mapping import answers_of, config_of, lease_of, task_of
from labelwright.bridges.label_studio.taking import PeerTask
from labelwright.engine.project import Question
from labelwright.errors import InputError
from labelwright.services.projects.shown import ContentView
from tests.bridges.label_studio import choice

LABELS = {"labels": [{"id": "l_1", "name": 'good & "fine"'}, {"id": "l_2", "name": "bad"}]}


def question(task: str, schema: dict[str, Any] = LABELS, *, id: str = "q_1", required: bool = True) -> Question:
    return Question(
        id, f"What <{task}>?", task, schema, 1, 1, id == "q_1", required, 0, "auto", "accuracy", "majority", None, 0
    )  # fmt: skip


def number(value: float, name: str = "q_3") -> dict[str, Any]:
    return {"from_name": name, "to_name": "text", "type": "number", "value": {"number": value}}


QUESTIONS = (
    question("classification"), question("multilabel", id="q_2"),
    question("regression", {"min": 0, "max": 10}, id="q_3", required=False),
)  # fmt: skip


def test_the_configuration_asks_every_question_with_its_labels_and_bounds() -> None:
    view = ElementTree.fromstring(config_of(QUESTIONS, "text"))
    single, several = view.findall("Choices")
    assert view.find("Text").attrib == {"name": "text", "value": "$text"}  # type: ignore[union-attr]
    assert [one.attrib["value"] for one in single.findall("Choice")] == ['good & "fine"', "bad"]
    assert (single.attrib["choice"], single.attrib["required"]) == ("single", "true")
    assert (several.attrib["choice"], several.attrib["required"]) == ("multiple", "false")
    asked = view.find("Number").attrib  # type: ignore[union-attr]
    assert asked == {"name": "q_3", "toName": "text", "required": "false", "min": "0", "max": "10"}
    assert [one.attrib["value"] for one in view.findall("Header")] == [one.text for one in QUESTIONS]


def test_results_are_answers_by_question() -> None:
    result = [*choice("q_1", "bad"), *choice("q_2", "bad", 'good & "fine"'), number(7)]
    assert answers_of(QUESTIONS, result) == {
        "q_1": {"label": "l_2"}, "q_2": {"labels": ["l_1", "l_2"]}, "q_3": {"value": 7.0},
    }  # fmt: skip
    assert answers_of(QUESTIONS, choice("q_1", "bad")) == {"q_1": {"label": "l_2"}, "q_2": {"labels": []}}


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ([], "must be answered"),
        (choice("q_1", "other"), "other"),
        (choice("q_1", "bad", 'good & "fine"'), "one label, got 2"),
        (choice("q_9", "bad"), "one of the questions"),
        ([{**choice("q_1", "bad")[0], "type": "rectanglelabels"}], "one of the questions"),
        ([*choice("q_1", "bad"), number(11)], "11"),
    ],
)
def test_what_is_no_answer_is_refused(result: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        answers_of(QUESTIONS, result)


def test_a_project_without_labels_cannot_be_asked() -> None:
    with pytest.raises(InputError, match="must have a label"):
        config_of([question("classification", {"labels": [], "open": True})], "text")


def test_a_task_holds_the_item_and_its_lease_alone() -> None:
    content = ContentView("text", "Great", None, None, None, None, {"typical": 1})
    task = task_of("le_1", content, None, "r_1", 0.5)
    assert task["data"] == {"text": "Great"} and lease_of(task) == "le_1"
    assert task["predictions"] == [{"result": [], "score": 0.5, "model_version": "r_1"}]
    assert set(task) == {"data", "meta", "predictions"}


def test_the_last_annotation_of_each_user_counts() -> None:
    def annotation(id: int, user: Any, at: str, **more: Any) -> dict[str, Any]:
        return {"id": id, "completed_by": user, "updated_at": at, "result": [], **more}

    said = [
        annotation(1, 7, "2026-01-01T00:00:02Z", lead_time=3.5), annotation(2, 7, "2026-01-01T00:00:01Z"),
        annotation(3, {"id": 8}, "2026-01-01T00:00:03Z", was_cancelled=True, lead_time=1e9), annotation(4, None, "x"),
    ]  # fmt: skip
    mark = {"labelwright": {"lease": "le_1"}}
    task = PeerTask.of({"id": 1, "updated_at": "x", "meta": mark, "annotations": said, "overlap": 2})
    assert task is not None and task.n_answers == 1 and task.overlap == 2
    assert [(one.id, one.seconds) for one in task.by_user.values()] == [(1, 3.5), (3, None)]
    assert PeerTask.of({"id": 1, "updated_at": "x", "meta": {}, "annotations": said}) is None
