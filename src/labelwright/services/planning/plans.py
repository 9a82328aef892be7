"""Plans of a site: start one from a file or a project, watch it, end it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from labelwright.engine.plans import folder as kept
from labelwright.engine.plans.folder import PlanFolder
from labelwright.errors import ConflictError, InputError, LabelwrightError, NotFoundError
from labelwright.plain import JsonObject
from labelwright.services.people.roles import ADMIN, Actor
from labelwright.services.planning import labeled as reading
from labelwright.services.planning.asked import Asked
from labelwright.services.planning.labeled import Labeled
from labelwright.services.planning.source import MANAGE, Source, managed
from labelwright.services.planning.views import (
    CurveView,
    ProposalView,
    RowView,
    SetUpView,
    curves_of,
    proposals_of,
    rows_of,
)
from labelwright.services.projects import uploads
from labelwright.services.site import Site
from labelwright.store.clock import new_id, now
from labelwright.store.wake import wake

MAX_OPEN: Final = 5  # plans of a person that wait or run
MAX_REPLAYS: Final = 2000


@dataclass(frozen=True)
class PlanLine:
    """A plan in a list.

    Attributes
    ----------
    state : str
        "waiting", "running", "finished", "cancelled" or "failed".
    project : str, optional
        Whose labels are replayed; None for a file.
    """

    id: str
    name: str
    project: str | None
    state: str
    created_at: str
    n_done: int
    n_replays: int


@dataclass(frozen=True)
class PlanView:
    """A plan with all that is known so far.

    Attributes
    ----------
    upload_id : str, optional
        The file, as long as it is kept and the caller's.
    columns : JSON object
        Of the data, to start a project with.
    target : float, optional
        None before the first replay of the baseline where none was given.
    """

    line: PlanLine
    error: str | None
    kind: str
    task: str
    labels: list[str]
    columns: JsonObject
    upload_id: str | None
    n_items: int
    metric: str
    higher_is_better: bool
    target: float | None
    budget: int
    errors: list[float]
    baseline: SetUpView
    rows: list[RowView]
    proposals: list[ProposalView]
    curves: list[CurveView]


def start(site: Site, actor: Actor, source: Source, asked: Asked) -> PlanView:
    """Read and encode the data, and let a worker play the replays.

    Raises
    ------
    InputError
        If the data cannot be read, have too few labels, or the grid cannot be played.
    ConflictError
        If the caller has five plans that wait or run.
    ForbiddenError, NotFoundError
        If the caller may not manage the project, or there is no such upload.
    """
    source.check()
    own = [one for one in kept.folders(site.settings.home) if one.about().get("person_id") == actor.person_id]
    if sum(one.state in (kept.WAITING, kept.RUNNING) for one in own) >= MAX_OPEN:
        raise ConflictError(f"{MAX_OPEN} plans of yours wait or run already.", "Wait for one, or end it.")
    name, data = _read(site, actor, source)
    plan, replayed = asked.prepared(data)
    n_replays = len(plan.grid.cells)
    if n_replays > MAX_REPLAYS:
        raise InputError(
            f"plan: the grid must have at most {MAX_REPLAYS:,} replays, got {n_replays:,}.", "Leave some set-ups out."
        )
    about: JsonObject = {
        "person_id": actor.person_id, "created_at": now(), "name": name, "project": source.project,
        "upload_id": source.upload_id, "kind": data.kind, "task": data.task, "labels": list(data.labels),
        "columns": {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(data.columns).items()
                    if key != "labels"},
        "n_items": data.n_items,
    }  # fmt: skip
    home = site.settings.home
    folder = PlanFolder(home / "plans" / new_id("pl"))
    folder.write(plan, replayed, about)
    wake(home, "")
    return _view(site, actor, folder)


def listing(site: Site, actor: Actor, *, project: str | None = None) -> list[PlanLine]:
    """The plans that the caller may see, the latest first; of one project alone if it is named."""
    found = [one for one in kept.folders(site.settings.home) if _may_see(site, actor, one)]
    return [_line(one) for one in reversed(found) if project is None or one.about().get("project") == project]


def show(site: Site, actor: Actor, plan_id: str) -> PlanView:
    """A plan with what is finished; ``NotFoundError`` if the caller may not see it."""
    return _view(site, actor, _own(site, actor, plan_id))


def end(site: Site, actor: Actor, plan_id: str) -> None:
    """End a plan that waits or runs, keeping what is finished; delete any other."""
    folder = _own(site, actor, plan_id)
    if folder.state in (kept.WAITING, kept.RUNNING):
        folder.cancel()
    else:
        folder.delete()


def _read(site: Site, actor: Actor, source: Source) -> tuple[str, Labeled]:
    if source.project is not None:
        return source.project, reading.of_project(managed(site, actor, source.project))
    path = uploads.find(site, actor, source.upload_id or "")
    return path.name, reading.of_file(path, source.columns, task=source.task, max_text=site.settings.max_text)


def _own(site: Site, actor: Actor, plan_id: str) -> PlanFolder:
    folder = PlanFolder.of(site.settings.home, plan_id)
    if not _may_see(site, actor, folder):
        raise NotFoundError(f"There is no plan '{plan_id}'.", "It may have been deleted.")
    return folder


def _may_see(site: Site, actor: Actor, folder: PlanFolder) -> bool:
    """Whoever started it, admins, and those who may manage the project whose labels are replayed."""
    about = folder.about()
    project = about.get("project")
    if project is None:
        return actor.role == ADMIN or about.get("person_id") == actor.person_id
    try:
        return site.actor_in(actor, str(project)).may(MANAGE)
    except LabelwrightError:  # the project was deleted
        return False


def _line(folder: PlanFolder) -> PlanLine:
    about, plan = folder.about(), folder.plan()
    project = about.get("project")
    return PlanLine(
        folder.id, str(about.get("name")), None if project is None else str(project), folder.state,
        str(about.get("created_at")), len(plan.replays), len(plan.grid.cells),
    )  # fmt: skip


def _view(site: Site, actor: Actor, folder: PlanFolder) -> PlanView:
    about, plan = folder.about(), folder.plan()
    upload, columns, labels = about.get("upload_id"), about.get("columns"), about.get("labels")
    is_there = upload is not None and uploads.show(site, actor, str(upload)) is not None
    target = plan.target
    return PlanView(
        line=_line(folder), error=folder.error, kind=str(about.get("kind")), task=str(about.get("task")),
        labels=[str(one) for one in labels] if isinstance(labels, list) else [],
        columns=dict(columns) if isinstance(columns, dict) else {}, upload_id=str(upload) if is_there else None,
        n_items=int(str(about.get("n_items"))), metric=plan.metric, higher_is_better=plan.higher_is_better,
        target=target if target == target else None, budget=plan.budget, errors=list(plan.grid.errors),
        baseline=SetUpView.of(plan.grid.baseline), rows=rows_of(plan), proposals=proposals_of(plan),
        curves=curves_of(plan),
    )  # fmt: skip
