"""A person's earlier items: claims, settlements, totals that open a year, and reversals.

What came before changes what is paid now, so the items are put in their one order, a thing
counted twice is refused, and a reversal takes out exactly what it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import TypeAlias

from attrs import Factory, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.compiler.moments import as_date
from tiaowen.compiler.values import format_date
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.claims.roles import Roles
from tiaowen.engine.frames import Claim, Record

HISTORY = "既往"


@frozen
class EarlierClaim:
    """An earlier claim, to be decided again."""

    claim: Claim


@frozen
class Settlement:
    """An earlier settlement whose figures are taken as they are, by Chinese name.

    ``id`` is its setl_id ('' where not given); ``settled_at`` and ``discharged`` place it.
    """

    matter: str
    values: Record
    id: str = ""
    settled_at: date | None = None
    discharged: date | None = None


@frozen
class Opening:
    """Totals of a year up to where the other items begin: ``values`` by quantity (or
    ``matter.quantity``), ``counts`` of decisions by matter."""

    year: int
    values: Record
    counts: Mapping[str, int] = Factory(dict)


@frozen
class Reversal:
    """Takes the settlement of this setl_id out of the history."""

    settlement_id: str


HistoryItem: TypeAlias = EarlierClaim | Settlement | Opening | Reversal
Earlier: TypeAlias = EarlierClaim | Settlement | Opening


@frozen
class _Placed:
    """An item with what orders and identifies it; ``place`` is where it was given."""

    item: EarlierClaim | Settlement
    place: str
    id: str
    encounter: str
    midway: bool
    at: date | None

    @property
    def label(self) -> str:
        return self.id or self.place


def ordered(
    items: Iterable[HistoryItem], *, program: c.Program, before: Claim | None = None
) -> tuple[Earlier, ...]:
    """The person's order: openings, then by settlement time, else discharge, else admission,
    then setl_id. An item without any time stays behind the one it was given after.

    ``before`` is the claim being decided. Raises ``Rejected``: TW0611 (an item after it),
    TW0612 (a setl_id twice), TW0613 (a reversal of nothing), TW0617 (totals of a year twice),
    TW0623 (an encounter settled twice though not midway).
    """
    given = list(items)
    roles = Roles.of(program)
    placed = [
        _placed(item, f"{HISTORY}[{index}]", roles)
        for index, item in enumerate(given)
        if isinstance(item, EarlierClaim | Settlement)
    ]
    asked = _placed(EarlierClaim(before), "", roles) if before is not None else None
    found = [*_repeated_ids(placed, asked), *_repeated_openings(given)]
    placed, nothing = _reversed(placed, given)
    found += nothing
    placed = _sorted(placed)
    found += [*_repeated_encounters(placed, asked), *_too_late(placed, asked)]
    if found:
        raise Rejected(found)
    openings = [item for item in given if isinstance(item, Opening)]
    return (*openings, *(p.item for p in placed))


def _placed(item: EarlierClaim | Settlement, place: str, roles: Roles) -> _Placed:
    facts: Mapping[str, Value] = (
        item.values if isinstance(item, Settlement) else {**item.claim.fields, **item.claim.taken}
    )

    def text(name: str) -> str:
        value = facts.get(name, "") if name else ""
        return value if isinstance(value, str) else ""

    times = [facts.get(name) for name in (roles.settled_at, roles.discharge, roles.admission)]
    identity = text(roles.settlement)
    if isinstance(item, Settlement):
        times = [item.settled_at, item.discharged, *times]
        identity = item.id or identity
    at = next((moment for moment in times if isinstance(moment, date)), None)
    midway = bool(roles.midway) and facts.get(roles.midway) is True
    return _Placed(item, place, identity, text(roles.encounter), midway, at)


def _reversed(
    placed: list[_Placed], given: Sequence[HistoryItem]
) -> tuple[list[_Placed], list[Diagnostic]]:
    """What is left after the reversals, and those that name nothing."""
    found: list[Diagnostic] = []
    for index, item in enumerate(given):
        if not isinstance(item, Reversal):
            continue
        left = [p for p in placed if not p.id or p.id != item.settlement_id]
        if len(left) == len(placed):
            found.append(diagnose("TW0613", place=f"{HISTORY}[{index}]", id=item.settlement_id))
        placed = left
    return placed, found


def _sorted(placed: Sequence[_Placed]) -> list[_Placed]:
    keyed: list[tuple[datetime, str, int]] = []
    last = datetime.min
    for index, item in enumerate(placed):
        identity = item.id
        if item.at is not None:
            last = _moment(item.at)
        elif keyed:
            identity = keyed[-1][1]
        keyed.append((last, identity, index))
    return [placed[index] for _, _, index in sorted(keyed)]


def _moment(at: date) -> datetime:
    return at if isinstance(at, datetime) else datetime.combine(at, time.min)


def _is_after(one: date, other: date) -> bool:
    """Whether ``one`` is surely after ``other``: by days where either has no time."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one > other
    return as_date(one) > as_date(other)


