"""Projects: list, show, pause, resume."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from labelwright.engine.importing import is_importing
from labelwright.engine.project import Project
from labelwright.errors import LabelwrightError
from labelwright.plain import JsonObject
from labelwright.services.people.roles import MEMBER, Actor
from labelwright.services.projects import access, notes
from labelwright.services.projects import goal as goals
from labelwright.services.projects.goal import GoalView
from labelwright.services.projects.notes import IMPORTS, ImportNote
from labelwright.services.projects.questions import NO_GUIDELINES, GuidelinesView, QuestionView, view
from labelwright.services.site import Site
from labelwright.services.steering import counting, estimates, figures
from labelwright.services.steering.counting import NO_COUNTS, Counts
from labelwright.services.steering.estimates import EstimateView
from labelwright.services.steering.figures import Mine, RunningView
from labelwright.store import site_tables
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.store.record.project import ProjectStateChanged


@dataclass(frozen=True)
class ProjectSummary:
    """One line of the list of projects.

    Attributes
    ----------
    state : str
        "importing", "ready", "paused", "archived", "failed" or "damaged".
    role : str
        The caller's in this project.
    permissions : list of str
        What it allows.
    """

    id: str
    slug: str
    title: str
    state: str
    created_at: str
    task: str | None = None
    kind: str | None = None
    demo: bool = False
    items: int = 0
    answers: int = 0
    latest: EstimateView | None = None
    error: str | None = None
    role: str = ""
    permissions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ProjectPage:
    """A page of projects."""

    items: list[ProjectSummary | ProjectDetail]
    next_cursor: str | None


@dataclass(frozen=True)
class ImportState:
    """How far an import is, or why it failed and where in the file."""

    phase: str
    done: int
    total: int | None
    error: str | None
    hint: str | None
    reason: str | None
    file: str | None
    row: int | None
    column: str | None


@dataclass(frozen=True)
class ProjectDetail:
    """Everything that a page about one project starts from.

    Attributes
    ----------
    question, guidelines
        The primary question's, for clients that know only one.
    settings_version : int
        To be sent back with a change of settings.
    tells : bool
        Whether people are told something about their answers.
    pace_warning : bool
        Whether people are told that they answer much faster than they usually do.
    """

    id: str
    slug: str
    title: str
    state: str
    created_at: str
    task: str
    kind: str | None
    demo: bool
    items: int
    answers: int
    latest: EstimateView | None
    error: str | None
    role: str
    permissions: list[str]
    question: QuestionView
    questions: list[QuestionView]
    guidelines: GuidelinesView
    settings_version: int
    counts: Counts
    running: RunningView
    mine: Mine
    goal: str | None
    goal_details: GoalView | None
    tells: bool
    pace_warning: bool
    policy: JsonObject
    import_state: ImportState | None


def listing(site: Site, actor: Actor, *, cursor: str | None = None, limit: int = 100) -> ProjectPage:
    """A page of the projects that the caller may know of; one that cannot be read is listed as damaged.

    First imports that failed belong to no project, so members of the site do not see them.
    """
    roles = site.roles_of(actor)
    slugs = [slug for slug in roles if cursor is None or slug > cursor]
    found: list[ProjectSummary | ProjectDetail] = [
        _summary_or_damage(site, replace(actor, role=roles[slug]), slug) for slug in slugs[:limit]
    ]
    if cursor is None and actor.role != MEMBER:
        failed = notes.failed(site).items()
        found += [importing_view(actor, slug, note) for slug, note in failed if slug not in slugs]
    return ProjectPage(found, slugs[limit - 1] if len(slugs) > limit else None)


def show(site: Site, actor: Actor, slug: str, *, utc_offset: int = 0) -> ProjectDetail:
    """Everything that a page about one project starts from; the caller's day begins at their midnight."""
    if (note := _note(site, slug)) is not None:
        return importing_view(actor, slug, note)
    store = site.project(slug)
    with store.read() as rows:
        row = store.row_if_any(rows)
        if row is None or row.n_items == 0:
            return importing_view(actor, slug, _elsewhere(site, store))
        project = access.ready(store, rows)
        latest = estimates.latest(rows, project.primary)
        questions = [view(store, rows, question) for question in project.questions]
        mine = figures.mine(rows, actor, utc_offset)
    summary = _summary(actor, project, latest, counting.counts(site, store))
    return ProjectDetail(
        **{**vars(summary), "task": project.primary.task_name},
        question=questions[0],
        questions=questions,
        guidelines=questions[0].guidelines,
        settings_version=row.settings_version,
        counts=counting.counts(site, store),
        running=figures.running(site, store),
        mine=mine,
        goal=project.goal.text if project.goal is not None else None,
        goal_details=goals.view(project),
        tells=project.quality.feedback or project.quality.ask_back or project.quality.show_source,
        pace_warning=project.quality.pace_warning,
        policy=project.policy.to_config(),
        import_state=None,
    )


