"""labelwright quality"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from labelwright.cli.site import admin_of, open_site

if TYPE_CHECKING:
    from labelwright.services.quality.rules import Checking


STATES = {"open": "open", "proposed": "to approve", "decided": "decided"}


@click.command("quality")
@click.argument("name")
@click.option("--overlap", type=int, default=None, help="Distinct people who answer an item.")
@click.option("--overlap-random", type=int, default=None, help="The same for the random share.")
@click.option("--overlap-reserve", type=int, default=None, help="The same for the reserve.")
@click.option("--resolver", default=None, help="auto-1, majority, one-coin, dawid-skene, crowdlab: makes a label.")
@click.option("--gold-share", type=float, default=None, help="Part of a person's items whose answer is known, to 0.5.")
@click.option("--repeat-share", type=float, default=None, help="Part of a person's items that come again, to 0.5.")
@click.option("--review", type=click.Choice(["none", "sample", "all"]), default=None, help="Second looks at labels.")
@click.option("--strict/--not-strict", default=None, help="Every change of a label needs a second person and a reason.")
@click.option("--expert-share", type=float, default=None, help="Of the chosen items, the hardest for experts, to 1.")
@click.option("--costs", type=click.Choice(["equal", "column", "measured"]), default=None, help="Of items, in ranking.")
@click.option("--route-below", type=float, default=None, help="Keep slices from whoever is less accurate in them.")
@click.option("--feedback/--no-feedback", default=None, help="Show known answers after people have answered.")
@click.pass_context
def command(
    ctx: click.Context, name: str, overlap: int | None, overlap_random: int | None, overlap_reserve: int | None,
    resolver: str | None, gold_share: float | None, repeat_share: float | None, review: str | None,
    strict: bool | None, expert_share: float | None, costs: str | None, route_below: float | None,
    feedback: bool | None,
) -> None:  # fmt: skip
    """Set how answers to project NAME are checked and reviewed; show all rules and how many reviews wait.

    \b
    Example:
      labelwright quality reviews --overlap-random 2 --resolver one-coin --strict
    """
    from labelwright.services.quality import reviews, rules

    with open_site(ctx) as site:
        admin = admin_of(site)
        now = rules.show(site, admin, name).checking
        kinds = {"random": overlap_random, "reserve": overlap_reserve}
        of_rules: dict[str, Any] = {"review": review, "strict": strict, "feedback": feedback}
        of_rules["route_below"] = route_below
        wanted = replace(
            now,
            overlap=now.overlap if overlap is None else overlap,
            overlap_by_kind={**now.overlap_by_kind, **{kind: n for kind, n in kinds.items() if n is not None}},
            resolvers=now.resolvers if resolver is None else dict.fromkeys(now.resolvers, resolver),
            gold_share=now.gold_share if gold_share is None else gold_share,
            repeat_share=now.repeat_share if repeat_share is None else repeat_share,
            expert_share=now.expert_share if expert_share is None else expert_share,
            costs=now.costs if costs is None else costs,
            rules=replace(now.rules, **{rule: value for rule, value in of_rules.items() if value is not None}),
        )
        if wanted != now:
            rules.change(site, admin, name, wanted)
        shown = rules.show(site, admin, name)
        states = reviews.listing(site, admin, name, limit=1).states
        click.echo(_words(shown.checking, shown.n_gold, states))


def _words(checking: Checking, n_gold: int, states: dict[str, int]) -> str:
    by_kind = "".join(f", {kind} {n}" for kind, n in sorted(checking.overlap_by_kind.items()))
    rules = checking.rules
    lines = [
        f"people for each item: {checking.overlap}{by_kind}",
        "resolver: " + ", ".join(f"{question} {name}" for question, name in checking.resolvers.items()),
        f"checks: {100 * checking.gold_share:g} % known answers ({n_gold} known), "
        f"{100 * checking.repeat_share:g} % repeats",
        f"hardest chosen items to experts first: {100 * checking.expert_share:g} %; costs: {checking.costs}; "
        f"slices kept from whoever is below: {'no' if rules.route_below is None else rules.route_below}",
        f"second looks: {rules.review}; strict: {'yes' if rules.strict else 'no'}; "
        f"known answers shown: {'yes' if rules.feedback else 'no'}",
        "reviews: " + ", ".join(f"{states.get(state, 0)} {words}" for state, words in STATES.items()),
    ]
    return "\n".join(lines)
