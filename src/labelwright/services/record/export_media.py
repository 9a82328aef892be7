"""An export with its images: a zip of the table and ``media/``, which the table names relative to itself."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from labelwright.errors import IntegrityError
from labelwright.exchange import Export, Written, format_for, whole, write_as
from labelwright.services.record.export_rows import MEDIA
from labelwright.store.media import Media

IMAGE: Final = "image"
FOLDER: Final = "media"
ZIP: Final = ".zip"
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The time of each file, so that the export of a past moment has the same bytes whenever it is written."""


def table_in(out: Path, format: str | None = None) -> str:
    """The name of the table inside a zip of that name.

    Raises
    ------
    InputError
        If the format is unknown, or none is named and the name without ``.zip`` has no ending of one.

    Examples
    --------
    >>> table_in(Path("pets.csv.zip")), table_in(Path("pets.zip"), "parquet")
    ('pets.csv', 'pets.parquet')
    """
    name = out.name.removesuffix(ZIP)
    ending = format_for(Path(name), format).ending
    return name if name.endswith(ending) else name + ending


def write_with_media(media: Media, path: Path, table: str, export: Export, format: str, lost: list[str]) -> Written:
    """Write the zip, whole or not at all; one image is in memory at once, and each content is written once.

    Parameters
    ----------
    table : str
        The name of the table inside.
    lost : list of str
        Gets the ids of items whose image is missing from the home; their row has none.
    """
    seen = set[str]()

    def rows(out: zipfile.ZipFile) -> Iterator[dict[str, object]]:
        for row in export.rows:
            name = row.get(MEDIA)
            if name is not None and name not in seen:
                try:
                    out.writestr(_info(f"{FOLDER}/{name}"), media.read(str(name)))
                    seen.add(str(name))
                except IntegrityError:
                    lost.append(str(row.get("id")))
                    name = None
            yield {**row, IMAGE: None if name is None else f"{FOLDER}/{name}"}

    with (
        whole(path) as temporary,
        tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as folder,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as out,
    ):
        inside, columns = Path(folder) / "table", [*export.columns, IMAGE]
        written = write_as(inside, replace(export, columns=columns, rows=rows(out), content=(IMAGE,)), format)
        with inside.open("rb") as source, out.open(_info(table, packed=True), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target)
    return written


def _info(name: str, *, packed: bool = False) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, LONG_AGO)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED  # images are compressed already
    info.external_attr = 0o644 << 16
    return info
