"""Labels recomputed from events: which answers count, and their majority; a part of the script of an evidence package.

It says the same as `labelwright.store.record.standing`, `labelwright.engine.answers` and the tasks' ``merge``, once
more and without them, so that whoever runs it need not trust them.
"""

from __future__ import annotations

import json
from collections import Counter
from statistics import median
from typing import Any

COUNTS_IN = {"training": ("pool",), "random": ("pool", "reserve")}
ANSWERING = ("answer", "correct")
SAID_OF_ITEM = ("skip", "flag")


class Fold:
    """What the events say of answers, items and label versions."""

    def __init__(self) -> None:
        self.imports: list[dict[str, Any]] = []
        self.split: list[str] = []
        self._given: list[tuple[int, str, Any, str]] = []
        self._said: dict[tuple[int, str], list[dict[str, Any]]] = {}
        self._replaced: dict[int, list[int]] = {}
        self._decided: list[tuple[int, int, str, Any]] = []
        self._excluding: list[tuple[int, bool, list[int]]] = []
        self._versions: dict[str, Any] = {}
        self._tasks: dict[str, str] = {}
        self._schemas: dict[str, list[tuple[int, Any]]] = {}

    def take(self, event: dict[str, Any]) -> None:
        """One event, in the order of the chain."""
        seq, data, item = event["seq"], event["data"], event.get("item", -1)
        match event["kind"]:
            case "import":
                self.imports.append({**data, "seq": seq})
            case "schema":
                self._tasks[data["question"]] = data["task"]
                self._schemas.setdefault(data["question"], []).append((seq, data["body"]))
            case "labels.changed":
                self._schemas.setdefault(data["question"], []).append((seq, data["body"]))
            case "annotation":
                self._said.setdefault((item, event["actor"]), []).append({**_as_today(data), "seq": seq})
            case "item.replaced":
                self._replaced.setdefault(item, []).append(seq)
            case "review.decided" if data["outcome"] == "label":
                self._decided.append((seq, item, data["question"], data["answer"]))
            case "items.excluded":
                self._excluding.append((seq, True, data["items"]))
            case "items.included":
                self._excluding.append((seq, False, data["items"]))
            case "import.undone":
                batch = next(one for one in self.imports if one["batch"] == data["batch"])
                first = batch["first_ordinal"]
                self._excluding.append((seq, True, list(range(first, first + batch["n_items"]))))
            case "label-version":
                self._versions[data["id"]] = data.get("questions", {"q_1": {"resolver": "majority", "params": {}}})

    def take_item(self, row: list[Any]) -> None:
        """One line of the items, with a label that came with it."""
        if row[0] == len(self.split):
            self.split.append(row[3])
        if row[11] is not None:
            self._given.append((row[0], row[13] if len(row) > 13 else "q_1", json.loads(row[11]), row[12]))

    def is_majority(self, version: str, question: str) -> bool:
        """Whether the label version was made by majority, as its event says."""
        part = self._versions[version][question]
        return "majority" in (part["resolver"], part["params"].get("method"))

    def labels(self, upto: int, question: str) -> dict[int, tuple[Any, int]]:
        """Label and number of answers by item, as of an event."""
        last = max((one["first_ordinal"] + one["n_items"] for one in self.imports if one["seq"] <= upto), default=0)
        without: set[int] = set()
        for seq, out, items in self._excluding:
            if seq <= upto:
                without = without | set(items) if out else without - set(items)
        read = Reading([body for seq, body in self._schemas.get(question, []) if seq <= upto])
        answers: dict[int, list[tuple[int, Any]]] = {}
        for (item, _), said in self._said.items():
            counting = self._counting([one for one in said if one["seq"] <= upto], item, upto, question, read)
            if item < last and counting is not None:
                answers.setdefault(item, []).append((counting["seq"], read.of(counting["answer"])))
        decided: dict[int, Any] = {}
        for seq, item, asked, answer in self._decided:
            if asked == question and self._since(item, upto) < seq <= upto and item < last:
                decided[item] = read.of(answer)
        decided = {item: answer for item, answer in decided.items() if answer is not None}
        for item, asked, answer, labels_are in self._given:
            is_asked = asked == question and item < last and self.split[item] in COUNTS_IN.get(labels_are, ())
            if is_asked and item not in answers and item not in decided and read.of(answer) is not None:
                answers[item] = [(0, read.of(answer))]
        made: dict[int, tuple[Any, int]] = {}
        for item in answers.keys() | decided.keys():
            if self.split[item] != "sealed" and item not in without:
                found = [answer for _, answer in sorted(answers.get(item, []), key=lambda one: one[0])]
                label = merged(self._tasks[question], [decided[item]] if item in decided else found)
                made[item] = (label, len(found) + (item in decided))
        return made

    def _since(self, item: int, upto: int) -> int:
        """The event that gave an item the content that it had."""
        return max((seq for seq in self._replaced.get(item, []) if seq <= upto), default=0)

    def _counting(
        self, said: list[dict[str, Any]], item: int, upto: int, question: str, read: Reading
    ) -> dict[str, Any] | None:
        """The answer of one person about one item that counts: the standing one, on the reserve the first one.

        One that names a label that was split is as if it had not been given, and the next is the first.
        """
        withdrawn = False
        stands: dict[Any, dict[str, Any]] = {}
        first: dict[Any, dict[str, Any]] = {}
        since = self._since(item, upto)
        for one in said:
            if one["seq"] <= since or one["what"] in ("repeat", *SAID_OF_ITEM):
                continue
            if one["what"] in ("undo", "reopen"):
                stands = {asked: kept for asked, kept in stands.items() if kept["id"] != one["replaces"]}
                if one["what"] == "undo":
                    first = {asked: kept for asked, kept in first.items() if kept["id"] != one["replaces"]}
                continue
            if one["question"] == question and read.of(one["answer"]) is None:
                stands.pop(question, None)
                withdrawn = True
                continue
            stands[one["question"]] = one
            if one["what"] == "answer" or (withdrawn and one["question"] == question):
                first.setdefault(one["question"], one)
        if question not in stands:
            return None
        if item >= len(self.split) or self.split[item] == "pool":
            return stands[question]
        counting = first.get(question)
        return None if counting is None or counting["exposed"] else counting


