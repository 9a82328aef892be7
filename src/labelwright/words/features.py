"""Templates about encoders: which one serves, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FEATURES: Final[Mapping[str, str]] = {
    "encoder-best": (
        "{best} serves and is the best one with a chance of {chance:.0f} %, by {n:count training label} that the "
        "models did not learn from."
    ),
    "encoder-unsure": (
        "{best} is better than {serving} with a chance of {chance:.0f} % by {n:count training label}: too little to "
        "move."
    ),
    "encoder-moves": (
        "{best} serves from the next training on in place of {serving}: it is better with a chance of {chance:.0f} %, "
        "by {n:count training label} that the models did not learn from."
    ),
    "model-best": (
        "{best} serves and fits best with a chance of {chance:.0f} %, by {n:count training label} that the models did "
        "not learn from."
    ),
    "model-unsure": (
        "{best} fits better than {serving} with a chance of {chance:.0f} % by {n:count training label}: too little to "
        "move."
    ),
    "model-moves": (
        "{best} serves from the next training on in place of {serving}: it fits better with a chance of {chance:.0f} "
        "%, by {n:count training label} that the models did not learn from."
    ),
    "decision-encoders": "The project tries the encoders {encoders} from then on.",
    "encoder-asked": "{best} serves from the next training on in place of {serving}: the project asks for it alone.",
}
