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
        If there is none; the message names the nearest.
    """
    classes = plugins(package, base)
    if name not in classes:
        raise unknown(package.rsplit(".", 1)[-1], "name", name, classes, ", ".join(classes))
    return classes[name]


def unknown(who: str, what: str, got: str, names: Iterable[str], listing: str) -> InputError:
    """The error for a name of nothing: it says which name is the nearest, and where all are listed.

    >>> str(unknown("strategies", "strategy", "margn", ["badge", "margin"], "lw.strategies()"))
    "strategies: strategy must be one that exists, got 'margn'. Did you mean 'margin'? All: lw.strategies()."
    """
    near = get_close_matches(got, list(names), n=1)
    question = f"Did you mean '{near[0]}'? " if near else ""
    return InputError(f"{who}: {what} must be one that exists, got '{got}'.", f"{question}All: {listing}.")