class Reading:
    """What answers say under the last of some schemas: merged labels are the ones they became.

    >>> read = Reading([{"merged": {"l_2": "l_1"}, "split": {"l_3": ["l_4", "l_5"]}}])
    >>> read.of({"label": "l_2"}), read.of({"labels": ["l_1", "l_2"]}), read.of({"label": "l_3"})
    ({'label': 'l_1'}, {'labels': ['l_1']}, None)
    """

    def __init__(self, schemas: list[Any]) -> None:
        last = schemas[-1] if schemas else {}
        self._merged, self._split = last.get("merged", {}), last.get("split", {})

    def of(self, answer: Any) -> Any:
        """The answer as it is read; None if it names a label that was split."""
        said = {}
        for key, value in answer.items():
            now = [self._now(label) for label in (value if isinstance(value, list) else [value])]
            if any(isinstance(label, str) and label in self._split for label in now):
                return None
            said[key] = list(dict.fromkeys(now)) if isinstance(value, list) else now[0]
        return said

    def _now(self, label: Any) -> Any:
        while isinstance(label, str) and label in self._merged:
            label = self._merged[label]
        return label


def _as_today(data: dict[str, Any]) -> dict[str, Any]:
    """An annotation of any version, as the newest one says it."""
    what = data.get("what", data.get("kind"))
    question = None if what in SAID_OF_ITEM else data["question"]
    return {**data, "what": what, "question": question, "exposed": data.get("exposed", False)}


def merged(task: str, answers: list[Any]) -> Any:
    """One label of several answers: the most frequent class, each label by majority, the median of numbers.

    >>> merged("classification", [{"label": "a"}, {"label": "b"}, {"label": "b"}])
    {'label': 'b'}
    >>> merged("multilabel", [{"labels": ["a", "b"]}, {"labels": []}])
    {'labels': ['a', 'b']}
    >>> merged("regression", [{"value": 1.0}, {"value": 2.0}, {"value": 9.0}])
    {'value': 2.0}
    """
    if task == "regression":
        return {"value": median(float(answer["value"]) for answer in answers)}
    if task == "multilabel":
        votes = Counter(label for answer in answers for label in set(answer["labels"]))
        first, half = answers[0]["labels"], len(answers) / 2
        return {"labels": sorted(one for one, n in votes.items() if n > half or (n == half and one in first))}
    return {"label": max(Counter(answer["label"] for answer in answers).items(), key=lambda vote: vote[1])[0]}


def same(a: Any, b: Any) -> bool:
    """Whether two labels are the same; numbers may differ by what a float can hold.

    >>> same({"labels": ["b", "a"]}, {"labels": ["a", "b"]}), same({"label": "a"}, {"label": "b"})
    (True, False)
    """
    if "value" in a:
        return bool(abs(a["value"] - b["value"]) <= 1e-9 * max(1.0, abs(b["value"])))
    return bool(sorted(a["labels"]) == sorted(b["labels"])) if "labels" in a else bool(a == b)
