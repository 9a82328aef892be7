"""Croissant 1.1: the metadata of a file, for catalogues of data sets and for whoever loads it without asking us.

References
----------
MLCommons, Croissant Format Specification 1.1. http://mlcommons.org/croissant/1.1
MLCommons, Croissant RAI Specification 1.0. http://mlcommons.org/croissant/RAI/1.0
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from labelwright.plain import Json, JsonObject

CONFORMS_TO: Final = "http://mlcommons.org/croissant/1.1"
ENCODINGS: Final = {
    ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".parquet": "application/x-parquet",
    ".jsonl": "application/jsonlines", ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
NUMBERS: Final = {
    "confidence": "sc:Float", "prediction_confidence": "sc:Float", "propensity": "sc:Float", "seconds": "sc:Float",
    "n_answers": "sc:Integer",
}  # fmt: skip
CONTEXT: Final[JsonObject] = {
    "@language": "en", "@vocab": "https://schema.org/", "arrayShape": "cr:arrayShape", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo", "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/", "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection", "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isArray": "cr:isArray", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation", "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
    "replace": "cr:replace", "samplingRate": "cr:samplingRate", "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip
"""The terms of the specification."""


def croissant(
    path: Path, *, name: str, title: str, description: str, columns: Sequence[str], on: str, version: str,
    rai: Mapping[str, Json],
) -> JsonObject:  # fmt: skip
    """The metadata of a file of labels.

    Parameters
    ----------
    name : str
        Of the file, as others will have it.
    columns : sequence of str
        Of a table; empty for a file with a structure of its own, of which the file alone is described.
    on : str
        The day of the export.
    version : str
        Of the labels, in semantic form.
    rai : mapping
        What is known of how the labels were made, by the names of the vocabulary without their prefix.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    about: JsonObject = {
        "@context": CONTEXT, "@type": "sc:Dataset", "name": title, "description": description,
        "conformsTo": CONFORMS_TO, "datePublished": on, "version": version,
        "distribution": [{
            "@type": "cr:FileObject", "@id": "labels", "name": name, "contentUrl": name,
            "contentSize": f"{path.stat().st_size} B", "encodingFormat": ENCODINGS.get(path.suffix, "text/plain"),
            "sha256": digest.hexdigest(),
        }],
    }  # fmt: skip
    about |= {f"rai:{name}": value for name, value in rai.items() if value}
    if columns:
        about["recordSet"] = [
            {"@type": "cr:RecordSet", "@id": "items", "name": "items", "field": [_field(c) for c in columns]}
        ]
    return about


def _field(column: str) -> JsonObject:
    return {
        "@type": "cr:Field", "@id": f"items/{column}", "name": column,
        "dataType": NUMBERS.get(column.rsplit(".", 1)[-1], "sc:Text"),
        "source": {"fileObject": {"@id": "labels"}, "extract": {"column": column}},
    }  # fmt: skip
