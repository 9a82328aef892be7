"""labelwright add"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from labelwright.cli.remote import connection_of
from labelwright.cli.site import admin_of, bar, encoding_note, large_groups, open_site, remarks_on
from labelwright.errors import InputError

if TYPE_CHECKING:
    from labelwright.client import Connection


@click.command("add")
@click.argument("name")
@click.argument("source", type=click.Path(path_type=Path), required=False)
@click.option(
    "--source",
    "of_other",
    metavar="PROJECT[@SNAPSHOT]|FILE",
    help="Instead of rows: labels of another project or file that are not there yet, or are other ones by now.",
)
@click.option(
    "--source-label", metavar="COLUMN", help="Where the file of --source has its labels; guessed if left out."
)
@click.pass_context
def command(
    ctx: click.Context, /, name: str, source: Path | None, of_other: str | None, source_label: str | None
) -> None:
    """Add the rows of SOURCE to project NAME; rows that are there already stay as they are.

    \b
    Example:
      labelwright add reviews more-reviews.csv
      labelwright add chats --source reviews
    """
    from labelwright.words import counted

    if (source is None) == (of_other is None):
        raise InputError(
            f"add: either SOURCE or --source must be given, got {'neither' if source is None else 'both'}.",
            "Name a file of rows, or with --source a project or file of labels.",
        )
    if source_label is not None and of_other is None:
        raise InputError("add: --source-label needs --source, the file that holds the column.", "Name the file.")
    connection = connection_of(ctx)
    if of_other is not None:
        _add_source(ctx, connection, name, of_other, source_label)
        return
    assert source is not None
    if connection is not None:
        came = connection.project(name).add(source)
        click.echo(
            f"{name}: {counted(came.added, 'item')} added, {came.reserve} of them reserve; "
            f"{came.known} were there already."
        )
        return

    from labelwright.services.projects.create import add

    with open_site(ctx) as site, bar() as progress:
        added = add(site, admin_of(site), name, source=source, progress=progress)
    click.echo(
        f"{name}: {counted(added.added, 'item')} added, {added.reserve} of them reserve; "
        f"{added.known} were there already."
    )
    if note := encoding_note(source):
        click.echo(note)
    for remark in remarks_on(source):
        click.echo(remark)
    if added.in_large_groups:
        click.echo(large_groups(added.in_large_groups))


def _add_source(ctx: click.Context, connection: Connection | None, name: str, text: str, label: str | None) -> None:
    """Bring labels of another domain, here or on a server, and say what came of it."""
    from labelwright.words import counted

    if connection is not None:
        came = connection.project(name).add_source(text, label=label)
        n, n_corrected, n_known = came.added, came.corrected, came.known
    else:
        from labelwright.services.projects.more_source import add_labels
        from labelwright.services.projects.source import named

        with open_site(ctx) as site, bar() as progress:
            added = add_labels(site, admin_of(site), name, named(site, text, label, "add"), progress)
        n, n_corrected, n_known = added.added, added.corrected, added.known
    if not n:
        click.echo(f"{name}: nothing new in the source; {counted(n_known, 'labeled item')} stay as they are.")
        return
    instead = f", {n_corrected} of them in place of a copy that has changed there" if n_corrected else ""
    click.echo(
        f"{name}: {counted(n, 'labeled item')} of the source added{instead}; {n_known} were there already. "
        "The model learns from them, nobody is asked."
    )
