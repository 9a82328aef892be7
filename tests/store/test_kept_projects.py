"""Every released version's project opens, verifies, exports, and goes on."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from labelwright.engine.worker import Worker
from labelwright.services import exports, progress, projects, queue, users
from labelwright.services.verify import verify
from tests.conftest import make_site

KEPT = sorted((Path(__file__).parent.parent / "fixtures").glob("home-*.zip"))


def test_this_version_is_kept() -> None:
    import labelwright

    assert f"home-{labelwright.__version__}.zip" in [path.name for path in KEPT]


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_a_kept_home_opens_and_goes_on(kept: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(kept) as stored:
        stored.extractall(tmp_path / "home")
    site: Any = make_site(tmp_path / "home")
    try:
        admin, _ = users.ensure_admin(site)
        (listed,) = projects.listing(site, admin)["items"]
        assert (listed["slug"], listed["state"], listed["items"]) == ("topics", "ready", 45)
        assert verify(site, "topics").problems == []
        exports.export(site, admin, "topics", tmp_path / "labels.jsonl")
        assert (tmp_path / "labels.jsonl").read_text().count('"label": "') == listed["answers"]
        before = progress.show(site, "topics")["ranking"]
        assert queue.take(site, admin, "topics", n=2)["leases"]
        projects.write_guidelines(site, admin, "topics", "# Later")
        from labelwright.services import imports

        imports.add(site, admin, "topics", rows=[{"id": "later", "text": "a sentence that came with a later version"}])
        Worker(site.store).run(until_idle=True)
        assert progress.show(site, "topics")["ranking"] != before
        assert verify(site, "topics").problems == []
    finally:
        site.close()
