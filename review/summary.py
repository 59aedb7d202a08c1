"""What a policy grants, gathered from its rules: deductibles, ratios, caps, first-pay, exclusions.

Nothing here is written by hand: a benefit is a quantity of a matter that a fund pays for, with
the definitions and amendments of the policy's own rules that hold its figures, each with its
article. What the national interface adds has no article and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import EXCLUDED, LINES
from tiaowen.compiler.walk import every

Kind: TypeAlias = Literal[
    "deductible", "ratio", "limit", "first_pay", "line_standard", "days", "waiting", "amount"
]
KINDS: tuple[Kind, ...] = ("deductible", "ratio", "limit", "first_pay", "line_standard", "days")
"""Deductibles; ratios; caps and fixed sums; what of a fee line is first paid oneself; other
standards of fee lines; numbers of days. What a summary shows; a comparison of whole policies
has two kinds more: waiting periods, time limits and ages; amounts of matters no fund pays for."""

DEDUCTIBLE = "crt_dedc"
"""The national code of the line of the statement that every deductible leads to."""

_STRUCTURAL = (0, 1)
"""Figures that say nothing by themselves: 0元 under which nothing falls, 100%, a count of one."""


@frozen
class Definition:
    """``value`` None says that the text does not provide, ``reason`` why."""

    value: c.Core | None
    condition: c.Core | None
    rule: c.Rule
    reason: str = ""


@frozen
class Amendment:
    """``matters`` are those it belongs to, where the benefit has more."""

    operation: str
    operand: c.Core
    condition: c.Core | None
    rule: c.Rule
    matters: tuple[str, ...]


@frozen
class Benefit:
    """A quantity with its rules, and the matters in which exactly these definitions decide it.

    ``level`` is '' or the fee lines; ``functions`` are the tables its rules apply.
    """

    kind: Kind
    quantity: str
    level: str
    type: ty.Type
    matters: tuple[str, ...]
    definitions: tuple[Definition, ...]
    amendments: tuple[Amendment, ...]
    functions: tuple[c.TableFunctionOf, ...] = ()


@frozen
class Exclusion:
    """A ground on which nothing is paid, for a whole claim or (``level``) for a fee line."""

    reason: str
    condition: c.Core
    rule: c.Rule
    level: str
    matters: tuple[str, ...]


@frozen
class Summary:
    identity: c.Identity
    matters: tuple[str, ...]
    benefits: tuple[Benefit, ...]
    exclusions: tuple[Exclusion, ...]
    parameters: tuple[c.ParameterInfo, ...]
    readings: tuple[c.ReadingInfo, ...]

    def of(self, kind: Kind) -> tuple[Benefit, ...]:
        """The benefits of one kind, in the order of the text."""
        return tuple(benefit for benefit in self.benefits if benefit.kind == kind)


def summarize(program: c.Program, *, whole: bool = False) -> Summary:
    """The benefits of ``program``; the ``whole`` has the figures of every matter, also of those
    that no fund pays for, and waiting periods and time limits."""
    paying = {name: m for name, m in program.matters.items() if whole or _pays(m)}
    merged: dict[tuple[object, ...], Benefit] = {}
    for matter in paying.values():
        for benefit in _benefits(matter, program, whole):
            key = (benefit.kind, benefit.level, benefit.quantity, *_origin(benefit))
            found = merged.get(key)
            merged[key] = benefit if found is None else _joined(found, benefit)
    return Summary(
        program.identity,
        tuple(paying),
        tuple(merged.values()),
        tuple(_exclusions(paying, program)),
        tuple(p for p in program.parameters.values() if p.rule.article),
        tuple(program.readings.values()),
    )


def _pays(matter: c.Matter) -> bool:
    return any(output.fund for output in matter.outputs)


def _origin(benefit: Benefit) -> Iterator[str]:
    """What two matters have to share to be told together: the definitions, else the first rule."""
    stated = [d.rule.id for d in benefit.definitions]
    yield from stated or [a.rule.id for a in benefit.amendments[:1]]


def _joined(first: Benefit, second: Benefit) -> Benefit:
    """Both matters' amendments, each once, in the order of the first that has it."""
    amendments = {a.rule.id: a for a in first.amendments}
    for amendment in second.amendments:
        known = amendments.get(amendment.rule.id)
        matters = (*(known.matters if known else ()), *amendment.matters)
        amendments[amendment.rule.id] = evolve(amendment, matters=matters)
    functions = {f.name: f for f in (*first.functions, *second.functions)}
    return evolve(
        first,
        matters=(*first.matters, *second.matters),
        amendments=tuple(amendments.values()),
        functions=tuple(functions.values()),
    )


# --- benefits


