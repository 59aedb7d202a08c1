"""The form in which sentences are compared: one script, one width, no space, no punctuation.

Folding never joins two figures into one and never loses a sign of arithmetic: what stands
between two digits is kept, so that 2.8% stays apart from 28%.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from attrs import frozen

from tiaowen.dsl.normal import halfwidth, simplified

_ALIKE = str.maketrans({
    "○": "〇", "Ο": "〇", "［": "(", "[": "(", "【": "(", "〔": "(", "］": ")", "]": ")",
    "】": ")", "〕": ")", "『": '"', "』": '"', "‘": '"', "’": '"', "'": '"', "–": "-",
    "‐": "-", "‑": "-", "．": ".", "﹑": "、", "｡": "。", "､": "、", "•": "·", "‧": "·",
})  # fmt: skip
_MARKUP = frozenset("*\\|#`\ufeff\u200b\u00ad")
_PUNCTUATION = frozenset('，,。、；;：:！!？?"()《》<>〈〉…—·_.「」{}')
OPENING = frozenset("（(《“‘「『【〔[［〈")


@frozen
class Folded:
    """A text folded, without punctuation (``key``) and with it (``strict``).

    ``places[i]`` is where character ``i`` of ``key`` stands in the text; likewise the other.
    """

    key: str
    places: tuple[int, ...]
    strict: str
    strict_places: tuple[int, ...]


def one_script(text: str) -> str:
    """``text`` in Simplified characters, of the same length: 計畫 is 计划, word by word where
    that keeps every place, else character by character."""
    single = simplified(text)
    if single == text:
        return text
    whole: str = _converter("t2s").convert(text)
    return whole if len(whole) == len(text) else single


_CONVERTED = {"民众": "群众", "协定": "协议", "国小": "小学", "档案": "文件"}
"""What programs that convert between the scripts make of words, beyond OpenCC's own list."""


def mainland(text: str) -> str:
    """A few words in Traditional characters as the mainland writes them: 檔案 is 文件; words
    in Simplified ones as they are."""
    if one_script(text) == text:
        return text
    converted: str = _converter("tw2sp").convert(text)
    for word, meant in _CONVERTED.items():
        converted = converted.replace(word, meant)
    return converted


@cache
def _converter(config: str) -> Any:
    from opencc import OpenCC

    return OpenCC(config)


@lru_cache(maxsize=65_536)
def folded(text: str) -> Folded:
    """``text`` as it is compared."""
    plain = halfwidth(one_script(text).translate(_ALIKE)).translate(_ALIKE)
    shown = [(at, char) for at, char in enumerate(plain) if char not in _MARKUP]
    strict: list[tuple[int, str]] = []
    for nth, (at, char) in enumerate(shown):
        if not char.isspace():
            strict.append((at, char))
        elif strict and strict[-1][1].isdigit() and _next_is_digit(shown, nth):
            strict.append((at, " "))
    loose = [
        (at, char) for nth, (at, char) in enumerate(strict)
        if char not in _PUNCTUATION or _between_digits(strict, nth)
    ]  # fmt: skip
    return Folded("".join(char for _, char in loose), tuple(at for at, _ in loose),
                  "".join(char for _, char in strict), tuple(at for at, _ in strict))  # fmt: skip


def _next_is_digit(shown: list[tuple[int, str]], nth: int) -> bool:
    following = next((char for _, char in shown[nth + 1 : nth + 40] if not char.isspace()), "")
    return following.isdigit()


def _between_digits(strict: list[tuple[int, str]], nth: int) -> bool:
    return (0 < nth < len(strict) - 1 and strict[nth - 1][1].isdigit()
            and strict[nth + 1][1].isdigit())  # fmt: skip


_FIGURE = re.compile(r"\d+(?:[.,]\d+)*[%‰]?|[A-Za-z]+|.", re.DOTALL)


def tokens(strict: str) -> list[str]:
    """The stretches a reader would compare one by one: a figure, a Latin word, a character."""
    return _FIGURE.findall(strict)


def only_marks(text: str) -> bool:
    """Whether ``text`` is punctuation and space only."""
    return all(char in _PUNCTUATION or char.isspace() for char in text)
