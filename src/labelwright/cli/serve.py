"""labelwright serve"""

from __future__ import annotations

import click

from labelwright.cli.site import open_site


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--no-worker", is_flag=True, help="Run workers yourself with 'labelwright worker'.")
@click.pass_context
def command(ctx: click.Context, host: str, port: int, no_worker: bool) -> None:
    """Serve the web app and the API.

    At the first start a one-time link for the admin is printed.

    \b
    Example:
      labelwright serve --port 8000
    """
    from labelwright.server.run import serve

    with open_site(ctx) as site:
        serve(site, host=host, port=port, worker=not no_worker)
