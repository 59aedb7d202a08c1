"""The simplest claim that still breaks a property the way the one found does.

One thing after another is left out, put back to its plain value or rounded, as long as the breach
stays; what remains in a counterexample is there because it has to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from attrs import evolve

from tiaowen.compiler.core import LINES, Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.claims.roles import LineRoles
from tiaowen.engine.decision import Decision
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import EarlierClaim
from tiaowen.review.proof.checking import Breach, breach, unforeseen
from tiaowen.review.proof.pairs import Hit, changed
from tiaowen.review.proof.records import MoreCost, Property, Scene
from tiaowen.review.proof.trying import Spent, Trying

ROUND = (10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100)
"""Amounts are rounded to multiples of these, in 分, the roundest first."""

TELLING = 10_000
"""A loss of this many 分 is as telling as a larger one: shrinking need not keep more."""

FEW = 4
"""Plain values tried in place of one that no rule names."""

Still = Callable[[Scene], Breach | None]


def shrink(hit: Hit, asked: Property, trying: Trying) -> Hit:
    """``hit`` with the simplest claim found on which the same is broken, as far as the budget of
    ``trying`` goes."""
    best = hit
    with suppress(Spent):
        still = _same(hit, asked, trying)
        progress = True
        while progress:
            progress, at = False, 0
            waiting = list(_simpler(best.scene, hit, trying))
            while at < len(waiting):
                kept = still(waiting[at])
                if kept is None:
                    at += 1
                    continue
                best, progress = evolve(best, scene=waiting[at], breach=kept), True
                waiting = list(_simpler(best.scene, hit, trying))
    return best


def _same(hit: Hit, asked: Property, trying: Trying) -> Still:
    """A test for scenes that break ``asked`` as ``hit`` does."""
    wanted = min(hit.breach.loss or 0, TELLING)
    stops = _stops(trying.decision(hit.scene))

    def still(scene: Scene) -> Breach | None:
        if not (trying.sensible(scene) and trying.of_matter(scene.claim)):
            return None
        first = trying.decision(scene)
        if _stops(first) != stops:
            return None
        made, added = [first], 0
        if hit.change is not None:
            if isinstance(hit.change, MoreCost):
                added = hit.change.by
                if len(scene.claim.collections.get(LINES, ())) <= hit.change.line:
                    return None
            second = changed(scene, hit.change, trying)
            if not trying.of_matter(second.claim):
                return None
            made.append(trying.decision(second))
        found = breach(asked, trying.program, made, added)
        return found if found is not None and (found.loss or 0) >= wanted else None

    return still


def _stops(made: Decision) -> frozenset[tuple[str, str]]:
    """The stops of a decision that no rule of the text states."""
    return frozenset(_told(p) for p in made.problems if unforeseen(p))


def _told(problem: Diagnostic) -> tuple[str, str]:
    return problem.code, str(problem.args.get("name", problem.args.get("level", "")))


# --- simpler scenes


def _simpler(scene: Scene, hit: Hit, trying: Trying) -> Iterator[Scene]:
    """Scenes simpler than ``scene`` by one thing, the greatest simplification first."""
    yield from _without_past(scene)
    yield from _without_lines(scene, hit)
    for name in scene.readings:
        yield evolve(scene, readings={k: v for k, v in scene.readings.items() if k != name})
    for name, given in scene.parameters.items():
        plain = trying.parameter_values(name)[0]
        others = {k: v for k, v in scene.parameters.items() if k != name}
        yield evolve(scene, parameters=others)
        if given.value != plain:
            yield evolve(scene, parameters={**scene.parameters, name: ParameterValue(plain)})
    for claim in _claims(scene.claim, hit, trying):
        yield trying.sound(evolve(scene, claim=claim))
    for index, item in enumerate(scene.items):
        if isinstance(item, EarlierClaim):
            for claim in _claims(item.claim, None, trying):
                items = (*scene.items[:index], EarlierClaim(claim), *scene.items[index + 1 :])
                yield evolve(scene, items=items)


def _without_past(scene: Scene) -> Iterator[Scene]:
    for index in range(len(scene.items)):
        yield evolve(scene, items=(*scene.items[:index], *scene.items[index + 1 :]))


def _without_lines(scene: Scene, hit: Hit) -> Iterator[Scene]:
    lines = scene.claim.collections.get(LINES, ())
    changing = hit.change.line if isinstance(hit.change, MoreCost) else -1
    for index in range(changing + 1, len(lines)):
        kept = (*lines[:index], *lines[index + 1 :])
        yield evolve(scene, claim=_lines(scene.claim, kept))


def _lines(claim: Claim, lines: tuple[Mapping[str, Value], ...]) -> Claim:
    return evolve(claim, collections={**claim.collections, LINES: lines})


def _claims(claim: Claim, hit: Hit | None, trying: Trying) -> Iterator[Claim]:
    """``claim`` with one fact left out, plain or rounder."""
    for fields in _records(claim.fields, "", trying):
        yield evolve(claim, fields=fields)
    total = LineRoles.of(trying.program.collections[LINES].fields).total
    lines = claim.collections.get(LINES, ())
    for index, line in enumerate(lines):
        for record in _records(line, LINES, trying):
            if total in record:
                yield _lines(claim, (*lines[:index], record, *lines[index + 1 :]))


def _records(
    record: Mapping[str, Value], level: str, trying: Trying
) -> Iterator[Mapping[str, Value]]:
    for name, value in record.items():
        yield {k: v for k, v in record.items() if k != name}
        values = trying.candidates.values((level, name))
        plain = values[0]
        if not isinstance(value, int) or isinstance(value, bool):
            for other in values[: values.index(value) if value in values else FEW]:
                yield {**record, name: other}
            continue
        kind = trying.candidates.info((level, name)).type.name
        if value != plain and kind != "金额":
            yield {**record, name: plain}
        yield from ({**record, name: rounder} for rounder in _rounder(value, kind))


def _rounder(value: int, kind: str) -> Iterator[Any]:
    """Rounder amounts, the smallest and roundest first."""
    if kind != "金额":
        return
    for unit in ROUND:
        for amount in (unit, value // unit * unit, -(-value // unit) * unit):
            if 0 < amount != value and _roundness(amount) > _roundness(value):
                yield amount


def _roundness(amount: int) -> tuple[int, int]:
    """How round an amount is; of equally round ones the smaller."""
    zeros = len(str(amount)) - len(str(amount).rstrip("0"))
    return zeros - len(str(amount)), zeros
