"""Sentences about rounds: what is expected of them, what was changed for them, and what they brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ROUNDS: Final[Mapping[str, str]] = {
    # drafts that a lead edits
    "round-hypothesis": "The labels of this round make {metric} better.",
    "round-hypothesis-change": "With what was changed, the labels of this round make {metric} better.",
    "round-begins": "The first round, with the strategy {strategy}.",
    "round-no-change": "Nothing but more labels.",
    "round-changed": "{what:capital}: {now} instead of {before}.",
    "round-measure": (
        "The difference in {metric} between the models at its end and at its beginning, paired on the same reserve "
        "labels."
    ),
    "round-measure-goal": "The goal is {target:g}.",
    # what came of it
    "round-running": "The round is running.",
    "round-too-few": "There are too few reserve labels to judge.",
    "round-first": "First figure: {value:.3f} [{low:.3f}, {high:.3f}].",
    "round-change": "{change:+.3f} [{low:+.3f}, {high:+.3f}] on the same reserve labels.",
    "round-change-by-chance": "{change:+.3f} [{low:+.3f}, {high:+.3f}] on the same reserve labels: may be chance.",
    "round-change-unpaired": "From {before:.3f} to {after:.3f} on the same reserve labels.",
    # two arms of a fork
    "fork-running": (
        "The arms have {a} and {b} of {per_arm} labels each. They are compared when both have all; what the curves say "
        "before that has been looked at several times, and proves nothing."
    ),
    "fork-unmeasured": ("The arms were not compared: that takes models of both and {needed:count reserve label}."),
    "fork-no-interval": (
        "On the same {n:count reserve label}, {metric} is {a:.3f} for arm A and {b:.3f} for arm B; the difference has "
        "no interval here."
    ),
    "fork-open": (
        "No difference was shown: {metric} differs by {change:.3f}, and between {low:+.3f} and {high:+.3f} is possible "
        "(B less A, {n:count reserve label}). This is about these two sets of labels."
    ),
    "fork-early": (
        "A person ended it before both arms had {per_arm:count label}, so there is no verdict: {metric} differed by "
        "{change:.3f} then [{low:+.3f}, {high:+.3f}] (B less A, {n:count reserve label})."
    ),
    "fork-better": (
        "The labels that {better} chose trained the better model: {metric} differs by {change:.3f} [{low:.3f}, "
        "{high:.3f}] from that of {worse} on the same {n:count reserve label}. This is about these two sets of labels; "
        "that it is the better way to choose takes several replays, see Replay."
    ),
    # two models beside each other
    "compare-none": "One of the two has no model that is measured on enough reserve labels.",
    "compare-same": "Both have the same model.",
    "compare-clear": (
        "From the first to the second, {metric} changes by {change:+.3f} [{low:+.3f}, {high:+.3f}] on the same "
        "{n:count reserve label}."
    ),
    "compare-chance": (
        "From the first to the second, {metric} changes by {change:+.3f} [{low:+.3f}, {high:+.3f}] on the same "
        "{n:count reserve label}: that may be chance."
    ),
    "compare-detectable": (
        "On so many labels, a true difference of {smallest:.3f} or more is found in four of five such comparisons."
    ),
    "compare-unpaired": (
        "From the first to the second, {metric} goes from {before:.3f} to {after:.3f} on the same reserve labels. It "
        "is no mean over items, so the difference has no interval here."
    ),
    # what a review of the design looks at
    "design-criterion": (
        "{name:capital}: the third of the reserve that it doubts most holds {share:.0%} [{low:.0%}, {high:.0%}] of the "
        "{n:count error}; a criterion that knows nothing finds 33%."
    ),
    "design-shared": (
        "Of the {n} items of the pool that {first} doubts most, {share:.0%} are among the {n} that {second} doubts "
        "most."
    ),
    "design-no-errors": "There are {n:count error} on the reserve; it takes {needed} to compare criteria of doubt.",
    "design-no-criterion": "Criteria of doubt are compared where answers are classes and a model is measured.",
    "design-asked": (
        "The model from before these rounds is wrong about {chosen:.0%} [{chosen_low:.0%}, {chosen_high:.0%}] of "
        "{n_chosen:count chosen item} and about {random:.0%} [{random_low:.0%}, {random_high:.0%}] of "
        "{n_random:count random item}."
    ),
    "design-spread": (
        "{near:.0%} [{low:.0%}, {high:.0%}] of {n:count chosen item} of these rounds have a near duplicate among them "
        "(cosine similarity of {limit:g} or more). Of as many random items of the pool it is {random:.0%}."
    ),
    "design-spread-few": (
        "{n:count chosen item} of these rounds are answered; it takes {needed} to measure how they spread."
    ),
    "design-dial-up": "More candidates for each pick would spread them more.",
    "design-dial-fine": "They are not clearly more alike than random items, so nothing asks for a higher dial.",
    # decisions, as the report tells them
    "decision-created": "The project began, with the strategy {strategy}.",
    "decision-goal": "The goal is {metric} of {value:g}.",
    "decision-no-goal": "There is no goal any more.",
    "decision-guidelines": "Version {version} of the guidelines of {question} was written.",
    "decision-merged": "The label {label} of {question} was merged into {into}: “{reason}”.",
    "decision-split": "The label {label} of {question} was split into {into}: “{reason}”.",
    "decision-state": "The project is {state}.",
    "decision-reviewed": "It was reviewed how items are chosen.",
    "decision-reviewed-note": "It was reviewed how items are chosen, with the note “{note}”.",
    "decision-fork": "Two arms were begun, {a} and {b}, with {per_arm:count label} each.",
    "decision-model": "Predictions come from the model {model} from then on.",
    "decision-newest": "Predictions come from the newest model again.",
    "decision-erased": "The content of {n:count item} was erased.",
    "decision-guard": "Look {look} at what choosing brings; the random share is {share:.0%} from then on.",
    "decision-stop": "The rule {rule} says stop.",
    "decision-no-stop": "The rule {rule} says stop no more.",
    "decision-asked": "The labels of {n:count sealed item} were asked for, to certify {metric} of {value:g}.",
    "decision-passed": "The model passed the test of {metric} at {value:g} on {n:count sealed label}.",
    "decision-not-passed": "The model did not pass the test of {metric} at {value:g} on {n:count sealed label}.",
}
