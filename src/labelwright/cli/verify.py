"""labelwright verify"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from labelwright.cli.site import home_of, open_site


@click.command("verify")
@click.argument("name")
@click.option("--replay", is_flag=True, help="Also recompute label versions, rankings, verdicts, and refit models.")
@click.option("--full", is_flag=True, help="Check every signed head, not only the last and one in a thousand.")
@click.option(
    "--receipt",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Receipts kept elsewhere.",
)
@click.pass_context
def command(ctx: click.Context, name: str, replay: bool, full: bool, receipt: Path | None) -> None:
    """Check the record of project NAME: chain, projections, arrays, anchor, receipt. Exit 1 if anything is wrong.

    \b
    Example:
      labelwright verify reviews --replay --receipt labels.receipt.json
    """
    from labelwright.services.record import receipts
    from labelwright.services.record.verify import verify
    from labelwright.store.copies import writable

    with writable(home_of(ctx)) as home, open_site(ctx, home=home) as site:
        kept = of_site = None
        if receipt is not None:
            kept = receipts.read(receipt, site.project(name).project_id)
            of_site = receipts.of_site(site, receipt)
        report = verify(site, name, replay=replay, receipt=kept, of_site=of_site, full=full)
    for line in report.lines:
        click.echo(line)
    for problem in report.problems:
        click.echo(f"error: {problem}", err=True)
    if report.problems:
        sys.exit(1)
    click.echo(f"{name}: the record is whole.")
