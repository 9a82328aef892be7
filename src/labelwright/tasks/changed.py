"""Labels that a schema had once: what an answer that names one says under the schema of now.

Answers in the record never change. A schema keeps what became of its earlier labels in three optional keys, and
whoever reads an answer asks here what it says now. All three name ids that are among ``labels`` no more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, cast

from labelwright.check import complain
from labelwright.plain import Json, JsonObject

MERGED: Final = "merged"  # id -> the id that it became
SPLIT: Final = "split"  # id -> the ids that took its place
WAS: Final = "was"  # id -> the name it had last
KEYS: Final = (MERGED, SPLIT, WAS)


@dataclass(frozen=True)
class Changed:
    """What became of labels that were merged or split.

    Attributes
    ----------
    merged : mapping of str to str
        From an id to the one that stands for it now, through all mergers; only those that end at a label of now.
    split : mapping of str to tuple of str
        Ids whose answers say nothing any more, with the ids that took their place.
    was : mapping of str to str
        The last names of both.

    Examples
    --------
    >>> schema = {"merged": {"l_2": "l_1", "l_1": "l_4"}, "split": {"l_3": ["l_5", "l_6"]}}
    >>> changed = Changed.of("classification", schema, ["l_4", "l_5", "l_6"])
    >>> changed.current({"label": "l_2"}), changed.current({"label": "l_3"})
    ({'label': 'l_4'}, None)
    >>> changed.current({"labels": ["l_2", "l_4"]})
    {'labels': ['l_4']}
    """

    merged: Mapping[str, str]
    split: Mapping[str, tuple[str, ...]]
    was: Mapping[str, str]

    @classmethod
    def of(cls, task: str, schema: Mapping[str, Json], ids: Collection[str]) -> Changed:
        """Read and check the keys of a schema.

        Parameters
        ----------
        ids : collection of str
            Of the labels that the schema has.

        Raises
        ------
        InputError
            If a key names a label that is still there, or a merger leads nowhere.
        """
        into = cast("dict[str, str]", schema.get(MERGED) or {})
        lists = cast("dict[str, list[str]]", schema.get(SPLIT) or {})
        parts = {old: tuple(new) for old, new in lists.items()}
        if there := sorted((into.keys() | parts.keys()) & set(ids)):
            raise complain(task, f"schema {MERGED} and {SPLIT}", "ids that are no labels", f"'{there[0]}'")
        merged, gone = dict[str, str](), dict(parts)
        for old in into:
            end, seen = into[old], {old}
            while end in into and end not in seen:
                seen.add(end)
                end = into[end]
            if end in ids:
                merged[old] = end
            elif end in parts:
                gone[old] = parts[end]
            else:
                raise complain(task, f"schema {MERGED}", "ids that end at a label", f"'{old}' to '{end}'")
        return cls(merged, gone, cast("dict[str, str]", schema.get(WAS) or {}))

    def __bool__(self) -> bool:
        return bool(self.merged or self.split)

    def now(self, label: str) -> str:
        """The id that stands for a label now; the same one where nothing became of it."""
        return self.merged.get(label, label)

    def current(self, answer: JsonObject) -> JsonObject | None:
        """What an answer says now: merged labels are the ones they became; None if it names one that was split.

        Parameters
        ----------
        answer : JSON object
            Of one label or of a set of them; a set names each label once.

        Returns
        -------
        JSON object or None
        """
        if not self:
            return answer
        said: dict[str, Json] = {}
        for key, value in answer.items():
            labels = value if isinstance(value, list) else [value]
            if any(label in self.split for label in labels):
                return None
            now = list(dict.fromkeys(self.now(str(label)) for label in labels))
            said[key] = [*now] if isinstance(value, list) else now[0]
        return said
