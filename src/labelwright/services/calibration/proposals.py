"""Items that are worth a session: disputed and borderline ones, one for each rule, random ones of a stratum."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from labelwright.engine.contents import current_bodies
from labelwright.engine.gold import known_answers
from labelwright.engine.project import Project, Question
from labelwright.services.calibration import sessions, strata
from labelwright.services.calibration.strata import ANY, Strata
from labelwright.services.labeling import exposure, leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import describe_answer
from labelwright.services.projects.questions import guidelines
from labelwright.services.site import Site
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

DISPUTED, BORDERLINE, RANDOM, RULE, KNOWN = "disputed", "borderline", "random", "rule", "known"
MOST_GROUPS, MOST_ITEMS, MOST_KNOWN = 6, 5, 50


@dataclass(frozen=True)
class ProposedItem:
    """An item to pick.

    Attributes
    ----------
    answers : mapping of str to int
        How many people gave each answer, in words; empty where they do not disagree.
    label : str, optional
        The answer that is known, or pinned to the guidelines, in words.
    rule : str, optional
        The rule that it shows.
    confidence : float, optional
        Of the model, in [0, 1].
    """

    item: str
    preview: str
    answers: dict[str, int]
    label: str | None
    rule: str | None
    confidence: float | None


@dataclass(frozen=True)
class Group:
    """Items that are proposed for one reason.

    Attributes
    ----------
    kind : str
        "disputed" (people disagree), "borderline" (the model is least sure), "random" (of those between two answers),
        "rule" (one for each rule that is pinned to the guidelines) or "known" (the answer is known).
    pair : tuple of str, optional
        The answers between which people or the model cannot decide.
    """

    kind: str
    pair: tuple[str, str] | None
    items: list[ProposedItem]


def proposals(site: Site, actor: Actor, slug: str, question_id: str | None) -> list[Group]:
    """What to pick from, the most useful first; noted as seen by the caller, since it tells who doubts between what.

    Items that the caller holds are left out, and those of earlier sessions unless their answer is known.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = project.question(question_id)
        found = strata.read(store, rows, project, question)
        used = {ordinal for one in sessions.all_of(rows) for ordinal in one.items}
        found.usable[list(used)] = False
        held = {lease.ordinal for lease in leases.live_of(rows, actor)}
        groups = _Proposing(store, rows, project, question, found, held).groups()
    exposure.note(store, actor, sorted({shown.ordinal_of(one.item) for group in groups for one in group.items}))
    return groups


class _Proposing:
    """One list of proposals in the making."""

    def __init__(
        self, store: ProjectStore, rows: Rows, project: Project, question: Question, found: Strata, held: set[int]
    ) -> None:
        self._store, self._rows, self._project, self._question = store, rows, project, question
        self._strata, self._held = found, held

    def groups(self) -> list[Group]:
        """All of them; those without an item are left out."""
        found = [
            *self._disputed(), Group(BORDERLINE, None, self._items(self._strata.borderline(2 * MOST_ITEMS))),
            *self._random(), self._rules(), self._known(),
        ]  # fmt: skip
        return [group for group in found if group.items]

    def _disputed(self) -> list[Group]:
        by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
        for ordinal, votes in self._strata.votes.items():
            if self._strata.usable[ordinal]:
                first, second = sorted(name for name, _ in votes.most_common(2))
                by_pair[first, second].append(ordinal)

        def split(ordinal: int) -> tuple[int, int]:
            (_, most), (_, next_) = self._strata.votes[ordinal].most_common(2)
            return most - next_, ordinal

        ranked = sorted(by_pair.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:MOST_GROUPS]
        return [Group(DISPUTED, pair, self._items(sorted(found, key=split)[:MOST_ITEMS])) for pair, found in ranked]

    def _random(self) -> list[Group]:
        rng = np.random.default_rng([self._project.seed, self._project.row.cycle])
        sampled = self._strata.random(rng, MOST_GROUPS, MOST_ITEMS)
        return [
            Group(RANDOM, None if stratum[0] == ANY or not stratum[1] else stratum[1:], self._items(found))
            for stratum, found in sampled.items()
        ]

    def _rules(self) -> Group:
        """One pinned example for each rule."""
        pinned = guidelines(self._store, self._rows, self._question).examples
        by_rule = {(one.rule or one.item): one for one in reversed(pinned)}
        known = {shown.ordinal_of(one.item): (one.label, one.rule) for one in by_rule.values()}
        return Group(RULE, None, self._items(sorted(known), known))

    def _known(self) -> Group:
        found = known_answers(self._rows, self._question.id)
        known = {
            ordinal: (describe_answer(self._question, one.answer), self._store.unseal(self._rows, one.rule_id))
            for (ordinal, _), one in sorted(found.items())[:MOST_KNOWN]
        }
        return Group(KNOWN, None, self._items(sorted(known), known))

    def _items(self, ordinals: list[int], known: dict[int, tuple[str, str | None]] | None = None) -> list[ProposedItem]:
        contents = current_bodies(self._rows, sorted(ordinals))
        said = known or {}
        return [
            ProposedItem(
                shown.item_id_of(o), shown.preview(self._store, self._project, o, contents[o]),
                dict(self._strata.votes.get(o, {})), label=said[o][0] if o in said else None,
                rule=said[o][1] if o in said else None, confidence=self._sure(o),
            )
            for o in ordinals
            if o not in self._held
        ]  # fmt: skip

    def _sure(self, ordinal: int) -> float | None:
        sure = float(self._strata.sure[ordinal])
        return None if np.isnan(sure) else sure
