"""Which sentences compute, and which reasons suffice to set one aside.

A sentence computes if it has a quantity, or lays down a limit or an equation about benefits or
money. It cannot be set aside as having no computing content. What suffices is to say where it
is encoded (见第二十条; the file's head), or that what it computes lies outside what the
policy decides (不在本事项范围, 另行规定). Any other reason sets aside only what does not compute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tiaowen.compiler.grounding import Occurrence
from tiaowen.compiler.grounding.measures import of_figure, structural
from tiaowen.dsl.article_path import ArticlePath, parse_reference
from tiaowen.dsl.figures import Figure
from tiaowen.dsl.normal import halfwidth
from tiaowen.dsl.outline import Paragraph
from tiaowen.dsl.sentences import Sentence

_LIMITS = re.compile(r"不得|不予|超过|以内|视同|(?:按|按照)[^。；，,;]{0,40}?执行")
_MONEY = re.compile(r"待遇|报销|支付|费用|基金|起付|限额|补助|补贴|津贴|自付|自费|结算|比例|标准")
_OUTSIDE = re.compile(
    r"不在|不属|以外|之外|范围外|另行|尚未|不适用|不由|不归|outside|not part|not within",
    re.IGNORECASE,
)
_HEAD = re.compile(r"文件头|文首|front matter", re.IGNORECASE)
_N = r"[〇零一二三四五六七八九十百千\d]+"
_REFERENCE = re.compile(
    rf"第{_N}条(?:之{_N})?(?:第{_N}款)?(?:第?\({_N}\)[项点]?)*(?:第?{_N}目?)?"
    rf"|{_N}、(?:\({_N}\))*(?:\d+)?"
)
_LEADS = re.compile(r"(?:下列|如下|以下|下述|包括|分为)[^。]*[：:]$")


def is_quantity(figure: Figure) -> bool:
    """Whether a figure of the text has to be explained: not a date, a level or a document."""
    return figure.kind == "quantity"


def is_structural(figure: Figure) -> bool:
    """Nothing, the whole, a count of one, a year as such: explained with their sentence."""
    entry = structural(of_figure(figure))
    return (entry is not None and not entry.needed) or (figure.unit == "年度" and figure.value == 1)


def computing_words(sentence: Sentence, figures: Iterable[Occurrence]) -> tuple[str, ...]:
    """The figures and words that make a sentence compute; empty where nothing does."""
    found = [o.figure.text for o in figures
             if is_quantity(o.figure) and not is_structural(o.figure)]  # fmt: skip
    if _MONEY.search(sentence.text):
        found.extend(match[0] for match in _LIMITS.finditer(sentence.text))
    return tuple(dict.fromkeys(found))


def is_outside(reason: str) -> bool:
    """Whether a reason says that the sentence is not this policy's to compute, or in its head."""
    return bool(_OUTSIDE.search(reason) or _HEAD.search(reason))


def references(reason: str) -> tuple[ArticlePath, ...]:
    """The articles a reason names."""
    found = [parse_reference(match[0]) for match in _REFERENCE.finditer(halfwidth(reason))]
    return tuple(path for path in found if path is not None)


def is_heading(paragraph: Paragraph, sentence: Sentence, figures: Iterable[Occurrence]) -> bool:
    """Titles, heads of tables, the signature, and lines that only introduce a list."""
    if any(is_quantity(o.figure) and not is_structural(o.figure) for o in figures):
        return False
    if paragraph.heading or (paragraph.path.parts and paragraph.path.parts[0].kind == "落款"):
        return True
    return bool(_LEADS.search(sentence.text))
