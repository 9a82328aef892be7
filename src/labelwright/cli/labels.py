"""labelwright labels"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from labelwright.cli.site import admin_of, open_site

if TYPE_CHECKING:
    from labelwright.services.projects.migrations.preview import Preview
    from labelwright.services.team.figure import FigureView


@click.command("labels")
@click.argument("name")
@click.argument("what", type=click.Choice(["merge", "split"]), required=False)
@click.argument("old", required=False)
@click.argument("into", required=False)
@click.option("--question", default=None, help="Id of the question; the primary one if left out.")
@click.option("--reason", default="", help="Why; it goes into the record.")
@click.option("--preview", "only_preview", is_flag=True, help="Show what would happen, and change nothing.")
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.pass_context
def command(
    ctx: click.Context, name: str, what: str | None, old: str | None, into: str | None, question: str | None,
    reason: str, only_preview: bool, yes: bool,
) -> None:  # fmt: skip
    """Merge a label of project NAME into another, or split it into new ones; without WHAT, list the labels.

    OLD is the label that goes. INTO is the label that stays, or the names of the new labels with commas between.

    \b
    Example:
      labelwright labels pets merge puppy dog --reason "people cannot tell them apart"
      labelwright labels pets split bird crow,robin --preview
    """
    from labelwright.errors import InputError
    from labelwright.services.projects import overview
    from labelwright.services.projects.migrations import acts, listing
    from labelwright.services.projects.migrations.preview import preview_migration
    from labelwright.services.projects.migrations.wanted import DIVIDE, MERGE, Wanted

    with open_site(ctx) as site:
        actor = admin_of(site)
        asked = overview.show(site, actor, name).questions
        of = next((one for one in asked if one.id == (question or asked[0].id)), None)
        if of is None:
            raise InputError(f"labels: there is no question '{question}'.")
        ids = {label.name: label.id for label in of.labels}
        if what is None:
            for label in of.labels:
                click.echo(f"{label.id}  {label.name}")
            for one in listing.listing(site, actor, name, of.id):
                click.echo(
                    f"{one.at[:10]}  {one.what} {one.label} into {', '.join(one.into)}: {one.state}, {one.reason}"
                )
            return
        if old is None or into is None:
            raise InputError(f"labels: {what} needs OLD and INTO.", "See 'labelwright labels --help'.")
        if unknown := [one for one in (old, *([into] if what == MERGE else [])) if one not in ids]:
            raise InputError(f"labels: there is no label '{unknown[0]}', there are {', '.join(ids)}.")
        if what == MERGE:
            wanted = Wanted(MERGE, ids[old], (ids[into],))
        else:
            wanted = Wanted(DIVIDE, ids[old], tuple(part.strip() for part in into.split(",")))
        found = preview_migration(site, actor, name, of.id, wanted)
        click.echo(_words(found))
        if only_preview:
            return
        if not yes:
            click.confirm("Propose it?" if found.proposes else "Apply?", abort=True)
        made = acts.migrate(site, actor, name, of.id, wanted, reason=reason, settings_version=found.settings_version)
        click.echo("proposed; another person has to approve it" if made.state == "proposed" else "applied")


def _words(found: Preview) -> str:
    """The figures of a preview, a line each."""
    verb = "is read as" if found.what == "merge" else "is split into"
    lines = [
        f"{found.label} {verb} {', '.join(found.into)}",
        f"answers: {found.n_answers} of {found.n_people} people about {found.n_items} items; labels of the data: "
        f"{found.n_of_data}; decisions of reviews: {found.n_decided}",
        f"items of the reserve: {found.n_reserve}; known answers: {found.n_gold}",
        f"disputed items: {found.before.n_disputed} before, {found.after.n_disputed} after",
        f"agreement of pairs: {_figure(found.before.raw)} before, {_figure(found.after.raw)} after",
    ]
    for one in found.classes:
        lines.append(f"items labeled {one.name}: {_number(one.before)} before, {_number(one.after)} after")
    if found.accuracy is not None:
        of = found.accuracy
        lines.append(f"{of.metric} on the reserve: {_figure(of.before)} before, {_figure(of.after)} after")
    if found.again is not None:
        again = found.again
        hours = "unknown, no answers lately" if again.hours is None else f"{again.hours:.1f} hours"
        cost = "" if again.cost is None else f", cost {again.cost:.2f}"
        lines.append(
            f"asked again: {again.n_reserve} items of the reserve, {again.n_pool} of the pool; "
            f"{again.n_answers} answers, {hours}{cost}"
        )
    return "\n".join(lines)


def _figure(one: FigureView) -> str:
    if one.value is None:
        return "unknown"
    limits = "" if one.low is None or one.high is None else f" ({one.low:.3f} to {one.high:.3f})"
    return f"{one.value:.3f}{limits}"


def _number(n: int | None) -> str:
    return "no label" if n is None else str(n)
