"""Full-width and half-width forms are one script: a mapping that keeps every offset.

``halfwidth`` replaces characters one for one, so a span found in the mapped text is a span
of the original. Nothing that would change the length is touched, and signs that have a
meaning of their own in the language (``×``, ``÷``, ``≤``, ``—``, ``、``, ``。``, ``〔〕``)
stay as they are. ``simplified`` makes Traditional names the Simplified ones they are.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

_FORMS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FORMS |= {
    0x3000: ord(" "),
    0x00A0: ord(" "),
    0x2212: ord("-"),  # − minus sign
    0xFE6A: ord("%"),  # ﹪ small percent
    0xFE50: ord(","),  # ﹐
    0xFE54: ord(";"),  # ﹔
    0xFE55: ord(":"),  # ﹕
    0x2236: ord(":"),  # ∶ ratio, what some input methods type for a colon
    0x201C: ord('"'),  # “
    0x201D: ord('"'),  # ”
    0x300C: ord('"'),  # 「
    0x300D: ord('"'),  # 」
    0x301C: ord("~"),  # 〜 wave dash
}


def halfwidth(text: str) -> str:
    """``text`` with its full-width forms in half width; same length, same offsets."""
    return text if text.isascii() else text.translate(_FORMS)


_TRADITIONAL_ONLY = frozenset("後於徵菸麽")
"""Traditional characters that GB 2312 has all the same."""


@lru_cache(maxsize=65_536)
def simplified(name: str) -> str:
    """``name`` in Simplified characters, one for one: 起付線 and 起付线 are one name.

    A name that GB 2312 can write is Simplified already; OpenCC is asked for single characters
    only, so that what becomes of a character never depends on its neighbours.
    """
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return "".join(map(_simplified_character, name))
    if _TRADITIONAL_ONLY.isdisjoint(name):
        return name
    return "".join(map(_simplified_character, name))


@lru_cache(maxsize=65_536)
def _simplified_character(character: str) -> str:
    if character not in _TRADITIONAL_ONLY and _in_gb2312(character):
        return character
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
