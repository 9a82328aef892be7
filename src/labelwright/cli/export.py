"""labelwright export"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.remote import connection_of
from labelwright.cli.site import admin_of, open_site
from labelwright.errors import InputError


@click.command("export")
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--at", default=None, metavar="VERSION|TIME", help="The labels as of a version, event or time.")
@click.option("--receipt", type=click.Path(path_type=Path, dir_okay=False), help="Also write a signed receipt here.")
@click.pass_context
def command(ctx: click.Context, name: str, out: Path, at: str | None, receipt: Path | None) -> None:
    """Write the labels of project NAME to OUT; the ending decides: csv, jsonl, parquet.

    \b
    Example:
      labelwright export reviews labels.csv --receipt labels.receipt.json
    """
    from labelwright.words import counted

    if (connection := connection_of(ctx)) is not None:
        if receipt is not None:
            raise InputError(
                "export: --receipt works on the home of the server's machine alone.",
                "The signed evidence of a server is under Record, 'Download the evidence'.",
            )
        if findings := connection.project(name).export(out, at=at):
            click.echo(findings, err=True)
        click.echo(f"{out}: {counted(out.stat().st_size, 'byte')} from {connection.url}")
        return

    from labelwright.services.record import exports

    with open_site(ctx) as site:
        done = exports.export(site, admin_of(site), name, out, at=at)
    if receipt is not None and done.receipt is not None:
        receipt.write_text(exports.as_json(done.receipt))
    for finding in done.findings:
        click.echo(finding, err=True)
    click.echo(f"{out}: {counted(done.n_items, 'item')}, answers up to event {done.upto_seq}")
