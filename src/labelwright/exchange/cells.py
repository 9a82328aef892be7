"""How a value stands in a cell of a file that spreadsheets open, and in text that must be UTF-8."""

from __future__ import annotations

import json
import re
from typing import Any, Final

UNENCODABLE: Final = "backslashreplace"
_FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff\u200b]*[=+\-@＝＋－＠]")


def cell(value: Any) -> Any:
    """A value for a cell: lists and objects as JSON, and what a spreadsheet would run behind an apostrophe.

    Examples
    --------
    >>> cell("=1+1"), cell(-1), cell(["a", "b"])
    ("'=1+1", -1, '["a", "b"]')
    """
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False)
    return "'" + value if isinstance(value, str) and _FORMULA.match(value) else value


def as_text(value: object) -> str | None:
    """A value as text that any file in UTF-8 can hold."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", UNENCODABLE).decode()
