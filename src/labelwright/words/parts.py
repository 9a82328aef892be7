"""The table of templates for parts of scores, by the names that strategies give them.

``{value}`` is the part, ``{size}`` its absolute value, ``{points}`` a hundred times that, and ``{rest}`` what is
missing to 1. A part is the strategy's own figure, so these sentences hold for scores that are not divided by costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PARTS: Final[Mapping[str, str]] = {
    "activelab": "Model and annotators together are unsure of the label ({value:.2f} of 1).",
    "answers": "It has been answered {value:.0f} times before.",
    "balanced-doubt": "The model's doubt is {value:.2f}, where 1 is the most and rare classes count more.",
    "bald": "The model's committee disagrees, and an answer can settle it ({value:.3g} nats).",
    "cluster-size": "It stands for a group of {value:.0f} items that are alike.",
    "committee-kl": "The committee's members disagree ({value:.3g} nats).",
    "consensus-entropy": "The committee as a whole is unsure ({value:.3g} nats).",
    "coverage": "It stands for items near it that no label covers yet ({value:.3g}).",
    "distance": "Nothing very like it is labeled yet (distance {size:.3g}).",
    "domain-doubt": "The model doubts it, and it does not look like the other domain ({value:.3g}).",
    "doubt": "The model's doubt is {value:.2f}, where 1 is the most.",
    "emcm": "Its answer is expected to change the model much ({value:.3g}).",
    "energy": "It fits no class well (free energy {value:.3g}).",
    "entropy": "The model spreads its guess over several labels (entropy {value:.2f}).",
    "epig": "Its answer is expected to make the model surer of other items ({value:.3g} nats).",
    "error-reduction": "Its answer is expected to lower the model's error on the pool (score {value:.3g}).",
    "expected-error-reduction": "Its answer is expected to lower the model's error on the pool (score {value:.3g}).",
    "expected-gradient-length": "Its answer is expected to change the model much ({value:.3g}).",
    "expert": "Whether one person is asked for it by name: {value:.0f} (1 is yes).",
    "flips": "The guess changes in {value:.0%} of the looks with some features left out.",
    "gain": "The model expects to learn from its answer (gain {value:.3g}).",
    "gain-again": "Another answer is expected to settle its label ({value:.3g} nats for its cost).",
    "gain-new": "A first answer is expected to tell its label ({value:.3g} nats for its cost).",
    "gradient": "Its answer would change the model much (gradient of length {value:.3g}).",
    "information": "Its answer adds information to the batch ({value:.3g}).",
    "information-density": "The model doubts it, and many items are like it ({value:.3g}).",
    "label-cardinality": "The model predicts {value:.3g} labels more or fewer than items usually have.",
    "least-confidence": "The model gives its best guess only {rest:.0%}.",
    "margin": "The two likeliest labels are {points:.0f} points apart.",
    "max-disagreement": "One member of the committee differs much from the others ({value:.3g} nats).",
    "min-margin": "For one member of the committee the two likeliest labels are {points:.0f} points apart.",
    "mmc": "About {value:.2g} of its labels are expected to be predicted wrongly.",
    "most-likely-positive": "It is among the items most likely of the class searched for ({value:.3g}).",
    "path": "It halves a stretch of {value:.0f} items between two labels that differ.",
    "posterior-variance": "Its answer is expected to make the model surer of other items ({value:.3g} of 1).",
    "predictive-variance": "The committee's numbers differ (variance {value:.3g}).",
    "product": "It and its predicted number differ from all that is labeled ({value:.3g}).",
    "rare-class": "It is among the items most likely of a rare class ({value:.3g}).",
    "ratio": "The second likeliest label is {value:.0%} as likely as the likeliest.",
    "tqs": "A committee disagrees, the model doubts it, or it does not look like the other domain ({value:.2f} of 3).",
    "typicality": "It is typical of the items like it ({value:.3g}).",
    "utility": "The strategy's own figure for it is {value:.3g}.",
    "variation-ratio": "{value:.0%} of the committee do not vote for the likeliest label.",
    "vote-entropy": "The committee's votes are spread over several labels ({value:.3g} nats).",
}