def pause(site: Site, actor: Actor, slug: str) -> ProjectDetail:
    """Stop handing out items and training."""
    return _set_state(site, actor, slug, "ready", "paused")


def resume(site: Site, actor: Actor, slug: str) -> ProjectDetail:
    """Go on."""
    return _set_state(site, actor, slug, "paused", "ready")


def _note(site: Site, slug: str) -> ImportNote | None:
    """The import of this process, or one that failed if nobody has made a project of the name since."""
    note = IMPORTS.get(slug)
    if note is not None and not note.error:
        return note
    return None if slug in site.store.slugs() else notes.failed(site).get(slug)


def _elsewhere(site: Site, store: ProjectStore) -> ImportNote:
    """What is known of a first import that this process does not run."""
    note = notes.kept(site, store.slug) or ImportNote(phase="reading")
    if not is_importing(store):
        note.error = "The first import was interrupted before it ended."
        note.hint = "Nothing was imported. Create the project again."
    return note


def importing_view(actor: Actor, slug: str, note: ImportNote) -> ProjectDetail:
    """The detail of a project whose first import runs or failed."""
    question = QuestionView(
        "", "", note.task, "", True, True, [], False, 0, None, None, None, None, NO_GUIDELINES, "", ""
    )  # fmt: skip
    return ProjectDetail(
        id=slug, slug=slug, title=note.title or slug, state="failed" if note.error else "importing",
        created_at=iso(note.at), task=note.task, kind=note.kind, demo=False, items=0, answers=0, latest=None,
        error=note.error, role=actor.role, permissions=actor.permissions, question=question, questions=[question],
        guidelines=NO_GUIDELINES, settings_version=0,
        counts=NO_COUNTS, running=RunningView("idle"), mine=Mine(0, 0, None, [0] * figures.PACE_BINS), goal=None,
        goal_details=None, tells=False, pace_warning=False, policy={},
        import_state=ImportState(
            note.phase, note.done, note.total, note.error, note.hint, note.reason, note.file, note.row, note.column
        ),
    )  # fmt: skip


def _set_state(site: Site, actor: Actor, slug: str, before: str, after: str) -> ProjectDetail:
    store = site.project(slug)
    with store.write() as transaction:
        if access.ready(store, transaction.rows).row.state == before:
            transaction.record(ProjectStateChanged(after), actor=actor.person_id)
    return show(site, actor, slug)


def _summary(actor: Actor, project: Project, latest: EstimateView | None, counted: Counts) -> ProjectSummary:
    row = project.row
    return ProjectSummary(
        project.id, row.slug, project.title, row.state, row.created_at, project.primary.task_name, project.kind,
        project.demo, counted.items, counted.answers, latest, None, actor.role, actor.permissions,
    )  # fmt: skip


def _summary_or_damage(site: Site, actor: Actor, slug: str) -> ProjectSummary | ProjectDetail:
    try:
        if (note := _note(site, slug)) is not None:
            return importing_view(actor, slug, note)
        store: ProjectStore = site.project(slug)
        with store.read() as rows:
            row = store.row_if_any(rows)
            if row is None or row.n_items == 0:
                return importing_view(actor, slug, _elsewhere(site, store))
            project = access.ready(store, rows)
            latest = estimates.latest(rows, project.primary)
        return _summary(actor, project, latest, counting.counts(site, store))
    except (LabelwrightError, DatabaseError, OSError) as error:
        catalogue = site_tables.catalogue
        with site.store.read() as connection:
            listed = connection.execute(select(catalogue).where(catalogue.c.slug == slug)).one()
        reason = error.message if isinstance(error, LabelwrightError) else "Its database cannot be read."
        return ProjectSummary(
            listed.id, slug, slug, "damaged", listed.created_at, error=f"{reason} Other projects are not affected.",
            role=actor.role, permissions=actor.permissions,
        )  # fmt: skip
