"""The project in Label Studio: found by a mark in its description, else made; its questions kept up to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from labelwright.bridges.label_studio.peer import Peer
from labelwright.engine.project import Project
from labelwright.errors import InputError
from labelwright.plain import JsonObject

EMPTY: Final = ("", "<View></View>", "<View/>")
TITLE_CHARACTERS: Final = 50


@dataclass(frozen=True)
class Shown:
    """What people see of a project in Label Studio.

    Attributes
    ----------
    config : str
        The labeling configuration.
    instructions : str, optional
        HTML that is shown before labeling; None leaves those alone that somebody wrote in Label Studio.
    """

    config: str
    instructions: str | None = None


def project_of(peer: Peer, project: Project, shown: Shown, known: int | None, *, is_asked: bool) -> int:
    """The id of the project in Label Studio, with this labeling configuration and these instructions.

    Parameters
    ----------
    known : int, optional
        The one that was used before, or that somebody asks for.
    is_asked : bool
        Whether somebody asks for it: it must then be there, and be the bridge's or without questions.
    """
    found = None if known is None else peer.project(known)
    if is_asked and found is None:
        raise InputError(f"bridge: --ls-project must be the id of a project in Label Studio, got {known}.")
    if found is not None and not _is_ours(found, project):
        if is_asked and str(found.get("label_config", "")).strip() not in EMPTY:
            raise InputError(
                f"bridge: project {known} of Label Studio must have no questions of its own yet.",
                "Leave out --ls-project, and a project is made.",
            )
        if not is_asked:
            found = None
    if found is None:
        found = next((one for one in peer.projects() if _is_ours(one, project)), None)
    wanted = _fields(project, shown)
    if found is None:
        found = peer.make_project({"title": _title(project), **wanted})
    elif any(found.get(name) != value for name, value in wanted.items()):
        peer.change_project(int(str(found["id"])), wanted)
    return int(str(found["id"]))


def _is_ours(found: JsonObject, project: Project) -> bool:
    return _mark(project) in str(found.get("description") or "")


def _mark(project: Project) -> str:
    return f"(Labelwright {project.id})"


def _fields(project: Project, shown: Shown) -> JsonObject:
    fields: JsonObject = {
        "description": f"The bridge of '{project.row.slug}' keeps this project; leave this line. {_mark(project)}",
        "label_config": shown.config, "sampling": "Sequential sampling", "skip_queue": "REQUEUE_FOR_OTHERS",
        "maximum_annotations": 1, "show_collab_predictions": False, "enable_empty_annotation": True,
    }  # fmt: skip
    if shown.instructions is not None:
        fields |= {"expert_instruction": shown.instructions, "show_instruction": bool(shown.instructions)}
    return fields


def _title(project: Project) -> str:
    title = project.title.strip()
    return title[:TITLE_CHARACTERS] if len(title) >= 3 else f"Labelwright {project.row.slug}"[:TITLE_CHARACTERS]
