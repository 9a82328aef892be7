"""What is in a selection of points: the first items, and counts of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.errors import InputError
from labelwright.services.evaluation.reserve import asked
from labelwright.services.explore.codes import NONE, Entry
from labelwright.services.explore.colours import colours
from labelwright.services.labeling import leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, items, table
from labelwright.services.projects.items import ItemSummary
from labelwright.services.site import Site

CARDS: Final = 100


@dataclass(frozen=True)
class Selected:
    """A selection.

    Attributes
    ----------
    n, n_answered : int
        Items, and those among them that somebody has answered; without those that are leased to the caller.
    labels, clusters : list of Entry
        How many have which, the most frequent first; those without are left out.
    items : list of ItemSummary
        The first hundred, in the order in which they were asked for.
    """

    n: int
    n_answered: int
    labels: list[Entry]
    clusters: list[Entry]
    items: list[ItemSummary]


def selected(site: Site, actor: Actor, slug: str, ordinals: Sequence[int]) -> Selected:
    """Look into a selection; what is shown of its first items is noted as seen.

    Raises
    ------
    InputError
        If an ordinal is none of an item.
    """
    chosen = np.array(list(dict.fromkeys(ordinals)), dtype=np.int64)
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        n_items = project.row.n_items
        outside = chosen[(chosen < 0) | (chosen >= n_items)]
        if len(outside):
            raise InputError(f"explore: ordinals must be from 0 to {n_items - 1}, got {outside[0]}.")
        n_answers = table.annotated(site, store, rows, project, asked(project, None)).n_answers
        held = [lease.ordinal for lease in leases.live_of(rows, actor)]
    known = chosen[~np.isin(chosen, held)]
    labels, clusters = (_mix(site, actor, slug, by, known) for by in ("label", "cluster"))
    listed = items.of_ordinals(site, actor, slug, chosen[:CARDS].tolist())
    return Selected(len(chosen), int((n_answers[known] > 0).sum()), labels, clusters, listed)


def _mix(site: Site, actor: Actor, slug: str, by: str, chosen: npt.NDArray[np.int64]) -> list[Entry]:
    coloured = colours(site, actor, slug, by)
    if coloured.legend.kind != "values":
        return []
    counts = np.bincount(coloured.codes[chosen], minlength=NONE + 1)
    mix = [Entry(one.name, int(counts[k])) for k, one in enumerate(coloured.legend.entries) if counts[k]]
    return sorted(mix, key=lambda one: -one.n)
