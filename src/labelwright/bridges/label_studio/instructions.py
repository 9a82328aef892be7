"""Guidelines as the instructions that Label Studio shows before labeling.

References
----------
Label Studio, "Set up labeling instructions": `expert_instruction` is HTML. https://labelstud.io/guide/setup_project
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Guide:
    """The guidelines of one question.

    Attributes
    ----------
    question : str
        What is asked.
    version : int
        0 where none were ever written.
    markdown : str
        The text.
    """

    question: str
    version: int
    markdown: str


def instructions_of(guides: Sequence[Guide]) -> str | None:
    """The guidelines of all questions as HTML; None where none were ever written, so that Label Studio keeps its own.

    Paragraphs and line breaks stay; other marks of Markdown are shown as they are written, and what looks like HTML is
    text. Each text stands below its question where there are several questions.

    Examples
    --------
    >>> instructions_of([Guide("Spam?", 2, "Ads are *spam*.\\n\\nIf a < b,\\nskip.")])
    '<p>Ads are *spam*.</p><p>If a &lt; b,<br>skip.</p>'
    >>> instructions_of([Guide("Spam?", 1, ""), Guide("Tone?", 1, "Be kind.")])
    '<h3>Tone?</h3><p>Be kind.</p>'
    >>> instructions_of([Guide("Spam?", 0, "")]) is None
    True
    """
    if not any(guide.version for guide in guides):
        return None
    parts = list[str]()
    for guide in guides:
        paragraphs = [part for part in re.split(r"\n\s*\n", guide.markdown.replace("\r\n", "\n")) if part.strip()]
        if paragraphs and len(guides) > 1:
            parts.append(f"<h3>{_text(guide.question)}</h3>")
        parts += [
            "<p>" + "<br>".join(_text(line) for line in part.strip().splitlines()) + "</p>" for part in paragraphs
        ]
    return "".join(parts)


def _text(line: str) -> str:
    return escape(line, quote=False)
