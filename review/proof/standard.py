"""What every settlement should do, whatever the policy: the standard set, and which of it applies.

The lines of a statement are known by their national codes, so that the set needs nothing of a
policy but its interface. A **fixed sum** is not held to the cost it is paid for; it is one by its
name: a quantity that the policy itself defines and calls ``定额…`` or ``包干…``.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import LINES, Output, Program
from tiaowen.compiler.walk import every
from tiaowen.engine.claims.roles import named
from tiaowen.engine.reach import inputs
from tiaowen.review.proof.records import Kind, NotApplicable, Property, Reason

FIXED = ("定额", "包干")
"""How the name of a fixed sum begins."""

EMPLOYEES = "310"
"""The insurance whose people are in work or retired."""

IN_WORK, RETIRED = "11", "12"
"""Codes of the categories of person."""

NAMES: dict[Kind, tuple[str, str]] = {
    Kind.WITHIN: ("基金支付不超过政策范围内费用", "funds pay no more than the eligible amount"),
    Kind.NONNEGATIVE: ("各项金额不为负", "no amount is negative"),
    Kind.MONOTONE: ("范围内费用增加，基金支付不减少",
                    "more eligible cost never lowers what the funds pay"),
    Kind.LEVEL: ("级别越高，支付比例不越高", "a higher level never has a higher ratio"),
    Kind.RETIRED: ("退休人员的待遇不低于在职人员", "retired people never fare worse than in work"),
    Kind.DECIDED: ("每份数据都能算出，或者条文明言无规定",
                   "every claim is decided, or the text says that it does not provide"),
    Kind.CLIFF: ("费用多一分，个人至多多负担一分", "a cent more cost never costs the person more"),
}  # fmt: skip


@frozen
class Statement:
    """The lines of a settlement that the standard set speaks of; None where there is none."""

    total: Output | None
    eligible: Output | None
    person: Output | None
    ratio: Output | None
    funds: tuple[Output, ...]
    amounts: tuple[Output, ...]

    @classmethod
    def of(cls, matter: c.Matter) -> Statement:
        """The statement of ``matter``; lines that no rule decides are left out."""
        outputs = tuple(o for o in matter.outputs if o.node is not None)

        def coded(*codes: str) -> Output | None:
            return next((o for code in codes for o in outputs if o.code == code), None)

        return cls(
            coded("medfee_sumamt"),
            coded("inscp_scp_amt", "x_matn_payable"),
            coded("psn_part_amt"),
            coded("pool_prop_selfpay"),
            tuple(o for o in outputs if o.fund),
            tuple(o for o in outputs if o.type.name == "金额"),
        )

    @property
    def settles(self) -> bool:
        """Whether it says what a cost comes to for the person."""
        return self.total is not None and self.person is not None


def properties(program: Program, matter: str) -> tuple[Property, ...]:
    """What should hold of ``matter``: the policy's own properties, then the standard set of a
    settlement."""
    asked = program.matters[matter]
    stated = tuple(
        Property(Kind.STATED, p.name, p.name, matter, p.condition, p.rule.article)
        for p in asked.properties
    )
    if not Statement.of(asked).settles:
        return stated
    return (*stated, *(Property(kind, *names, matter) for kind, names in NAMES.items()))


def excused(asked: Property, program: Program) -> NotApplicable | None:
    """Why ``asked`` says nothing of its matter; None where it does."""
    matter = program.matters[asked.matter]
    lines = Statement.of(matter)
    reason: Reason | None = None
    detail = ""
    match asked.kind:
        case Kind.WITHIN:
            detail = next(_fixed_sums(matter, program), "")
            if not lines.funds:
                reason = Reason.NO_FUND
            elif lines.eligible is None:
                reason = Reason.NO_ELIGIBLE
            elif detail:
                reason = Reason.FIXED_SUM
        case Kind.NONNEGATIVE:
            reason = None if lines.amounts else Reason.NO_AMOUNTS
        case Kind.MONOTONE:
            reason = None if lines.funds else Reason.NO_FUND
        case Kind.LEVEL:
            if lines.ratio is None:
                reason = Reason.NO_RATIO
            elif level_field(program, asked.matter) is None:
                reason = Reason.NO_LEVEL
        case Kind.RETIRED:
            if person_field(program) is None or not _of_employees(matter, program):
                reason = Reason.ONE_KIND
    costs = asked.kind in (Kind.MONOTONE, Kind.CLIFF)
    if reason is None and costs and not _has_lines(asked, program):
        reason = Reason.NO_LINES
    return None if reason is None else NotApplicable(reason, detail)


def _of_employees(matter: c.Matter, program: Program) -> bool:
    """Whether the matter can be one of employees' insurance."""
    if EMPLOYEES not in program.identity.insurance:
        return False
    name = named(program.fields, "insutype")
    kinds: set[str] = set()
    for part in every(matter.condition) if matter.condition is not None else ():
        operands = part.operands if isinstance(part, c.Op) and part.name == "eq" else ()
        if any(isinstance(o, c.Field) and o.name == name for o in operands):
            values = {str(o.value) for o in operands if isinstance(o, c.Constant)}
        elif isinstance(part, c.Among) and getattr(part.operand, "name", "") == name:
            values = {str(value) for value in part.accepted}
        else:
            continue
        codes = program.enums[program.fields[name].type.name].codes
        kinds |= {codes[value] for value in values}
    return not kinds or EMPLOYEES in kinds


def _has_lines(asked: Property, program: Program) -> bool:
    return any(level == LINES for level, _ in inputs(program, asked.matter))


def _fixed_sums(matter: c.Matter, program: Program) -> Iterator[str]:
    """The quantities of the policy that are fixed sums by their name."""
    stated = {output.name for output in matter.outputs}
    for (level, name), identity in matter.final.items():
        node = program.nodes[identity]
        if level or name in stated or not name.startswith(FIXED):
            continue
        rules = [a.rule for a in node.alternatives] + ([node.rule] if node.rule else [])
        if any(rule.article for rule in rules):
            yield name


# --- fields of a pair


def level_field(program: Program, matter: str) -> tuple[str, c.EnumInfo] | None:
    """The field of a claim that a scale of the matter's rules reads, with the scale."""
    asked = {name for level, name in inputs(program, matter) if not level}
    settling = {matter, *(call.matter for call in program.matters[matter].calls.values())}
    used = {n.type.name for n in program.nodes.values() if n.matter in settling}
    for name, info in program.fields.items():
        if name not in asked:
            continue
        for enum in program.enums.values():
            if enum.kind == "scale" and enum.base == info.type.name and enum.name in used:
                return name, enum
    return None


def person_field(program: Program) -> tuple[str, str, str] | None:
    """The field that says whether a person is in work, and the codes of in work and retired."""
    name = named(program.fields, "psn_type")
    if not name:
        return None
    codes = set(program.enums[program.fields[name].type.name].codes.values())
    return (name, f"{IN_WORK}00", f"{RETIRED}00") if {IN_WORK, RETIRED} <= codes else None
