"""The table of keywords, and the parser's terminals made from it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

Script = Literal["zh", "zh-Hant", "en"]


@cache
def keywords() -> dict[str, dict[Script, tuple[str, ...]]]:
    """Grammar name -> script -> spellings, the first of which the formatter writes."""
    text = files("tiaowen.grammar").joinpath("keywords.toml").read_text(encoding="utf-8")
    return {
        name: {script: tuple(words) for script, words in spellings.items()}
        for name, spellings in tomllib.loads(text).items()
    }


def spelling(name: str, script: Script) -> str:
    """How the formatter writes keyword ``name`` in ``script``."""
    return keywords()[name][script][0]


@cache
def spellings() -> dict[str, str]:
    """Every spelling in every script -> the keyword's grammar name."""
    return {
        word: name
        for name, by_script in keywords().items()
        for words in by_script.values()
        for word in words
    }


def terminals() -> str:
    """The ``KW_…`` terminals as Lark source; a keyword ends where its word ends."""
    return "\n".join(_terminal(name, by_script) for name, by_script in keywords().items())


def _terminal(name: str, by_script: dict[Script, tuple[str, ...]]) -> str:
    words = sorted({word for words in by_script.values() for word in words}, key=len, reverse=True)
    pattern = "|".join(re.escape(word).replace("\\ ", "[ ]+") for word in words)
    return f"KW_{name.upper()}.2: /(?:{pattern})(?!\\w)/"


@cache
def numeral_units() -> dict[str, str]:
    """Unit as written -> canonical unit of a number literal."""
    return {
        "元": "元", "yuan": "元", "%": "%", "‰": "‰", "个百分点": "百分点", "百分点": "百分点",
        "points": "百分点", "个工作日": "工作日", "工作日": "工作日", "日": "日", "天": "日",
        "day": "日", "days": "日", "周": "周", "个月": "月", "月": "月", "month": "月",
        "months": "月", "年": "年", "year": "年", "years": "年", "周岁": "岁", "岁": "岁",
        "小时": "小时", "hour": "小时", "hours": "小时", "分钟": "分钟", "次": "次",
        "times": "次", "级": "级", "step": "级", "steps": "级", "人": "人", "倍": "倍", "": "",
    }  # fmt: skip
