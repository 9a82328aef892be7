"""labelwright webhooks"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("webhooks")
@click.argument("name")
@click.option("--url", "hook_url", metavar="URL", help="Tell this address from now on, or change what it is told of.")
@click.option("--kinds", default="label,round,verdict,drift", show_default=True, metavar="KIND,…", help="Of what.")
@click.option("--remove", metavar="ID", help="Tell this one nothing more.")
@click.pass_context
def command(ctx: click.Context, name: str, hook_url: str | None, kinds: str, remove: str | None) -> None:
    """Show who is told of the events of project NAME, add an address, or remove one.

    The owner of the site names the hosts that may be told in the setting webhook_hosts; without it nothing is sent.

    \b
    Example:
      labelwright webhooks reviews --url https://hooks.example.org/labels --kinds round,verdict
    """
    from labelwright.services.webhooks import hooks

    with open_site(ctx) as site:
        if hook_url is not None:
            listed = [kind.strip() for kind in kinds.split(",") if kind.strip()]
            made = hooks.put(site, admin_of(site), name, hook_url, listed)
            click.echo(f"{made.id}  {made.url}: {', '.join(made.kinds)}, after event {made.told_seq}")
            if made.secret:
                click.echo(f"The secret of its signatures, shown once: {made.secret}")
            return
        if remove is not None:
            hooks.remove(site, admin_of(site), name, remove)
        found = hooks.show(site, name)
    for one in found.items:
        state = (
            f"waiting since {one.waiting_since}: {one.reason}" if one.waiting_since else f"told up to {one.told_seq}"
        )
        click.echo(f"{one.id}  {one.url}: {', '.join(one.kinds)}; {state}")
    if not found.items:
        click.echo("No address is told of events.")
    if not found.hosts:
        click.echo("Webhooks are off: the setting webhook_hosts names no host.")
