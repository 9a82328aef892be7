"""labelwright mlflow"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("mlflow")
@click.argument("name")
@click.option("--uri", default=None, help="Of the tracking server; default the setting mlflow_uri.")
@click.option("--experiment", default=None, help="Default labelwright/NAME.")
@click.option("--no-model", is_flag=True, help="Leave out the model's file, which may hold words of the items.")
@click.pass_context
def command(ctx: click.Context, name: str, uri: str | None, experiment: str | None, no_model: bool) -> None:
    """Send rounds, figures, model and report of project NAME to an MLflow server.

    Sent again, the same runs are brought up to date.

    \b
    Example:
      labelwright mlflow reviews --uri http://127.0.0.1:5000
    """
    from labelwright.errors import InputError
    from labelwright.services.tracking.projects import send_project
    from labelwright.words import counted

    with open_site(ctx) as site:
        to = uri or site.settings.mlflow_uri
        if to is None:
            raise InputError("mlflow: --uri must be given.", "Or set mlflow_uri, and the worker sends by itself.")
        sent = send_project(site, admin_of(site), name, to, experiment, with_model=not no_model)
    click.echo(f"{name}: {counted(sent.n_runs, 'run')}, {sent.n_new} of them new")
