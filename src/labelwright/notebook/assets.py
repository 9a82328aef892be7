"""The widgets' own files, and the error where their library is missing."""

from __future__ import annotations

from importlib.resources import files
from types import ModuleType

from labelwright.errors import InputError


def asset(name: str) -> str:
    """The text of a file beside this one."""
    return (files(__package__) / name).read_text("utf-8")


def anywidget() -> ModuleType:
    """The library that shows widgets in any notebook.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        import anywidget as found
    except ModuleNotFoundError as error:
        raise InputError(
            "notebook: widgets need anywidget, which is not installed.", "pip install 'labelwright[notebook]'"
        ) from error
    return found
