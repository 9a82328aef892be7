"""Real text that is on every user's machine: the documentation of the scientific libraries we depend on."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

FIELDS = ("statistics", "signals", "images", "learning", "optimization", "special functions", "tables")
_MODULES = {
    "statistics": ("scipy.stats",),
    "signals": ("scipy.signal", "scipy.fft"),
    "images": (
        "skimage.filters", "skimage.morphology", "skimage.segmentation", "skimage.color", "skimage.feature",
        "skimage.transform", "skimage.measure", "skimage.exposure", "skimage.restoration", "scipy.ndimage",
    ),
    "learning": (
        "sklearn.linear_model", "sklearn.ensemble", "sklearn.metrics", "sklearn.preprocessing", "sklearn.cluster",
        "sklearn.model_selection", "sklearn.decomposition", "sklearn.feature_selection", "sklearn.neighbors",
        "sklearn.svm", "sklearn.tree", "sklearn.datasets", "sklearn.manifold",
    ),
    "optimization": ("scipy.optimize",),
    "special functions": ("scipy.special",),
    "tables": ("pandas",),
}  # fmt: skip
_SECTION = re.compile(r"\n\s*(Parameters|Returns|Examples|Attributes|See Also|Notes|References)\s*\n\s*-{3,}")
_DIRECTIVE = re.compile(r"\.\. \w+::.*(\n\s+.*)*")
_ROLE = re.compile(r":\w+:`~?([^`]*)`")
_LINK = re.compile(r"`([^`<]+?)\s*<[^>]+>`_+")
_REFERENCE = re.compile(r"\s?\[\w+\]_")
MAX_CHARACTERS = 600


def write(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write one JSON line a documented function; return the file and the field by key."""
    source = folder / "documentation.jsonl"
    truth: dict[str, Any] = {}
    found = {text: field for field, modules in _MODULES.items() for text in _documented(modules)}
    order = sorted(found, key=lambda text: hashlib.sha256(text.encode()).digest())  # mixed, and the same each time
    with source.open("w", encoding="utf-8") as file:
        for i, text in enumerate(order):
            key = f"doc-{i:04d}"  # says nothing about the field
            truth[key] = found[text]
            file.write(json.dumps({"id": key, "text": text}, ensure_ascii=False) + "\n")
    return source, truth


def _documented(modules: tuple[str, ...]) -> list[str]:
    found = []
    for name in modules:
        module = importlib.import_module(name)
        owners: list[Any] = [module]
        if name == "pandas":
            owners += [getattr(module, c) for c in ("DataFrame", "Series", "Index", "Timestamp")]
        for owner in owners:
            for attribute in sorted(n for n in dir(owner) if not n.startswith("_")):
                value = getattr(owner, attribute, None)
                if callable(value) and (text := _opening(value)):
                    found.append(text)
    return found


def _opening(value: Any) -> str | None:
    """The prose before the first section, if it says something."""
    doc = inspect.getdoc(value) or ""
    prose = _SECTION.split(doc)[0]
    if re.match(r"^\w+\(.*\)\s*$", prose.split("\n", 1)[0]):  # a ufunc's signature
        prose = prose.partition("\n")[2]
    prose = _ROLE.sub(r"\1", _DIRECTIVE.sub("", prose)).replace("``", "").strip()
    prose = _REFERENCE.sub("", _LINK.sub(r"\1", prose))
    prose = re.sub(r"\n{3,}", "\n\n", prose)
    prose = re.sub(r"(?<=\S)\n(?=[^\s*\-])", " ", prose)  # lines of a paragraph become one
    return prose[:MAX_CHARACTERS] if len(prose.split()) >= 6 else None
