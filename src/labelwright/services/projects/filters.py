"""What a filter or a saved slice finds now, with labels and answers that are read once for each state of the record."""

from __future__ import annotations

from labelwright.engine import parts
from labelwright.engine.parts import Filter, Matching
from labelwright.engine.project import Project
from labelwright.services.projects import table
from labelwright.services.site import Site
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows


def matching(site: Site, store: ProjectStore, rows: Rows, project: Project, wanted: Filter) -> Matching:
    """The items that a filter finds; raises as `labelwright.engine.parts.matching` does."""
    return parts.matching(store, rows, project, wanted, lambda one: table.annotated(site, store, rows, project, one))


def in_slice(site: Site, store: ProjectStore, rows: Rows, project: Project, slice_id: str) -> Matching:
    """The items of a saved slice; ``NotFoundError`` if there is none of that id."""
    return parts.in_slice(store, rows, project, slice_id, lambda one: table.annotated(site, store, rows, project, one))
