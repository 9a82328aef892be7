"""labelwright status"""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from labelwright.cli.remote import connection_of
from labelwright.cli.site import admin_of, open_site


@click.command("status")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx: click.Context, name: str | None, as_json: bool) -> None:
    """Show where project NAME stands, or list the projects.

    \b
    Example:
      labelwright status reviews --json
    """

    if (connection := connection_of(ctx)) is not None:
        from labelwright.cli.remote_status import print_projects, print_status

        if name is None:
            print_projects(connection, as_json=as_json)
        else:
            print_status(connection, name, as_json=as_json)
        return

    from labelwright.services.projects import overview
    from labelwright.services.steering import progress
    from labelwright.words import counted

    with open_site(ctx) as site:
        actor = admin_of(site)
        if name is None:
            listed = overview.listing(site, actor).items
            if as_json:
                click.echo(json.dumps([asdict(project) for project in listed]))
            for project in [] if as_json else listed:
                click.echo(f"{project.slug:24} {project.state:10} {project.answers:>7} answers")
            if not listed and not as_json:
                click.echo("There is no project yet. Next: labelwright create NAME SOURCE --task classification")
            return
        detail = overview.show(site, actor, name)
        if detail.state in ("importing", "failed"):
            click.echo(json.dumps(asdict(detail)) if as_json else f"{name}: {detail.state}. {detail.error or ''}")
            return
        shown = progress.show(site, actor, name)
    if as_json:
        more = {"sentence": shown.sentence, "curve": [asdict(p) for p in shown.curve]}
        click.echo(json.dumps({**asdict(detail), **more, "cost": [asdict(share) for share in shown.cost]}))
        return
    counts, running = detail.counts, detail.running
    tasks = ", ".join(question.task for question in detail.questions)
    click.echo(f"{detail.title} ({tasks} of {detail.kind} items), {detail.state}")
    click.echo(shown.sentence)
    click.echo(
        f"items {counts.items}, labeled {counts.labeled}, reserve {counts.reserve_labeled} of {counts.reserve}, "
        f"skipped {counts.skipped}, flagged {counts.flagged}"
        + (f", excluded {counts.excluded}" if counts.excluded else "")
    )
    if shown.source is not None:
        of = counted(counts.source, "labeled item")
        click.echo(
            f"source: {of} of {shown.source.came_from}. {shown.source.why or 'No model has learned from it yet.'}"
        )
    far = f", {running.shards.done} of {running.shards.of} shards" if running.shards else ""
    click.echo(f"worker: {running.state}" + (f", {running.step}" if running.step else "") + far)
    if running.error:
        click.echo(f"last error: {running.error}")
