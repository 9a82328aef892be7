"""labelwright round"""

from __future__ import annotations

import click

from labelwright.cli.remote import connection_of
from labelwright.cli.site import admin_of, open_site


@click.command("round")
@click.argument("name")
@click.option("--hypothesis", default="", help="What this round shall show.")
@click.option("--labels", type=click.IntRange(1), default=None, help="Planned labels; default the batch size.")
@click.option("--strategy", default=None, help="Choose items by another strategy from now on.")
@click.option(
    "--constraint", "constraints", multiple=True, metavar="RULE",
    help="What each round shall hold, such as 'domain at-least 30% legal', 'group at-most 2', 'source never a.csv'; "
    "columns: domain, group, cost, source, licence, consent, predicted, or 'slice at-least 30% NAME' of a slice. "
    "Replaces those there are; 'none' drops them.",
)  # fmt: skip
@click.option("--no-train", is_flag=True, help="Do not wait for a new model and ranking.")
@click.pass_context
def command(
    ctx: click.Context, name: str, hypothesis: str, labels: int | None, strategy: str | None,
    constraints: tuple[str, ...], no_train: bool,
) -> None:  # fmt: skip
    """Begin a new round of project NAME: close the running one, train on all answers, publish a ranking.

    Where no worker runs, this command is the worker for one cycle.

    \b
    Example:
      labelwright round reviews --hypothesis "short reviews are the hard ones" --labels 50
    """
    from labelwright.words import counted

    rules = None if not constraints else [] if constraints == ("none",) else constraints
    if (connection := connection_of(ctx)) is not None:
        project = connection.project(name)
        if not no_train:
            project.wait()
        began = project.start_round(hypothesis=hypothesis, labels=labels, strategy=strategy, constraints=rules)
        if not no_train:
            project.wait()
        click.echo(f"round {began.number} began: {counted(began.planned, 'label')} planned, strategy {began.strategy}.")
        click.echo(project.progress().sentence)
        return

    from labelwright.services.steering import progress, rounds
    from labelwright.services.steering.training import train_now

    with open_site(ctx) as site:
        if not no_train:
            train_now(site, name)
        started = rounds.start(
            site, admin_of(site), name, hypothesis=hypothesis, labels=labels, strategy=strategy, constraints=rules
        )
        if not no_train and (strategy is not None or rules is not None):
            train_now(site, name)
        sentence = progress.show(site, admin_of(site), name).sentence
    click.echo(
        f"round {started.number} began: {counted(started.planned, 'label')} planned, strategy {started.strategy}."
    )
    click.echo(sentence)
