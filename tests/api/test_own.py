"""What a person sees of their own work: words that they wrote, and the count of their day."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from labelwright.store import tables as t
from labelwright.store.clock import iso

LABEL = {"label": "l_1"}


def test_own_words_come_with_the_annotations_and_with_nobody_elses(api: Any, make_project: Any, train: Any) -> None:
    """A note, the reason of a skip; a colleague who gets the skipped item sees neither."""
    make_project(api.site)
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    noted, skipped, bare = ann.queue("topics", n=3)
    assert ann.answer("topics", noted, LABEL, reason="two readings").status_code == 201
    assert ann.answer("topics", skipped, None, kind="skip", reason="cannot tell").status_code == 201
    assert ann.answer("topics", bare, LABEL).status_code == 201
    listed = ann.get("/projects/topics/annotations").json()["items"]
    assert [one["reason"] for one in listed] == [None, "cannot tell", "two readings"]

    lent = bob.client.post(f"{bob.base}/projects/topics/queue", json={"n": 5}, headers=bob.headers)
    assert skipped["item"]["key"] in {one["item"]["key"] for one in lent.json()["leases"]}
    assert "cannot tell" not in lent.text and "two readings" not in lent.text
    assert bob.get("/projects/topics/annotations").json()["items"] == []


def test_the_day_begins_at_the_callers_midnight(api: Any, make_project: Any, train: Any) -> None:
    """An answer three hours old is of today where it is five in the morning, and of yesterday where it is two."""
    make_project(api.site)
    train(api.site)
    api.answer("topics", api.queue("topics", n=1)[0], LABEL)
    with api.site.project("topics").stage() as rows:
        rows.update(t.annotation, t.annotation.c.seq >= 0, at=iso(time.time() - 3 * 3600))
    for hour, today in ((5, 1), (2, 0)):
        now = datetime.now(UTC)
        there = now.replace(hour=hour, minute=30)
        offset = round((there - now) / timedelta(minutes=1))
        detail = api.get("/projects/topics", utc_offset=offset).json()
        assert detail["mine"]["today"] == today, (hour, offset)
    assert api.get("/projects/topics", utc_offset=5000).status_code == 422
