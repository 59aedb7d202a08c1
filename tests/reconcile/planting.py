"""Errors planted in a settlement, made apart from the code that looks for them.

A plant is a stay settled wrongly by the reference: with a fact keyed in otherwise, another
reading, an outdated parameter, an earlier text of the policy, a rule or ground taken out of the
program, a row of a table replaced by its neighbour, an earlier stay missing or counted besides.
Only what changes a charged figure is an error, and of two only what neither leaves unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any, TypeAlias

from attrs import evolve, frozen
from tests.reconcile import rules
from tests.reconcile.scenes import MATTER, Scene, Town, another_stay, scene

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import LINES, Program, Value
from tiaowen.compiler.walk import rewrite
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.reach import inputs
from tiaowen.review.reconciliation.records import Charged, Figure

Mark: TypeAlias = tuple[str, ...]
"""What was planted: its kind, then the field, reading, parameter or node it is about."""


@frozen(eq=False)
class Settling:
    """All that a settlement is made from, errors and all; earlier stays were settled by ``base``."""

    base: Program
    program: Program
    claim: Claim
    items: tuple[HistoryItem, ...]
    readings: Mapping[str, str]
    parameters: Mapping[str, ParameterValue]
    marks: tuple[Mark, ...] = ()
    figures: tuple[tuple[str, Mapping[str, ParameterValue]], ...] = ()
    versions: tuple[tuple[str, Program], ...] = ()

    def marked(self, *mark: str, **changes: Any) -> Settling:
        return evolve(self, marks=(*self.marks, mark), **changes)


@frozen(eq=False)
class Plant:
    """A scene and what the hospital charged for it, with the errors it made."""

    scene: Scene
    wrong: Settling
    charged: Charged


Edit: TypeAlias = Callable[[Settling], Settling]
"""An error: a settlement with it, of one without."""


def plant(town: Town, kinds: Sequence[str], rng: Random, tries: int = 40) -> Plant | None:
    """A scene of ``town`` settled with one error of each of ``kinds``; None where in ``tries``
    scenes no such errors change what is charged."""
    for _ in range(tries):
        made = scene(town, rng)
        right = Settling(made.program, made.program, made.claim, made.items, {}, made.parameters)
        due = charged(right)
        edits = [PLANTERS[kind](made, rng) for kind in kinds]
        if due is None or any(edit is None for edit in edits):
            continue
        wrong, without = right, []
        for number, edit in enumerate(edits):
            assert edit is not None
            wrong = edit(wrong)
            others = [e for n, e in enumerate(edits) if n != number and e is not None]
            without.append(_after(right, others))
        sheet = charged(wrong)
        told_apart = len({mark[:-1] for mark in wrong.marks}) == len(kinds)
        if sheet is None or not told_apart:
            continue
        if any(_paid(charged(other)) == _paid(sheet) for other in (right, *without)):
            continue
        return Plant(made, wrong, sheet)
    return None


def _paid(sheet: Charged | None) -> Mapping[str, Value] | None:
    """What a sheet says, lines of nothing left out."""
    return None if sheet is None else {f.name: f.value for f in sheet.figures if f.value}


def _after(settling: Settling, edits: Sequence[Edit]) -> Settling:
    for edit in edits:
        settling = edit(settling)
    return settling


def charged(settling: Settling) -> Charged | None:
    """The sheet a hospital would give: the national lines of the statement."""
    try:
        made = decide_person(settling.program, settling.claim, settling.items,
                             readings=settling.readings, parameters=settling.parameters,
                             in_force=lambda _: settling.base)  # fmt: skip
    except Rejected:
        return None
    decision = made.decision
    if not decision.decided:
        return None
    return Charged(tuple(
        Figure(o.name, o.code, o.type, value)
        for o in decision.frame.matter.outputs
        if (value := decision.values[o.name]) is not None and not o.code.startswith("x_")
    ))  # fmt: skip


# --- facts

_CERTAIN = frozenset(("险种", "参保地", "人员编号", "结算ID", "就诊ID", "户籍地"))


OF_LINES = ("收费项目等级", "收费项目等级", "自付比例", "目录类别", "挂床期间", "特需医疗", "自费")


def _fact(made: Scene, rng: Random) -> Edit | None:
    """A field of the claim keyed in otherwise."""
    fields = made.program.fields
    asked = sorted(n for level, n in inputs(made.program, MATTER) if not level)
    name = rng.choice([n for n in asked if n not in _CERTAIN])
    now = made.claim.fields.get(name, fields[name].default)
    value = _other(fields[name], now, made, rng)
    if value is None:
        return None

    def edit(s: Settling) -> Settling:
        claim = evolve(s.claim, fields={**s.claim.fields, name: value})
        return s.marked("fact", name, str(value), claim=claim)

    return edit


def _line(made: Scene, rng: Random) -> Edit | None:
    """A fact of one fee line keyed in otherwise."""
    lines = made.claim.collections[LINES]
    index = rng.randrange(len(lines))
    fields = made.program.collections[LINES].fields
    name = rng.choice([n for n in OF_LINES if n in fields])
    if name == "自付比例":
        value: Value | None = rng.choice([Fraction(n, 10) for n in (0, 1, 2, 10)])
    else:
        value = _other(fields[name], lines[index].get(name, fields[name].default), made, rng)
    if value is None:
        return None

    def edit(s: Settling) -> Settling:
        records = list(s.claim.collections[LINES])
        records[index] = {**records[index], name: value}
        claim = evolve(s.claim, collections={**s.claim.collections, LINES: tuple(records)})
        return s.marked("line", f"{index}", name, str(value), claim=claim)

    return edit


def _other(info: c.FieldInfo, now: Value | None, made: Scene, rng: Random) -> Value | None:
    """Another value of a field; None where none can be made up."""
    kind = info.type
    if kind == ty.TRUTH:
        return not now
    if kind.name == "区划":
        return rng.choice((made.town.place, *made.town.elsewhere))
    if kind.enumerated:
        enum = made.program.enums[kind.name]
        codes = enum.codes.values() if enum.kind == "prefix" else enum.codes
        return rng.choice([code for code in codes if code != now])
    if isinstance(now, date):
        return now + timedelta(days=rng.choice((-40, -9, -2, -1, 1, 2, 9, 40)))
    return None


# --- readings, parameters, versions


def _reading(made: Scene, rng: Random) -> Edit | None:
    info = rng.choice(list(made.program.readings.values()))
    choice = rng.choice([o for o in info.choices if o != info.default])
    return lambda s: s.marked("reading", info.name, choice,
                              readings={**s.readings, info.name: choice})  # fmt: skip


def _parameter(made: Scene, rng: Random) -> Edit | None:
    """One figure of an earlier file was another; the file is at hand."""
    amounts = [n for n, v in made.parameters.items() if _figures(v)]
    if not amounts:
        return None
    name = rng.choice(amounts)
    share = rng.choice((Fraction(8, 10), Fraction(9, 10), Fraction(11, 10)))
    then = _scaled(made.parameters[name], share)

    def edit(s: Settling) -> Settling:
        parameters = {**s.parameters, name: then}
        figures = (("旧参数", parameters),)
        return s.marked("parameter", name, "", parameters=parameters, figures=figures)

    return edit


def _figures(given: ParameterValue) -> bool:
    values = [given.value, *(value for _, value in given.rows)]
    return any(isinstance(v, int | Fraction) and not isinstance(v, bool) and v for v in values)


def _scaled(given: ParameterValue, share: Fraction) -> ParameterValue:
    def scaled(value: Value) -> Value:
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            return value
        return int(value * share) if isinstance(value, int) else value * share

    value = None if given.value is None else scaled(given.value)
    return evolve(given, value=value, rows=tuple((k, scaled(v)) for k, v in given.rows))


def _version(made: Scene, rng: Random) -> Edit | None:
    """Figures of one rule were others in an earlier version, which is at hand with another."""
    nodes = [n for n in rules.nodes_of(made.program) if any(map(_is_figure, rules.parts(n)))]
    share = rng.choice((Fraction(8, 10), Fraction(12, 10)))
    then, decoy = rng.choice(nodes), rng.choice(nodes)

    def edit(s: Settling) -> Settling:
        versions = tuple((n.id, _refigured(made.program, n, share)) for n in (decoy, then))
        return s.marked("version", then.id, "", program=_refigured(s.program, then, share),
                        versions=versions)  # fmt: skip

    return edit


def _is_figure(core: c.Core) -> bool:
    return isinstance(core, c.Constant) and core.type in (ty.MONEY, ty.RATIO) and bool(core.value)


def _refigured(program: Program, node: c.Node, share: Fraction) -> Program:
    """``program`` with every figure of a node another."""

    def change(core: c.Core) -> c.Core:
        if not _is_figure(core):
            return core
        assert isinstance(core, c.Constant)
        assert isinstance(core.value, int | Fraction)
        value = core.value * share
        return evolve(core, value=int(value) if core.type == ty.MONEY else Fraction(value))

    old = program.nodes[node.id]
    alternatives = tuple(rewrite(a, change) for a in old.alternatives)
    new = evolve(rewrite(old, change), alternatives=alternatives)
    made = evolve(program, nodes={**program.nodes, node.id: new})
    return evolve(made, identity=evolve(made.identity, digest=f"{node.id} {share}"))


# --- rules


def _faulty(kind: str, make: Callable[[Program, Random], rules.Fault | None]) -> Planter:
    def planter(made: Scene, rng: Random) -> Edit | None:
        fault = make(made.program, rng)
        if fault is None:
            return None
        return lambda s: s.marked(kind, fault.node, fault.text, program=fault.of(s.program))

    return planter


# --- earlier stays


def _missed(made: Scene, rng: Random) -> Edit | None:
    if not made.items:
        return None
    gone = rng.randrange(len(made.items))

    def edit(s: Settling) -> Settling:
        items = tuple(item for item in s.items if item is not made.items[gone])
        return s.marked("missed stay", str(gone), "", items=items)

    return edit


def _added(made: Scene, rng: Random) -> Edit | None:
    """A stay that the person's history does not have was counted."""
    item = another_stay(made, rng)
    return lambda s: s.marked("added stay", "", "", items=(*s.items, item))


Planter: TypeAlias = Callable[[Scene, Random], Edit | None]

PLANTERS: Mapping[str, Planter] = {
    "fact": _fact,
    "line": _line,
    "reading": _reading,
    "parameter": _parameter,
    "version": _version,
    "skipped rule": _faulty("skipped rule", rules.amendment),
    "skipped ground": _faulty("skipped ground", rules.ground),
    "wrong row": _faulty("wrong row", rules.row),
    "missed stay": _missed,
    "added stay": _added,
}
"""Every kind of error -> what makes one for a scene, None where it cannot."""
