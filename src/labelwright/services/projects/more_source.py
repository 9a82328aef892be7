"""More labels of another domain for a project that is there: by whom, and for which question."""

from __future__ import annotations

from collections.abc import Callable

from labelwright import items
from labelwright.engine.importing import Added, ImportSpec, add_source
from labelwright.errors import InputError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.source import SourceDraft, check_source, opened
from labelwright.services.site import Site

Progress = Callable[[str, int, "int | None"], None]


def add_labels(site: Site, actor: Actor, slug: str, draft: SourceDraft, progress: Progress = lambda *_: None) -> Added:
    """Bring the labeled items of a source that are not in the project yet, and those whose label changed since.

    Items that come again with another label take the place of the copy before, which is excluded. Where there is
    nothing new, nothing is written.

    Returns
    -------
    Added
        ``added`` items, ``corrected`` of them in the place of another copy; ``known`` are as they were.

    Raises
    ------
    InputError
        If the source is the project itself, has no labels or others than the project, or its items do not fit.
    NotFoundError, ForbiddenError
        If the caller may not know of the project that it is, or may not export it.
    NotReadyError
        While the first import of the project runs.
    ConflictError
        If another import is running.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.changeable(store, rows)
    question = project.primary
    check_source(site, actor, draft, question.task_name, "add")
    if draft.project == slug:
        raise InputError(
            f"add: the source must be another project than '{slug}', which learns from its own labels anyway.",
            "Name the other one.",
        )
    to_open = opened(
        site, draft, kind=project.kind, columns=project.columns, question_id=question.id, who="add"
    )  # fmt: skip
    with to_open as source:
        spec = ImportSpec(
            source.reader, source.columns, items.make(project.kind), seed=project.seed,
            max_text=site.settings.max_text,
        )  # fmt: skip
        return add_source(store, spec, source, question.task, actor=actor.person_id, progress=progress)
