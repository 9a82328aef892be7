"""labelwright encoders"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("encoders")
@click.argument("name", required=False)
@click.option("--use", metavar="SPEC,…", default=None, help="Encoders that the project tries from now on.")
@click.pass_context
def command(ctx: click.Context, name: str | None, use: str | None) -> None:
    """List the encoders there are; with NAME, those of a project: which one serves, why, and how far the others are.

    \b
    Example:
      labelwright encoders
      labelwright encoders reviews --use tfidf,wordllama
    """
    if name is None:
        _list()
        return
    from labelwright import encoders as all_encoders
    from labelwright.services.steering import encoders

    with open_site(ctx) as site:
        if use is None:
            found = encoders.show(site, name)
        else:
            found = encoders.name(site, admin_of(site), name, all_encoders.split(use))
    for one in found.encoders:
        chance = "" if one.p_best is None else f", best with a chance of {one.p_best:.0%}, loss {one.loss:.4f}"
        share = f"{one.n_encoded:,} of {found.n_items:,} items"
        model = f" with {one.model}" if one.model else ""
        click.echo(f"{'*' if one.serves else ' '} {one.spec}{model}: {share}{chance}")
        if one.gain:
            click.echo(f"    {one.gain}")
    for fit in found.fits:
        click.echo(f"    {fit.model} on {fit.spec}: best with a chance of {fit.p_best:.0%}, loss {fit.loss:.4f}")
    if found.why:
        click.echo(found.why)


def _list() -> None:
    from labelwright.encoders.catalogue import table

    for one in table().itertuples():
        need = "" if one.installed else f"  needs: {one.install}"
        click.echo(f"{one.spec:24} {one.items:18} {one.licence}{need}".rstrip())
