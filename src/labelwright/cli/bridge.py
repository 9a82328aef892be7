"""labelwright bridge"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from labelwright.cli.site import admin_of, open_site
from labelwright.errors import InputError

TOKEN = "LABELWRIGHT_LABEL_STUDIO_TOKEN"


@click.group("bridge")
def command() -> None:
    """Keep another labeling tool, and run the loop here on what is answered there.

    \b
    Example:
      labelwright bridge label-studio http://127.0.0.1:8080 --project reviews --ls-token-file token.txt
    """


@command.command("label-studio")
@click.argument("url")
@click.option("--project", "slug", required=True, metavar="NAME", help="The project here.")
@click.option(
    "--ls-token-file", type=click.Path(dir_okay=False), help=f"File that holds Label Studio's token (or {TOKEN} does)."
)
@click.option("--ls-project", type=int, metavar="ID", help="A project of Label Studio without questions; else made.")
@click.option("--window", type=click.IntRange(1, 1000), default=50, show_default=True, help="Items open there at once.")
@click.option(
    "--every", type=click.FloatRange(0.1, 3600), default=5.0, show_default=True, metavar="SECONDS",
    help="How often to look.",
)  # fmt: skip
@click.option("--state", type=click.Path(dir_okay=False), help="Its memory; default in the home, where Progress looks.")
@click.option("--once", is_flag=True, help="Exchange once, then stop.")
@click.pass_context
def label_studio(
    ctx: click.Context, url: str, slug: str, ls_token_file: str | None, ls_project: int | None, window: int,
    every: float, state: str | None, once: bool,
) -> None:  # fmt: skip
    """Push items to the Label Studio at URL in the published order, and take annotations as they come.

    \b
    Example:
      labelwright bridge label-studio http://127.0.0.1:8080 --project reviews --ls-token-file token.txt
    """
    from labelwright.bridges import running
    from labelwright.bridges.label_studio import Bridge, Peer
    from labelwright.services.bridges.state import alone, path_of

    stop = threading.Event()

    def end(*_: Any) -> None:
        stop.set()

    with open_site(ctx) as site:
        path = Path(state) if state is not None else path_of(site.settings.home, slug)
        site.project(slug)
        peer = Peer(url, _token(ls_token_file))
        with alone(path):
            bridge = Bridge(site, admin_of(site), slug, peer, path, window=window, peer_project=ls_project)
            if once:
                click.echo(running.in_a_line(running.once(bridge)))
                return
            signal.signal(signal.SIGTERM, end)
            signal.signal(signal.SIGINT, end)
            running.run(bridge, stop, _say, every=every)


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


def _token(path: str | None) -> str:
    if path is None:
        token = os.environ.get(TOKEN)
        if not token:
            raise InputError(
                "bridge: Label Studio's token must be given, got none.",
                f"Name its file with --ls-token-file, or set {TOKEN}.",
            )
        return token
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"bridge: --ls-token-file must be a readable text file ({type(error).__name__}).") from None
