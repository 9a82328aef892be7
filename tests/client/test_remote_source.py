"""Labels of another domain on a server: a project that starts from a snapshot, and takes what is new since."""

from __future__ import annotations

from pathlib import Path

from labelwright.client import connect
from labelwright.services.record.verify import verify
from tests.api.test_source import labeled, target
from tests.client.conftest import Served
from tests.client.test_remote_cli import run
from tests.conftest import make_site


def test_a_project_starts_from_a_snapshot_and_takes_what_is_new(served: Served, tmp_path: Path) -> None:
    lead = connect(served.server.url, served.lead)
    person = connect(served.server.url, served.annotator).project("topics")

    def label_some(n: int) -> None:
        for lease in person.queue(n):
            person.answer(lease, served.truth[lease.item.key])

    label_some(3)
    lead.request("POST", "/projects/topics/snapshots", {"name": "v1"})
    label_some(4)
    (tmp_path / "token").write_text(served.lead + "\n")
    (tmp_path / "target.csv").write_bytes(target())
    server = ("--url", served.server.url, "--token-file", str(tmp_path / "token"))
    made = run(
        served, *server, "create", "chats", str(tmp_path / "target.csv"), "--task", "classification", "--labels",
        "sport,food,law", "--source", "topics@v1",
    )  # fmt: skip
    assert made.returncode == 0, made
    counts = lead.project("chats").detail().counts
    added = run(served, *server, "add", "chats", "--source", "topics")
    assert added.stdout.startswith("chats: 4 labeled items of the source added; 3 were there already."), added
    again = run(served, *server, "add", "chats", "--source", "topics")
    assert again.stdout.startswith("chats: nothing new in the source; "), again
    (tmp_path / "old.csv").write_bytes(labeled(6))
    sent = lead.project("chats").add_source(tmp_path / "old.csv", label="label")
    assert (sent.added, sent.known, sent.corrected) == (6, 0, 0)
    assert lead.project("chats").detail().counts.items == counts.items
    unknown = run(served, *server, "add", "chats", "--source", "topics@never")
    assert unknown.returncode == 2 and "must be a snapshot" in unknown.stderr, unknown
    nothing = run(served, *server, "add", "chats", "--source", "nowhere")
    assert nothing.returncode == 2 and "a project of the server, PROJECT@SNAPSHOT or a file" in nothing.stderr, nothing
    source = lead.request("GET", "/projects/chats/progress")["source"]
    assert isinstance(source, dict)
    assert source["came_from"] == "project topics at v1 (3), the project topics (4) and the file old.csv (6)"
    site = make_site(served.home)
    assert verify(site, "chats", replay=True).problems == []
    site.close()
