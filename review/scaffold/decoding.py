"""Bytes to text, by the encodings that Chinese documents come in.

UTF-8 and UTF-16 (with its mark) are certain. GB 18030 accepts nearly anything, so a text is
taken for it only where what comes out reads like Chinese.
"""

from __future__ import annotations

import codecs
import re

from attrs import frozen

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.dsl.source import Source, Span

MOST_BYTES = 20 * 2**20
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_COMMON = re.compile(r"[的、，。一二三四五六七八九十（）人医保条疗费用和在年]")
_MOST_ODD = 0.02
_LEAST_COMMON = 0.08


@frozen
class Decoded:
    """``encoding`` as people call it: UTF-8, UTF-16 or GB18030."""

    text: str
    encoding: str


def decoded(data: bytes, name: str) -> Decoded:
    """``data``, the content of the file ``name``, as text.

    Raises ``Rejected``: TW0107 where it is too large, TW0108 where it is empty or no text.
    """
    if len(data) > MOST_BYTES:
        limit = f"{MOST_BYTES // 2**20} MB"
        raise Rejected([diagnose("TW0107", _at(name), size=f"> {limit}", limit=limit)])
    found = _read(data)
    if found is None:
        raise _no_text(name, "看来是二进制文件，或编码不明",
                       "it looks binary, or its encoding is unknown")  # fmt: skip
    if not found.text.strip():
        raise _no_text(name, "文件是空的", "the file is empty")
    return found


def _read(data: bytes) -> Decoded | None:
    marks = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    for mark, codec in marks:
        if data.startswith(mark):
            return _by(data, codec, "UTF-16")
    found = _by(data, "utf-8-sig", "UTF-8")
    if found is not None:
        return found
    guess = _by(data, "gb18030", "GB18030")
    return guess if guess is not None and _reads_like_chinese(guess.text) else None


def _by(data: bytes, codec: str, encoding: str) -> Decoded | None:
    try:
        text = data.decode(codec)
    except (UnicodeDecodeError, UnicodeError):
        return None
    return None if _CONTROL.search(text) else Decoded(text, encoding)


def _reads_like_chinese(text: str) -> bool:
    written = [char for char in text if not char.isspace()]
    if not written:
        return False
    odd = sum("\ue000" <= char <= "\uf8ff" or ord(char) > 0xFFFF for char in written)
    common = len(_COMMON.findall(text))
    return odd <= _MOST_ODD * len(written) and common >= _LEAST_COMMON * len(written)


def _at(name: str) -> Span:
    return Span(Source(name, ""), 0, 0)


def _no_text(name: str, zh: str, en: str) -> Rejected:
    return Rejected([diagnose("TW0108", _at(name), problem={"zh": zh, "en": en})])
