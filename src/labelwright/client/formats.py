"""The formats that a server writes labels in, by the names of files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from labelwright.check import check_one_of, complain

TOOLS: Final = ("label-studio", "argilla", "prodigy", "doccano", "huggingface", "huggingface-folder")
FOLDER: Final = ".huggingface.zip"
FORMATS: Final = ("csv", "tsv", "xlsx", "jsonl", "parquet", *TOOLS)


def format_of(path: Path) -> str:
    """The format that a name asks for: that of another tool before the ending, else the ending.

    >>> format_of(Path("labels.prodigy.jsonl")), format_of(Path("labels.jsonl"))
    ('prodigy', 'jsonl')
    >>> format_of(Path("labels.huggingface.parquet")), format_of(Path("labels.huggingface.zip"))
    ('huggingface', 'huggingface-folder')
    """
    if path.name.endswith(FOLDER):
        return "huggingface-folder"
    tool = path.suffixes[-2].removeprefix(".") if len(path.suffixes) > 1 else ""
    return tool if tool in TOOLS else path.suffix.removeprefix(".")


def format_of_export(path: Path, format: str | None, *, media: bool) -> str:
    """The format that is given, or that the name asks for; with media the one before ``.zip``.

    Raises
    ------
    InputError
        If there is no such format, or the name of a zip with media does not end in ``.zip``.

    >>> format_of_export(Path("pets.csv.zip"), None, media=True)
    'csv'
    """
    if media and path.suffix != ".zip":
        raise complain("export", "path with media", "a name that ends in .zip", f"'{path.name}'", "As pets.csv.zip.")
    chosen = format or format_of(Path(path.stem) if media else path)
    check_one_of("export", "format", chosen, FORMATS)
    return chosen
