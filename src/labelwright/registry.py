"""Find what stands in a room, and what installed packages add to it.

A room is a package with one class a file; a class counts if it is a concrete subclass of the room's
base and states a ``name``. Other distributions add to a room by an entry point in the group
``labelwright.<room>``. Nothing is imported until the room is first asked.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from typing import Any, TypeVar, cast

from labelwright.errors import InputError

T = TypeVar("T")


@cache
def room(package: str, base: Callable[..., T]) -> dict[str, type[T]]:
    """Return the classes of a room by name, sorted.

    Parameters
    ----------
    package : str
        The room, such as ``labelwright.strategies``.
    base : type
        The room's base class.

    Raises
    ------
    InputError
        If two classes claim one name.
    """
    found: dict[str, type[T]] = {}
    top = importlib.import_module(package)
    modules = [importlib.import_module(f"{package}.{info.name}") for info in pkgutil.iter_modules(top.__path__)]
    candidates: list[Any] = [v for module in modules for v in vars(module).values() if _defined_in(v, module)]
    candidates += [point.load() for point in entry_points(group=f"labelwright.{package.rsplit('.', 1)[-1]}")]
    for value in candidates:
        if inspect.isclass(value) and issubclass(value, cast(type[T], base)) and not inspect.isabstract(value):
            name = vars(value).get("name")
            if not isinstance(name, str) or not name:
                continue
            if found.setdefault(name, value) is not value:
                raise InputError(
                    f"registry: names in {package} must be unique, got '{name}' twice "
                    f"({found[name].__module__} and {value.__module__}).",
                    "Rename one of them or uninstall the package that adds it.",
                )
    return dict(sorted(found.items()))


def _defined_in(value: object, module: object) -> bool:
    return inspect.isclass(value) and value.__module__ == getattr(module, "__name__", None)


def find(package: str, base: Callable[..., T], name: str) -> type[T]:
    """Return one class of a room by its name.

    Raises
    ------
    InputError
        If there is none; the message lists the names there are.
    """
    classes = room(package, base)
    if name not in classes:
        kind = package.rsplit(".", 1)[-1]
        raise InputError(f"{kind}: name must be one of {', '.join(classes)}, got '{name}'.")
    return classes[name]
