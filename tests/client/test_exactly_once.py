"""An answer is stored once, whatever the way to the server loses and whenever the server dies."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func

import labelwright as lw
from benchmarks.processes import opened
from labelwright.client import Retries
from labelwright.errors import LabelwrightError, UnreachableError
from labelwright.store import tables as t
from tests.client.conftest import Proxy, Served

QUICK = Retries(n=8, first_pause=0.02)


def stored(home: Path) -> list[str]:
    """The answer ids on disk."""
    with opened(home) as site, site.project("topics").read() as rows:
        return [str(found) for found in rows.scalars(rows.select(t.annotation.c.answer_id))]


@pytest.mark.parametrize(
    "plan",
    [
        ["lose-reply"], ["lose-request"], ["half-reply"], ["busy"], ["limited"],
        ["lose-request", "lose-reply", "busy", "half-reply", "limited", "lose-reply"],
    ],
    ids=lambda plan: plan[0] if len(plan) == 1 else "all",
)  # fmt: skip
def test_a_reply_that_is_lost_is_asked_for_again(served: Served, proxied: tuple[Proxy, str], plan: list[str]) -> None:
    proxy, url = proxied
    project = lw.connect(url, served.annotator, retries=QUICK).project("topics")
    lease = project.queue(1)[0]
    proxy.plan[:] = plan
    answer = project.answer(lease, "sport")
    assert [what for what, _ in proxy.seen] == [*plan, "pass"]
    assert len({json.loads(body)["answer_id"] for _, body in proxy.seen}) == 1
    assert stored(served.home) == [answer.answer_id]
    again = project.answer(lease, "sport", answer_id=answer.answer_id)
    assert again == answer and stored(served.home) == [answer.answer_id]


def test_an_answer_that_was_given_up_can_be_sent_again(served: Served, proxied: tuple[Proxy, str]) -> None:
    proxy, url = proxied
    project = lw.connect(url, served.annotator, retries=Retries(n=1, first_pause=0.01)).project("topics")
    lease = project.queue(1)[0]
    proxy.plan[:] = ["lose-reply", "lose-reply"]
    with pytest.raises(UnreachableError) as lost:
        project.answer(lease, "sport")
    assert proxy.statuses == [201, 200]
    own_id = lost.value.hint.split("'")[1]
    assert project.answer(lease, "sport", answer_id=own_id).answer_id == own_id
    assert stored(served.home) == [own_id]


@pytest.mark.slow
def test_a_server_that_is_killed_in_the_middle_stores_each_once(served: Served, proxied: tuple[Proxy, str]) -> None:
    _, url = proxied
    project = lw.connect(url, served.annotator, retries=Retries(n=60, first_pause=0.05)).project("topics")
    answered: list[str] = []
    errors: list[LabelwrightError] = []

    def work() -> None:
        try:
            while len(answered) < 40:
                for lease in project.queue(5):
                    answered.append(project.answer(lease, served.truth[lease.item.key]).answer_id)
        except LabelwrightError as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    for goal in (5, 15, 25):
        until = time.monotonic() + 60
        while len(answered) < goal and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.005)
        served.server.kill()
        served.server.start()
    thread.join(120)
    assert not thread.is_alive() and not errors, errors
    assert sorted(stored(served.home)) == sorted(answered)
    with opened(served.home) as site, site.project("topics").read() as rows:
        per_item = rows.all(rows.select(func.count(), of=t.annotation).group_by(t.annotation.c.ordinal))
    assert {row[0] for row in per_item} == {1}