def _benefits(matter: c.Matter, program: c.Program, whole: bool) -> Iterator[Benefit]:
    deductibles = _deductibles(matter, program)
    for (level, quantity), last in matter.final.items():
        chain = list(_chain(last, program))
        node = program.nodes[last]
        kind = _kind(node, quantity in deductibles)
        if whole:
            kind = _kind_of_whole(kind, node, chain, _pays(matter))
        if kind is None:
            continue
        definitions = tuple(
            Definition(a.value, a.condition, a.rule, a.reason)
            for node in chain for a in node.alternatives if a.rule.article
        )  # fmt: skip
        amendments = tuple(
            Amendment(node.operation, node.operand, node.condition, node.rule, (matter.name,))
            for node in chain
            if node.operand is not None and node.rule is not None and node.rule.article
        )
        stated = [d.value for d in definitions if d.value is not None]
        stated += [a.operand for a in amendments]
        if any(map(_tells, stated)):
            functions = {f: matter.functions[f] for core in stated for f in _applied(core)}
            yield Benefit(kind, quantity, level, node.type, (matter.name,),
                          definitions, amendments, tuple(functions.values()))  # fmt: skip


def _chain(last: str, program: c.Program) -> Iterator[c.Node]:
    """The states of a quantity, first to last."""
    node = program.nodes[last]
    if node.previous:
        yield from _chain(node.previous, program)
    yield node


def _kind(node: c.Node, deductible: bool) -> Kind | None:
    """Which kind of benefit a quantity is, by its type and place; None for what is none."""
    if node.level == LINES:
        if node.type == ty.RATIO:
            return "first_pay"
        return "line_standard" if node.type.name in _LINE_TYPES else None
    if node.level:
        return None
    if deductible:
        return "deductible"
    return _KINDS.get(node.type.name)


def _kind_of_whole(kind: Kind | None, node: c.Node, chain: list[c.Node],
                   pays: bool) -> Kind | None:  # fmt: skip
    """The kind where every matter counts: what is no amount or ratio but rests on a period."""
    if kind == "limit" and not pays:
        return "amount"
    if kind is not None or node.level:
        return kind
    expressions = [x for n in chain for x in (*_values(n), *_conditions(n))]
    periods = any(map(_has_period, expressions))
    return "waiting" if periods and node.type.name in _DECIDED_BY_PERIODS else None


def _conditions(node: c.Node) -> Iterator[c.Core]:
    found = (*(a.condition for a in node.alternatives), node.condition)
    yield from (condition for condition in found if condition is not None)


def _has_period(core: c.Core) -> bool:
    return any(
        isinstance(part, c.Constant) and part.type.name in PERIODS and _is_figure(part)
        for part in every(core)
    )


PERIODS = frozenset({"天数", "工作日", "月数", "年限", "时长"})
"""Types of the figures that say how long something takes or how old somebody is."""
_DECIDED_BY_PERIODS = PERIODS | {"是否", "日期", "时刻", "文本"}

_KINDS: Mapping[str, Kind] = {"比例": "ratio", "金额": "limit", "天数": "days"}
_LINE_TYPES = ("金额", "单价", "天数")


def _deductibles(matter: c.Matter, program: c.Program) -> set[str]:
    """The amounts that the deductible of the statement rests on, and itself."""
    found: set[str] = set()
    waiting = [o.name for o in matter.outputs if o.code == DEDUCTIBLE and o.node is not None]
    while waiting:
        quantity = waiting.pop()
        if quantity in found or ("", quantity) not in matter.final:
            continue
        found.add(quantity)
        for node in _chain(matter.final["", quantity], program):
            waiting += [
                part.quantity
                for core in _values(node)
                for part in every(core)
                if isinstance(part, c.Ref) and not part.level and not part.past
                and part.matter == matter.name and part.type == ty.MONEY
            ]  # fmt: skip
    return found


def _values(node: c.Node) -> Iterator[c.Core]:
    yield from (a.value for a in node.alternatives if a.value is not None)
    if node.operand is not None:
        yield node.operand


def _tells(core: c.Core) -> bool:
    """Whether an expression holds a figure of the text, or one left to other documents."""
    if isinstance(core, c.Constant):
        return True
    for part in every(core):
        if isinstance(part, c.ParameterRef):
            return True
        if isinstance(part, c.Constant) and _is_figure(part):
            return True
        if isinstance(part, c.Apply | c.Bands):
            return True
    return False


def _is_figure(constant: c.Constant) -> bool:
    value = constant.value
    return not isinstance(value, bool | str | tuple) and value not in _STRUCTURAL


def _applied(core: c.Core) -> Iterator[str]:
    for part in every(core):
        if isinstance(part, c.Apply | c.Bands):
            yield part.function


# --- exclusions


def _exclusions(paying: Mapping[str, c.Matter], program: c.Program) -> Iterator[Exclusion]:
    """Every ground once, with the matters it holds in."""
    found: dict[tuple[str, str, str], Exclusion] = {}
    for matter in paying.values():
        for level in ("", LINES):
            identity = matter.final.get((level, EXCLUDED))
            if identity is None:
                continue
            for core in _values(program.nodes[identity]):
                assert isinstance(core, c.Reasons)
                for condition, reason, rule in core.grounds:
                    key = (level, reason, rule.id)
                    known = found.get(key)
                    matters = (*(known.matters if known else ()), matter.name)
                    found[key] = Exclusion(reason, condition, rule, level, matters)
    yield from found.values()
