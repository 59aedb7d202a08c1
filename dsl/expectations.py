"""What the grammar takes in a place, in a few words of the domain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tiaowen.dsl.expression_builder import AMENDMENTS
from tiaowen.dsl.keywords import spelling
from tiaowen.dsl.lalr import STRANGE, Token
from tiaowen.dsl.tables import END

MOST = 4
"""Kinds that one message names."""


class Kind(NamedTuple):
    """Terminals that one phrase speaks of, said if all of ``sign`` are taken."""

    sign: frozenset[str]
    covers: frozenset[str]
    zh: str
    en: str


def _kind(sign: str, covers: str, zh: str, en: str) -> Kind:
    return Kind(frozenset(sign.split()), frozenset(f"{sign} {covers}".split()), zh, en)


_AMEND = " ".join(f"KW_{name.upper()}" for name in AMENDMENTS)
_SIGNS = "MINUS DIVIDE EQ NE LE LT GE GT KW_AND KW_OR KW_IN KW_NOT"

KINDS = (
    _kind("KW_MATTER KW_DUTY", "NAME KW_EACH KW_EACH_LINE KW_APPLIES KW_INTERFACE KW_ENUM KW_GROUP"
          " KW_SCALE KW_FIELD KW_COLLECTION KW_SHORTHAND KW_TABLE KW_PARAMETER KW_READING KW_PART"
          " KW_EXCLUDE KW_PROPERTY KW_SET_ASIDE KW_UNDER",
          "规则的开头（如 事项、每项，或要定义的名称）",
          "the beginning of a rule (matter, each line, …, or the name it defines)"),
    _kind("KW_GIVEN KW_EXPECT", "KW_BASED KW_MATTER KW_EARLIER KW_READING KW_PARAMETER"
          " KW_EXPECT_STOP KW_EXPECT_NOTE KW_EXPECT_REFUSAL",
          "案例的开头（如 基于、给定、应得）",
          "the beginning of a case's line (starting from, given, expect, …)"),
    _kind("NAME NUMBER ANY", "STRING DATE KW_YES KW_NO KW_NOT KW_IF LPAR LBRACE MINUS LE LT GE GT"
          " CELL ROW_END",
          "单元格的值", "a cell's value"),
    _kind("ROW_START NAME NUMBER", "STRING DATE KW_YES KW_NO KW_NOT KW_IF LPAR LBRACE MINUS",
          "数值、名称、式子或表格", "a value, a name, a formula or a table"),
    _kind("NAME NUMBER", "STRING DATE KW_YES KW_NO KW_NOT KW_IF LPAR LBRACE MINUS KW_EACH"
          " KW_EACH_LINE",
          "数值、名称或式子", "a value, a name or a formula"),
    _kind("NAME KW_YES", "KW_NO", "名称、是 或 否", "a name, yes or no"),
    _kind("NAME", "", "名称", "a name"),
    _kind("NUMBER", "", "数字", "a number"),
    _kind("STRING", "", "引号里的文字", "words in quotation marks"),
    _kind("REF", "", "条文（如 第十六条（六））", "an article, like 第十六条（六）"),
    _kind(_AMEND, "KW_STOP", "调整的说法（如 加、减、不低于、改为）",
          "an amendment (plus, minus, at least, becomes, …)"),
    _kind("RPAR", "", "“)”", "“)”"),
    _kind("RBRACE", "", "“}”", "“}”"),
    _kind("PLUS TIMES", _SIGNS, "运算符", "an operator"),
    _kind("EQ", "", "“=”", "“=”"),
    _kind("COLON", "", "“:”", "“:”"),
    _kind("ROW_START", "", "表格", "a table"),
    _kind("CELL", "ROW_END", "“|”", "“|”"),
    _kind("ROW_END", "", "“|”", "“|”"),
    _kind("KW_WHEN KW_BASIS", "KW_AFTER KW_SENTENCE KW_DERIVE KW_ENGLISH",
          "附加成分（如 当、依据）", "a clause (when, based on, …)"),
)  # fmt: skip
"""From the most particular to the least; what one covers, those after it do not say again."""

_LITTLE = frozenset({"DOT", "LPAR", "COMMA", "BACKSLASH", "TILDE", "ANY", "__ANON_0"})
"""Signs that may go on with what stands there; not worth a message's words."""


def expected(accepted: Iterable[str]) -> dict[str, str]:
    """The terminals ``accepted`` in words, in both languages."""
    left = set(accepted)
    zh: list[str] = []
    en: list[str] = []
    for kind in KINDS:
        if kind.sign <= left:
            left -= kind.covers
            zh.append(kind.zh)
            en.append(kind.en)
    for name in sorted(terminal[3:].lower() for terminal in left if terminal.startswith("KW_")):
        zh.append(f"“{spelling(name, 'zh')}”")
        en.append(f"“{spelling(name, 'en')}”")
    if not zh and left & _LITTLE:
        zh, en = ["别的符号"], ["another sign"]
    if END in left and len(zh) < MOST:
        zh.append("语句结束")
        en.append("the end of the statement")
    return {"zh": _one_of(zh[:MOST], "、", "或"), "en": _one_of(en[:MOST], ", ", " or ")}


def _one_of(texts: list[str], comma: str, last: str) -> str:
    return last.join(filter(None, [comma.join(texts[:-1]), *texts[-1:]]))


def found(token: Token, written: str) -> str | None:
    """What stands at ``token``, of which ``written`` is the source's text; None at the end."""
    if token.type == END:
        return None
    if token.type == STRANGE and not written.isprintable():
        return f"U+{ord(written):04X}"
    return written.strip() or token.text


def reserved(word: str, name: str) -> dict[str, str]:
    """That a name is expected, and ``word`` cannot be one."""
    return {
        "zh": f"名称（“{word}”是关键词，不能作名称）",
        "en": f"a name (“{word}” is the keyword {spelling(name, 'en')} and cannot be one)",
    }
