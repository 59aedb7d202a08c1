"""Everything that, alone, could have made a settlement come out otherwise.

One kind after the other, simplest first, and only what the decision at hand looked at: of that
the bench keeps note. The enumeration of other facts is the one that "what would change the
result" uses (``review/alternatives``), here with facts nobody can change and the bill's own
figures among them, since anything can be keyed in wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Program, Value
from tiaowen.engine.claims.members import DIVISION
from tiaowen.engine.frames import Claim, Frame, ParameterValue
from tiaowen.engine.reach import reached
from tiaowen.review.alternatives.enumerating import alternatives
from tiaowen.review.alternatives.model import Change, LeftOut, Place, Setting
from tiaowen.review.reconciliation.bench import Bench, Key, World, matched_row
from tiaowen.review.reconciliation.records import (
    Cause,
    MissedItem,
    OtherFigure,
    OtherReading,
    OtherVersion,
    SkippedRule,
    StatedFact,
    WrongFact,
    WrongRow,
)
from tiaowen.review.reconciliation.stays import like_this_one
from tiaowen.review.reconciliation.switches import OFF, Option, Site, beside

Figures = Mapping[str, ParameterValue]

SHORT = 20
"""Codes of a list short enough that each is tried."""

DIVISION_DIGITS = 6

SHARES = tuple(Fraction(percent, 100) for percent in (0, 5, 10, 15, 20, 25, 30, 40, 50, 100))
"""Own shares that catalogues set for a line."""


@frozen
class Sources:
    """Where causes come from beside the claim: the facts that the sheet repeats, the figures of
    earlier parameter files with their names, earlier versions of the policy with theirs."""

    facts: Mapping[str, Value]
    figures: Sequence[tuple[str, Figures]] = ()
    versions: Sequence[tuple[str, Program]] = ()


def causes(bench: Bench, world: World, frame: Frame, asked: set[Key],
           sources: Sources) -> Iterator[Cause]:  # fmt: skip
    """Each cause that could change ``frame``, the decision of ``world``, which looked at
    ``asked``."""
    yield from stated(bench, sources.facts)
    yield from _readings(bench, world, asked)
    yield from _facts(bench, world, frame, asked)
    if looks_back(world.policy.program, bench.matter):
        yield from like_this_one(bench.supposed(world).claim, world.policy.program)
    yield from _figures(bench, world, sources)
    for label, program in sources.versions:
        yield OtherVersion(label, program)
    yield from _rules(world, frame, asked)


def stated(bench: Bench, facts: Mapping[str, Value]) -> Iterator[StatedFact]:
    """The facts of which the sheet says otherwise than the claim."""
    fields, given = bench.program.fields, bench.situation.claim.fields
    for name, value in facts.items():
        if given.get(name, fields[name].default) != value:
            setting = Setting(Place(name), given.get(name), value)
            yield StatedFact(Change((setting,)))


def looks_back(program: Program, matter: str) -> bool:
    """Whether a decision of ``matter`` may look at earlier ones."""
    return any(isinstance(part, c.History) for part in reached(program, matter))


# --- readings


def _readings(bench: Bench, world: World, asked: set[Key]) -> Iterator[OtherReading]:
    """The other choices of each reading; with a history also those that only it may ask for."""
    for info in bench.program.readings.values():
        if ("reading", info.name) in asked or bench.situation.items:
            now = world.readings.get(info.name, info.default)
            for choice in info.choices:
                if choice != now:
                    yield OtherReading(info.name, choice, now)


# --- facts and earlier items


def _facts(bench: Bench, world: World, frame: Frame,
           asked: set[Key]) -> Iterator[WrongFact | MissedItem]:  # fmt: skip
    situation, program = bench.supposed(world), world.policy.program
    known: set[Setting] = set()
    whole = len(situation.items) == len(bench.situation.items)
    lines: list[WrongFact] = []
    missed: list[MissedItem] = []
    for alternative in alternatives(program, situation, frame, scope="anything"):
        if isinstance(alternative, LeftOut):
            if whole:
                item = situation.items[alternative.item]
                missed.append(MissedItem(alternative.item, item))
        elif isinstance(alternative, Change) and _looked_at(alternative, asked, whole):
            cause = WrongFact(alternative)
            known |= set(alternative.settings)
            if any(s.place.collection or s.place.item >= 0 for s in alternative.settings):
                lines.append(cause)
            else:
                yield cause
    yield from _codes(program, situation.claim, world.parameters, asked, known)
    yield from lines
    yield from _shares(program, situation.claim.collections, asked)
    yield from missed


def _looked_at(change: Change, asked: set[Key], whole: bool) -> bool:
    """Whether a decision that looked at ``asked`` can see ``change``. What stands in an earlier
    item can be told by its number only while all items are there; its fee lines are left alone,
    as they count only through what was paid."""
    for setting in change.settings:
        place = setting.place
        if place.item >= 0:
            return whole and not place.collection
        if place.collection:
            if ("line", place.collection, place.index, place.field) in asked:
                return True
        elif ("field", place.field) in asked:
            return True
    return False


def _codes(program: Program, claim: Claim, parameters: Figures, asked: set[Key],
           known: set[Setting]) -> Iterator[WrongFact]:  # fmt: skip
    """Values of fields that keep raw codes: those that the rows of a parameter are for, and of a
    short list of codes each."""
    rows = {m for given in parameters.values() for keys, _ in given.rows for m in keys.values()}
    for info in program.fields.values():
        if info.type.kind != "prefix" or ("field", info.name) not in asked:
            continue
        before = claim.fields.get(info.name)
        codes = program.enums[info.type.name].codes
        wide = DIVISION_DIGITS if info.type.name == DIVISION else 0
        for member, code in codes.items():
            if len(codes) > SHORT and member not in rows:
                continue
            setting = Setting(Place(info.name), before, code.rstrip("*").ljust(wide, "0"))
            if setting.after != before and setting not in known:
                yield WrongFact(Change((setting,)))


def _shares(program: Program, collections: Mapping[str, Sequence[Mapping[str, Value]]],
            asked: set[Key]) -> Iterator[WrongFact]:  # fmt: skip
    """A ratio billed with a line, as another line of the claim has it, or a common one."""
    for name, records in collections.items():
        for field in program.collections[name].fields.values():
            if field.type != ty.RATIO:
                continue
            known = {r[field.name] for r in records if field.name in r}
            others = sorted({*(k for k in known if isinstance(k, int | Fraction)), *SHARES})
            for index, record in enumerate(records):
                if ("line", name, index, field.name) not in asked:
                    continue
                before = record.get(field.name)
                for other in others:
                    if before is not None and other != before:
                        place = Place(field.name, name, index)
                        yield WrongFact(Change((Setting(place, before, other),)))


# --- open parameters


def _figures(bench: Bench, world: World, sources: Sources) -> Iterator[OtherFigure]:
    """Figures of earlier files, one by one and all together; another row of a table of them."""
    current = world.parameters
    for label, figures in sources.figures:
        other = {n: v for n, v in figures.items() if n in current and _differ(v, current[n])}
        for name, value in other.items():
            yield OtherFigure({name: value}, label, (), (_shown(name, current, value),))
        if len(other) > 1:
            shown = tuple(_shown(name, current, value) for name, value in other.items())
            yield OtherFigure(other, label, (), shown)
    for table, given in current.items():
        for keys, member in given.rows if len(given.rows) > 1 else ():
            taken = ParameterValue(member, (), given.source)
            row = tuple(keys.values())
            yield OtherFigure({table: taken}, given.source, row, ((table, None, member),))


def _differ(one: ParameterValue, other: ParameterValue) -> bool:
    return one.value != other.value or one.rows != other.rows


def _shown(
    name: str, current: Figures, then: ParameterValue
) -> tuple[str, Value | None, Value | None]:
    return name, current[name].value, then.value


# --- rules


def _rules(world: World, frame: Frame, asked: set[Key]) -> Iterator[WrongRow | SkippedRule]:
    skipped: list[SkippedRule] = []
    for site in world.policy.sites.values():
        if ("reading", site.name) not in asked or site.name in world.switches:
            continue
        if [option.key for option in site.options] == [OFF]:
            skipped.append(SkippedRule(site, site.name))
        else:
            yield from _rows(site, world, frame)
    yield from skipped


def _rows(site: Site, world: World, frame: Frame) -> Iterator[WrongRow]:
    """The rows beside the one a table was read at: those that differ from it in one key."""
    right = matched_row(world, WrongRow(site, site.options[0]), frame)
    rows = {row.text: row for row in site.pick.rows} if site.pick is not None else {}
    for option in site.options:
        if site.pick is None or not right:
            yield WrongRow(site, option, site.name)
        elif option.text != right and beside(rows[right], rows[option.text]):
            yield WrongRow(site, Option(option.key, option.text, right), site.name)
