"""labelwright certify"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from labelwright.cli.site import admin_of, open_site

if TYPE_CHECKING:
    from labelwright.services.stopping.certificates import Certificate


@click.command("certify")
@click.argument("name")
@click.option("--ask", "n", type=int, default=None, metavar="N", help="Ask for the labels of N sealed items first.")
@click.option("--open", "is_opened", is_flag=True, help="Test the served model on them; spends one opening.")
@click.pass_context
def command(ctx: click.Context, name: str, n: int | None, is_opened: bool) -> None:
    """Certify the goal of project NAME on sealed labels; without an option, say what it takes.

    \b
    Example:
      labelwright certify reviews --ask 180
      labelwright certify reviews --open
    """
    from labelwright.errors import InputError
    from labelwright.services.stopping import certificates

    if n is not None and is_opened:
        raise InputError("certify: --ask and --open exclude each other.", "Label the sealed items first.")
    with open_site(ctx) as site:
        admin = admin_of(site)
        if n is not None:
            found = certificates.ask(site, admin, name, n)
        elif is_opened:
            found = certificates.open_sealed(site, admin, name)
        else:
            found = certificates.show(site, admin, name)
        click.echo(_words(found))


def _words(found: Certificate) -> str:
    if found.why:
        return f"cannot be certified: {found.why}"
    lines = [
        f"goal: {found.metric} {found.threshold:g}",
        f"sealed items: {found.n_sealed}; asked for {found.n_asked}, labeled {found.n_labeled}",
        f"openings: {found.left} of {found.openings} left, each with an error of {100 * found.alpha:.2g} %",
    ]
    if found.n_proposed is not None and not found.n_asked:
        lines.append(f"proposed: {found.n_proposed} labels, which certify with a chance of 80 %")
    if found.smallest_lead is not None:
        lines.append(f"all sealed items certify a model that is {100 * found.smallest_lead:.1f} points above the goal")
    lines += [f"opened {one.at[:10]}: model {one.cycle} {'passed' if one.passed else 'failed'}" for one in found.opened]
    return "\n".join(lines)
