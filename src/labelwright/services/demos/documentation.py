"""Real text that is on every user's machine: the documentation of the scientific libraries we depend on."""

from __future__ import annotations

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
MAX_CHARACTERS = 600


def write(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write one JSON line a documented function; return the file and the field by key."""
    source, truth = folder / "documentation.jsonl", {}
    seen: set[str] = set()
    with source.open("w", encoding="utf-8") as file:
        for field, modules in _MODULES.items():
            for key, text in _documented(modules):
                if text not in seen and key not in truth:
                    seen.add(text)
                    truth[key] = field
                    file.write(json.dumps({"id": key, "text": text}, ensure_ascii=False) + "\n")
    return source, truth


def _documented(modules: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for name in modules:
        module = importlib.import_module(name)
        owners: list[tuple[str, Any]] = [(name, module)]
        if name == "pandas":
            owners += [(f"pandas.{c}", getattr(module, c)) for c in ("DataFrame", "Series", "Index", "Timestamp")]
        for prefix, owner in owners:
            for attribute in sorted(n for n in dir(owner) if not n.startswith("_")):
                value = getattr(owner, attribute, None)
                if callable(value) and (text := _opening(value)):
                    found.append((f"{prefix}.{attribute}", text))
    return found


def _opening(value: Any) -> str | None:
    """The prose before the first section, if it says something."""
    doc = inspect.getdoc(value) or ""
    prose = _SECTION.split(doc)[0]
    if re.match(r"^\w+\(.*\)\s*$", prose.split("\n", 1)[0]):  # a ufunc's signature
        prose = prose.partition("\n")[2]
    prose = _ROLE.sub(r"\1", _DIRECTIVE.sub("", prose)).replace("``", "").strip()
    prose = re.sub(r"\n{3,}", "\n\n", prose)
    return prose[:MAX_CHARACTERS] if len(prose.split()) >= 6 else None
