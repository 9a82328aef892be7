"""What is left of a first import that failed, to try it again."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.engine.importing import is_importing
from labelwright.errors import NotFoundError
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import notes, uploads
from labelwright.services.projects.dismiss import unfinished
from labelwright.services.projects.notes import IMPORTS, ImportNote
from labelwright.services.projects.uploads import Upload
from labelwright.services.site import Site


@dataclass(frozen=True)
class FailedImport:
    """A failed import and what was chosen for it.

    Attributes
    ----------
    file : str, optional
        The name of the file or folder.
    request : mapping, optional
        The body of the request as it came; None where none is known.
    upload : Upload, optional
        None if it is gone or somebody else's.
    """

    file: str | None
    request: JsonObject | None
    upload: Upload | None


def show(site: Site, actor: Actor, slug: str) -> FailedImport:
    """What was chosen for an import that failed or was interrupted, and its upload if it is still there.

    Raises
    ------
    NotFoundError
        If no import of that name has failed.
    """
    if (note := _note(site, slug)) is None:
        raise NotFoundError(f"There is no failed import '{slug}'.", "It was dismissed, or has succeeded.")
    upload_id = None if note.request is None else note.request.get("upload_id")
    upload = uploads.show(site, actor, upload_id) if isinstance(upload_id, str) else None
    return FailedImport(note.file, note.request, upload)


def _note(site: Site, slug: str) -> ImportNote | None:
    if slug not in site.store.slugs():
        return notes.failed(site).get(slug)
    store, own = unfinished(site, slug), IMPORTS.get(slug)
    if store is None or is_importing(store) or (own is not None and not own.error):
        return None
    return notes.kept(site, slug) or ImportNote("reading")
