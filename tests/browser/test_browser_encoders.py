"""A text project whose features move to a better encoder while people label; the page says which, and why."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SETTLED

pytest.importorskip("wordllama")

ANIMALS = [
    "dog",
    "cat",
    "horse",
    "cow",
    "sheep",
    "goat",
    "pig",
    "rabbit",
    "mouse",
    "rat",
    "tiger",
    "lion",
    "bear",
    "wolf",
    "fox",
    "deer",
    "elephant",
    "giraffe",
    "zebra",
    "monkey",
    "camel",
    "donkey",
    "whale",
    "dolphin",
    "shark",
    "eagle",
    "hawk",
    "sparrow",
    "crow",
    "owl",
    "duck",
    "goose",
    "chicken",
    "turkey",
    "frog",
    "toad",
    "snake",
    "lizard",
    "turtle",
    "salmon",
    "trout",
    "bee",
    "ant",
    "spider",
    "butterfly",
    "beetle",
    "squirrel",
    "otter",
    "beaver",
    "badger",
]
FOODS = [
    "bread",
    "butter",
    "cheese",
    "soup",
    "salad",
    "pasta",
    "rice",
    "noodles",
    "pizza",
    "burger",
    "sandwich",
    "omelette",
    "pancake",
    "waffle",
    "cake",
    "pie",
    "biscuit",
    "chocolate",
    "honey",
    "jam",
    "yoghurt",
    "cream",
    "sugar",
    "flour",
    "pepper",
    "garlic",
    "onion",
    "tomato",
    "potato",
    "carrot",
    "cabbage",
    "lettuce",
    "spinach",
    "broccoli",
    "pumpkin",
    "bean",
    "lentil",
    "pea",
    "corn",
    "apple",
    "pear",
    "plum",
    "peach",
    "cherry",
    "grape",
    "lemon",
    "orange",
    "banana",
    "melon",
    "strawberry",
]
SAID = ("yesterday we talked about the {}", "there was a {} in the picture", "nobody expected a {} today", "a {} again")


def fill(served: Any, folder: Path) -> None:
    """Short texts of two topics in which no word comes often, so that only the meaning of words helps."""
    rng = random.Random(0)
    texts = [(said.format(word), topic) for topic, words in (("animal", ANIMALS), ("food", FOODS)) for word in words
             for said in SAID]  # fmt: skip
    rng.shuffle(texts)
    source = folder / "words.jsonl"
    source.write_text("".join(json.dumps({"id": f"w{k}", "text": text}) + "\n" for k, (text, _) in enumerate(texts)))
    served.create("words", source, "classification", labels=("animal", "food"))


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def test_features_move_to_a_better_encoder_while_people_label(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open("/p/words/progress")
    panel = page.get_by_test_id("encoders")
    panel.get_by_text("One encoder makes features of the items.").wait_for()
    panel.get_by_role("button", name="Name encoders").click()
    field = panel.get_by_label("Encoders, between commas")
    field.fill("tfidf, st:/nowhere")
    panel.get_by_role("button", name="Save").click()
    panel.get_by_text(re.compile("its owner has to allow")).wait_for()
    lead.complaints.clear()  # the refusal was meant
    field.fill("tfidf, wordllama")
    panel.get_by_role("button", name="Save").click()
    panel.get_by_text("While people label, the others encode the items").wait_for()

    person = served.person()
    person.label("words")
    for _ in range(70):
        person.page.locator(SETTLED).wait_for()
        shown = person.page.get_by_test_id("item").inner_text()
        person.answer("1" if set(shown.split()) & set(ANIMALS) else "2")
    person.saved()
    serves = page.get_by_test_id("encoder-wordllama").get_by_text("serves")
    serves.wait_for(timeout=90_000)
    panel.get_by_text(re.compile("wordllama serves .*with a chance of")).wait_for()
    assert page.get_by_test_id("encoder-tfidf").get_by_text("serves").count() == 0
    person.answer("1")  # labeling went on all the while
    assert lead.complaints == []
