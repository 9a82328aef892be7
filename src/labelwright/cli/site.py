"""What all commands share: the site with its first admin, and a progress bar with a rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labelwright.cli.remote import refuse_url

if TYPE_CHECKING:
    from labelwright.engine.goals import Goal


@contextmanager
def open_site(ctx: click.Context, **flags: Any) -> Iterator[Any]:
    """The site of ``--home`` or the settings."""
    from labelwright.services.site import Site
    from labelwright.services.site.settings import load

    refuse_url(ctx)
    site = Site(load({"home": (ctx.find_root().obj or {}).get("home"), **flags}))
    try:
        yield site
    finally:
        site.close()


def home_of(ctx: click.Context) -> Path:
    """The folder of ``--home`` or the settings."""
    from labelwright.services.site.settings import load

    refuse_url(ctx)
    return load({"home": (ctx.find_root().obj or {}).get("home")}).home


def admin_of(site: Any) -> Any:
    """Whoever owns this machine's account acts as the first admin."""
    from labelwright.services.people.users import first_admin

    return first_admin(site)


@contextmanager
def bar(unit: str = "rows") -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar on standard error, with a rate; silent if that is no terminal."""
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def progress(phase: str, done: int, total: int | None) -> None:
        if phase not in bars:
            for old in bars.values():
                old.close()
            bars[phase] = tqdm(desc=phase, total=total, unit=f" {unit}", disable=None, leave=False, delay=0.5)
        shown = bars[phase]
        shown.total = total
        shown.update(done - shown.n)

    try:
        yield progress
    finally:
        for shown in bars.values():
            shown.close()


def large_groups(n_items: int) -> str:
    """What a person who imports is told of groups that are too large for the reserve."""
    return (
        f"{n_items} are in groups too large for the reserve and stay in the pool: "
        "a reserve of few groups measures little else than these."
    )


def encoding_note(source: Path) -> str | None:
    """What a person who imports is told of the encoding of a text file that is not UTF-8."""
    from labelwright.exchange import open_source

    encoding = open_source(source).encoding
    if encoding in (None, "UTF-8"):
        return None
    return f"{source.name} was read as {encoding}. If accented letters are wrong, save it as UTF-8 and import it anew."


def remarks_on(source: Path) -> tuple[str, ...]:
    """What a person who imports is told of what is in a file and not imported."""
    from labelwright.exchange import open_source

    return open_source(source).remarks


def goal_of(goal: str | None, deadline: str | None, budget: int | None) -> Goal | None:
    """The goal that options state."""
    from dataclasses import replace

    from labelwright.engine.goals import Goal
    from labelwright.errors import InputError

    if goal is None:
        if deadline is not None or budget is not None:
            raise InputError("goal: a deadline or a budget needs a goal.", "Add METRIC=VALUE, such as accuracy=0.92.")
        return None
    return replace(Goal.parse(goal).until(deadline), budget=budget)
