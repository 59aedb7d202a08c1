"""The facts a letter states: who, for what stay, and everything the decision relied on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from attrs import frozen

from tiaowen.compiler.core import LINES, Program, Value
from tiaowen.compiler.values import format_date
from tiaowen.engine.claims.roles import named
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem, Opening, Reversal, Settlement
from tiaowen.engine.telling import explanation as x
from tiaowen.review.letters.model import (
    BLANK,
    Block,
    Column,
    Heading,
    Listing,
    Pairs,
    Paragraph,
    Part,
    Table,
)
from tiaowen.review.present.build import duty_asked
from tiaowen.review.present.words import Words

NAME, NUMBER = "姓名", "人员编号"
ENCOUNTER: Mapping[str, str] = {
    "psn_no": NUMBER, "insutype": "险种", "insuplc_admdvs": "参保地", "mdtrt_id": "就诊ID",
    "med_type": "医疗类别", "fixmedins_name": "机构名称", "begntime": "入院时间",
    "endtime": "出院时间", "setl_id": "结算ID",
}  # fmt: skip
"""The fields that say whose claim this is and for which encounter: national code, name."""

_LINE_COLUMNS = ("收费项目等级", "目录类别", "收费项目类别")
ITEM, AMOUNT = "项目名称", "金额"


@frozen
class Case:
    """What a letter is written from. ``claim`` and ``program`` are None where only the
    explanation was kept; its facts then stand in."""

    explanation: x.Explanation
    words: Words
    claim: Claim | None
    program: Program | None
    history: Sequence[HistoryItem]

    def field(self, code: str) -> str:
        """The policy's name of the field with a national code."""
        found = named(self.program.fields, code) if self.program is not None else ""
        return found or {**ENCOUNTER, "psn_name": NAME}.get(code, "")

    @property
    def facts(self) -> Mapping[str, Value]:
        return self.claim.fields if self.claim is not None else self.explanation.facts

    def said(self, name: str) -> str:
        """A fact in words, '' where it is not given."""
        value = self.facts.get(name)
        if value is None or value in ("", "—"):
            return ""
        return self.words.value(value, self.words.labels.types.get(name, ""), name)

    @property
    def party(self) -> str:
        return self.said(self.field("psn_name"))


def encounter(case: Case) -> Part:
    """Part 1: party, insurance, period, encounter."""
    year = next((line for line in case.explanation.statement if line.code == "year"), None)
    pairs = [("当事人", case.party or BLANK)]
    for code in ENCOUNTER:
        name = case.field(code)
        if said := case.said(name):
            pairs.append((name, said))
    pairs.append(("申请事项", case.explanation.matter))
    if year is not None and year.value is not None:
        pairs.append(("待遇年度", case.words.value(year.value, year.type, year.name)))
    return Part("当事人和申请事项", (Pairs(tuple(pairs)),))


def facts(case: Case) -> Part:
    """Part 2: the facts relied on, what was taken as given, and the lines with their category."""
    blocks: list[Block] = []
    own = {case.field(code) for code in (*ENCOUNTER, "psn_name")}
    rest = tuple((n, case.said(n)) for n in _ordered(case) if n not in own and case.said(n))
    if rest:
        blocks.append(Pairs(rest))
    earlier = tuple(_earlier(case))
    blocks.append(Heading("既往记录"))
    blocks.append(
        Listing(earlier)
        if earlier
        else Paragraph("没有提供既往记录，按此前没有就诊和支付计算次序和累计。")
    )
    duties = tuple(_duties(case))
    if duties:
        blocks += [Heading("手续与时限"), Listing(duties)]
    taken = tuple(_defaults(case))
    if taken:
        blocks += [Heading("未提供而依规则推定的事项"), Listing(taken)]
    lines = _lines(case)
    if lines is not None:
        blocks += [Heading("费用明细及其类别"), lines]
    return Part("认定的事实", tuple(blocks))


def _ordered(case: Case) -> list[str]:
    order = {name: n for n, name in enumerate(case.words.labels.types)}
    return sorted(case.facts, key=lambda name: order.get(name, len(order)))


def _earlier(case: Case) -> Iterator[str]:
    """The person's earlier items, in the order given: they decide the sequence of admission."""
    for item in case.history:
        if isinstance(item, EarlierClaim):
            fields = item.claim.fields
            days = [_day(fields.get(case.field(code))) for code in ("begntime", "endtime")]
            span = "至".join(day for day in days if day)
            number = fields.get(case.field("mdtrt_id"), "")
            yield "，".join(filter(None, (item.claim.matter, span, str(number))))
        elif isinstance(item, Settlement):
            day = _day(item.discharged or item.settled_at)
            yield "，".join(filter(None, (f"{item.matter}的结算", day, item.id)))
        elif isinstance(item, Opening):
            counts = "，".join(f"{matter}{n}次" for matter, n in item.counts.items())
            yield "，".join(filter(None, (f"{item.year}年度的期初累计", counts)))
        elif isinstance(item, Reversal):
            yield f"撤销结算{item.settlement_id}"


def _day(value: object) -> str:
    return format_date(value, "zh") if isinstance(value, date) else str(value or "")


def _duties(case: Case) -> Iterator[str]:
    said = {True: "已履行", False: "未履行", None: "所给事实不足以判断"}
    for notice in case.explanation.notices:
        article = notice.citation.article
        text = notice.text if notice.kept is False else duty_asked(notice)
        yield f"{text}：{said[notice.kept]}" + (f"〔{article}〕" if article else "")


def _defaults(case: Case) -> Iterator[str]:
    """The declared defaults used, those of one value together."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, value in case.explanation.defaults.items():
        level, _, field = name.rpartition(".")
        said = case.words.value(value, case.words.labels.types.get(field, ""))
        found.setdefault((level, said), []).append(field)
    for (level, said), names in found.items():
        where = f"{level}的" if level else ""
        yield f"{where}{'、'.join(names)}：视为{said}"


def _lines(case: Case) -> Table | None:
    """Every fee line with its category and amount."""
    records = case.claim.collections.get(LINES, ()) if case.claim is not None else ()
    if not records:
        return None
    kept = [name for name in _LINE_COLUMNS if any(name in record for record in records)]
    columns = (Column("序号", numeric=True), Column(ITEM, 1), *(Column(n) for n in kept),
               Column("金额（元）", numeric=True))  # fmt: skip
    words = case.words
    rows = tuple(
        (
            str(number),
            words.value(record.get(ITEM, ""), "") if record.get(ITEM) else "",
            *(words.value(record[n], n) if n in record else "" for n in kept),
            bare(words, record.get(AMOUNT)),
        )
        for number, record in enumerate(records, 1)
    )
    amounts = [r[AMOUNT] for r in records if isinstance(r.get(AMOUNT), int)]
    total = sum(a for a in amounts if isinstance(a, int))
    return Table(columns, rows, ("", "合计", *("" for _ in kept), bare(words, total)))


def bare(words: Words, amount: Value | None) -> str:
    """An amount for a column whose head names the unit."""
    return "" if amount is None else words.value(amount, "金额").removesuffix("元")
