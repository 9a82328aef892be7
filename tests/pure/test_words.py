"""Reasons and their sentences: every code prints, and every reason that the packages give is in the table."""

import json
from dataclasses import asdict

import numpy as np
import pytest

import labelwright as lw
from labelwright import stopping, strategies, words
from labelwright.errors import InputError
from labelwright.policy import kinds
from labelwright.registry import plugins
from labelwright.stopping.composition import Patient
from labelwright.testing.samples import cases, evidence_of
from labelwright.testing.stopping import sample_history
from labelwright.words import Reason, in_words, join, of_part
from labelwright.words.parts import PARTS

NUMBERS = {"side": "lower", "metric": "accuracy", "rare": "spam", "text": "Said before."}


@pytest.mark.parametrize("code", words.codes())
def test_every_code_prints_a_whole_sentence_with_all_its_figures(code):
    figures = {name: NUMBERS.get(name, 3) for name in words.figures_of(code)}
    sentence = in_words(Reason(code, figures))
    assert sentence[0].isupper() or sentence[0] == "+" or sentence[0].isdigit()
    assert sentence.endswith(".") and "{" not in sentence and "  " not in sentence
    for value in figures.values():
        assert str(value).casefold() in sentence.casefold()
    assert words.codes().count(code) == 1 and "+" not in code


def test_figures_are_plain_json():
    reason = Reason("target-not-reached", {"side": "lower", "bound": float("nan"), "threshold": 0.9})
    assert Reason(**json.loads(json.dumps(asdict(reason)))) == reason
    assert str(reason) == "The lower bound unknown does not reach 0.9."
    assert hash(reason) == hash(Reason("target-not-reached"))
    for figure in (np.float64(1), np.int64(1), [1]):
        with pytest.raises(InputError, match="plain JSON"):
            Reason("labels-spent", {"spent": figure})


def test_no_reason_is_no_sentence():
    assert not Reason() and str(Reason()) == "" and Reason("seed")


def test_reasons_are_joined():
    both = join(Reason(), Reason("seed"), Reason("committee", {"n_members": 1, "disagreement": 0.25}))
    assert both.code == "seed+committee"
    assert str(both) == f"{Reason('seed')} The committee of 1 disagrees by 0.250 on average."
    rows = [Reason("in-a-row", {"row": row, "looks": 3}) for row in (1, 2)]
    assert join(*rows) == words.text(" ".join(map(str, rows)))


def test_what_is_not_in_the_table_prints_as_it_is():
    assert str(Reason("my-own", {"n_seen": 3, "name": "x"})) == "My own (n seen 3, name x)."
    assert str(Reason("my-own")) == "My own."
    assert str(Reason("labels-spent", {"cents": 3})) == "Labels spent (cents 3)."  # figures of another version
    assert of_part("my-own_part", 0.5) == "My own part: 0.5."


def test_numbers_are_counted():
    one, two = (str(Reason("progress-unmeasured", {"n_labels": n})) for n in (1, 2))
    assert one.startswith("1 label so far") and two.startswith("2 labels so far")


def test_every_kind_of_slot_and_every_empty_queue_has_a_sentence():
    assert {kind.reason for kind in kinds.all()} <= set(words.codes())
    assert {"done", "all-leased", "paused", "starting", "importing"} <= set(words.codes())


PARAMS = {"budget": {"n_labels": 100}, "target": {"threshold": 0.8}, "cost-benefit": {"value_of_point": 1.0}}


@pytest.mark.parametrize("rule", stopping.names())
def test_verdicts_have_a_code_of_the_table(rule):
    made = stopping.make(rule, **PARAMS.get(rule, {}))
    for n_looks in range(13):
        for judge in (made, Patient(made), Patient(Patient(made), 2)):
            reason = judge.judge(sample_history().iloc[:n_looks]).reason
            assert set(reason.code.split("+")) <= set(words.codes()) and str(reason).endswith(".")


STRATEGIES = plugins("labelwright.strategies", strategies.Strategy)


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_part_of_a_strategys_score_has_a_template(name):
    for task, arrays in cases(STRATEGIES[name]):
        picks = STRATEGIES[name]().pick(evidence_of(task, arrays), 4, np.random.default_rng(0))
        assert set(picks.reasons) <= set(PARTS)
        assert set(picks.why.code.split("+")) - {""} <= set(words.codes())


@pytest.mark.parametrize("name", PARTS)
def test_parts_print_whole_sentences(name):
    sentence = of_part(name, -0.25)
    assert sentence.endswith(".") and "{" not in sentence and len(sentence) > 20


def test_a_selection_and_a_learners_history_tell_why():
    s = lw.select("auto", np.random.default_rng(0).normal(size=(50, 2)), n=4)
    assert s.why == Reason("seed") and str(s.why).startswith("No model is trained yet")
