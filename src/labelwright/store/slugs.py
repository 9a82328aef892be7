"""Names of projects, as they stand in addresses and folders."""

from __future__ import annotations

import re
from typing import Final

from labelwright.errors import InputError, NotFoundError

SLUG: Final = re.compile(r"[a-z0-9-]{1,64}")


def check_slug(slug: str) -> None:
    """Refuse a name that no project can have.

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_slug("contracts-2026")
    """
    if not SLUG.fullmatch(slug):
        raise InputError(
            f"create: NAME must be a slug of a-z, 0-9 and '-' with 1 to 64 characters, got '{slug}'.",
            "For example 'contracts-2026'.",
        )


def no_project(slug: str) -> NotFoundError:
    """The error for a project that does not exist, and for one of which the caller may not know."""
    return NotFoundError(f"There is no project '{slug}'.", "'labelwright status' lists the projects.")
