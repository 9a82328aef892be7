"""labelwright goal"""

from __future__ import annotations

from dataclasses import replace

import click

from labelwright.cli.site import admin_of, goal_of, open_site


@click.command("goal")
@click.argument("name")
@click.argument("goal", metavar="METRIC=VALUE", required=False)
@click.option("--deadline", metavar="DATE", help="The last day, such as 2027-03-31.")
@click.option("--budget", type=int, default=None, help="Answers that may be spent, those about the reserve included.")
@click.option("--openings", type=int, default=None, help="How often sealed labels may be opened to certify it (3).")
@click.option("--point-value", type=float, default=None, help="What a point (0.01) of the metric is worth.")
@click.option("--label-cost", type=float, default=None, help="What an answer costs, in the same unit.")
@click.option("--none", "is_none", is_flag=True, help="Aim at nothing from now on.")
@click.pass_context
def command(
    ctx: click.Context, name: str, goal: str | None, deadline: str | None, budget: int | None, openings: int | None,
    point_value: float | None, label_cost: float | None, is_none: bool,
) -> None:  # fmt: skip
    """Set the goal of project NAME; without METRIC=VALUE, show it.

    \b
    Example:
      labelwright goal reviews accuracy=0.92 --deadline 2027-03-31 --budget 800
    """
    from labelwright.errors import InputError
    from labelwright.services.projects.goal import set_goal
    from labelwright.services.steering import progress

    wanted = goal_of(goal, deadline, budget)
    if wanted is not None:
        openings = wanted.openings if openings is None else openings
        wanted = replace(wanted, openings=openings, point_value=point_value, label_cost=label_cost)
    if wanted is not None and is_none:
        raise InputError("goal: METRIC=VALUE and --none exclude each other.")
    with open_site(ctx) as site:
        if wanted is not None or is_none:
            set_goal(site, admin_of(site), name, wanted)
        click.echo(progress.show(site, admin_of(site), name).sentence)
