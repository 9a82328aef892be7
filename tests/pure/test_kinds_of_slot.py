"""Kinds of slot, and the one definition of enough answers."""

import numpy as np
import pytest

from labelwright.errors import InputError
from labelwright.policy import Head, Rules, assign, enough_answers, kinds

NAMES = ["chosen", "random", "reserve", "gold", "repeat", "relabel", "pinned", "arm_a", "arm_b"]


def test_names_and_codes_are_those_that_are_stored():
    assert [kind.name for kind in kinds.all()] == NAMES and [kind.code for kind in kinds.all()] == list(range(9))
    for kind in kinds.all():
        assert kinds.get(kind.name) is kinds.by_code(kind.code) and kind.reason and kind.label
        assert kind.__doc__ and (kind.name == "gold" or kind.overlap(Rules(overlap=3)) == 3)
        own = "chosen" if kind.name in kinds.chosen() else kind.name  # arms ask as many people as choosing does
        assert kind.overlap(Rules(overlap=3, overlap_by_kind={own: 2})) == 2
    with pytest.raises(InputError, match="Did you mean 'reserve'"):
        kinds.get("reserv")
    with pytest.raises(InputError, match="code must be"):
        kinds.by_code(19)


def test_the_model_is_shown_with_chosen_items_alone_and_grids_hold_no_reserve_or_gold():
    assert {kind.name for kind in kinds.all() if kind.shows_model} == {"chosen", "arm_a", "arm_b"}
    assert {kind.name for kind in kinds.all() if not kind.in_grid} == {"reserve", "gold", "repeat"}


def luminance(color):
    parts = np.array([int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, two):
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def seen_by(color, missing):
    """The colour as people without one kind of cone see it (Machado, Oliveira, Fernandes 2009), in linear RGB."""
    simulated = {
        "red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        "green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        "blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    }[missing]
    parts = np.array([int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.clip(np.array(simulated) @ parts, 0, 1)


@pytest.mark.parametrize(("ground", "theme"), [("#ffffff", "light"), ("#1c1e22", "dark")])
def test_colours_stand_out_from_the_ground_and_from_each_other(ground, theme):
    colors = [getattr(kind.color, theme) for kind in kinds.all()]
    assert len({kind.color.token for kind in kinds.all()}) == len(colors)
    assert min(contrast(color, ground) for color in colors) >= 3
    for missing in ("red", "green", "blue"):
        seen = [seen_by(color, missing) for color in colors]
        apart = [np.abs(a - b).max() for i, a in enumerate(seen) for b in seen[:i]]
        assert min(apart) > 0.1, (missing, apart)


@pytest.mark.parametrize("kind", NAMES)
def test_a_slot_is_assigned_exactly_until_it_has_enough_answers(kind):
    head = Head(np.array([4]), np.array([kind]))
    rules = Rules(overlap=2)
    for n in range(4):
        answers = [(4, f"person-{k}", "answer") for k in range(n)]
        assert (assign(head, "ann", [], answers, rules) == []) == enough_answers(kind, n, rules)


def test_a_slot_that_asks_again_waits_for_people_beyond_those_before():
    head = Head(np.array([4]), np.array(["relabel"]), n_before=np.array([2]))
    before = [(4, "ann", "answer"), (4, "bob", "answer")]
    assert assign(head, "ann", [], before, Rules()) == [] and assign(head, "cyd", [], before, Rules()) == [0]
    assert assign(head, "dan", [(4, "cyd")], before, Rules()) == []
