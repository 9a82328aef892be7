"""The bridge against a real Label Studio: push, annotate as a second user, take, restart either side, double nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.processes import Process
from labelwright.bridges import running
from labelwright.bridges.label_studio import AwayError, Bridge, Peer
from labelwright.bridges.label_studio.mapping import answers_of, config_of, task_of
from labelwright.bridges.label_studio.taking import PeerTask
from labelwright.services.bridges.seats import seats_of
from labelwright.services.bridges.state import BridgeState, path_of
from labelwright.services.labeling import handing, holding
from labelwright.services.people import accounts, members, users
from labelwright.services.projects import access, questions
from labelwright.services.projects.shown import ContentView
from labelwright.services.steering import policies, progress
from labelwright.store import tables as t
from tests.bridges.label_studio import TOKEN, LabelStudio, User, choice
from tests.bridges.test_mapping import QUESTIONS, number

SLUG, WINDOW = "topics", 6


class Side:
    """The project here, its bridge, and what is recorded."""

    def __init__(self, site: Any, peer: LabelStudio, *, token: str = TOKEN) -> None:
        self.site, self.lead = site, users.first_admin(site)
        self.path = path_of(site.settings.home, SLUG)
        self.peer, self._url, self._token = peer, peer.url, token
        self.bridge = self.made()
        self.question = self.project().primary.id

    def made(self) -> Bridge:
        """A bridge as a new process has it."""
        return Bridge(self.site, self.lead, SLUG, Peer(self._url, self._token), self.path, window=WINDOW)

    def project(self) -> Any:
        """The project here."""
        store = self.site.project(SLUG)
        with store.read() as rows:
            return access.ready(store, rows)

    def rows(self, table: Any = t.annotation) -> list[Any]:
        """All rows of a table, the oldest first where they have an order."""
        with self.site.project(SLUG).read() as rows:
            order = table.c.seq if "seq" in table.c else table.c.granted_at
            return list(rows.all(rows.select(table).order_by(order)))

    def kinds(self) -> list[tuple[str, str]]:
        """What was recorded, by whom."""
        with self.site.store.read() as connection:
            return [(row.kind, accounts.find(connection, row.person_id).email) for row in self.rows()]

    def tasks(self) -> list[dict[str, Any]]:
        """The tasks of Label Studio, by id."""
        return [dict(task) for task in Peer(self._url, self._token).tasks(self.project_there)]

    @property
    def project_there(self) -> int:
        """The id of the project in Label Studio."""
        found = BridgeState.read(self.path).peer_project
        assert found is not None
        return found


@pytest.fixture
def side(trained_site: Any, label_studio: LabelStudio) -> Side:
    return Side(trained_site, label_studio)


def label(side: Side, n: int) -> str:
    return str(side.project().primary.schema["labels"][n]["name"])


def change_overlap(side: Side, overlap: int) -> None:
    """As a lead does on the page Settings."""
    policies.set_policy(side.site, side.lead, SLUG, replace(side.project().policy, overlap=overlap))


def change_guidelines(side: Side, markdown: str) -> None:
    """As a lead does on the page Settings."""
    questions.write_guidelines(side.site, side.lead, SLUG, markdown)


def work(side: Side, who: User) -> int:
    """The task that Label Studio shows somebody next."""
    found = who.next_task(side.project_there)
    assert found is not None
    return int(found["id"])


def test_items_go_out_in_the_published_order_and_say_nothing_that_nobody_may_know(side: Side) -> None:
    done = side.bridge.exchange()
    tasks = side.tasks()
    leases = {row.id: row for row in side.rows(t.lease)}
    pushed = [leases[task["meta"]["labelwright"]["lease"]] for task in tasks]
    assert done.pushed == WINDOW == len(tasks)
    assert [row.granted_at for row in pushed] == sorted(row.granted_at for row in pushed)
    scores = [task["predictions"][0]["score"] for task in tasks]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == WINDOW
    assert all(task["predictions"][0]["result"] == [] for task in tasks)
    assert all(set(task["data"]) == {"text"} and task["data"]["text"] for task in tasks)
    assert all(set(task["meta"]["labelwright"]) == {"lease"} for task in tasks)
    said = json.dumps([{k: task[k] for k in ("data", "meta")} for task in tasks])
    assert not any(word in said for word in ("reserve", "chosen", "random", "propensity"))
    assert side.bridge.exchange().is_empty and len(side.tasks()) == WINDOW


def test_an_annotation_is_recorded_under_its_author_with_what_its_lease_says(side: Side) -> None:
    side.bridge.exchange()
    ann = side.peer.person("ann@example.com")
    task = work(side, ann)
    assert task == side.tasks()[0]["id"], "the first task is that of the first slot"
    ann.annotate(task, side.question, label(side, 1), seconds=2.5)
    done = side.bridge.exchange()
    (row,) = side.rows()
    assert done.taken == 1 and side.kinds() == [("answer", "ann@example.com")]
    assert row.answer == {"label": "l_2"} and row.seconds == 2.5 and not row.late and row.standing
    of_seat = next(x for x in side.rows(t.lease) if x.id == side.tasks()[0]["meta"]["labelwright"]["lease"])
    assert (row.ranking_id, row.position, row.slot_kind, row.propensity) == (
        of_seat.ranking_id, of_seat.position, of_seat.slot_kind, of_seat.propensity,
    )  # fmt: skip
    assert row.lease_id != of_seat.id and of_seat.state == "returned"
    assert done.pushed == 1, "the window is filled up again"
    assert side.bridge.exchange().is_empty and len(side.rows()) == 1


def test_changes_skips_and_deletions_are_corrections_skips_and_undos(side: Side) -> None:
    side.bridge.exchange()
    email = "bob@example.com"
    bob = side.peer.person(email)
    first, second = side.tasks()[0]["id"], side.tasks()[1]["id"]
    answer = bob.annotate(first, side.question, label(side, 0))
    bob.skip(second)
    assert side.bridge.exchange().taken == 2
    bob.change(answer, side.question, label(side, 2))
    assert side.bridge.exchange().taken == 1
    bob.delete(answer)
    assert side.bridge.exchange().taken == 1
    kinds = [kind for kind, _ in side.kinds()]
    assert kinds[:3] == ["answer", "skip", "correct"] and kinds[3] in ("undo", "reopen") and len(kinds) == 4
    assert {who for _, who in side.kinds()} == {email}
    bob.annotate(first, side.question, label(side, 1))
    assert side.bridge.exchange().taken == 1
    assert [row.answer for row in side.rows() if row.standing and row.kind == "answer"] == [{"label": "l_2"}]


def test_two_people_are_asked_where_the_policy_says_so(side: Side) -> None:
    change_overlap(side, 2)
    side.bridge.exchange()
    tasks = side.tasks()
    assert [task["overlap"] for task in tasks] == [2] * WINDOW
    people = [side.peer.person(f"{name}@example.com") for name in ("fay", "gus")]
    for who in people:
        assert work(side, who) == tasks[0]["id"]
        who.annotate(tasks[0]["id"], side.question, label(side, 0))
        side.bridge.exchange()
    assert [(row.kind, row.late, row.standing) for row in side.rows()] == [("answer", False, True)] * 2
    third = side.peer.person("hal@example.com")
    assert work(side, third) == tasks[1]["id"], "the first item has its answers"


def test_a_restart_and_a_lost_memory_double_nothing(side: Side) -> None:
    side.bridge.exchange()
    who = side.peer.person("cat@example.com")
    for _ in range(3):
        who.annotate(work(side, who), side.question, label(side, 0))
    side.bridge.exchange()
    before = (len(side.rows()), len(side.tasks()), side.project_there)
    again = side.made()
    assert again.exchange().is_empty
    side.path.unlink()
    there = before[2]
    forgetful = side.made()
    forgetful.exchange()
    assert (len(side.rows()), len(side.tasks()), side.project_there) == (3, before[1], there)
    annotation = side.tasks()[0]["annotations"][0]["id"]
    who.change(annotation, side.question, label(side, 1))
    side.path.unlink()
    side.made().exchange()
    assert [row.kind for row in side.rows()] == ["answer"] * 3 + ["correct"]


def test_guidelines_are_the_instructions_there_and_follow_their_changes(side: Side) -> None:
    def there() -> tuple[Any, Any]:
        found = side.peer.lead().ask("GET", f"/api/projects/{side.project_there}/")
        return found["expert_instruction"], found["show_instruction"]

    change_guidelines(side, "")
    side.bridge.exchange()
    assert there() == ("", False)
    change_guidelines(side, "Take the *main* topic 👍.\n\nIf <b> & c fit,\nskip.")
    side.bridge.exchange()
    expected = "<p>Take the *main* topic 👍.</p><p>If &lt;b&gt; &amp; c fit,<br>skip.</p>"
    assert there() == (expected, True)
    side.peer.lead().ask("PATCH", f"/api/projects/{side.project_there}/", {"expert_instruction": "<p>Other</p>"})
    side.bridge.exchange()
    assert there() == ("<p>Other</p>", True), "what did not change here is not sent"
    side.made().exchange()
    assert there() == (expected, True)


def test_what_cannot_be_taken_is_said_and_taken_once_it_can_be(side: Side) -> None:
    side.bridge.exchange()
    users.add(side.site, side.lead, email="ida@example.com", role="auditor")
    ida = side.peer.person("ida@example.com")
    ida.annotate(work(side, ida), side.question, label(side, 0))
    done = side.bridge.exchange()
    assert done.taken == 0 and len(done.refused) == 1 and "auditor" in done.refused[0]
    assert side.bridge.exchange().is_empty, "it is said once"
    (said,) = [line for line in progress.show(side.site, side.lead, SLUG).warnings if "bridge" in line]
    assert "cannot take 1 annotation" in said and "auditor" in said
    members.give(side.site, side.lead, SLUG, users.by_email(side.site, "ida@example.com").person_id, "annotator")
    assert side.bridge.exchange().taken == 1 and side.kinds() == [("answer", "ida@example.com")]
    assert not [line for line in progress.show(side.site, side.lead, SLUG).warnings if "bridge" in line]


def test_what_is_not_asked_any_more_is_withdrawn_unless_somebody_began(side: Side) -> None:
    side.bridge.exchange()
    jan = side.peer.person("jan@example.com")
    first, second, *_ = side.tasks()
    jan.annotate(first["id"], side.question, label(side, 0))
    jan.ask("POST", f"/api/tasks/{second['id']}/drafts", {"result": choice(side.question, label(side, 0))})
    seats = seats_of(side.site, side.lead, side.project())
    for lease in handing.held(side.site, SLUG, seats):
        holding.give_back(side.site, seats[0], SLUG, lease.id)
    paused = Bridge(side.site, side.lead, SLUG, Peer(side.peer.url, TOKEN), side.path, window=1)
    done = paused.exchange()
    left = {task["id"] for task in side.tasks()}
    assert {first["id"], second["id"]} <= left and len(left) <= 3
    assert done.taken == 1 and done.withdrawn == WINDOW + done.pushed - len(left) >= WINDOW - 3
    assert side.rows()[0].late, "the lease was given back before the answer came"


@pytest.mark.parametrize("kind", ["text", "image", "table"])
def test_every_kind_of_item_and_question_is_asked_and_read(label_studio: LabelStudio, kind: str) -> None:
    peer = Peer(label_studio.url, TOKEN)
    made = peer.make_project({"title": f"All of {kind}", "label_config": config_of(QUESTIONS, kind)})
    pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    content = ContentView(kind, "Great", None, 1, 1, {"colour": "red", "weight": 3}, None)
    peer.push(int(str(made["id"])), [task_of("le_1", content, pixel, "r_1", 1.0)])
    lead = label_studio.lead()
    task = lead.next_task(int(str(made["id"])))
    assert task is not None and task["data"][kind]
    about = [*choice("q_1", "bad"), *choice("q_2", "bad"), number(4)]
    lead.ask("POST", f"/api/tasks/{task['id']}/annotations/", {"result": [{**one, "to_name": kind} for one in about]})
    (found,) = [PeerTask.of(one) for one in peer.tasks(int(str(made["id"])))]
    assert found is not None and lead.id in found.by_user
    said = answers_of(QUESTIONS, found.by_user[lead.id].result)
    assert said == {"q_1": {"label": "l_2"}, "q_2": {"labels": ["l_2"]}, "q_3": {"value": 4.0}}


def test_label_studio_away_is_said_on_progress_and_nothing_is_lost(side: Side, home: Path) -> None:
    side.bridge.exchange()
    who = side.peer.person("dan@example.com")
    who.annotate(work(side, who), side.question, label(side, 0))
    side.peer.kill()
    with pytest.raises(AwayError):
        running.once(side.bridge)
    waits = [line for line in progress.show(side.site, side.lead, SLUG).warnings if "bridge" in line]
    assert len(waits) == 1 and "127.0.0.1" in waits[0] and "Nothing is lost" in waits[0]
    side.peer.start()
    assert running.once(side.bridge).taken == 1 and len(side.rows()) == 1
    assert not [line for line in progress.show(side.site, side.lead, SLUG).warnings if "bridge" in line]
    kept = [path for path in home.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert kept == [], "the token stands nowhere in the home"


@pytest.mark.timeout(150)
def test_the_command_is_killed_and_goes_on(trained_site: Any, label_studio: LabelStudio, home: Path) -> None:
    side = Side(trained_site, label_studio, token=label_studio.lead().ask("POST", "/api/token", {})["token"])
    arguments = ["-m", "labelwright", "--home", str(home), "bridge", "label-studio", label_studio.url]
    arguments += ["--project", SLUG, "--window", str(WINDOW), "--every", "0.2"]
    command = Process(arguments, home, LABELWRIGHT_LABEL_STUDIO_TOKEN=side._token)
    for k in range(3):
        with command:
            assert command.process is not None and command.process.stdout is not None
            if k == 0:
                assert command.process.stdout.readline() == f"pushed {WINDOW}, took 0, withdrew 0\n"
                who = label_studio.person("eve@example.com")
            who.annotate(work(side, who), side.question, label(side, k))
            assert command.process.stdout.readline() == "pushed 1, took 1, withdrew 0\n"
            command.kill()
    assert [row.answer["label"] for row in side.rows()] == ["l_1", "l_2", "l_3"]
    assert side.made().exchange().is_empty
    assert len(side.tasks()) == WINDOW + 3
