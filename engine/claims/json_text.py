"""JSON as users bring it, read strictly.

Python's own reader takes a later duplicate for the earlier, ``NaN`` for a number and a binary
fraction for an amount. Here every such text is refused with its place, numbers are exact
(``int`` and ``Decimal``), and neither size nor depth can exhaust the machine. A UTF-8
byte-order mark is left off; no other encoding is guessed, it is named.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from attrs import frozen

from tiaowen.compiler.bad_value import shown
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.dsl.source import Source, Span

MOST_BYTES = 100 * 2**20
DEEPEST = 32
LONGEST_NUMBER = 30

_PROBLEMS = {
    "Expecting property name enclosed in double quotes": (
        "此处应为双引号括起的键",
        "a key in double quotes is expected",
    ),
    "Expecting ':' delimiter": ("此处应为冒号", "a colon is expected"),
    "Expecting ',' delimiter": ("此处应为逗号或右括号", "a comma or a closing bracket is expected"),
    "Expecting value": ("此处应为一个值", "a value is expected"),
    "Illegal trailing comma before end of object": ("多了一个逗号", "there is a comma too many"),
    "Illegal trailing comma before end of array": ("多了一个逗号", "there is a comma too many"),
    "Unterminated string starting at": ("引号没有合上", "the quotation mark is not closed"),
    "Invalid control character at": (
        "引号内有换行或控制字符",
        "a line end or control character stands inside quotes",
    ),
    "Extra data": ("数据之后还有别的内容", "something follows the end of the data"),
}
_ESCAPE = ("反斜杠之后不是转义字符", "the backslash is followed by no escape")
_CHINESE_MARKS = "“”‘’：，｛｝［］"


class _Repeating(dict[str, Any]):
    """An object one of whose keys occurs twice."""

    key: str = ""


@frozen
class _BadNumber:
    """A number that no field can hold, as written."""

    text: str
    problem: tuple[str, str]


def read_json(text: str | bytes, name: str) -> Any:
    """The value that ``text`` holds: dict, list, str, int, Decimal, bool or None.

    ``name`` is what the user calls the file. Raises ``Rejected``: TW0601 (no JSON, with line
    and column), TW0602 (a key twice), TW0610 (NaN, infinity, more than 30 digits), TW0614
    (empty), TW0615 (not UTF-8), TW0616 (too large or nested too deeply).
    """
    decoded = _decoded(text, name)
    if not decoded.strip():
        raise _refused("TW0614", name)
    marked: list[object] = []
    reader = json.JSONDecoder(
        object_pairs_hook=lambda pairs: _object(pairs, marked),
        parse_float=lambda number: _number(number, marked),
        parse_int=lambda number: _whole(number, marked),
        parse_constant=lambda number: _not_finite(number, marked),
    )
    try:
        value = reader.decode(decoded)
    except json.JSONDecodeError as error:
        raise _syntax_error(error, decoded, name) from None
    except RecursionError:
        raise _too_deep(name) from None
    if _depth(value) > DEEPEST:
        raise _too_deep(name)
    suspicious = marked or "\\ud" in decoded or "\\uD" in decoded
    if suspicious and (found := list(_problems(value, ""))):
        raise Rejected(found)
    return value


def _refused(code: str, name: str, **args: Any) -> Rejected:
    """A refusal of the whole file."""
    return Rejected([diagnose(code, Span(Source(name, ""), 0, 0), **args)])


def _decoded(text: str | bytes, name: str) -> str:
    size = len(text)
    if size > MOST_BYTES:
        raise _refused(
            "TW0616",
            name,
            size=f"{size / 2**20:.1f} MB",
            limit=f"{MOST_BYTES // 2**20} MB",
            what={"zh": "文件", "en": "the file"},
        )
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused("TW0615", name, offset=error.start + 1, encoding=_guess(text)) from None
    if "\0" in decoded[:1000]:
        raise _refused("TW0615", name, offset=decoded.index("\0") + 1, encoding=_guess(text))
    return decoded


def _guess(data: bytes) -> str:
    """The encoding that ``data`` looks like, '' where it looks like none."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:64]:
        return "UTF-16"
    for encoding, label in (("gb18030", "GBK"), ("big5", "Big5")):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return label
    return ""


