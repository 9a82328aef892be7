"""What each file of a package is, and what it proves."""

from __future__ import annotations

from typing import Final

FILES: Final = (
    ("`events.jsonl`", "every event: its body exactly as it was hashed, the hash before it, its own",
     "nothing in the middle was changed, left out or moved"),
    ("`heads.jsonl`", "heads of the chain, signed when each event was stored",
     "the chain was not computed anew since, by anybody without the key"),
    ("`receipts.jsonl`", "the head that was signed when this package was made", "the end was not cut off"),
    ("`keys.json`", "the public keys of the site", "compare them with what you know from elsewhere: `--key HEX`"),
    ("`items.jsonl`", "keys, splits and given labels of the items, without their content",
     "they are those that were imported: the event of the import holds their hash"),
    ("`labels/`, `versions.json`", "each label version: a label an item",
     "where the majority decided, each label follows from the answers in the events"),
    ("`models.json`", "each model: the labels that it learned from, digests of its files, how good it was",
     "which labels it rests on"),
    ("`decisions.json`", "what was decided, by a person or by the machine", ""),
    ("`provenance.jsonld`", "for each label of now, the answers that it is made of and who gave them (W3C PROV)",
     "human or machine origin"),
)  # fmt: skip
OF_TEXTS: Final = (
    ("`texts.jsonl`", "what people wrote (reasons, notes, guidelines, hypotheses), each with its salt",
     "it is what was sealed: the hash is in its event. What was erased is not here"),
    ("`guidelines/`", "the guidelines by question and version", ""),
    ("`report.html`", "the report of the project", ""),
    ("`model-card.md`", "the card of the model that serves, where there is one", ""),
)  # fmt: skip
LAST: Final = (
    ("`verify.py`", "the script that checks all of this", "it is short, and imports Python's own library alone"),
    ("`manifest.json`, `signature.json`", "digests of all files, and their signature", "no file was changed since"),
)  # fmt: skip
HEAD: Final = """# Evidence: {slug}

This package holds the record of the Labelwright project *{slug}*. To check it, you need Python 3.11 or newer, and
nothing else:

    python verify.py

It prints one line a check, and exits with 1 if one failed. To check the zip itself: `python verify.py PACKAGE.zip`.

| file | what it is | what it proves |
|---|---|---|
"""
TAIL: Final = """
What it cannot prove: that an answer is true, that the site's clock was right, or which human sat at the screen. Whoever
holds the signing key could have written all of it anew, unless you have a receipt from before: `--receipt FILE`.
"""


def readme(slug: str, with_texts: bool) -> str:
    """The README of a package."""
    files = (*FILES, *(OF_TEXTS if with_texts else ()), *LAST)
    return HEAD.format(slug=slug) + "".join(f"| {' | '.join(file)} |\n" for file in files) + TAIL
