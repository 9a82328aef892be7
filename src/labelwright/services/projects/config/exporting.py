"""A project written as a file that can live in git: the same project gives the same bytes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from labelwright import __version__
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects.config import toml
from labelwright.services.projects.config.describing import describe
from labelwright.services.projects.config.document import Document
from labelwright.services.projects.config.tables import LISTED, ORDER
from labelwright.services.site import Site

PEOPLE = ("role", "annotator")


@dataclass(frozen=True)
class Exported:
    """A project file.

    Attributes
    ----------
    text : str
        The whole file.
    seq : int
        The number of the last event that it rests on.
    """

    text: str
    seq: int


def export(
    site: Site, actor: Actor, slug: str, *, guidelines_to: Path | None = None, beside: Path | None = None,
    with_people: bool = True,
) -> Exported:  # fmt: skip
    """Write a project as a file.

    Parameters
    ----------
    guidelines_to : Path, optional
        A folder that gets the guidelines of each question as ``QUESTION.md``; the file then names them. Without one,
        they stand in the file.
    beside : Path, optional
        The folder of the file, from which it names guidelines; ``guidelines_to`` itself by default.
    with_people : bool
        Whether e-mail addresses with roles and profiles are written.

    Raises
    ------
    NotFoundError, NotReadyError
        If there is no such project, or it is still being imported.
    """
    described = describe(site, actor, slug)
    document = described.document if with_people else without_people(described.document)
    head = [f"Project '{slug}' at event {described.seq}, written by Labelwright {__version__}.", *described.left_out]
    if guidelines_to is not None:
        named = tuple(_beside(row, guidelines_to, beside or guidelines_to) for row in document.rows("question"))
        document = Document(document.single, {**document.listed, "question": named}, document.file)
    comments = "".join(f"# {' '.join(line.split())}\n" for line in head)
    return Exported(f"{comments}\n{text_of(document)}", described.seq)


def text_of(document: Document) -> str:
    """The tables as a file.

    Examples
    --------
    >>> print(text_of(Document({"policy": {"overlap": 2}}, {"role": ({"email": "a@b.c", "role": "lead"},)})), end="")
    [policy]
    overlap = 2
    <BLANKLINE>
    [[role]]
    email = "a@b.c"
    role = "lead"
    """
    parts = list[str]()
    for name in ORDER:
        if name in LISTED:
            parts += [toml.table(f"[[{name}]]", row) for row in document.rows(name)]
        elif name in document.single:
            parts.append(toml.table(f"[{name}]", document.table(name)))
    return "\n".join(parts)


def without_people(document: Document) -> Document:
    """The same tables without those that name people."""
    kept = {name: rows for name, rows in document.listed.items() if name not in PEOPLE}
    return Document(document.single, kept, document.file)


def _beside(question: JsonObject, folder: Path, file: Path) -> JsonObject:
    text = question.get("guidelines")
    if text is None:
        return question
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{question['id']}.md"
    path.write_text(str(text), "utf-8", newline="\n")
    return {**question, "guidelines": Path(os.path.relpath(path, file)).as_posix()}