def _object(pairs: list[tuple[str, Any]], marked: list[object]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    repeating = _Repeating(made)
    repeating.key = next(k for k, _ in pairs if k in seen or seen.add(k))  # type: ignore[func-returns-value]
    marked.append(repeating)
    return repeating


def _number(text: str, marked: list[object]) -> Decimal | _BadNumber:
    if len(text) <= LONGEST_NUMBER:
        try:
            return Decimal(text)
        except InvalidOperation:
            pass
    return _bad(text, ("数太长", "it is too long"), marked)


def _whole(text: str, marked: list[object]) -> int | _BadNumber:
    if len(text) <= LONGEST_NUMBER:
        return int(text)
    return _bad(text, ("数太长", "it is too long"), marked)


def _not_finite(text: str, marked: list[object]) -> _BadNumber:
    return _bad(text, ("不是有限的数", "it is not a finite number"), marked)


def _bad(text: str, problem: tuple[str, str], marked: list[object]) -> _BadNumber:
    found = _BadNumber(shown(text), problem)
    marked.append(found)
    return found


def _depth(value: Any) -> int:
    """How many lists and objects stand one inside another, at most one more than allowed."""
    level, depth = [value], 0
    while depth <= DEEPEST:
        inner = [v for v in level if isinstance(v, dict | list)]
        if not inner:
            return depth
        depth += 1
        level = [
            v for holder in inner for v in (holder.values() if isinstance(holder, dict) else holder)
        ]
    return depth


def _problems(value: Any, place: str) -> Iterator[Diagnostic]:
    """What cannot be used in ``value``, each with its JSON path."""
    name = place.rpartition(".")[2] or "JSON"
    if isinstance(value, _BadNumber):
        yield diagnose(
            "TW0610",
            place=place,
            name=name,
            value=value.text,
            problem=dict(zip(("zh", "en"), value.problem, strict=True)),
        )
    elif isinstance(value, str) and not _encodable(value):
        yield diagnose(
            "TW0604",
            place=place,
            name=name,
            expected={"zh": "文字", "en": "text"},
            found={"zh": "半个代理字符", "en": "half of a surrogate pair"},
        )
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _problems(item, f"{place}[{index}]")
    elif isinstance(value, dict):
        if isinstance(value, _Repeating):
            yield diagnose("TW0602", place=f"{place}.{value.key}".lstrip("."), key=shown(value.key))
        for key, item in value.items():
            yield from _problems(key, place)
            yield from _problems(item, f"{place}.{shown(key)}".lstrip("."))


def _encodable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _too_deep(name: str) -> Rejected:
    return _refused(
        "TW0616",
        name,
        what={"zh": "嵌套", "en": "the nesting"},
        size={"zh": f"{DEEPEST + 1}层或更多", "en": f"{DEEPEST + 1} levels or more"},
        limit={"zh": f"{DEEPEST}层", "en": f"{DEEPEST}"},
    )


def _syntax_error(error: json.JSONDecodeError, text: str, name: str) -> Rejected:
    """The reader's complaint in words, at its line."""
    message = error.msg.removesuffix(" at") if error.msg.startswith("Invalid \\") else error.msg
    chinese, english = _PROBLEMS.get(message) or _PROBLEMS.get(f"{message} at") or _ESCAPE
    at = min(error.pos, len(text))
    if at >= len(text.rstrip()):
        chinese, english = "数据没有写完", "the data ends too early"
    elif text[at] in _CHINESE_MARKS:
        chinese = f"“{text[at]}”是全角符号，须用半角"
        english = f"'{text[at]}' is a full-width sign; a plain one is needed"
    source = Source(name, text)
    return Rejected(
        [
            diagnose(
                "TW0601",
                Span(source, at, min(at + 1, len(text))),
                line=error.lineno,
                column=error.colno,
                problem={"zh": chinese, "en": english},
            )
        ]
    )
