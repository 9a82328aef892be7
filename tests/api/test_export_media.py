"""Exports with images: a zip of the table and the images that it names."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from labelwright.cli.main import group
from labelwright.exchange import Columns
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.record import erasing
from labelwright.store import tables as t


def stored(site: Any) -> dict[str, str]:
    """The name of each item's image in the home, by its key."""
    with site.project("pets").read() as rows:
        query = rows.select(t.item.c.key, t.content.c.body).where(t.content.c.ordinal == t.item.c.ordinal)
        return {key: body["media"] for key, body in rows.all(query)}


def sent(api: Any, **more: Any) -> zipfile.ZipFile:
    answer = api.as_role("lead").get("/projects/pets/export", media=True, **more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].endswith('.zip"')
    return zipfile.ZipFile(io.BytesIO(answer.content))


def table_of(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read("pets.csv").decode())))


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(group, ["--home", str(home), *arguments])


def test_each_image_is_in_the_zip_once_and_named_relative_to_the_table(images: Any, tmp_path: Path) -> None:
    archive, media = sent(images), stored(images.site)
    rows = table_of(archive)
    assert {row["key"]: row["image"] for row in rows} == {key: f"media/{name}" for key, name in media.items()}
    assert sorted(archive.namelist()) == sorted({"pets.csv", *(row["image"] for row in rows)})
    for row in rows:
        assert archive.read(row["image"]) == (tmp_path / "images" / row["key"]).read_bytes()
    assert [path for path in (images.site.settings.home / "exports").iterdir()] == []


def test_the_unzipped_table_comes_in_again(images: Any, tmp_path: Path) -> None:
    sent(images).extractall(tmp_path / "out")
    question = create.QuestionDraft(labels=("dark", "light"))
    draft = create.ProjectDraft(
        "again", tmp_path / "out" / "pets.csv", questions=(question,), columns=Columns(id="key", image="image")
    )
    assert create.create(images.site, users.first_admin(images.site), draft).added == 10


def test_formats_of_tools_name_the_images_and_the_same_moment_has_the_same_bytes(images: Any) -> None:
    archive = sent(images, format="label-studio")
    tasks = json.loads(archive.read("pets.label-studio.json"))
    names = set(archive.namelist())
    assert len(tasks) == 10 and all(task["data"]["image"] in names for task in tasks)
    assert not any("image" in task["meta"] for task in tasks)
    lead = images.as_role("lead")
    one, two = (lead.get("/projects/pets/export", media=True, at="3").content for _ in range(2))
    assert one == two


def test_there_is_no_image_of_an_erased_item_and_a_lost_one_is_told(images: Any) -> None:
    media = stored(images.site)
    erasing.erase_items(images.site, users.first_admin(images.site), "pets", ["1.png"], reason="consent withdrawn")
    images.site.project("pets").media.delete([media["2.png"]])
    answer = images.as_role("lead").get("/projects/pets/export", media=True)
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    rows = {row["key"]: row for row in table_of(archive)}
    assert (rows["1.png"]["state"], rows["1.png"]["image"], rows["2.png"]["image"]) == ("erased", "", "")
    gone = {f"media/{media[key]}" for key in ("1.png", "2.png")}
    assert not gone & set(archive.namelist()) and len(archive.namelist()) == 9
    assert f"The images of 1 item are missing: {rows['2.png']['id']}." in answer.headers["X-Findings"]


def test_the_command_writes_the_zip_whose_name_says_the_format(images: Any, tmp_path: Path) -> None:
    home = images.site.settings.home
    for out, more, table in (("a.csv.zip", (), "a.csv"), ("b.zip", ("--format", "parquet"), "b.parquet")):
        done = run(home, "export", "pets", str(tmp_path / out), "--with-media", *more)
        assert done.exit_code == 0 and "10 items" in done.output, done.output
        assert table in zipfile.ZipFile(tmp_path / out).namelist()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.csv", "--with-media"], "OUT must end in .zip with --with-media"),
        (["a.zip", "--with-media"], "OUT must end in"),
        (["a.csv.zip", "--with-media", "--croissant"], "--croissant must be left out"),
    ],
)
def test_what_cannot_be_written_is_refused(images: Any, arguments: list[str], message: str) -> None:
    done = run(images.site.settings.home, "export", "pets", *arguments)
    assert done.exit_code != 0 and message in str(done.exception)


def test_media_of_texts_and_media_with_metadata_are_refused(lived: Any, images: Any) -> None:
    assert "must be images, got text" in lived.api.get("/projects/topics/export", media=True).text
    both = images.as_role("lead").get("/projects/pets/export", media=True, croissant=True)
    assert both.status_code in (400, 422) and "one of media and croissant" in both.text
