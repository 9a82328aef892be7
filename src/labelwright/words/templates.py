"""The table of templates: a sentence for each code of a reason.

A template is a format string over the reason's figures. Besides the usual formats it knows ``{n:count label}``, which
prints "1 label" and "2 labels", and ``{name:capital}``, which starts with a capital letter; a figure that is None
prints "unknown".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from labelwright.words.aims import AIMS
from labelwright.words.features import FEATURES
from labelwright.words.plans import PLANS
from labelwright.words.rounds import ROUNDS
from labelwright.words.stops import STOPS

TEXT: Final = "text"  # the code of a reason that is a sentence already, as earlier versions stored them

TEMPLATES: Final[Mapping[str, str]] = {
    TEXT: "{text}",
    # why a figure has no interval
    "few-positives": "No interval: it rests on {n:count item}, and takes {needed}.",
    "few-groups": "No interval: {n:count group}, and it takes {needed}.",
    "metric-undefined": "These labels do not define it.",
    "few-in-slice": "No interval: {n:count item}, and it takes {needed}.",
    # what labels of another domain bring
    "transfer": (
        "With {n:count label} here, the source helps as {method}, at {amount:g} of a label for each of its items: the "
        "loss out of fold is {loss:.3f}, and {alone:.3f} without the source."
    ),
    "decision-source": "The project starts from {n:count labeled item} of the {origin}.",
    "decision-source-more": "{n:count labeled item} of the {origin} came later, for the model to learn from.",
    "transfer-cold": "Nothing is labeled here yet: the model has learned from the source alone, as {method}.",
    "transfer-none": (
        "No transfer: with {n:count label} here, the source does not lower the loss out of fold ({alone:.3f})."
    ),
    # what a strategy did
    "seed": "No model is trained yet: the items stand for many others.",
    "coverage": "The items stand for others near them that no label covers yet.",
    "coverage-number": "The model's doubts about numbers do not guide: the items bring the pool closest to a label.",
    "coverage-pool": (
        "With {labels_per_class:.1f} labels a class, the items cover the pool; the {n_searched} that the model doubts "
        "most of {n_items} were searched."
    ),
    "coverage-doubt": (
        "With {labels_per_class:.1f} labels a class, the items cover what the model doubts; the {n_searched} that it "
        "doubts most of {n_items} were searched."
    ),
    "coverage-balanced-doubt": (
        "With {labels_per_class:.1f} labels a class, the items cover what the model doubts, with more weight on rare "
        "classes; the {n_searched} that it doubts most of {n_items} were searched."
    ),
    "random-for-metric": "For {metric}, {share:.0%} of the items at least are sampled at random.",
    "rare-class": "The class {rare} is rare, so the batch holds the {n_rare:count item} most likely of it.",
    "committee": "The committee of {n_members} disagrees by {disagreement:.3f} on average.",
    # why nothing can be said of people's errors on the reserve
    "errors-no-basis": (
        "Nobody answered items whose answer is known, and too few randomly assigned items were answered by two people "
        "blindly. Add known answers, or let two people answer a share of the reserve."
    ),
    "errors-few-known": (
        "{n:count answer} to items whose answer is known, and the rarest class has {fewest} of them; it takes {needed} "
        "of each class."
    ),
    "errors-not-one-class": "It can be said only where an answer is one class.",
    "errors-as-chance": "People agree hardly more than by chance, so the truth does not follow from their labels.",
    "few-second-looks": (
        "{wrong} disagreeing and {right} agreeing items were reviewed so far; it takes {needed} of each."
    ),
    # verdicts of the guard
    "guard-no-harm": (
        "Chosen labels teach no less than random ones: {effect:+.4f}, at least {low:+.4f}, "
        "with {n_random:count random label}."
    ),
    "guard-harm": (
        "Random labels teach more than chosen ones: {effect:+.4f}, at least {low:+.4f}, "
        "with {n_random:count random label}."
    ),
    "guard-harm-again": (
        "Random labels teach more than chosen ones, twice in a row: {effect:+.4f}, at least {low:+.4f}, "
        "with {n_random:count random label}."
    ),
    # verdicts of stopping rules
    **STOPS,
    **PLANS,
    **AIMS,
    **FEATURES,
    # why a review was opened
    "review-conflict": "{n} people disagree.",
    "review-self": "The same person answered differently the second time.",
    "review-duplicate": "Nearly the same item has another label.",
    "review-model": "A model that did not learn from the answer is {confidence:.0f} % sure of {answer}.",
    "review-policy": "Every item, or a random share of them, gets a second look here.",
    "review-manual": "Somebody asked for a second look.",
    "review-change": "Somebody asks for another label.",
    "review-appeal": "An annotator appeals against a decision.",
    "review-evaluation": "Labels that measure the model get a second look.",
    "review-guideline": "The guidelines have changed in a way that may change this label.",
    # why an item was asked, told after the answer
    "slot-chosen": "The model learns most from answers like this one.",
    "slot-seed": "No model is trained yet, and this item stands for many others.",
    "slot-random": "This item was sampled at random, as a share of all are, so that choosing is compared with chance.",
    "slot-reserve": "This item was sampled at random to measure the model, which never learns from the answer.",
    "slot-measuring": (
        "The model did not choose this item: it was sampled at random, measures the model, or shows how well people "
        "and guidelines agree. Which of these is not told, so that it changes nothing."
    ),
    "slot-gold": "The answer to this item is known; it shows how well people and guideline agree.",
    "slot-repeat": "You answered this item before; it shows how often people agree with themselves.",
    "slot-relabel": "The label of this item is in doubt, so another person was asked.",
    "slot-pinned": "A lead asked for this item before all others.",
    # why there is nothing to label
    "awaiting-approval": "The next batch waits for a lead to look at it.",
    "done": "Everything that was to be labeled is labeled.",
    "all-leased": "Other people are answering all items that are left; some may come back.",
    "not-yours": "You have answered or skipped all items that are left; they wait for somebody else.",
    "next-ranking": "All items of this ranking are answered; the next one is being made.",
    "paused": "The project is paused.",
    "archived": "The project is archived.",
    "starting": "The first items are being chosen.",
    "importing": "The items are being imported.",
    # where a project stands
    "progress-empty": "Nothing is labeled yet; the first items are waiting.",
    "progress-unmeasured": "{n_labels:count label} so far; no reserve item is labeled, so nothing can be measured.",
    "progress-too-few": (
        "{n_labels:count label} so far. {n_reserve} of {min_reserve} reserve labels: too few to judge; "
        "they are mixed into the queue."
    ),
    "progress-measured": (
        "{metric:capital} {value:.3f} [{low:.3f}, {high:.3f}] at {n_labels:count label}, measured on "
        "{n_reserve:count reserve item}."
    ),
    "progress-target-open": (
        "{metric:capital} {value:.3f} [{low:.3f}, {high:.3f}] at {n_labels:count label}, measured on "
        "{n_reserve:count reserve item}; the target is {target:g}."
    ),
    "progress-target-reached": (
        "{metric:capital} {value:.3f} [{low:.3f}, {high:.3f}] at {n_labels:count label}, measured on "
        "{n_reserve:count reserve item}; the target {target:g} is reached."
    ),
    "goal-budget": "{n_answers} of the budget of {budget:count answer} are given.",
    "goal-budget-spent": "The budget of {budget:count answer} is spent.",
    "goal-deadline-ahead": "The deadline {deadline} is in {days:count day}.",
    "goal-deadline-today": "The deadline is today.",
    "goal-deadline-past": "The deadline {deadline} was {days:count day} ago.",
    "progress-fell": (
        "The model has become worse beyond chance: {metric} was {before:.3f} at {labels_before:count label} and is "
        "{now:.3f} now, on the same reserve labels. It has been so since {since}, with {labels_since:count label}."
    ),
    "progress-fell-person": (
        "Answers given since by {name} agree with the earlier model in {own:.0f} % of {n:count case}, those of others "
        "in {others:.0f} %. Compare some of them with the guidelines."
    ),
    "files-away": "The store {store} is away: training, the curve and images wait for it. Labeling goes on.",
    "webhook-waits": "The webhook to {host} waits since {since} (UTC): {reason}. Nothing is lost; it is tried again.",
    "bridge-waits": "The bridge to {host} waits since {since} (UTC): {reason}. Nothing is lost; it is tried again.",
    "bridge-refused": "The bridge to {host} cannot take {n:count annotation}: {reason}.",
    # what the control arm says of the policy
    "control-few": "The control arm holds {n_arm} of {needed} random labels; a model of its own comes then.",
    "control-one-class": "The control arm holds {n_arm:count random label}, all with one answer; a model takes two.",
    "control-waiting": "The control arm holds {n_arm:count random label}; its model comes with the next training.",
    "control-unmeasured": (
        "The control arm holds {n_arm:count random label} and has a model. It is compared once {min_reserve} reserve "
        "labels and {min_models} served models are there."
    ),
    "control-equal": (
        "{n_arm:count random label} are worth {value} of those that the policy asked for ({low} to {high}), measured "
        "on {n:count reserve label}; about these two label sets only."
    ),
    "control-open": (
        "{n_arm:count random label} cannot be told yet from any number between {first} and {last} of those that the "
        "policy asked for, measured on {n:count reserve label}."
    ),
    "control-fewer": (
        "{n_arm:count random label} are worth fewer than the {first} of the policy's first model ({bound}), measured "
        "on {n:count reserve label}; about these two label sets only."
    ),
    "control-more": (
        "{n_arm:count random label} are worth more than the {last} of the policy's last model ({bound}), measured "
        "on {n:count reserve label}; about these two label sets only."
    ),
    # what sequential tests say of a person
    "spam-gold": (
        "{hits} of {n:count gold answer} are right. Answers given without looking explain this {evidence:.3g} times "
        "better than an accuracy of {accuracy:.0%}; the limit is {threshold:g}, from {n_used:count answer}."
    ),
    "spam-gold-none": (
        "{hits} of {n:count gold answer} are right. The evidence against an accuracy of {accuracy:.0%} was at most "
        "{evidence:.3g} of {threshold:g}, from {n_used:count answer}."
    ),
    "spam-peers": (
        "{hits} of {n:count answer} agree with peers. Answers given without looking explain this {evidence:.3g} times "
        "better than an accuracy of {accuracy:.0%}; the limit is {threshold:g}, from {n_used:count answer}."
    ),
    "spam-peers-none": (
        "{hits} of {n:count answer} agree with peers. The evidence against an accuracy of {accuracy:.0%} was at most "
        "{evidence:.3g} of {threshold:g}, from {n_used:count answer}."
    ),
    "copies-model": (
        "{repeated} of {n:count error} of the model are repeated; of an honest person {expected:.0%} are expected. The "
        "evidence of copying is {evidence:.3g}; the limit is {threshold:g}, from {n_used:count error}."
    ),
    "copies-model-none": (
        "{repeated} of {n:count error} of the model are repeated; of an honest person {expected:.0%} are expected. The "
        "evidence of copying was at most {evidence:.3g} of {threshold:g}, from {n_used:count error}."
    ),
    "machine-speed": (
        "{fast} of {n:count answer} took less than {floor:g} s, where {expected:.0%} are expected at most. The "
        "evidence is {evidence:.3g}; the limit is {threshold:g}, from {n_used:count answer}."
    ),
    "machine-speed-none": (
        "{fast} of {n:count answer} took less than {floor:g} s, where {expected:.0%} are expected at most. The "
        "evidence was at most {evidence:.3g} of {threshold:g}, from {n_used:count answer}."
    ),
    # whether times can be predicted
    "time-too-few": "Too few to judge: {n} of {needed} times.",
    "time-too-weak": (
        "Items, people and practice predict {r2:.2f} of the variance of {n:count time}, and {needed:g} is needed: take "
        "all items for equally long."
    ),
    "time-usable": (
        "Items, people and practice predict {r2:.2f} of the variance of {n:count time}; {needed:g} is needed."
    ),
    # where agreement is undefined
    "class-alone": "Nobody else answered an item that was given this class.",
    "classes-never-met": "No two people answered an item with these classes alone.",
    "person-alone": "Nobody else answered the items of this person.",
    "no-shared-items": "No item was answered by two people.",
    "one-class-given": "All answers are the same, so that nothing could have been disagreed about.",
    "not-two-people": "Cohen's kappa is for two people, and {n:count person} answered: take another measure.",
    "uneven-answers": (
        "Fleiss' kappa is for equally many answers to each item, and items have {least} to {most}: take Krippendorff's "
        "alpha."
    ),
    "not-classes": "Answers to this question are not one class of several.",
    "no-random-answers": "This person has not answered an item that was assigned at random.",
    "no-gold-answers": "This person has not answered an item whose answer is known.",
    "drift-no-answers": "No item of the sample is answered yet.",
    "drift-no-model": "There was no model then, or what it predicted is no longer kept.",
    "drift-no-labels": "No label of the reserve is in this window.",
    "no-repeats": "No item was asked of this person twice.",
    "too-few-compared": "Too few answers can be compared with those of others.",
    "no-times": "No times are known.",
    "class-not-in-gold": "No item that is known to be of this class was answered.",
    "no-appeals": "No decision of this person was appealed and decided again.",
    "feedback-later": "Nothing is counted yet: figures follow the day after, once there are some answers.",
    "kept-from-slice": (
        "Items of {column} {value} go to others: {share:.0%} of {n:count known answer} there are right, surely below "
        "{bound:.0%}."
    ),
    # why a goal cannot be certified
    "certificate-no-goal": "There is no goal to certify.",
    "certificate-no-share": "{metric:capital} is no share of right items; only accuracy can be certified exactly.",
    "certificate-no-threshold": "A goal of {value:g} is not between 0 and 1.",
    "certificate-too-few": "{n:count sealed item} cannot certify {value:g}, even if all of them are right.",
    # what answers are expected to cost
    "costs-column": "Costs are those of the data; {n_missing:count item} without one count as the median.",
    "costs-no-numbers": "The column of costs holds no number above 0, so that all items count as equally dear.",
    "costs-measured": (
        "Costs are expected seconds by the length of items, which predicts {r2:.0%} of what differs between items "
        "({n:count time})."
    ),
    "costs-too-weak": (
        "The length of items predicts {r2:.0%} of what differs between them ({n:count time}), so that all count as "
        "equally dear."
    ),
    # what an audit of shares of classes found
    "audit-person": (
        "{person} gave {label} in {rate:.0%} of {n:count answer}, where others gave it in {expected:.0%} of comparable "
        "ones."
    ),
    "audit-slice": (
        "{person} gave {label} in {rate:.0%} of {n:count answer} with {slice} {at}, and in {expected:.0%} of their "
        "other comparable ones."
    ),
    "audit-within": (
        "{person} gave {label} in {rate:.0%} of {n:count answer} about {slice} {at}, where others gave it in "
        "{expected:.0%} of comparable ones there."
    ),
    **ROUNDS,
}
