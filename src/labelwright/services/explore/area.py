"""An area of the map in an address: which map it was drawn on, and the line around it.

A selection of many items is too long for an address, and a line around them is not. An area names the state of the
map that it was drawn on; after items were placed or replaced, it is refused instead of finding other items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.errors import GoneError, InputError
from labelwright.services.explore.positions import NOWHERE, Projection, at_revision
from labelwright.services.site import Site
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

MOST_CORNERS: Final = 200
FARTHEST: Final = 10**6  # corners may lie outside of the map, which is 65,535 wide
BASE: Final = 36
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Area:
    """What a line encloses.

    Attributes
    ----------
    projection : str
        "pca" or "neighbour".
    revision : str
        Of the positions, see `labelwright.services.explore.positions.Positions`.
    corners : int64 array of shape (n_corners, 2)
        x and y in the numbers that positions are sent as.

    Examples
    --------
    >>> Area.parse("pca~0123456789ab~0.0.a.0.0.a").corners.tolist()
    [[0, 0], [10, 0], [10, 10]]
    """

    projection: Projection
    revision: str
    corners: Ints

    @classmethod
    def parse(cls, text: str) -> Area:
        """Read PROJECTION~REVISION~STEPS: x and y of the first corner and the steps to the others, to base 36.

        Raises
        ------
        InputError
            If it is not in that form, has fewer than 3 or more than 200 corners, or a corner is farther than a million.
        """
        parts = text.split("~")
        if len(parts) != 3 or parts[0] not in ("pca", "neighbour"):
            raise _unreadable(text)
        try:
            steps = np.array([int(one, BASE) for one in parts[2].split(".")], dtype=np.int64)
        except (ValueError, OverflowError):
            raise _unreadable(text) from None
        n_corners = len(steps) // 2
        if len(steps) % 2 or not 3 <= n_corners <= MOST_CORNERS or np.abs(steps).max() > 2 * FARTHEST:
            raise _unreadable(text)
        corners = np.cumsum(steps.reshape(-1, 2), axis=0)
        if np.abs(corners).max() > FARTHEST:
            raise _unreadable(text)
        return cls("pca" if parts[0] == "pca" else "neighbour", parts[1], corners)


def in_area(site: Site, store: ProjectStore, rows: Rows, text: str) -> Bools:
    """The items inside of an area, (n_items,).

    Raises
    ------
    InputError
        If the area cannot be read.
    GoneError
        If the map is another one by now.
    """
    area = Area.parse(text)
    found = at_revision(site, store, rows, area.projection)
    if found is None or found.etag != area.revision:
        raise GoneError(
            "items: the map has changed since these items were selected on it.",
            "Select them again on the page Explore, or save selections that shall last as slices.",
        )
    places = np.frombuffer(found.content, dtype="<u2").reshape(-1, 2).astype(np.float64)
    return enclosed(places, area.corners)


def enclosed(places: npt.NDArray[np.float64], corners: Ints) -> Bools:
    """Which places a closed line encloses, by the number of its sides that a ray to the right crosses.

    Parameters
    ----------
    places : float64 array of shape (n_items, 2)
        Whole numbers from 0 to 65535; 65535 is nowhere.
    corners : int64 array of shape (n_corners, 2)

    Returns
    -------
    inside : bool array of shape (n_items,)

    Examples
    --------
    >>> square = np.array([[0, 0], [10, 0], [10, 10], [0, 10]])
    >>> enclosed(np.array([[5.0, 5.0], [11.0, 5.0]]), square).tolist()
    [True, False]
    """
    inside = np.zeros(len(places), dtype=bool)
    (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
    x, y = places[:, 0], places[:, 1]
    near = np.flatnonzero((x >= left) & (x <= right) & (y >= low) & (y <= high) & (x != NOWHERE))
    x, y, odd = x[near], y[near], np.zeros(len(near), dtype=bool)
    for (xa, ya), (xb, yb) in zip(corners.astype(np.float64), np.roll(corners, 1, axis=0).astype(float), strict=True):
        if ya != yb:
            odd ^= ((ya > y) != (yb > y)) & (x < (xb - xa) * (y - ya) / (yb - ya) + xa)
    inside[near] = odd
    return inside


def _unreadable(text: str) -> InputError:
    return InputError(
        f"items: area must be PROJECTION~REVISION~CORNERS with 3 to {MOST_CORNERS} corners, got '{text[:60]}'.",
        "Select items on the page Explore and open them from there.",
    )
