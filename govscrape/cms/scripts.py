"""What list pages and list servers say in JavaScript and JSON rather than in markup."""

import json
import re
from collections.abc import Sequence
from typing import Any

Json = Any

RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
TOTAL_RECORD = re.compile(r"""["']?totalRecord["']?\s*[:=]\s*["']?(\d+)|<totalrecord>\s*(\d+)""", re.IGNORECASE)


def assigned(script: str, key: str) -> str:
    r"""Find the first value that a script gives to a name: `key: 'v'`, `"key":"v"`, `key = v`; "" if there is none.

    >>> assigned("var SID = '12'; {\"columnid\":\"7\", perPage : 15}", "perPage")
    '15'
    """
    name = rf"""(?<![\w.])["']?{key}["']?\s*[:=]\s*"""
    found = re.search(rf"""{name}(?:"([^"]*)"|'([^']*)'|([\w.%/-]+))""", script)
    return next((value for value in found.groups() if value is not None), "") if found else ""


def balanced(script: str, start: int) -> str:
    """Cut the value in brackets that begins at `start`, up to the bracket that closes it; "" if none does.

    >>> balanced('TREE: [{"a": "]"}, []], SID: 1', 6)
    '[{"a": "]"}, []]'
    """
    depth, at = 0, start
    for part in re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]').finditer(script, start):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(part[0], 0)
        at = part.end()
        if depth == 0:
            return script[start:at]
    return ""


def read_json(text: str) -> Json:
    """Read JSON, bare or in the call of a JSONP callback; None where there is none.

    >>> read_json('{"a": 1}'), read_json('cb({"a": 1});'), read_json("<html>")
    ({'a': 1}, {'a': 1}, None)
    """
    call = re.fullmatch(r"\s*(?:/\*\*/)?\s*[\w.$]+\s*\((.*)\)\s*;?\s*", text, re.DOTALL)
    try:
        return json.loads(call[1] if call else text)
    except (ValueError, RecursionError):
        return None


def at(value: Json, *path: str) -> Json:
    """Go down a path of keys; None where it breaks off.

    >>> at({"data": {"total": 3}}, "data", "total"), at({"data": []}, "data", "total")
    (3, None)
    """
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def entries(value: Json, *path: str) -> Sequence[dict[str, Json]]:
    """Give the objects of a list at a path; none where there is no list.

    >>> entries({"data": [{"url": "/1"}, None]}, "data")
    [{'url': '/1'}]
    """
    found = at(value, *path)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def number(value: Json) -> int | None:
    """Read a count, as a number or as text; None for anything else.

    >>> number("213"), number(None), number("many")
    (213, None, None)
    """
    text = str(value)
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None


def total_record(text: str) -> int | None:
    """Find the count of records that a Hanweb list gives.

    >>> total_record("perpage: 15, totalRecord: 213"), total_record("<totalrecord>64</totalrecord>")
    (213, 64)
    """
    found = TOTAL_RECORD.search(text)
    return number(found[1] or found[2]) if found else None
