"""labelwright doctor"""

from __future__ import annotations

import sys

import click

from labelwright.cli.site import open_site


@click.command("doctor")
@click.option("--bundle", is_flag=True, help="Write a zip for a bug report: versions, settings, logs; no content.")
@click.pass_context
def command(ctx: click.Context, bundle: bool) -> None:
    """Show every setting with its source, and check this installation.

    \b
    Example:
      labelwright doctor --bundle
    """
    from labelwright.services.site import doctor

    with open_site(ctx) as site:
        report = doctor.examine(site)
        for line in report.lines:
            click.echo(line)
        if bundle:
            click.echo(f"bundle: {doctor.bundle(site, report)}")
    if not report.well:
        sys.exit(1)
