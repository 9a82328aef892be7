"""The formats that a server writes labels in, by the names of files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

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
