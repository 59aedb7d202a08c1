"""Why a value cannot be what its field holds, said so that a diagnostic can be made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from tiaowen.compiler.bad_value import BadValue, shown
from tiaowen.compiler.types import Type

Words: TypeAlias = dict[str, str]

_MOST_LISTED = 12
_LONGEST_BITS = 256
_EXAMPLES = {
    "金额": "1234.50",
    "单价": "0.125000",
    "比例": "0.85",
    "日期": "2024-03-05",
    "时刻": "2024-03-05 08:30",
    "是否": "true",
    "数量": "2",
    "天数": "7",
    "文本": '"…"',
}


_KINDS = {
    "金额": "money", "单价": "a unit price", "比例": "a ratio", "百分点": "percentage points",
    "数量": "a number", "天数": "a number of days", "月数": "a number of months",
    "年限": "a number of years", "日期": "a date", "时刻": "a date with a time",
    "是否": "yes or no", "文本": "text",
}  # fmt: skip


class Misfit(Exception):
    """A value its field cannot hold: a code of the catalogue and what its message names."""

    def __init__(self, code: str, **args: Any) -> None:
        self.code = code
        self.args_named = args
        super().__init__(code)


def is_blank(raw: object) -> bool:
    """Whether ``raw`` gives nothing: null, or the empty text that exports write for it."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def kind_of(raw: object) -> Words:
    """What a JSON value is, in words."""
    if raw is None:
        return {"zh": "null", "en": "null"}
    if isinstance(raw, bool):
        return {"zh": "是否值", "en": "a truth value"}
    if isinstance(raw, dict):
        return {"zh": "对象", "en": "an object"}
    if isinstance(raw, list):
        return {"zh": "列表", "en": "a list"}
    if isinstance(raw, str):
        return {"zh": f"文字“{shown(raw)}”", "en": f"the text '{shown(raw)}'"}
    return {"zh": f"数{figure(raw)}", "en": f"the number {figure(raw)}"}


def figure(raw: object) -> str:
    """A number as a message may show it; of one too long to be written out, its size."""
    if isinstance(raw, int) and raw.bit_length() > _LONGEST_BITS:
        return f"≈10^{raw.bit_length() * 30103 // 100000}"
    return shown(str(raw))


def wrong_type(raw: object, kind: Type, problem: BadValue | None = None) -> Misfit:
    """The misfit of a value that is not of its field's type."""
    found = kind_of(raw)
    if problem is not None and problem.reason not in ("not-a-number", "not-a-date", "not-a-moment"):
        found = {
            lang: f"{words}{'：' if lang == 'zh' else ': '}{problem.explain(lang)}"
            for lang, words in found.items()
        }
    expected = {"zh": kind.label("zh"), "en": _KINDS.get(kind.name, kind.label("en"))}
    return Misfit("TW0604", expected=expected, found=found, example=_EXAMPLES.get(kind.name, ""))


def unknown_member(text: str, codes: Iterable[str] | dict[str, str]) -> Misfit:
    """The misfit of a label or code that is none of ``codes`` (label -> code)."""
    known = dict(codes) if isinstance(codes, dict) else dict.fromkeys(codes, "")
    listed = {f"{code} {name}".strip(): (name, code) for name, code in known.items()}
    near = close_to(text[:64], {n: entry for entry, names in listed.items() for n in names if n})
    short = len(listed) <= _MOST_LISTED
    return Misfit(
        "TW0605",
        value=shown(text),
        nearest=near[0] if near else "",
        values=list(listed) if short else near or [*list(listed)[:_MOST_LISTED], "…"],
    )


def close_to(text: str, names: Mapping[str, str]) -> list[str]:
    """What the names most like ``text`` stand for, nearest first, each once."""
    import difflib

    found = difflib.get_close_matches(text, names, _MOST_LISTED // 2, 0.5)
    return list(dict.fromkeys(names[name] for name in found))
