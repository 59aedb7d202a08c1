"""Whether a charged settlement agrees with itself, before it is compared with anything.

A sheet whose own figures contradict each other was not computed by any rule, so that comes
first. What has to agree is taken from the policy: the properties of its settlement (性质), and
those lines that are nothing but sums, differences and bounds of other lines. Only what the
sheets of the platform have beyond that stands in ``national``. A line the sheet leaves out counts
as nothing where the policy itself gives nothing for it; else what needs it is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.compiler.values import round_half_up
from tiaowen.compiler.walk import every
from tiaowen.engine.decision import Decision
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Facts, Reader
from tiaowen.engine.stops import Stopped
from tiaowen.review.reconciliation import national
from tiaowen.review.reconciliation.records import Charged, Discord

_SUMS = frozenset(("add", "subtract"))
_PLAIN = _SUMS | {"min", "max"}
"""What a line may be made of and still follow from others: of a regulation's own lines only sums,
as its bounds are rules."""


def discords(charged: Charged, decision: Decision) -> tuple[Discord, ...]:
    """Every rule that the figures of ``charged`` break among themselves, each set of lines once.

    ``decision`` is the policy's own, whose readings are taken.
    """
    sheet = _Sheet.of(charged, decision)
    found: list[Discord] = []
    seen: set[frozenset[str]] = set()
    for discord in (*_lines(sheet), *_national(sheet), *_properties(sheet)):
        names = frozenset((*(name for name, _ in discord.given), discord.name)) - {""}
        if names not in seen:
            seen.add(names)
            found.append(discord)
    return tuple(found)


def to_leave_out(found: tuple[Discord, ...], charged: Charged) -> tuple[str, ...]:
    """The fewest lines without which no discord is left; of equally few, those that stand last
    in the statement, where totals stand."""
    order = {figure.name: place for place, figure in enumerate(charged.figures)}
    sets = [{n for n in (d.name, *(g for g, _ in d.given)) if n in order} for d in found]
    sets = [names for names in sets if names]
    involved = sorted(set().union(*sets), key=lambda name: -order[name])
    for size in range(1, len(involved) + 1):
        for chosen in combinations(involved, size):
            if all(names & set(chosen) for names in sets):
                return tuple(sorted(chosen, key=lambda name: order[name]))
    return ()


@frozen
class _Sheet:
    """The charged figures with what may be taken as nothing, and the policy's decision."""

    charged: Charged
    decision: Decision
    values: Mapping[str, Value]
    given: frozenset[str]

    @classmethod
    def of(cls, charged: Charged, decision: Decision) -> _Sheet:
        given = {figure.name: figure.value for figure in charged.figures}
        nothing: dict[str, Value] = {
            o.name: 0
            for o in decision.frame.matter.outputs
            if o.type == ty.MONEY and not decision.values.get(o.name)
        }
        return cls(charged, decision, {**nothing, **charged.facts, **given}, frozenset(given))

    @property
    def reader(self) -> Reader:
        frame = self.decision.frame
        return Reader(frame, facts=Facts(frame.matter.name, self.values))

    def shown(self, core: c.Core) -> tuple[tuple[str, Value], ...]:
        """The charged figures that ``core`` speaks of, in its order."""
        names = [part.quantity for part in every(core) if isinstance(part, c.Ref)]
        in_order = [f.name for f in self.charged.figures if f.name in names]
        return tuple((name, self.values[name]) for name in in_order)

    def by_code(self, code: str) -> tuple[str, Value] | None:
        """The line of a national code as charged, whether the statement has it or not."""
        if code in self.charged.beside:
            return code, self.charged.beside[code]
        for output in self.decision.frame.matter.outputs:
            if output.code == code and output.name in self.values:
                return output.name, self.values[output.name]
        return None


def _properties(sheet: _Sheet) -> Iterator[Discord]:
    for stated in sheet.decision.frame.matter.properties:
        try:
            holds = evaluate(stated.condition, sheet.reader)
        except (Stopped, AssertionError):
            continue  # it speaks of what the sheet does not give
        if not holds:
            yield Discord(stated.name, stated.name, "", sheet.shown(stated.condition))


def _lines(sheet: _Sheet) -> Iterator[Discord]:
    """Lines that follow from other lines by sums, differences and bounds alone."""
    frame = sheet.decision.frame
    for output in frame.matter.outputs:
        body = _follows(frame.program.nodes[output.node]) if output.node else None
        if body is None or output.name not in sheet.given:
            continue
        try:
            value = evaluate(body, sheet.reader)
        except (Stopped, AssertionError):
            continue
        expected, found = round_half_up(value), sheet.values[output.name]
        if expected != found:
            yield Discord("", "", output.name, sheet.shown(body), expected, found)


def _follows(node: c.Node) -> c.Core | None:
    """The definition of a line that is nothing but arithmetic of other lines."""
    if node.kind != "define" or len(node.alternatives) != 1 or node.type != ty.MONEY:
        return None
    only = node.alternatives[0]
    if only.condition is not None or not isinstance(only.value, c.Op):
        return None
    for part in every(only.value):
        match part:
            case c.Op() if part.name in (_SUMS if only.rule.article else _PLAIN):
                continue
            case c.Constant() if part.value == 0:
                continue
            case c.Ref() if not part.level and not part.past:
                continue
        return None
    return only.value


def _national(sheet: _Sheet) -> Iterator[Discord]:
    """The sums of the interface and of its funds."""
    funds = tuple(
        o.code
        for o in sheet.decision.frame.matter.outputs
        if o.fund and o.code not in national.BESIDE
    )
    sums = [*national.IDENTITIES, *([national.Sum(national.FUND_TOTAL, funds)] if funds else [])]
    for stated in sums:
        total = sheet.by_code(stated.total)
        parts = [sheet.by_code(code) for code in stated.parts]
        given = [part for part in parts if part is not None]
        if total is None or len(given) < len(parts) or total[0] not in sheet.given:
            continue
        expected = sum(value for _, value in given if isinstance(value, int))
        if expected != total[1]:
            shown = tuple(part for part in given if part[0] in {*sheet.given, *national.BESIDE})
            yield Discord("", "", total[0], shown, expected, total[1])
    for low, high in national.BOUNDS:
        small, large = sheet.by_code(low), sheet.by_code(high)
        if small is None or large is None or not {small[0], large[0]} <= sheet.given:
            continue
        if isinstance(small[1], int) and isinstance(large[1], int) and small[1] > large[1]:
            yield Discord("≤", "≤", "", (small, large))
