"""A project opened by a service: its store, its typed settings, and errors while it is not ready."""

from __future__ import annotations

from typing import Final

from labelwright.engine.project import Project, load
from labelwright.errors import ConflictError, NotReadyError
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

ARCHIVED: Final = "archived"


def ready(store: ProjectStore, rows: Rows) -> Project:
    """The project as it is in a view.

    Raises
    ------
    NotReadyError
        While its first import runs.
    """
    row = store.row_if_any(rows)
    if row is None or row.n_items == 0:
        raise NotReadyError(f"'{store.slug}' is still being imported.", "Wait until it is ready.")
    return load(store, rows, row)


def changeable(store: ProjectStore, rows: Rows) -> Project:
    """The project, if its items and settings may be changed.

    Raises
    ------
    NotReadyError
        While its first import runs.
    ConflictError
        If it is archived.
    """
    project = ready(store, rows)
    if project.row.state == ARCHIVED:
        raise ConflictError(f"'{store.slug}' is archived, so nothing about it can be changed.", "Unarchive it first.")
    return project


def check_settings_version(project: Project, version: int | None) -> None:
    """Refuse a change that was made while looking at older settings.

    Raises
    ------
    ConflictError
    """
    if version is not None and version != project.row.settings_version:
        raise ConflictError(
            f"The settings of '{project.row.slug}' have changed since you opened them "
            f"(version {project.row.settings_version}, yours is {version}).",
            "Reload the page, look at what changed, and save again.",
        )
