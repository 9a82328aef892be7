"""Class labels of Hugging Face: numbers in the column, names in the features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labelwright.exchange.reader import Reader, SourceError


@dataclass(frozen=True)
class Features:
    """What the features of a dataset say of its columns.

    Attributes
    ----------
    names : dict
        The names of the classes, by column; of a list of classes as well.
    media : tuple of str
        Columns of images, each an object with bytes or a path.
    """

    names: dict[str, list[str]] = field(default_factory=dict)
    media: tuple[str, ...] = ()

    @classmethod
    def of(cls, features: object) -> Features:
        """Read the features as `datasets` stores them in JSON; what it cannot read is left alone."""
        names, media = dict[str, list[str]](), list[str]()
        for column, feature in features.items() if isinstance(features, dict) else ():
            inner = feature
            if isinstance(feature, list) and len(feature) == 1:
                inner = feature[0]
            elif isinstance(feature, dict) and isinstance(feature.get("feature"), dict):
                inner = feature["feature"]
            if not isinstance(inner, dict):
                continue
            if inner.get("_type") == "ClassLabel" and isinstance(inner.get("names"), list):
                names[column] = [str(name) for name in inner["names"]]
            elif inner.get("_type") == "Image":
                media.append(column)
        return cls(names, tuple(media))

    def apply(self, reader: Reader, number: int, cells: Mapping[str, object]) -> dict[str, object]:
        """Cells with names instead of numbers, and the bytes of images; -1 is no label."""
        plain = dict(cells)
        for column, names in self.names.items():
            if column in plain:
                plain[column] = _named(reader, number, column, names, plain[column])
        for column in self.media:
            value = plain.get(column)
            if isinstance(value, dict):
                plain[column] = value.get("bytes") or value.get("path")
        return plain


def _named(reader: Reader, number: int, column: str, names: list[str], value: object) -> object:
    if isinstance(value, list):
        return [_named(reader, number, column, names, one) for one in value]
    if value is None or value == -1:
        return None
    if not isinstance(value, int) or not 0 <= value < len(names):
        raise _unknown(reader, number, column, len(names), value)
    return names[value]


def _unknown(reader: Reader, number: int, column: str, n_names: int, value: object) -> SourceError:
    return reader.fail(
        f"a class must be a number from -1 to {n_names - 1}, the position of its name, got {value!r}.",
        "Correct the features of the dataset.",
        row=number, column=column,
    )  # fmt: skip
