"""What ``labelwright --url … status`` prints."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from labelwright.client import Connection


def print_projects(connection: Connection, *, as_json: bool) -> None:
    """One line a project."""
    listed = connection.projects()
    if as_json:
        click.echo(json.dumps([asdict(project) for project in listed]))
        return
    for project in listed:
        click.echo(f"{project.slug:24} {project.state:10} {project.answers:>7} answers")
    if not listed:
        click.echo("There is no project yet. Next: labelwright create NAME SOURCE --task classification")


def print_status(connection: Connection, name: str, *, as_json: bool) -> None:
    """Where one project stands."""
    project = connection.project(name)
    detail = project.detail()
    if detail.state in ("importing", "failed"):
        click.echo(json.dumps(asdict(detail)) if as_json else f"{name}: {detail.state}. {detail.error or ''}")
        return
    shown = project.progress()
    if as_json:
        curve = [asdict(point) for point in shown.curve]
        click.echo(json.dumps({**asdict(detail), "sentence": shown.sentence, "curve": curve}))
        return
    counts, running = detail.counts, detail.running
    tasks = ", ".join(question.task for question in detail.questions)
    click.echo(f"{detail.title} ({tasks} of {detail.kind} items), {detail.state}")
    click.echo(shown.sentence)
    click.echo(
        f"items {counts.items}, labeled {counts.labeled}, reserve {counts.reserve_labeled} of {counts.reserve}, "
        f"skipped {counts.skipped}, flagged {counts.flagged}"
    )
    click.echo(f"worker: {running.state}" + (f", {running.step}" if running.step else ""))
    if running.error:
        click.echo(f"last error: {running.error}")
