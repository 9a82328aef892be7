"""Fills slots one by one from the strategy's picks, random samples and the reserve; each item occurs once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Floats, Ints
from labelwright.policy.base import Slots
from labelwright.policy.kinds.chosen import Chosen
from labelwright.policy.kinds.random import Random
from labelwright.policy.kinds.relabel import Relabel
from labelwright.policy.kinds.reserve import Reserve
from labelwright.policy.window import Window
from labelwright.strategies import Evidence, Picks
from labelwright.strategies.shared.selection import ANYONE, LABELED
from labelwright.words import NO_REASON


@dataclass(frozen=True)
class Row:
    """A slot before it is published: its item and kind, its place among the picks (-1 for none), its propensity."""

    ordinal: int
    kind: str
    place: int = -1
    propensity: float = float("nan")


class Filling:
    """Makes slots of candidates; a candidate that the window does not allow waits for the next round.

    Parameters
    ----------
    evidence : Evidence
        Of the candidates.
    candidates : int64 array of shape (n_items,)
        Their ordinals.
    labeled : int64 array of shape (n_labels,), optional
        Ordinals of labeled items that picks may ask about again.
    picks : Picks, optional
        In order.
    window : Window
    rng : numpy Generator
    askable : bool array of shape (n_items,)
        Candidates that "only" and "never" allow.
    places : int64 array of shape (n_items,), optional
        Of the candidates in the permutation that random slots follow; they are drawn anew if left out.
    """

    def __init__(
        self, evidence: Evidence, candidates: Ints, labeled: Ints | None, picks: Picks | None, window: Window,
        rng: np.random.Generator, *, askable: Bools, places: Ints | None = None,
    ) -> None:  # fmt: skip
        self.evidence, self.candidates, self.labeled, self.picks, self.window = (
            evidence, candidates, labeled, picks, window,
        )  # fmt: skip
        self.askable = askable
        self.rows: list[Row] = []
        self.open = np.ones(evidence.n_items, dtype=bool)
        sources = [] if picks is None else (picks.sources == LABELED).tolist()
        indices = [] if picks is None else picks.indices.tolist()
        self._chosen = _Waiting(enumerate(zip(indices, sources, strict=True)))
        sampled = rng.permutation(evidence.n_items) if places is None else np.argsort(places, kind="stable")
        self._sampled = _Waiting(enumerate((k, False) for k in sampled.tolist()))
        self._place = {k: place for place, (k, again) in enumerate(zip(indices, sources, strict=True)) if not again}
        self._n_open = evidence.n_items

    def next_chosen(self) -> bool:
        """Make a slot of the next pick that is open and allowed; whether there was one."""
        return self._next(self._chosen, Chosen.name)

    def next_random(self, *, limited: bool = True) -> bool:
        """Make a slot of one of the open candidates, sampled uniformly; whether there was one.

        Parameters
        ----------
        limited : bool
            Whether the window has to allow it, and counts it.
        """
        return self._next(self._sampled, Random.name, limited=limited)

    def _next(self, queue: _Waiting, kind: str, *, limited: bool = True) -> bool:
        allowed = self.window.allowed() & self.askable if self.window.codes and limited else None
        entry = queue.next(self.open, allowed)
        if entry is None:
            return False
        place, (position, again) = entry
        if again:
            assert self.labeled is not None
            self.rows.append(Row(int(self.labeled[position]), Relabel.name, place))
            return True
        n_open = self._n_open if allowed is None else int((self.open & allowed).sum())
        self.rows.append(
            Row(int(self.candidates[position]), kind, self._place.get(position, -1), 1 / n_open)
            if kind == Random.name
            else Row(int(self.candidates[position]), kind, place)
        )
        duplicates = self.evidence.closes(position)
        duplicates = duplicates[self.open[duplicates]]
        self.open[duplicates] = False
        self._n_open -= len(duplicates)
        if allowed is not None:
            self.window.take(position)
        if self.window.codes:
            self.window.close(duplicates)
        return True

    def slots(self) -> Slots:
        """The slots made so far."""
        place = np.array([row.place for row in self.rows], dtype=np.int64)

        def part(values: Floats | None) -> npt.NDArray[np.float32]:
            if values is None or not len(values):
                return np.full(len(place), np.nan, dtype=np.float32)
            return np.where(place >= 0, values[np.maximum(place, 0)], np.nan).astype(np.float32)

        picks = self.picks
        return Slots(
            np.array([row.ordinal for row in self.rows], dtype=np.int64),
            np.array([row.kind for row in self.rows], dtype="<U8"),
            part(picks.scores if picks else None),
            np.array([row.propensity for row in self.rows], dtype=np.float64),
            {key: part(values) for key, values in picks.reasons.items()} if picks else {},
            picks.mode if picks else "",
            picks.why if picks else NO_REASON,
            None if picks is None or picks.whom is None else self._whom(place, picks.whom),
        )

    def _whom(self, place: Ints, whom: Ints) -> npt.NDArray[np.int64]:
        """Who is to answer each slot; anyone where it is no pick."""
        chosen = np.array([row.kind != Random.name for row in self.rows], dtype=bool) & (place >= 0)
        return np.where(chosen, whom[np.maximum(place, 0)] if len(whom) else ANYONE, ANYONE)


Entry = tuple[int, tuple[int, bool]]  # place, (position, whether it is a labeled item)


class _Waiting:
    """An order of candidates in which those that are not allowed yet are tried again first."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self.entries, self.waiting = entries, list[Entry]()

    def next(self, open_: npt.NDArray[np.bool_], allowed: npt.NDArray[np.bool_] | None) -> Entry | None:
        """The first entry that is open and allowed; None where there is none."""
        self.waiting = [entry for entry in self.waiting if entry[1][1] or open_[entry[1][0]]]
        for k, (_, (position, again)) in enumerate(self.waiting):
            if again or allowed is None or allowed[position]:
                return self.waiting.pop(k)
        for entry in self.entries:
            position, again = entry[1]
            if again:
                return entry
            if not open_[position]:
                continue
            if allowed is None or allowed[position]:
                return entry
            self.waiting.append(entry)
        return None


class Queue:
    """The reserve in random order, one of each group of duplicates."""

    def __init__(self, reserve: Ints, groups: Ints | None, rng: np.random.Generator) -> None:
        self.reserve, self.groups = reserve, groups
        self._order = iter(rng.permutation(len(reserve)).tolist())
        self._closed: set[int] = set()
        self._left = len(reserve)

    def next_into(self, rows: list[Row]) -> bool:
        """Append a slot for the next reserve item; whether there was one."""
        for k in self._order:
            if self.groups is not None:
                if int(self.groups[k]) in self._closed:
                    continue
                self._closed.add(int(self.groups[k]))
            rows.append(Row(int(self.reserve[k]), Reserve.name, propensity=1 / self._left))
            self._left -= 1 if self.groups is None else int((self.groups == self.groups[k]).sum())
            return True
        return False
