"""labelwright export"""

from __future__ import annotations

import json
from pathlib import Path

import click

from labelwright.cli.remote import connection_of
from labelwright.cli.site import admin_of, open_site
from labelwright.errors import InputError


@click.command("export")
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "format_", default=None, metavar="NAME", help="Overrules the ending; see below.")
@click.option("--at", default=None, metavar="VERSION|TIME", help="The labels as of a version, event or time.")
@click.option("--receipt", type=click.Path(path_type=Path, dir_okay=False), help="Also write a signed receipt here.")
@click.option("--croissant", is_flag=True, help="Also write the metadata of OUT beside it, OUT.croissant.json.")
@click.option("--with-media", is_flag=True, help="Of images: write a zip, OUT, of the table and the images.")
@click.pass_context
def command(
    ctx: click.Context, name: str, out: Path, format_: str | None, at: str | None, receipt: Path | None,
    croissant: bool, with_media: bool,
) -> None:  # fmt: skip
    """Write the labels of project NAME to OUT; the ending decides the format.

    .csv, .tsv, .xlsx, .jsonl, .parquet; for other tools .label-studio.json, .argilla.json, .prodigy.jsonl,
    .doccano.jsonl, .huggingface.parquet, .huggingface.zip, or any name with --format label-studio, argilla, prodigy,
    doccano, huggingface or huggingface-folder. What a format has no place for is printed.

    \b
    Example:
      labelwright export reviews labels.csv --receipt labels.receipt.json
      labelwright export reviews tasks.json --format label-studio
      labelwright export pets pets.csv.zip --with-media
    """
    from labelwright.words import counted

    if (connection := connection_of(ctx)) is not None:
        if receipt is not None or croissant:
            raise InputError(
                "export: --receipt and --croissant work on the home of the server's machine alone.",
                "The signed evidence of a server is under Record, 'Download the evidence'.",
            )
        if findings := connection.project(name).export(out, format_, at=at, media=with_media):
            click.echo(findings, err=True)
        click.echo(f"{out}: {counted(out.stat().st_size, 'byte')} from {connection.url}")
        return

    from labelwright.services.record import export_media, exports, metadata

    table = None
    if with_media:
        if croissant:
            raise InputError("export: --croissant must be left out with --with-media.", "Export a second time.")
        if out.suffix != export_media.ZIP:
            raise InputError(f"export: OUT must end in .zip with --with-media, got '{out.name}'.", "As pets.csv.zip.")
        table = export_media.table_in(out, format_)
    with open_site(ctx) as site:
        done = exports.export(site, admin_of(site), name, out, at=at, format=format_, table=table)
        about = metadata.describe(site, name, out, done, at=at) if croissant else None
    if about is not None:
        out.with_name(f"{out.name}.croissant.json").write_text(
            json.dumps(about, indent=2, ensure_ascii=False) + "\n", "utf-8"
        )
    if receipt is not None and done.receipt is not None:
        receipt.write_text(exports.as_json(done.receipt))
    for finding in done.findings:
        click.echo(finding, err=True)
    click.echo(f"{out}: {counted(done.n_items, 'item')}, answers up to event {done.upto_seq}")
