"""Events about the rules of checking and reviewing, and about what a lead says of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class QualityChanged(EventBody):
    """The lead changed how answers are checked, reviewed and resolved.

    Attributes
    ----------
    rules : JSON object
        All rules; opaque here, read by `labelwright.engine.quality`.
    resolvers : mapping of str to str
        By question, the resolver from now on.
    """

    kind: ClassVar[str] = "quality"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.project), Projected(t.question))

    rules: JsonObject
    resolvers: Mapping[str, str]

    def project(self, rows: Rows, event: Event) -> None:
        row = rows.one(rows.select(t.project.c.config, t.project.c.settings_version))
        rows.update(t.project, config={**row.config, "quality": self.rules}, settings_version=row.settings_version + 1)
        for question, resolver in self.resolvers.items():
            of = t.question.c.id == question
            settings = rows.scalar(rows.select(t.question.c.settings).where(of))
            if settings.get("resolver") != resolver:
                rows.update(t.question, of, settings={**settings, "resolver": resolver}, wanted_seq=event.seq)
                rows.update(t.project, wanted_seq=event.seq)


@dataclass(frozen=True)
class AnnotatorDescribed(EventBody):
    """The lead said what somebody earns, may get, or is skilled at.

    Attributes
    ----------
    person : str
    profile : JSON object
        Opaque here, read by `labelwright.engine.quality`.
    """

    kind: ClassVar[str] = "annotator"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.annotator),)

    person: str
    profile: JsonObject

    def project(self, rows: Rows, event: Event) -> None:
        rows.delete(t.annotator, t.annotator.c.person_id == self.person)
        rows.insert(t.annotator, {"person_id": self.person, "profile": self.profile, "seq": event.seq})


@dataclass(frozen=True)
class GuidelinesSeen(EventBody):
    """Somebody was shown what is new in a question's guidelines.

    Attributes
    ----------
    question : str
    version : int
    """

    kind: ClassVar[str] = "guideline.seen"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.guideline_seen),)

    question: str
    version: int

    def project(self, rows: Rows, event: Event) -> None:
        table = t.guideline_seen
        rows.delete(table, table.c.question_id == self.question, table.c.person_id == event.actor)
        rows.insert(
            table,
            {"question_id": self.question, "person_id": event.actor, "version": self.version, "at": event.at},
        )
