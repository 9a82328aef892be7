"""labelwright keys"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.group("keys")
def command() -> None:
    """Show and rotate the keys that sign the record.

    \b
    Example:
      labelwright keys rotate
    """


@command.command("list")
@click.pass_context
def listing(ctx: click.Context) -> None:
    """List the public keys, the one that signs now last.

    \b
    Example:
      labelwright keys list
    """
    with open_site(ctx) as site:
        ring = site.store.keys.ring()
    until = {one.old: f"until {one.at[:10]}" for one in ring.transitions}
    for key in ring.keys:
        click.echo(f"{key}  {until.get(key, 'signs')}")


@command.command("rotate")
@click.option("--lost", is_flag=True, help="The old key is lost for good, so that it cannot vouch for the new one.")
@click.pass_context
def rotate(ctx: click.Context, lost: bool) -> None:
    """Make a new signing key, while people go on working. Heads and receipts of the old one can still be checked.

    \b
    Example:
      labelwright keys rotate
    """
    from labelwright.services.record.rotating import rotate_key

    with open_site(ctx) as site:
        done = rotate_key(site, admin_of(site), lost=lost)
    for slug in done.unknown:
        click.echo(f"{slug} cannot be read, so the old key has no end there.", err=True)
    how = "which the old key vouches for" if done.vouched else "which no key vouches for"
    click.echo(f"{done.new} signs from now on, {how}. Take it along where you keep receipts.")
