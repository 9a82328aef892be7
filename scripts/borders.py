"""Count where an untyped value crosses the border of a package.

A border is a function, method or field of a module that another top-level package of Labelwright imports. It is
untyped where its annotation holds ``Any``, a bare ``dict`` or ``list``, or a mapping to ``Any``. Arrays of any element
type (``NDArray[Any]``), what SQLAlchemy gives for a statement (``CursorResult[Any]``, ``ScalarResult[Any]``,
``Row[Any]``, ``Select[Any]``) and JSON as a type of its own are fine.

``python scripts/borders.py`` prints the places; with ``--check`` it exits 1 if there are any.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent / "src" / "labelwright"
ARRAYS = r"(?:npt\.)?(?:NDArray|ndarray|dtype|floating|integer|signedinteger|number|generic)"
ROWS = r"(?:CursorResult|ScalarResult|Row|Select)"  # of SQLAlchemy, which knows no types of their columns
GENERIC = re.compile(rf"\b(?:{ARRAYS}|{ROWS})\[[^\[\]]*\]")
UNTYPED = re.compile(r"\bAny\b|\b(?:dict|Dict|list|List|tuple|set)\b(?!\[)")

# A column's value has the type that the column has in the database, and each caller reads one column, which it knows.
# As ``object`` it would be cast at each of the fifty places.
ALLOWED = ("Rows.scalar ->", "Rows.columns ->")


def package_of(path: Path) -> str:
    """The top-level package of a file."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_names() -> dict[str, set[str]]:
    """Names of each module that another top-level package imports; "*" for the module itself."""
    names: dict[str, set[str]] = {}
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("labelwright"):
                continue
            parts = (node.module or "").split(".")
            if len(parts) > 1 and parts[1] == package_of(path):
                continue
            for alias in node.names:
                as_module = ROOT.joinpath(*parts[1:], alias.name)
                if as_module.with_suffix(".py").exists() or as_module.is_dir():
                    names.setdefault(".".join([*parts, alias.name]), set()).add("*")
                else:
                    names.setdefault(node.module or "", set()).add(alias.name)
    return names


def borders(path: Path, names: set[str]) -> Iterator[tuple[str, int, str]]:
    """Name, line and annotation of everything typed at the border of a module."""
    for node in ast.parse(path.read_text("utf-8")).body:
        name = getattr(node, "name", "")
        if not name or name.startswith("_") or not ("*" in names or name in names):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _signature(name, node)
        elif isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.AnnAssign) and not ast.unparse(member.target).startswith("_"):
                    yield f"{name}.{ast.unparse(member.target)}", member.lineno, ast.unparse(member.annotation)
                elif isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and (
                    not member.name.startswith("_") or member.name in ("__init__", "__call__")
                ):
                    yield from _signature(f"{name}.{member.name}", member)


def _signature(name: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, int, str]]:
    arguments = node.args
    variadic = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *variadic]:
        if argument.annotation is not None:
            yield f"{name}({argument.arg})", node.lineno, ast.unparse(argument.annotation)
    if node.returns is not None:
        yield f"{name} ->", node.lineno, ast.unparse(node.returns)


def is_untyped(annotation: str) -> bool:
    """Whether an annotation says nothing.

    >>> [is_untyped(a) for a in ("dict[str, Any]", "NDArray[Any]", "ScalarResult[Any]", "dict[str, int]", "dict")]
    [True, False, False, False, True]
    """
    text = annotation
    while (shorter := GENERIC.sub("", text)) != text:
        text = shorter
    return UNTYPED.search(text) is not None


def untyped() -> Iterator[tuple[str, str]]:
    """Package and place of every untyped border."""
    for module, names in sorted(imported_names().items()):
        base = ROOT.joinpath(*module.split(".")[1:])
        path = base.with_suffix(".py") if base.with_suffix(".py").exists() else base / "__init__.py"
        if not path.exists():
            continue
        for name, line, annotation in borders(path, names):
            if is_untyped(annotation) and name not in ALLOWED:
                yield package_of(path), f"{path.relative_to(ROOT.parent)}:{line} {name}: {annotation}"


def main() -> int:
    """Print the places; with ``--check`` their presence is an error."""
    places = list(untyped())
    counts = Counter(package for package, _ in places)
    for _, place in places:
        print(place)
    print(f"{len(places)} untyped borders", *(f"{name} {n}" for name, n in counts.most_common()), sep=", ")
    return 1 if places and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
