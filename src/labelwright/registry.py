"""Discovers the plugin classes of a package, and what installed distributions add to them.

A plugin package has one class a file; a class counts if it is a concrete subclass of the package's base class and
states a ``name``. Other distributions add classes by an entry point in the group ``labelwright.<package>``, such as
``labelwright.strategies``. Nothing is imported until the package is first asked.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points
from typing import Any, TypeVar, cast

from labelwright.errors import InputError

T = TypeVar("T")


@cache
def plugins(package: str, base: Callable[..., T]) -> dict[str, type[T]]:
    """Return the plugin classes of a package by name, sorted.

    Parameters
    ----------
    package : str
        Where to look, such as ``labelwright.strategies``; subpackages are not searched.
    base : type
        The package's base class.

    Raises
    ------
    InputError
        If two classes claim one name.
    """
    classes: dict[str, type[T]] = {}
    top = importlib.import_module(package)
    modules = [importlib.import_module(f"{package}.{info.name}") for info in pkgutil.iter_modules(top.__path__)]
    candidates: list[Any] = [v for module in modules for v in vars(module).values() if _defined_in(v, module)]
    candidates += [point.load() for point in entry_points(group=f"labelwright.{package.rsplit('.', 1)[-1]}")]
    for value in candidates:
        if inspect.isclass(value) and issubclass(value, cast(type[T], base)) and not inspect.isabstract(value):
            name = vars(value).get("name")
            if not isinstance(name, str) or not name:
                continue
            if classes.setdefault(name, value) is not value:
                raise InputError(
                    f"registry: names in {package} must be unique, got '{name}' twice "
                    f"({classes[name].__module__} and {value.__module__}).",
                    "Rename one of them or uninstall the package that adds it.",
                )
    return dict(sorted(classes.items()))


def _defined_in(value: object, module: object) -> bool:
    return inspect.isclass(value) and value.__module__ == getattr(module, "__name__", None)


def find(package: str, base: Callable[..., T], name: str) -> type[T]:
    """Return one plugin class of a package by its name.

    Raises
    ------
    InputError
        If there is none; the message lists the names that exist, the most similar first.
    """
    classes = plugins(package, base)
    if name not in classes:
        kind = package.rsplit(".", 1)[-1]
        raise InputError(f"{kind}: name must be one of {', '.join(nearest_first(name, classes))}, got '{name}'.")
    return classes[name]


def nearest_first(name: str, names: Iterable[str]) -> list[str]:
    """The names, those most similar to a misspelt one in front.

    >>> nearest_first("margn", ["badge", "entropy", "margin"])
    ['margin', 'badge', 'entropy']
    """
    names = list(names)
    near = get_close_matches(name, names)
    return near + [other for other in names if other not in near]
