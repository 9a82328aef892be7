"""What a file changes about slices that have a name, and about the targets in them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from labelwright.check import check_one_of
from labelwright.engine.parts import ALL, Filter
from labelwright.engine.project import Project
from labelwright.engine.targets import Target, check_targets
from labelwright.errors import InputError
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects.config.changes import Act, Change, Difference, in_words
from labelwright.services.projects.config.describing import goal_table
from labelwright.services.projects.config.document import Document
from labelwright.services.projects.config.drafting import goal_of
from labelwright.services.selection import slices
from labelwright.services.site import Site
from labelwright.services.targets.acts import set_targets
from labelwright.store import tables as t
from labelwright.store.clock import today
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Parts:
    """Changes of slices and targets.

    Attributes
    ----------
    saved, removed : list of Change
        Of slices: those that are there afterwards come before a policy that may name them, the others after it.
    targets : Change
    names : set of str
        Of all slices afterwards.
    """

    saved: list[Change]
    removed: list[Change]
    targets: Change
    names: set[str]


def compare(rows: Rows, project: Project, now: Document, wanted: Document) -> Parts:
    """Changes of slices and targets; both are listed whole in a file that has them.

    Raises
    ------
    InputError
        If a filter cannot be read, a slice is named that there is not, or a target is not possible.
    """
    table = t.saved_slice
    names = {row.id: row.name for row in rows.all(rows.select(table.c.id, table.c.name))}
    ids = {name: slice_id for slice_id, name in names.items()}
    before, after = _by_name(now.rows("slice")), _by_name(wanted.rows("slice") if "slice" in wanted.listed else
                                                         now.rows("slice"))  # fmt: skip
    differing = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    changes = {name: _slice(name, ids.get(name), before.get(name), after.get(name)) for name in differing}
    saved = [change for name, change in changes.items() if name in after]
    removed = [change for name, change in changes.items() if name not in after]
    there = {*ids} - {*before} | {*after}
    targets = _targets(project, names, before, there, now, wanted, again=bool(differing))
    return Parts(saved, removed, targets, there)


def _by_name(tables: tuple[JsonObject, ...]) -> dict[str, JsonObject]:
    found: dict[str, Any] = {" ".join(str(one["name"]).split()): one["filter"] for one in tables}
    if len(found) < len(tables):
        raise InputError("[[slice]] name must be distinct, got one of them twice.")
    return found


def _slice(name: str, slice_id: str | None, before: JsonObject | None, after: JsonObject | None) -> Change:
    effect = "The slice is removed." if after is None else "The slice has a name from now on."
    if before is not None and after is not None:
        effect = "The slice holds other items from now on."
    wanted = None if after is None else filter_of(after)
    difference = Difference(f"[[slice]] {name}", "filter", in_words(before), in_words(after), effect)

    def act(site: Site, actor: Actor, slug: str) -> None:
        if wanted is None and slice_id is not None:
            slices.remove(site, actor, slug, slice_id)
        elif wanted is not None and slice_id is not None:
            slices.redefine(site, actor, slug, slice_id, wanted)
        elif wanted is not None:
            slices.save(site, actor, slug, name, filter=wanted)

    return Change((difference,), act)


def filter_of(stored: JsonObject) -> Filter:
    """The filter of a slice.

    Raises
    ------
    InputError
        If a part of it is unknown or is no text, or it says nothing.

    Examples
    --------
    >>> filter_of({"column": "domain", "value": "law"}).value
    'law'
    """
    known = [field.name for field in fields(Filter) if field.name != "slice"]
    for key, value in stored.items():
        check_one_of("[[slice]] filter", "key", key, known)
        if not isinstance(value, str):
            raise InputError(f"[[slice]] filter {key} must be text, got {value!r}.")
    found = Filter.from_stored(stored)
    if found == ALL:
        raise InputError("[[slice]] filter must say what the items have in common, and is empty.")
    return found


def _targets(
    project: Project, names: dict[str, str], described: dict[str, JsonObject], there: set[str], now: Document,
    wanted: Document, *, again: bool,
) -> Change:  # fmt: skip
    """Targets by the names of their slices, and the labels that such a model took before."""
    goal = project.goal if "goal" not in wanted.single else goal_of(wanted.table("goal"))
    before = now.table("goal").get("before")
    after = before if "goal" not in wanted.single or goal is None else goal_table(goal).get("before")
    tables = wanted.rows("target") if "target" in wanted.listed else now.rows("target")
    if goal is None or goal.is_search:
        if tables and "target" in wanted.listed:
            raise InputError("[[target]] stands beside a goal of all items, and there is none.", "Set a [goal].")
        return Change(())
    for one in tables:
        if one["slice"] not in there:
            raise InputError(f"[[target]] slice must be the name of a slice, got '{one['slice']}'.", "Add a [[slice]].")
    told: list[Any] = [{"deadline": None, **one} for one in tables]
    targets = [Target.read(one) for one in told]
    check_targets(targets, project.primary.task)
    known = {(one["slice"], one["metric"], one.get("deadline")) for one in now.rows("target")}
    begun = [one for one, table in zip(targets, told, strict=True)
             if (table["slice"], table["metric"], table["deadline"]) not in known]  # fmt: skip
    check_targets(begun, project.primary.task, today=today())
    old, new = [[in_words(one) for one in some] for some in (now.rows("target"), tables)]
    said = [Difference("[[target]]", "", one, "none", "The target is removed.") for one in old if one not in new]
    said += [Difference("[[target]]", "", "none", one, "The plan follows.") for one in new if one not in old]
    if before != after:
        effect = "A saving is claimed against it."
        said.append(Difference("[goal]", "before", in_words(before), in_words(after), effect))
    if not said and not (again and tables):
        return Change(())
    others = [] if project.goal is None else [
        one for one in project.goal.targets if names.get(one.slice) not in described
    ]  # fmt: skip
    return Change(tuple(said), _setting(targets, others, after))


def _setting(targets: list[Target], others: list[Target], before: Any) -> Act:
    """Slices may have been saved anew, so their ids are looked up when this is done."""

    def act(site: Site, actor: Actor, slug: str) -> None:
        ids = {one.name: one.id for one in slices.listing(site, slug).items}
        named = [Target(ids[one.slice], one.metric, one.value, one.deadline) for one in targets]
        set_targets(site, actor, slug, [*named, *others], before)

    return act
