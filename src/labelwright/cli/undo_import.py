"""labelwright undo-import"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("undo-import")
@click.argument("name")
@click.argument("batch", required=False)
@click.option("--reason", default="", help="Why; kept in the record.")
@click.option("--list", "list_", is_flag=True, help="List the imports and change nothing.")
@click.pass_context
def command(ctx: click.Context, name: str, batch: str | None, reason: str, list_: bool) -> None:
    """Undo an import of project NAME, the last one if no BATCH is named: its items are excluded together.

    Rows and answers stay in the record, and 'labelwright include' takes items back.

    \b
    Example:
      labelwright undo-import reviews --reason "the wrong file"
    """
    from labelwright.services.projects import acts
    from labelwright.words import counted

    with open_site(ctx) as site:
        if list_:
            for one in acts.imports(site, name).items:
                undone = ", undone" if one.undone else ""
                click.echo(f"{one.id}  {one.at[:19]}  {one.n_items:>8} items  {one.source}{undone}")
            return
        done = acts.undo_import(site, admin_of(site), name, batch, reason=reason)
    click.echo(f"{name}: {counted(done.changed, 'item')} excluded.")
