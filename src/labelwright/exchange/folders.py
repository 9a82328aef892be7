"""A folder of images or of text files; the folder a file lies in may serve as its label."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from labelwright.budgets import MAX_CELL
from labelwright.exchange.reader import Reader, Record
from labelwright.exchange.text_files import encoding_of

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
TEXTS = (".txt", ".md")


class _Folder(Reader):
    """Files below a folder, sorted by path, hidden ones left out."""

    endings: ClassVar[tuple[str, ...]]
    column: ClassVar[str]

    @classmethod
    def accepts(cls, path: Path) -> bool:
        """A folder that holds at least one file of the kind."""
        return path.is_dir() and any(f.suffix.lower() in cls.endings for f in path.rglob("*"))

    @property
    def columns(self) -> list[str]:
        """``file``, the content, and the folder it lies in."""
        return ["file", self.column, "folder"]

    @cached_property
    def _files(self) -> list[Path]:
        return sorted(
            f
            for f in self.path.rglob("*")
            if f.is_file()
            and f.suffix.lower() in self.endings
            and not any(part.startswith(".") for part in f.relative_to(self.path).parts)
        )

    def count(self) -> int | None:
        """The number of files."""
        return len(self._files)

    def _content(self, file: Path, number: int) -> str:
        return file.relative_to(self.path).as_posix()

    def __iter__(self) -> Iterator[Record]:
        """One record a file."""
        for number, file in enumerate(self._files, 1):
            name = file.relative_to(self.path).as_posix()
            folder = file.parent.name if file.parent != self.path else ""
            yield Record(number, name, {"file": name, self.column: self._content(file, number), "folder": folder})


class ImageFolder(_Folder):
    """A folder of images."""

    name: ClassVar[str] = "images"
    endings: ClassVar[tuple[str, ...]] = IMAGES
    column: ClassVar[str] = "image"


class TextFolder(_Folder):
    """A folder of text files, each in its own encoding."""

    name: ClassVar[str] = "texts"
    endings: ClassVar[tuple[str, ...]] = TEXTS
    column: ClassVar[str] = "text"

    def _content(self, file: Path, number: int) -> str:
        if file.stat().st_size > MAX_CELL:
            raise self.fail(
                f"'{file.name}' must have at most {MAX_CELL:,} bytes.", "Cut it up.", row=number, column="text"
            )
        try:
            return file.read_text(encoding_of(file).codec)
        except UnicodeDecodeError as error:
            raise self.fail(
                f"'{file.name}' must be UTF-8, UTF-16 or Windows-1252, got a byte that is not.",
                "Save it as UTF-8.",
                row=number,
                column="text",
            ) from error
