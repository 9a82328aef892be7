"""Backups by a schedule: whole or not there, checked, few; a full disk or a kill loses nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.processes import opened
from labelwright.services.record.verify import verify
from labelwright.services.site import doctor, scheduled

START = 1_790_000_000.0
HOUR = 3600.0


@pytest.fixture
def planned(site: Any, make_project: Any, train: Any, tmp_path: Path) -> Any:
    make_project(site, n=40)
    train(site)
    site.settings = replace(site.settings, backup_dir=tmp_path / "backups", backup_every=24, backup_keep=2)
    return site


def names(site: Any) -> list[str]:
    return [path.name for path in scheduled.kept(site.settings.backup_dir)]


def test_a_backup_is_due_when_the_last_one_is_old_and_the_newest_are_kept(planned: Any) -> None:
    assert scheduled.is_due(planned.settings, START)
    for day in range(4):
        now = START + 24 * HOUR * day
        assert scheduled.is_due(planned.settings, now)
        tried = scheduled.run(planned, now)
        assert tried is not None and tried.problem is None and tried.n_bytes > 0
        assert not scheduled.is_due(planned.settings, now + 23 * HOUR)
    assert len(names(planned)) == 2
    with opened(scheduled.kept(planned.settings.backup_dir)[0]) as copy:
        assert verify(copy, "topics").problems == []
    assert any("last backup" in line for line in doctor.examine(planned).lines)


def test_without_a_folder_nothing_is_due(site: Any) -> None:
    assert not scheduled.is_due(site.settings, START)
    assert any("no schedule of backups" in line for line in doctor.examine(site).lines)


def test_a_full_disk_leaves_no_half_backup_and_is_tried_again(planned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled.run(planned, START)

    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    later = START + 25 * HOUR
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", full)
        tried = scheduled.run(planned, later)
    assert tried is not None and tried.folder is None and "No space left" in str(tried.problem)
    assert len(names(planned)) == 1 and not list(planned.settings.backup_dir.glob(".partial*"))
    assert not scheduled.is_due(planned.settings, later + 60) and scheduled.is_due(planned.settings, later + HOUR)
    report = doctor.examine(planned)
    assert not report.well and any("No space left" in line for line in report.lines)


def test_a_damaged_home_is_copied_under_a_name_that_says_so_and_nothing_older_goes(planned: Any) -> None:
    for day in range(2):
        scheduled.run(planned, START + 24 * HOUR * day)
    file = next((planned.settings.home / "projects/topics/arrays").rglob("slots.npz"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    tried = scheduled.run(planned, START + 48 * HOUR)
    assert tried is not None and "slots.npz" in str(tried.problem) and str(tried.folder).endswith("-damaged")
    assert len(names(planned)) == 3


def test_two_processes_do_not_make_one_backup_twice(planned: Any) -> None:
    folder = planned.settings.backup_dir
    folder.mkdir()
    with scheduled._alone(folder) as alone:
        assert alone and scheduled.run(planned, START) is None
    assert scheduled.run(planned, START) is not None


def test_a_killed_backup_is_never_taken_for_whole(planned: Any) -> None:
    settings = planned.settings
    shutil.copytree(settings.home / "projects/topics/arrays", settings.home / "projects/topics/media/large")
    for k in range(40):
        (settings.home / f"projects/topics/media/large/{k}.bin").write_bytes(os.urandom(1 << 20))
    environment = {**os.environ, "LABELWRIGHT_BACKUP_DIR": str(settings.backup_dir)}
    if settings.database_url is not None:
        environment["LABELWRIGHT_DATABASE_URL"] = settings.database_url
    command = [sys.executable, "-m", "labelwright", "--home", str(settings.home), "backup", "--scheduled"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(settings.backup_dir.glob(".partial-*/projects/*/media")) and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert names(planned) == []
    assert scheduled.run(planned, START) is not None
    assert len(names(planned)) == 1 and not list(settings.backup_dir.glob(".partial*"))
