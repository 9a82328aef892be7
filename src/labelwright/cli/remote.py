"""Commands on a server instead of a home: ``labelwright --url URL --token-file FILE COMMAND``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from labelwright.errors import InputError

if TYPE_CHECKING:
    from labelwright.client import Connection

COMMANDS = ("create", "add", "round", "status", "export")


def url_of(ctx: click.Context) -> str | None:
    """The address of ``--url`` or LABELWRIGHT_URL; None where the command is about the home of this machine.

    Raises
    ------
    InputError
        If ``--home`` is given too.
    """
    given = ctx.find_root().obj or {}
    url: str | None = given.get("url")
    if url and given.get("home"):
        raise InputError("labelwright: either --url or --home must be given, got both.")
    return url or (None if given.get("home") else os.environ.get("LABELWRIGHT_URL") or None)


def refuse_url(ctx: click.Context) -> None:
    """Stop a command that works on the home of this machine, so that it does not change another project than meant."""
    if url_of(ctx) is not None:
        raise InputError(
            f"{ctx.info_name}: it works on the home of this machine, not on a server.",
            f"Run it there, or leave out --url and LABELWRIGHT_URL. On a server work: {', '.join(COMMANDS)}.",
        )


def connection_of(ctx: click.Context) -> Connection | None:
    """The server that the command shall work on; None for the home of this machine.

    Raises
    ------
    InputError
        If there is an address without a token, or the token's file cannot be read.
    """
    from labelwright.client import connect

    url = url_of(ctx)
    return None if url is None else connect(url, _token(ctx))


def _token(ctx: click.Context) -> str:
    path = (ctx.find_root().obj or {}).get("token_file")
    if path is None:
        token = os.environ.get("LABELWRIGHT_TOKEN")
        if not token:
            raise InputError(
                "labelwright: --url needs a token, got none.",
                "Name its file with --token-file, or set LABELWRIGHT_TOKEN. 'labelwright tokens create' makes one.",
            )
        return token
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"labelwright: --token-file must be a readable text file ({type(error).__name__}).") from None
