"""Lines of JSON for formats that have one question a line and no place for the answers of single people."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from labelwright.exchange.cells import UNENCODABLE
from labelwright.exchange.format import ERASED_ITEMS, SAID, Export, Row, Said, Written
from labelwright.exchange.leaving import has_content, n_answers_of, others_of

Line = Callable[[Row, Said], dict[str, object]]
NOTHING: Final = Said()


def write_lines(path: Path, export: Export, line: Line) -> Written:
    """Write one line for each item, with the answers to the first question; erased items are left out and counted.

    Parameters
    ----------
    line : callable
        Makes the line of an item from its row and from its label and answers.
    """
    question = export.questions[0]
    n_rows = n_erased = n_answers = 0
    with path.open("w", encoding="utf-8", errors=UNENCODABLE) as file:
        for row in export.rows:
            if not has_content(export, row):
                n_erased += 1
                continue
            said: Any = row.get(SAID) or {}
            n_answers += n_answers_of(row)
            file.write(json.dumps(line(row, said.get(question.id, NOTHING)), ensure_ascii=False) + "\n")
            n_rows += 1
    left = others_of(export) + ((f"{n_erased} {ERASED_ITEMS}",) if n_erased else ())
    if n_answers:
        left += (f"who gave the {n_answers} answers behind the labels, when and why",)
    return Written(n_rows, left_out=left)
