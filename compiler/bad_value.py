"""Why something read from outside is no value of the language, in both languages.

Readers of amounts and dates do not know where the text stood, so they give the reason alone;
whoever knows the field or the place makes the diagnostic of it.
"""

from __future__ import annotations

_REASONS: dict[str, tuple[str, str]] = {
    "empty": ("没有填写", "it is empty"),
    "not-a-number": ("“{text}”不是数", "'{text}' is not a number"),
    "too-long": ("超过 {most} 个字符", "it is longer than {most} characters"),
    "float": (
        "二进制浮点数不精确，须给出十进制数",
        "a binary floating-point number is not exact; a decimal number is needed",
    ),
    "not-finite": ("“{text}”不是有限的数", "'{text}' is not a finite number"),
    "too-large": ("整数部分超过 {digits} 位", "more than {digits} digits before the decimal point"),
    "too-fine": ("小数超过 {places} 位", "more than {places} decimal places"),
    "zero-denominator": ("分母为零", "the denominator is zero"),
    "not-a-date": ("“{text}”不是日期", "'{text}' is not a date"),
    "not-a-moment": ("“{text}”不是日期或时刻", "'{text}' is not a date or a date with a time"),
    "no-such-day": ("没有 {text} 这一天", "there is no day {text}"),
    "no-such-time": ("没有 {text} 这一时刻", "there is no time {text}"),
    "year-out-of-range": (
        "年份 {year} 不在 {first}–{last} 之间",
        "the year {year} is not between {first} and {last}",
    ),
    "before-birth": ("{on} 早于出生日期 {birth}", "{on} is before the date of birth {birth}"),
    "negative-count": ("工作日数 {count} 为负", "the number of working days {count} is negative"),
    "unsorted": (
        "日期未按先后排列：{later} 在 {earlier} 之前",
        "the dates are not in order: {later} stands before {earlier}",
    ),
}


class BadValue(ValueError):
    """A value that cannot be what it is given as.

    ``reason`` is one of a closed set of keys, ``details`` the values its words name;
    ``explain`` words it in Chinese or English, ``str()`` in English.
    """

    def __init__(self, reason: str, /, **details: object) -> None:
        self.reason = reason
        self.details = details
        super().__init__(self.explain("en"))

    def explain(self, lang: str) -> str:
        """The reason in words: ``lang`` is ``zh`` or ``en``; no full stop."""
        chinese, english = _REASONS[self.reason]
        return (chinese if lang.startswith("zh") else english).format(**self.details)


def shown(text: str) -> str:
    """``text`` as a message may quote it: one line, at most 40 characters."""
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return line if len(line) <= 40 else line[:39] + "…"
