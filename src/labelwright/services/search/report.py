"""The report of a search: what was done, what it proves, and what it does not, as Markdown to be signed."""

from __future__ import annotations

import hashlib

from labelwright.services.people.roles import Actor
from labelwright.services.search.standing import SearchView, Share, show
from labelwright.services.site import Site
from labelwright.stats.certify import ALPHA
from labelwright.words import counted

HOUR = 3600.0


def markdown(site: Site, actor: Actor, slug: str) -> str:
    """The report as it is now; signatures are not part of it, so that its digest is the same for all who sign."""
    return written(slug, show(site, actor, slug))


def digest(text: str) -> str:
    """The digest that is signed."""
    return hashlib.sha256(text.encode()).hexdigest()


def written(slug: str, found: SearchView) -> str:
    """The report in words.

    Parameters
    ----------
    slug : str
        Name of the project.
    found : SearchView
    """
    blind, rest = found.blind, found.rest
    lines = [
        f"# Report of the search “{slug}”",
        "",
        f"Looked for: “{found.positive}”. Goal: a recall of {_percent(found.goal)}. "
        f"State of {found.at or 'no training'}.",
        "",
        "## What was reviewed",
        "",
        f"- {found.n_seen:,} of {found.n_items:,} items were reviewed, {found.n_found:,} of them are relevant.",
        f"- {blind.n_labeled:,} of {blind.n:,} items of the blind sample are labeled; {blind.positives:,} are "
        "relevant. They were drawn at random before the review began. No model learned from them.",
        f"- People worked {found.seconds / HOUR:.1f} hours, {found.blind_seconds / HOUR:.1f} of them on the blind "
        "sample.",
        "",
        "## What it proves",
        "",
        _certificate(found),
        *([f"\nThe prevalence is {_of(found.prevalence)}."] if found.prevalence else []),
        *([f"The ranking has come to {_of(found.recall)} of the relevant items."] if found.recall else []),
        "",
        "## Further evidence",
        "",
        *_of_rest(found),
        *[f"- {rule.rule}: {rule.text}" for rule in found.rules if rule.heuristic],
        "- Hints promise no recall.",
        "",
        "## What it does not prove",
        "",
        "The figures rest on the labels as people gave them. An item that a reader wrongly called irrelevant counts as "
        "irrelevant, in the blind sample too. The certificate holds for the items that were there when the sample was "
        "drawn.",
    ]
    if rest.n and rest.recall_low is None:
        lines += ["", "A sample of the rest was drawn and is not labeled yet."]
    return "\n".join(lines) + "\n"


def _certificate(found: SearchView) -> str:
    blind = found.blind
    if blind.certified:
        return (
            f"**Certified.** {blind.reached} of {blind.positives} relevant items of the blind sample were reached by "
            f"the ranking; {blind.needed} are needed. Had the review stopped below a recall of {_percent(found.goal)}, "
            f"this would have happened with a chance of at most {_percent(ALPHA)} (Lewis, Yang, Frieder 2021)."
        )
    if blind.needed is not None and blind.reached >= blind.needed:
        return (
            f"**Not certified.** {counted(blind.left, 'item')} of the blind sample have not been looked at, as after "
            "an import: the question is open again."
        )
    if blind.needed is None:
        return (
            f"**Not certified.** The blind sample has {blind.positives} relevant items; a recall of "
            f"{_percent(found.goal)} needs {blind.least} at least."
        )
    return (
        f"**Not certified.** {blind.reached} of {blind.positives} relevant items of the blind sample were reached; "
        f"{blind.needed} are needed."
    )


def _of_rest(found: SearchView) -> list[str]:
    rest = found.rest
    if not rest.n or rest.recall_low is None:
        return []
    return [
        f"- A random sample of {rest.n:,} of the items not reviewed has {rest.positives:,} relevant ones: at most "
        f"{rest.missed_high:,} were left out, a recall of {_percent(rest.recall_low)} at least (95 %; one of "
        f"{rest.n_samples} such samples; no certificate beside the one above)."
    ]


def _of(share: Share) -> str:
    return f"{_percent(share.value)} ({_percent(share.low)} to {_percent(share.high)}; n = {share.n:,})"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
