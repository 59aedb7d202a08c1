"""What a letter rests on: the policy, every article used with its words, readings, open figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from tiaowen.compiler.values import format_date
from tiaowen.engine.telling import explanation as x
from tiaowen.review.letters.facts import Case
from tiaowen.review.letters.model import Block, Column, Heading, Listing, Paragraph, Part, Table
from tiaowen.review.letters.steps import NATIONAL


def basis(case: Case, looked_at: Sequence[x.Citation] = ()) -> Part:
    """Part 3: title, number, dates in force, every article with its words, readings and open
    figures. ``looked_at`` are rules that were examined and gave nothing."""
    identity = case.explanation.policy
    number = identity.document_number.strip("（）()")
    number = f"（{number}）" if number else ""
    blocks: list[Block] = [Paragraph(f"《{identity.title}》{number}，{in_force(identity)}。")]
    rows = tuple(_articles((*_citations(case.explanation), *looked_at)))
    if rows:
        blocks += [
            Paragraph("本决定所依据的各条款及其原文如下，效力期间同上。"),
            Table((Column("条款", 2), Column("原文", 7)), rows),
        ]
    if any(s.citation is not None and not s.citation.article for s in case.explanation.steps):
        blocks.append(Paragraph(f"各项费用在结算单上的次序和合计，依{NATIONAL}。"))
    readings = tuple(_readings(case))
    if readings:
        blocks += [Heading("条文可作不同理解之处所取的口径"), Listing(readings)]
    parameters = tuple(_parameters(case))
    if parameters:
        blocks += [Heading("由其他文件规定的数额"), Listing(parameters)]
    return Part("依据", tuple(blocks))


def in_force(identity: x.PolicyIdentity) -> str:
    """From when to when a policy is in force, in words."""
    if not identity.in_force:
        return "征求意见稿，尚未施行"
    until = f"，至{_chinese(identity.expires)}止" if identity.expires else "，未定终止日期"
    return f"自{_chinese(identity.in_force)}起施行{until}"


def _chinese(day: str) -> str:
    return format_date(date.fromisoformat(day), "zh")


def _citations(explanation: x.Explanation) -> Iterator[x.Citation]:
    yield from (step.citation for step in explanation.steps if step.citation is not None)
    yield from (refusal.citation for refusal in explanation.refusals)
    yield from (notice.citation for notice in explanation.notices)
    yield from (reading.citation for reading in explanation.readings)
    yield from (parameter.citation for parameter in explanation.parameters)


def _articles(citations: Iterable[x.Citation]) -> Iterator[tuple[str, str]]:
    """Each paragraph once: its path and its words, whole, in the order of the text. Words that
    stand in a longer quotation of the same article are not quoted again."""
    found: dict[tuple[str, str], int] = {}
    for citation in citations:
        if citation.article:
            words = " ".join(citation.words.split())
            found.setdefault((citation.article, words), _place(citation))
    for article, words in sorted(found, key=lambda key: found[key]):
        if not any(a == article and words != w and words in w for a, w in found):
            yield article, words


def _place(citation: x.Citation) -> int:
    """The line a rule stands on, which orders the articles as the text has them."""
    line = citation.source.rsplit(":", 2)[1:2]
    return int(line[0]) if line and line[0].isdigit() else 0


def _readings(case: Case) -> Iterator[str]:
    for used in case.explanation.readings:
        how = "默认口径" if used.default else "另行选定的口径"
        article = f"〔{used.citation.article}〕" if used.citation.article else ""
        yield f"{used.name}：取“{used.choice}”（{how}）{article}"


def _parameters(case: Case) -> Iterator[str]:
    for used in case.explanation.parameters:
        value = case.words.value(used.value, used.type)
        source = used.source or "文件未注明"
        article = used.citation.article
        law = f"，由{article}授权另行规定" if article else ""
        yield f"{used.name}：{value}，出自{source}{law}"
