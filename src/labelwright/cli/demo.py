"""labelwright demo"""

from __future__ import annotations

import click

from labelwright.cli.site import bar, open_site

DEMOS = ("digits", "breast-cancer", "diabetes", "text")


@click.command("demo")
@click.argument("which", type=click.Choice(DEMOS), default="digits")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.pass_context
def command(ctx: click.Context, which: str, host: str, port: int, no_browser: bool) -> None:
    """Open a living project: simulated annotators have played some rounds, you label on by keyboard.

    \b
    Example:
      labelwright demo text
    """
    from labelwright.server.run import serve
    from labelwright.services.site.demo import prepare

    with open_site(ctx) as site:
        with bar("answers") as progress:
            slug = prepare(site, which, progress)
        serve(site, host=host, port=port, worker=True, open_at=None if no_browser else f"/p/{slug}/label")
