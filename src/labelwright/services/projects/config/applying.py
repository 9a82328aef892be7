"""A project file against a project: what it would change, and the change.

Everything is checked before anything is changed. Each change is an act of the service that a page would call, and so
an event of its own; people come first, because there a right may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.errors import ConflictError, InputError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.config import of_parts, of_people, of_questions, of_settings
from labelwright.services.projects.config.changes import AT_CREATION, Change, Difference, impossible
from labelwright.services.projects.config.describing import describe
from labelwright.services.projects.config.document import Document
from labelwright.services.projects.config.tables import PROJECT
from labelwright.services.site import Site


@dataclass(frozen=True)
class Preview:
    """What a file would change.

    Attributes
    ----------
    seq : int
        The number of the last event that it rests on, to be sent back with the file.
    differences : list of Difference
    notes : list of str
        Sentences on what the file names and is left out.
    possible : bool
        Whether all differences can be applied.
    """

    seq: int
    differences: list[Difference]
    notes: list[str]
    possible: bool


def preview(site: Site, actor: Actor, slug: str, wanted: Document) -> Preview:
    """What applying a file would do; nothing is changed.

    Raises
    ------
    InputError, NotFoundError, ConflictError
        If something in the file cannot be meant, whatever the project.
    """
    return _planned(site, actor, slug, wanted)[0]


def apply(site: Site, actor: Actor, slug: str, wanted: Document, *, seq: int | None = None) -> Preview:
    """Change a project to what a file says.

    Parameters
    ----------
    seq : int, optional
        Of the preview that was looked at.

    Returns
    -------
    Preview
        What was changed.

    Raises
    ------
    ConflictError
        If the project has changed since that preview, or is archived.
    InputError
        If a difference cannot be applied; nothing is changed then.
    """
    found, changes = _planned(site, actor, slug, wanted)
    if seq is not None and seq != found.seq:
        raise ConflictError(
            f"'{slug}' has changed since the preview (event {found.seq}, yours is {seq}).", "Look at the preview again."
        )
    if refused := [one for one in found.differences if not one.possible]:
        one = refused[0]
        raise InputError(f"apply: {one.table} {one.key}: {one.after} is not possible. {one.effect}")
    with site.project(slug).read() as rows:
        access.changeable(site.project(slug), rows)
    for change in changes:
        if change.act is not None:
            change.act(site, actor, slug)
    return found


def _planned(site: Site, actor: Actor, slug: str, wanted: Document) -> tuple[Preview, list[Change]]:
    described = describe(site, actor, slug)
    project, now = described.project, described.document
    store = site.project(slug)
    of_persons = of_people.compare(site, project, now, wanted)
    with store.read() as rows:
        parts = of_parts.compare(rows, project, now, wanted)
        changes = [
            impossible("[project]", now.table("project"), wanted.table("project"), _fixed(), AT_CREATION),
            *of_persons.changes,
            *of_questions.compare(rows, project, now.rows("question"), wanted.rows("question")),
            *parts.saved,
            *of_settings.compare(rows, project, now, wanted, parts.names),
            *parts.removed,
            parts.targets,
        ]
    differences = [one for change in changes for one in change.differences]
    possible = all(one.possible for one in differences)
    return Preview(described.seq, differences, list(of_persons.notes), possible), changes


def _fixed() -> list[str]:
    return [key for key in PROJECT if key not in ("name", "label")]
