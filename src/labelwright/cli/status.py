"""labelwright status"""

from __future__ import annotations

import json

import click

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
    from labelwright.services import progress, projects

    with open_site(ctx) as site:
        actor = admin_of(site)
        if name is None:
            listed = projects.listing(site, actor)["items"]
            if as_json:
                click.echo(json.dumps(listed))
            for project in [] if as_json else listed:
                click.echo(f"{project['slug']:24} {project['state']:10} {project.get('answers', 0):>7} answers")
            if not listed and not as_json:
                click.echo("There is no project yet. Next: labelwright create NAME SOURCE --task classification")
            return
        detail = projects.show(site, actor, name)
        if detail["state"] in ("importing", "failed"):
            click.echo(json.dumps(detail) if as_json else f"{name}: {detail['state']}. {detail['error'] or ''}")
            return
        shown = progress.show(site, name)
    if as_json:
        click.echo(
            json.dumps({**detail, "sentence": shown["sentence"], "curve": shown["curve"], "cost": shown["cost"]})
        )
        return
    counts, running = detail["counts"], detail["running"]
    click.echo(f"{detail['title']} ({detail['task']} of {detail['kind']} items), {detail['state']}")
    click.echo(shown["sentence"])
    click.echo(
        f"items {counts['items']}, labeled {counts['labeled']}, reserve {counts['reserve_labeled']} of "
        f"{counts['reserve']}, skipped {counts['skipped']}, flagged {counts['flagged']}"
    )
    click.echo(f"worker: {running['state']}" + (f", {running['step']}" if running.get("step") else ""))
    if running.get("error"):
        click.echo(f"last error: {running['error']}")