# --- what contradicts


def _repeated_ids(placed: Sequence[_Placed], asked: _Placed | None) -> Iterator[Diagnostic]:
    seen: set[str] = {asked.id} if asked is not None else set()
    for item in placed:
        if item.id and item.id in seen:
            yield diagnose("TW0612", place=item.place, id=item.id)
        seen.add(item.id)


def _repeated_openings(given: Sequence[HistoryItem]) -> Iterator[Diagnostic]:
    seen: dict[tuple[int, str], str] = {}
    for index, item in enumerate(given):
        if not isinstance(item, Opening):
            continue
        for name in [*item.values, *(f"次数.{matter}" for matter in item.counts)]:
            place = f"{HISTORY}[{index}].{name}"
            first = seen.setdefault((item.year, name), place)
            if first != place:
                yield diagnose("TW0617", place=place, name=name, first=first, second=place)


def _repeated_encounters(placed: Sequence[_Placed], asked: _Placed | None) -> Iterator[Diagnostic]:
    """Every settlement of an encounter but the last is marked as made midway."""
    later = {asked.encounter} if asked is not None else set()
    for item in reversed(placed):
        if item.encounter and item.encounter in later and not item.midway:
            yield diagnose("TW0623", place=item.place, id=item.encounter)
        later.add(item.encounter)


def out_of_order(items: Sequence[HistoryItem], program: c.Program) -> Iterator[Diagnostic]:
    """TW0611 for each item of a list that stands behind a later one."""
    roles = Roles.of(program)
    latest: _Placed | None = None
    for index, item in enumerate(items):
        if not isinstance(item, EarlierClaim | Settlement):
            continue
        placed = _placed(item, f"{HISTORY}[{index}]", roles)
        if placed.at is None:
            continue
        if latest is not None and latest.at is not None and _is_after(latest.at, placed.at):
            yield _late(latest, placed)
        else:
            latest = placed


def _late(before: _Placed, item: _Placed) -> Diagnostic:
    at = {lang: format_date(item.at, lang) for lang in ("zh", "en") if item.at}
    then = {lang: format_date(before.at, lang) for lang in ("zh", "en") if before.at}
    problem = {
        "zh": f"（{at['zh']}）排在更晚的{before.label}（{then['zh']}）之后",
        "en": f"{at['en']} stands behind {before.label}, which is later: {then['en']}",
    }
    return diagnose("TW0611", place=item.place, item=item.label, problem=problem)


def _too_late(placed: Sequence[_Placed], asked: _Placed | None) -> Iterator[Diagnostic]:
    if asked is None or asked.at is None:
        return
    for item in placed:
        if item.at is not None and _is_after(item.at, asked.at):
            then, now = (
                {lang: format_date(at, lang) for lang in ("zh", "en")} for at in (item.at, asked.at)
            )
            yield diagnose(
                "TW0611",
                place=item.place,
                item=item.label,
                problem={
                    "zh": f"（{then['zh']}）晚于本次（{now['zh']}）",
                    "en": f"{then['en']} is after this claim, {now['en']}",
                },
            )
