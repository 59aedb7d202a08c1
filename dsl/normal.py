"""Full-width and half-width forms are one script: a mapping that keeps every offset.

``halfwidth`` replaces characters one for one, so a span found in the mapped text is a span
of the original. Nothing that would change the length is touched, and signs that have a
meaning of their own in the language (``×``, ``÷``, ``≤``, ``—``, ``、``, ``。``, ``〔〕``)
stay as they are.
"""

from __future__ import annotations

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
