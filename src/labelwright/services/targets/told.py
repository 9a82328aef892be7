"""The labeling plan in sentences, for the command line and the report."""

from __future__ import annotations

from labelwright.services.targets.plan import Line, Plan
from labelwright.services.targets.work import REVIEWERS, Kind, Role
from labelwright.words import counted


def told(plan: Plan) -> list[str]:
    """One sentence for each target, kind of item and role, in the order of priority; none without a goal."""
    if not plan.lines:
        return []
    lines = [_line(line) for line in plan.lines]
    kinds = [_kind(k, one, plan.work.least) for k, one in enumerate(plan.work.kinds, 1)]
    roles = [_role(one, plan.work.least) for one in plan.work.roles]
    return [*lines, *kinds, *roles]


def _line(line: Line) -> str:
    aim = line.aim
    name = "All items" if aim.slice is None else aim.name or "A removed slice"
    return f"{name}: {aim.metric} {'at least' if aim.higher_is_better else 'at most'} {aim.value:g}. {line.text}"


def _kind(place: int, kind: Kind, least: int) -> str:
    left = f"Kind of item {place}, {kind.name}: {counted(kind.n_left, 'item')} without a label"
    if kind.seconds is None:
        return f"{left}; too few to tell ({kind.n_measured} of {least} times)."
    if kind.labels is None or kind.hours is None:
        return f"{left}; {kind.seconds:.1f} s an answer."
    return f"{left}; {counted(kind.labels, 'label')} are missing, {_amount(kind.hours, kind.cost)}."


def _role(role: Role, least: int) -> str:
    name = role.role.capitalize()
    if role.seconds is None:
        return f"{name}: too few to tell ({role.n_measured} of {least} times)."
    what = "review" if role.role == REVIEWERS else "label"
    if role.labels is None or role.hours is None:
        return f"{name}: {role.seconds:.1f} s each; how many {what}s are missing is not known yet."
    until = "" if role.by is None else f", until {role.by.isoformat()}"
    week = "" if role.week_hours is None else f"; {role.week_hours:.1f} hours in the next seven days"
    return f"{name}: {counted(role.labels, what)}, {_amount(role.hours, role.cost)}{until}{week}."


def _amount(hours: float, cost: float | None) -> str:
    return f"{hours:.1f} hours" + ("" if cost is None else f", price {cost:,.2f}")
