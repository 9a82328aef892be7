"""TOML of plain values: the same tables give the same bytes.

The standard library reads TOML and does not write it; this writes what a project file holds, and nothing more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from labelwright.plain import Json

BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
WIDTH: Final = 100  # characters of a line, before a list gets a line for each value
_ESCAPED: Final = {"\b": "\\b", "\f": "\\f", "\r": "\\r", "\\": "\\\\"}


def table(header: str, values: Mapping[str, Json]) -> str:
    """A table with its header; values that are None are left out.

    Examples
    --------
    >>> print(table("[goal]", {"metric": "accuracy", "value": 0.9, "budget": None}), end="")
    [goal]
    metric = "accuracy"
    value = 0.9
    """
    lines = [f"{_key(key)} = {_value(value)}" for key, value in values.items() if value is not None]
    return "".join(f"{line}\n" for line in [header, *lines])


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _quoted(key)


def _value(value: Json) -> str:
    """A value at the right of ``=``: a text of several lines, and a long list, take several lines."""
    if isinstance(value, str) and "\n" in value:
        return _lines(value)
    if isinstance(value, list):
        short = _inline(value)
        if len(short) > WIDTH or any(isinstance(one, dict) for one in value):
            return "[\n" + "".join(f"    {_inline(one)},\n" for one in value) + "]"
        return short
    return _inline(value)


def _inline(value: Json) -> str:
    """A value in one line.

    >>> _inline({"a b": [1, 2.0, True], "c": None})
    '{ "a b" = [1, 2.0, true] }'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(_inline(one) for one in value)}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {_inline(one)}" for key, one in value.items() if one is not None)
        return f"{{ {inner} }}" if inner else "{}"
    return repr(value)


def _quoted(text: str) -> str:
    """As in JSON, whose escapes TOML has too; the character of code 127 is the exception."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(text: str) -> str:
    """A text of several lines as it is read, with what TOML would take otherwise escaped.

    >>> print(_lines('# Rules\\nSay "yes".'))
    \"\"\"
    # Rules
    Say "yes".\"\"\"
    """
    kept = []
    for character in text:
        code = ord(character)
        escaped = f"\\u{code:04x}" if (code < 32 and character not in "\n\t") or code == 127 else character
        kept.append(_ESCAPED.get(character, escaped))
    body = "".join(kept).replace('""', '"\\"')
    return '"""\n' + (body[:-1] + '\\"' if body.endswith('"') and not body.endswith('\\"') else body) + '"""'
