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
    "encoder-refined": (
        "{refined} serves: on {n:count training label} that neither the adapter nor the model had seen, a linear model "
        "gained {gain:+.3f} ({low:+.3f} to {high:+.3f}) by {metric}."
    ),
    "refined-gain": (
        "Gain measured on {n:count training label}: {gain:+.3f} ({low:+.3f} to {high:+.3f}) by {metric}, for a linear "
        "model."
    ),
    "refined-none": (
        "No gain measured on {n:count training label}: {gain:+.3f} ({low:+.3f} to {high:+.3f}) by {metric}, for a "
        "linear model."
    ),
    "refined-waits": (
        "An adapter is fitted and measured in the background, once there are {needed:count training label} and the "
        "features of its base."
    ),
    "refined-not-one-class": "An adapter is fitted only where an answer is one class.",
}
