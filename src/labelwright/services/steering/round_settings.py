"""What a round ran with, in lines that can be laid side by side: its policy, the guidelines, the kind of model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from labelwright.engine.project import Project
from labelwright.policy import Policy
from labelwright.store import tables as t
from labelwright.store.rows import AnyRow, Rows

NONE: Final = "none"
LAST: Final = 10**15  # beyond any event


@dataclass(frozen=True)
class Setting:
    """What a round ran with.

    Attributes
    ----------
    policy : Policy
        As it was when the round began.
    guidelines : mapping of str to int
        By question, the version at the end of the round, or now.
    model : str, optional
        The kind of model that was trained last; None before the first.
    """

    policy: Policy
    guidelines: Mapping[str, int]
    model: str | None

    def lines(self) -> dict[str, str]:
        """Every setting in words, by its name.

        >>> Setting(Policy("margin"), {"Topic": 2}, None).lines()["guidelines of Topic"]
        'version 2'
        """
        policy, params = self.policy, dict(self.policy.params)
        dial = params.pop("prefilter", None)
        found = {"strategy": str(policy.strategy)}
        if dial is not None:
            found["candidates for each pick"] = f"{dial:g}" if isinstance(dial, (int, float)) else str(dial)
        if params:
            found["parameters of the strategy"] = ", ".join(f"{name}={value}" for name, value in sorted(params.items()))
        found |= {
            "constraints": "; ".join(map(str, policy.rules())) or NONE,
            "random share": f"{policy.random_share:.0%}",
            "reserve share": f"{policy.reserve_share:.0%}",
            "known answers": f"{policy.gold_share:.0%}",
            "repeated items": f"{policy.repeat_share:.0%}",
            "share of experts": f"{policy.expert_share:.0%}",
            "people for each item": _overlap(policy),
            "costs of items": policy.costs,
            "labels of a batch": str(policy.batch_size),
            "approval of batches": "by a person" if policy.approval else NONE,
            "guard": "on" if policy.guard else "off",
        }
        found |= {f"guidelines of {question}": f"version {n}" for question, n in self.guidelines.items()}
        return found if self.model is None else {**found, "model": self.model}


@dataclass(frozen=True)
class Line:
    """One setting in two rounds, in words."""

    what: str
    before: str
    now: str


class Settings:
    """What every round of a project ran with: versions and models are read once.

    Parameters
    ----------
    rows : Rows
    project : Project
    """

    def __init__(self, rows: Rows, project: Project) -> None:
        guideline, model = t.guideline, t.model
        names = {question.id: question.text for question in project.questions}
        written = rows.all(
            rows.select(guideline.c.question_id, guideline.c.version, guideline.c.seq).order_by(guideline.c.seq)
        )
        self._guidelines = [(row.seq, names[row.question_id], row.version) for row in written]
        self._models = rows.all(
            rows.select(model.c.seq, model.c.name)
            .where(model.c.question_id == project.primary.id)
            .order_by(model.c.seq)
        )

    def of(self, round_: AnyRow) -> Setting:
        """The setting of a row of the table of rounds."""
        to_seq = LAST if round_.to_seq is None else round_.to_seq
        versions = {question: version for seq, question, version in self._guidelines if seq <= to_seq}
        kinds = [name for seq, name in self._models if seq <= to_seq]
        return Setting(Policy.from_stored(round_.policy), versions, kinds[-1] if kinds else None)


def beside(before: Setting, now: Setting) -> list[Line]:
    """All settings of two rounds, in one order; "none" where one of them lacks a setting.

    >>> lines = beside(Setting(Policy("margin"), {}, None), Setting(Policy("entropy"), {}, None))
    >>> [(line.before, line.now) for line in lines if line.before != line.now]
    [('margin', 'entropy')]
    """
    first, second = before.lines(), now.lines()
    return [Line(what, first.get(what, NONE), second.get(what, NONE)) for what in {**first, **second}]


def _overlap(policy: Policy) -> str:
    kinds = [f"{kind} {n}" for kind, n in sorted(policy.overlap_by_kind.items())]
    slices = [f"{value} {n}" for values in policy.overlap_by_slice.values() for value, n in sorted(values.items())]
    return ", ".join([str(policy.overlap), *kinds, *slices])
