"""The tables of a project file, their keys, and the kind of value of each key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TEXT, WHOLE, NUMBER, SWITCH, TEXTS, TABLE, TABLES, DATE = (
    "text", "a whole number", "a number", "true or false", "a list of names", "a table", "a list of tables", "a date",
)  # fmt: skip
Keys = Mapping[str, str]

ROLES: Final = (
    "id", "text", "image", "features", "label", "group", "time", "domain", "cost", "licence", "consent",
    "embedding",
)  # fmt: skip
SCALE: Final = ("min", "max", "step", "unit")

PROJECT: Final[Keys] = {
    "name": TEXT, "title": TEXT, "source": TEXT, "labels_are": TEXT, "seed": WHOLE, "encoder": TEXT,
    "id": TEXT, "text": TEXT, "image": TEXT, "features": TEXTS, "label": TEXT, "group": TEXT, "time": TEXT,
    "domain": TEXT, "cost": TEXT, "licence": TEXT, "consent": TEXT, "embedding": TEXT,
}  # fmt: skip
QUESTION: Final[Keys] = {
    "id": TEXT, "task": TEXT, "text": TEXT, "labels": TEXTS, "label_ids": TEXTS, "open_labels": SWITCH,
    "min": NUMBER, "max": NUMBER, "step": NUMBER, "unit": TEXT, "column": TEXT, "primary": SWITCH,
    "required": SWITCH, "positive": TEXT, "model": TEXT, "metric": TEXT, "resolver": TEXT, "guidelines": TEXT,
}  # fmt: skip
GOAL: Final[Keys] = {
    "metric": TEXT, "value": NUMBER, "deadline": DATE, "budget": WHOLE, "openings": WHOLE, "point_value": NUMBER,
    "label_cost": NUMBER, "prevalence": NUMBER, "before": WHOLE,
}  # fmt: skip
POLICY: Final[Keys] = {
    "strategy": TEXT, "params": TABLE, "batch_size": WHOLE, "random_share": NUMBER, "reserve_share": NUMBER,
    "overlap": WHOLE, "overlap_by_kind": TABLE, "overlap_by_slice": TABLE, "expert_share": NUMBER, "costs": TEXT,
    "gold_share": NUMBER, "repeat_share": NUMBER, "n_slots": WHOLE, "guard": SWITCH, "approval": SWITCH,
    "constraints": TABLES,
}  # fmt: skip
QUALITY: Final[Keys] = {
    "review": TEXT, "review_share": NUMBER, "conflicts": SWITCH, "strict": SWITCH, "feedback": SWITCH,
    "ask_back": SWITCH, "show_source": SWITCH, "pace_warning": SWITCH, "experts_relabel": SWITCH, "route_below": NUMBER,
    "remind_rounds": WHOLE,
}  # fmt: skip
SLICE: Final[Keys] = {"name": TEXT, "filter": TABLE}
TARGET: Final[Keys] = {"slice": TEXT, "metric": TEXT, "value": NUMBER, "deadline": DATE}
ROLE: Final[Keys] = {"email": TEXT, "role": TEXT}
ANNOTATOR: Final[Keys] = {
    "email": TEXT, "rate": NUMBER, "expert": SWITCH, "most_per_day": WHOLE, "paused": SWITCH, "excused": SWITCH,
    "only": TABLE, "skills": TABLE,
}  # fmt: skip

SINGLE: Final[Mapping[str, Keys]] = {"project": PROJECT, "goal": GOAL, "policy": POLICY, "quality": QUALITY}
LISTED: Final[Mapping[str, Keys]] = {
    "question": QUESTION, "slice": SLICE, "target": TARGET, "role": ROLE, "annotator": ANNOTATOR,
}  # fmt: skip
ORDER: Final = ("project", "question", "goal", "slice", "target", "policy", "quality", "role", "annotator")
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "goal": ("metric", "value"), "slice": ("name", "filter"), "target": ("slice", "metric", "value"),
    "role": ("email", "role"), "annotator": ("email",),
}  # fmt: skip
