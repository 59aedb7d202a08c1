"""From a decision to its letter: the seven things a decision states, in their order.

Party and encounter; facts; basis; reasoning; result; remedies; authority and date (社会保险法
83, 行政复议法, 行政诉讼法 ask for them or live on them). Everything comes from the explanation
and the claim; what the authority alone can say comes from ``Formalities``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attrs import evolve

from tiaowen.compiler.core import Program
from tiaowen.compiler.values import format_date
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem, Reversal, Settlement
from tiaowen.engine.stops import NOT_PROVIDED
from tiaowen.engine.telling import explanation as x
from tiaowen.engine.telling.terms import cite
from tiaowen.review.kept import Kept
from tiaowen.review.letters.facts import NUMBER, Case, encounter, facts
from tiaowen.review.letters.grounds import basis
from tiaowen.review.letters.model import (
    BLANK,
    Column,
    Formalities,
    Heading,
    Letter,
    Listing,
    Paragraph,
    Part,
    Table,
)
from tiaowen.review.letters.outcome import outcome, undecided
from tiaowen.review.letters.reasons import reasoning
from tiaowen.review.letters.remedies import remedies
from tiaowen.review.present.mask import Mask
from tiaowen.review.present.words import Labels, Words, labels_in, labels_of

TITLE = "医疗保障待遇决定书"
DRAFT = "本决定书所依据的办法是征求意见稿，尚未施行。本决定书只用于测算和演示，不发生效力。"


def write_letter(explanation: x.Explanation, formalities: Formalities, *,
                 problems: Sequence[Diagnostic] = (), codes: Sequence[str] = (),
                 claim: Claim | None = None, program: Program | None = None,
                 history: Sequence[HistoryItem] = (), masked: bool = False) -> Letter:  # fmt: skip
    """The letter of a decision.

    ``problems`` are what stopped it, ``codes`` their codes where only these were kept; ``claim``,
    ``program`` and ``history`` add the facts that no step used and the fee lines' names.
    Raises ``Rejected``: TW1001 where data is lacking, so that nothing was decided; TW1002 where
    the letter would be served before it was issued.
    """
    codes = tuple(p.code for p in problems) or tuple(codes)
    if lacking := [code for code in codes if code not in NOT_PROVIDED]:
        raise Rejected([*problems, diagnose("TW1001", codes=lacking)])
    _dates(formalities)
    case = Case(explanation, Words("zh", _labels(explanation, program)), claim, program,
                tuple(history))  # fmt: skip
    looked = tuple(_looked_at(problems, explanation.matter, program))
    if codes:
        reasons = _examined(case, problems, looked)
        parts = (basis(case, looked), reasons, undecided(case, problems, codes))
    else:
        parts = (basis(case), reasoning(case), outcome(case, formalities))
    remedy = Part("救济途径和期限", (Paragraph("不服本决定的，有下列救济途径。"),
                                 Listing(remedies(formalities))))  # fmt: skip
    return Letter(
        formalities.authority or BLANK, TITLE, formalities.number or BLANK,
        " ".join(_warnings(explanation, masked)), _addressee(case), _opening(explanation),
        (encounter(case), facts(case), *parts, remedy),
        formalities.authority or BLANK, _issued(formalities.issued),
    )  # fmt: skip


def letter_of(kept: Kept, formalities: Formalities, *, program: Program | None = None,
              mask: bool = False) -> Letter:  # fmt: skip
    """The letter of a decision with all that was kept of it; ``mask`` hides the person."""
    explanation, claim, problems, history = (kept.explanation, kept.claim, kept.problems,
                                             kept.history)  # fmt: skip
    if mask:
        hidden = Mask.of(program)
        claim = None if claim is None else hidden.claim(claim)
        history = [_hidden(item, hidden) for item in history]
        explanation, problems = hidden.explanation(explanation), hidden.problems(problems)
    return write_letter(explanation, formalities, problems=problems, codes=kept.codes, claim=claim,
                        program=program, history=history, masked=mask or kept.masked)  # fmt: skip


def _hidden(item: HistoryItem, mask: Mask) -> HistoryItem:
    """An earlier item with the tokens of ``mask`` for its numbers."""
    if isinstance(item, EarlierClaim):
        return EarlierClaim(mask.claim(item.claim))
    if isinstance(item, Settlement):
        return evolve(item, id=str(mask.value(item.id, "结算ID")))
    if isinstance(item, Reversal):
        return Reversal(str(mask.value(item.settlement_id, "结算ID")))
    return item


def _labels(explanation: x.Explanation, program: Program | None) -> Labels:
    own = labels_in(explanation)
    if program is None:
        return own
    declared = labels_of(program)
    return evolve(declared, names={**declared.names, **own.names})


def _dates(formalities: Formalities) -> None:
    issued, served = formalities.issued, formalities.served
    if issued is not None and served is not None and served < issued:
        raise Rejected([diagnose("TW1002", served=_both(served), issued=_both(issued))])


def _both(day: date) -> dict[str, str]:
    return {"zh": format_date(day, "zh"), "en": format_date(day, "en")}


def _warnings(explanation: x.Explanation, masked: bool) -> list[str]:
    said = [DRAFT] if not explanation.policy.in_force else []
    return [*said, "（个人信息已隐去）"] if masked else said


def _addressee(case: Case) -> str:
    number = case.said(case.field("psn_no"))
    return (case.party or BLANK) + (f"（{NUMBER}{number}）" if number else "")


def _opening(explanation: x.Explanation) -> str:
    return (
        f"你的{explanation.matter}待遇申请，本机关依照《中华人民共和国社会保险法》和"
        f"《{explanation.policy.title}》进行了审核，现决定如下。"
    )


def _issued(day: date | None) -> str:
    return format_date(day, "zh") if day is not None else "＿＿＿＿年＿＿月＿＿日"


# --- where the text does not provide


def _looked_at(problems: Sequence[Diagnostic], matter: str,
               program: Program | None) -> list[x.Citation]:  # fmt: skip
    """The rules that were examined for what no rule gave, as far as ``program`` tells."""
    found: list[x.Citation] = []
    for problem in problems:
        name = str(problem.args.get("name", ""))
        node = program.nodes.get(f"{matter}/{name}#0") if program is not None else None
        for alternative in node.alternatives if node is not None else ():
            found.append(cite(alternative.rule))
    return list(dict.fromkeys(found))


def _examined(case: Case, problems: Sequence[Diagnostic],
              looked: Sequence[x.Citation]) -> Part:  # fmt: skip
    """Part 4 where the text does not provide: what was worked out, and the rules looked at."""
    known = reasoning(case)
    rows = tuple((c.article, " ".join(c.rule.split())) for c in looked if c.article)
    articles = dict.fromkeys(
        a for p in problems for a in str(p.args.get("articles") or p.article).split("、") if a
    )
    shown: tuple[Heading | Table | Listing, ...] = ()
    if rows:
        shown = (Heading("看过而没有作出规定的条款"),
                 Table((Column("条款", 2), Column("规则", 5)), rows))  # fmt: skip
    elif articles:
        shown = (Heading("看过而没有作出规定的条款"), Listing(tuple(articles)))
    return Part(known.title, (*shown, *known.blocks))
