"""Items that would make good examples: people disagree about them, however many answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from labelwright.engine import answers as counting
from labelwright.engine import labels as labeling
from labelwright.engine.answers import NOBODY
from labelwright.engine.contents import current_bodies
from labelwright.engine.layout import layout
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import describe_answer
from labelwright.services.site import Site

MOST_PAIRS, MOST_ITEMS = 20, 5


@dataclass(frozen=True)
class Proposal:
    """An item to pin.

    Attributes
    ----------
    answers : mapping of str to int
        How many people gave each answer, in words.
    answer : JSON object
        The label that it has now.
    decided : bool
        Whether a review decided it; the rule may be unclear where none did.
    """

    item: str
    preview: str
    answers: dict[str, int]
    answer: JsonObject
    label: str
    confidence: float
    decided: bool


@dataclass(frozen=True)
class Boundary:
    """A pair of answers that people confuse.

    Attributes
    ----------
    pair : tuple of str
        In words.
    n_items : int
        Items on which people split between the two.
    """

    pair: tuple[str, str]
    n_items: int
    items: list[Proposal]


def proposals(site: Site, actor: Actor, slug: str, question_id: str | None) -> list[Boundary]:
    """By pair of answers, the pair that people confuse most often first; decided and most disputed items before."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = project.question(question_id)
        where = layout(store, rows, project.row.n_items)
        said: dict[int, Counter[str]] = defaultdict(Counter)
        decided: set[int] = set()
        for one in counting.counted(rows, where, question.id):
            if one.person_id in NOBODY:
                decided.add(one.ordinal)
            else:
                said[one.ordinal][describe_answer(question, one.answer)] += 1
        disputed = {ordinal: votes for ordinal, votes in said.items() if len(votes) > 1}
        pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
        for ordinal, votes in disputed.items():
            first, second = sorted(name for name, _ in votes.most_common(2))
            pairs[first, second].append(ordinal)
        ranked = sorted(pairs.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:MOST_PAIRS]
        chosen = {pair: _first(items, disputed, decided) for pair, items in ranked}
        ordinals = sorted({ordinal for items in chosen.values() for ordinal in items})
        labels = labeling.labels(store, rows, where, question, ordinals=ordinals) if ordinals else {}
        contents = current_bodies(rows, ordinals)
        return [
            Boundary(
                pair,
                len(pairs[pair]),
                [
                    Proposal(
                        shown.item_id_of(o), shown.preview(store, project, o, contents[o]), dict(disputed[o]),
                        labels[o].answer, describe_answer(question, labels[o].answer), labels[o].confidence,
                        o in decided,
                    )
                    for o in items
                ],
            )
            for pair, items in chosen.items()
        ]  # fmt: skip


def _first(items: list[int], disputed: dict[int, Counter[str]], decided: set[int]) -> list[int]:
    """Decided ones first, then those on which most people answered and the split is closest."""

    def key(ordinal: int) -> tuple[bool, int, int]:
        votes = disputed[ordinal].most_common(2)
        return (ordinal not in decided, votes[0][1] - votes[1][1], -sum(disputed[ordinal].values()))

    return sorted(items, key=key)[:MOST_ITEMS]
