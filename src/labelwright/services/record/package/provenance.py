"""Where each label comes from, in the terms of W3C PROV: entities, activities, agents; human or machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from labelwright.annotators import DECIDED
from labelwright.engine import answers
from labelwright.engine.answers import GIVEN, Answer
from labelwright.engine.layout import Layout, layout
from labelwright.engine.project import Project, Question
from labelwright.plain import Json
from labelwright.services.projects import shown
from labelwright.services.record.package.files import Files
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

CONTEXT: Final[dict[str, Json]] = {
    "prov": "http://www.w3.org/ns/prov#", "lw": "urn:labelwright:",
    "wasGeneratedBy": {"@id": "prov:wasGeneratedBy", "@type": "@id"},
    "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "wasAttributedTo": {"@id": "prov:wasAttributedTo", "@type": "@id"},
    "wasAssociatedWith": {"@id": "prov:wasAssociatedWith", "@type": "@id"},
}  # fmt: skip
ORIGINS: Final = {GIVEN: "data", DECIDED: "review"}  # of a label; "people" where people's answers made it


def write_provenance(site: Site, store: ProjectStore, rows: Rows, project: Project, files: Files) -> None:
    """``provenance.jsonld``: the labels of now, the answers that they are made of, and who gave those."""
    with files.open("provenance.jsonld") as file:
        file.write('{"@context": ' + json.dumps(CONTEXT) + ',\n"@graph": [\n')
        for number, node in enumerate(_nodes(site, store, rows, project)):
            file.write((",\n" if number else "") + json.dumps(node, ensure_ascii=False))
        file.write("\n]}\n")


def _nodes(site: Site, store: ProjectStore, rows: Rows, project: Project) -> Iterator[Json]:
    where = layout(store, rows, project.row.n_items)
    simulated = {person for person, (_, is_simulated) in site.names().items() if is_simulated}
    for person in rows.scalars(rows.select(t.annotation.c.person_id).distinct()).all():
        kind = "prov:SoftwareAgent" if person in simulated else "prov:Person"
        yield {"@id": f"lw:person/{person}", "@type": ["prov:Agent", kind]}
    yield {"@id": "lw:system", "@type": ["prov:Agent", "prov:SoftwareAgent"]}
    for question in project.questions:
        yield {
            "@id": f"lw:resolving/{question.id}", "@type": "prov:Activity", "lw:resolver": question.resolver,
            "wasAssociatedWith": "lw:system",
        }  # fmt: skip
        yield from _labels(rows, question, where, simulated)


def _labels(rows: Rows, question: Question, where: Layout, simulated: set[str]) -> Iterator[Json]:
    by_item: dict[int, list[Answer]] = {}
    for answer in (*answers.given(rows, where, question.id), *answers.counted(rows, where, question.id)):
        by_item.setdefault(answer.ordinal, []).append(answer)
    for ordinal, found in sorted(by_item.items()):
        item = shown.item_id_of(ordinal)
        used = [one for one in found if one.person_id != GIVEN] or found
        names = []
        for one in used:
            name = f"lw:given/{question.id}/{item}" if one.person_id == GIVEN else f"lw:event/{one.seq}"
            names.append(name)
            node: dict[str, Json] = {"@id": name, "@type": "prov:Entity", "lw:item": item, "lw:answer": one.answer}
            node["lw:origin"] = _origin(one, simulated)
            if one.person_id not in ORIGINS:
                node["wasAttributedTo"] = f"lw:person/{one.person_id}"
            yield node
        sources: list[Json] = list(names)
        yield {
            "@id": f"lw:label/{question.id}/{item}", "@type": "prov:Entity", "lw:item": item,
            "lw:origin": _origin(used[-1], simulated), "wasGeneratedBy": f"lw:resolving/{question.id}",
            "wasDerivedFrom": sources,
        }  # fmt: skip


def _origin(answer: Answer, simulated: set[str]) -> str:
    """Where an answer comes from: "human", "machine" for a simulated person, "review", or "data"."""
    return ORIGINS.get(answer.person_id, "machine" if answer.person_id in simulated else "human")
