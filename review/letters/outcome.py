"""What a letter decides: paid, refused, to whom; each amount in figures and in capitals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tiaowen.compiler.capitals import chinese_capitals
from tiaowen.compiler.values import format_money
from tiaowen.dsl.catalogue import entry, message
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.telling import explanation as x
from tiaowen.review.letters.facts import Case, bare
from tiaowen.review.letters.model import (
    BLANK,
    Block,
    Column,
    Formalities,
    Heading,
    Listing,
    Paragraph,
    Part,
    Table,
)
from tiaowen.review.present.tree import Teller

TOTAL, FUNDS, PERSON = "medfee_sumamt", "fund_pay_sumamt", "psn_part_amt"
BESIDE = frozenset(("x_ttp_pay", "hosp_part_amt"))
"""Lines that others than the funds and the person bear."""

BORNE = frozenset((
    "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "act_pay_dedc", "x_out_preselfpay",
    "x_over_cap",
))  # fmt: skip
"""Lines of the statement that the funds do not pay, by national code."""


def outcome(case: Case, formalities: Formalities) -> Part:
    """Part 5 of a claim that was decided."""
    lines = case.explanation.statement
    if not any(line.fund for line in lines):
        return Part("决定", tuple(_results(case)))
    blocks: list[Block] = [Listing(tuple(_granted(case, formalities)))]
    stated = [n for n in lines if n.code in (TOTAL, FUNDS, PERSON) or n.fund]
    stated += [n for n in lines if n.code in BESIDE and n.value]
    blocks += [Heading("金额"), Table(_COLUMNS, tuple(_amounts(case, stated)))]
    borne = tuple(_amounts(case, [n for n in lines if n.code in BORNE and n.value]))
    if borne:
        blocks += [Heading("不由基金支付的部分"), Table(_COLUMNS, borne)]
    return Part("决定", tuple(blocks))


_COLUMNS = (Column("项目", 2), Column("金额（元）", numeric=True), Column("大写", 3))


def money(amount: int) -> str:
    """An amount in figures and in capitals."""
    return f"{format_money(amount, 'zh')}（大写：{chinese_capitals(amount)}）"


def _amounts(case: Case, lines: Sequence[x.StatementLine]) -> Iterator[tuple[str, ...]]:
    for line in dict.fromkeys(lines):
        if isinstance(line.value, int):
            yield line.name, bare(case.words, line.value), chinese_capitals(line.value)


def paid(case: Case) -> tuple[int | None, list[x.StatementLine]]:
    """What the funds pay together and fund by fund; no sum where the statement states none."""
    lines = case.explanation.statement
    funds = [line for line in lines if line.fund and isinstance(line.value, int)]
    total = next((line.value for line in lines if line.code == FUNDS), None)
    if total is None and len(funds) == 1:
        total = funds[0].value
    return (total if isinstance(total, int) else None), funds


def _granted(case: Case, formalities: Formalities) -> Iterator[str]:
    total, funds = paid(case)
    positive = [f"{f.name}{money(f.value)}" for f in funds if isinstance(f.value, int) and f.value]
    if not positive:
        yield f"不予支付：基金支付金额为{money(0)}，理由见第四部分。"
    elif total is not None and len(positive) > 1:
        yield f"准予支付：基金支付总额为{money(total)}，其中{'，'.join(positive)}。"
    else:
        yield f"准予支付：{positive[0]}。"
    if positive:
        yield f"支付给：{formalities.payee or BLANK}。"
    own = next((line for line in case.explanation.statement if line.code == PERSON), None)
    if own is not None and isinstance(own.value, int):
        yield f"个人负担：{money(own.value)}。"


def _results(case: Case) -> Iterator[Block]:
    """The results of a matter that no fund pays for: its statement's lines, or without a
    statement what nothing else rests on."""
    said = [
        f"{line.name}：{_said(case, line)}"
        for line in case.explanation.statement
        if line.value is not None
    ]
    branches = Teller(case.explanation, case.words).rest() if not said else ()
    yield Listing((*said, *(f"{branch.name}：{branch.value}" for branch in branches)))


def _said(case: Case, line: x.StatementLine) -> str:
    if line.type == "金额" and isinstance(line.value, int):
        return money(line.value)
    return case.words.value(line.value, line.type, line.name)


def undecided(case: Case, problems: Sequence[Diagnostic], codes: Sequence[str]) -> Part:
    """Part 5 where the text does not provide. ``codes`` stand in for ``problems`` where only
    they were kept."""
    title = case.explanation.policy.title
    said = [message(problem, "zh") for problem in problems]
    said = said or [entry(code).title.say("zh") for code in codes]
    blocks: list[Block] = [
        Paragraph(
            f"《{title}》对本案情形没有可以据以决定的规定，"
            "本机关不能依据该办法作出支付或者不予支付的决定。"
        ),
        Heading("没有规定之处"),
        Listing(tuple(said)),
    ]
    lines = [line for line in case.explanation.statement if isinstance(line.value, int)]
    known = tuple(_amounts(case, [line for line in lines if line.type == "金额"]))
    if known:
        blocks += [Paragraph("能够核定的部分如下，不构成支付决定："), Table(_COLUMNS, known)]
    return Part("决定", tuple(blocks))
