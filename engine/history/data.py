"""A person's history as a file has it, read into earlier items and written back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.compiler.moments import FIRST_YEAR, LAST_YEAR
from tiaowen.compiler.spelling import nearest
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.claims.field_values import plain
from tiaowen.engine.claims.layout import MATTER_KEYS, Slot, matter_slots, slot, spelt, total_slots
from tiaowen.engine.claims.misfit import Misfit, is_blank, kind_of, wrong_type
from tiaowen.engine.claims.problems import Problems
from tiaowen.engine.claims.reading import claim_data, read_claim
from tiaowen.engine.claims.roles import Roles
from tiaowen.engine.history.earlier import (
    HISTORY,
    EarlierClaim,
    HistoryItem,
    Opening,
    Reversal,
    Settlement,
    out_of_order,
)

MOST_ITEMS = 10_000
_KINDS = {
    "申报": "claim", "结算": "settlement", "期初": "opening", "撤销": "reversal",
    "claim": "claim", "settlement": "settlement", "opening": "opening", "reversal": "reversal",
}  # fmt: skip
_YEAR_KEYS = ("年度", "year")
_COUNT_KEYS = ("次数", "counts")


def read_history(data: Any, program: c.Program) -> tuple[HistoryItem, ...]:
    """The items of a JSON list, in the order given.

    Each is an object with one key: ``申报`` (claim) a claim, ``结算`` (settlement) the figures
    of one, ``期初`` (opening) a year's totals, ``撤销`` (reversal) a setl_id. Raises
    ``Rejected`` with all that is wrong.
    """
    reader = _Reader(program, Problems())
    items = reader.items(data)
    reader.problems.settle()
    if late := list(out_of_order(items, program)):
        raise Rejected(late)
    return items


def history_data(items: Iterable[HistoryItem], program: c.Program) -> list[dict[str, Any]]:
    """``items`` as JSON-ready data that ``read_history`` reads back to the same."""
    return [_item_data(item, program) for item in items]


def _item_data(item: HistoryItem, program: c.Program) -> dict[str, Any]:
    match item:
        case EarlierClaim(claim=claim):
            return {"申报": claim_data(claim, program)}
        case Settlement():
            stated = matter_slots(program, item.matter)
            return {"结算": {"事项": item.matter, **_plain(item.values, stated, program)}}
        case Opening():
            totals = _plain(item.values, total_slots(program), program)
            counts = {"次数": dict(item.counts)} if item.counts else {}
            return {"期初": {"年度": item.year, **totals, **counts}}
    return {"撤销": item.settlement_id}


def _plain(
    values: Mapping[str, Value], slots: Mapping[str, Slot], program: c.Program
) -> dict[str, Any]:
    return {name: plain(value, slots[name].type, program) for name, value in values.items()}


class _Reader:
    """One reading of one history."""

    def __init__(self, program: c.Program, problems: Problems) -> None:
        self.program = program
        self.problems = problems
        self.roles = Roles.of(program)
        self.kinds: dict[str, Callable[[Any, str], HistoryItem | None]] = {
            "claim": self.claim, "settlement": self.settlement, "opening": self.opening,
            "reversal": self.reversal,
        }  # fmt: skip

    def items(self, data: Any) -> tuple[HistoryItem, ...]:
        if not isinstance(data, list):
            self._misplaced(HISTORY, "列表", "a list", data)
            return ()
        if len(data) > MOST_ITEMS:
            self.problems.add(
                diagnose(
                    "TW0616",
                    place=HISTORY,
                    what=HISTORY,
                    limit=MOST_ITEMS,
                    size={"zh": f"{len(data)}项", "en": f"{len(data)} items"},
                )
            )
            return ()
        read = [self.item(entry, f"{HISTORY}[{index}]") for index, entry in enumerate(data)]
        return tuple(item for item in read if item is not None)

    def item(self, entry: Any, place: str) -> HistoryItem | None:
        if not isinstance(entry, dict) or len(entry) != 1:
            keys = {
                "zh": "只有一个键（申报、结算、期初或撤销）的对象",
                "en": "an object with one key (claim, settlement, opening or reversal)",
            }
            found = (
                kind_of(entry)
                if not isinstance(entry, dict)
                else {"zh": f"{len(entry)}个键", "en": f"{len(entry)} keys"}
            )
            self.problems.add(diagnose("TW0618", place=place, expected=keys, found=found))
            return None
        [(key, content)] = entry.items()
        kind = _KINDS.get(key.strip())
        if kind is None:
            self.problems.add(
                diagnose("TW0603", place=f"{place}.{key}", name=key, nearest=nearest(key, _KINDS))
            )
            return None
        return self.kinds[kind](content, f"{place}.{key}")

    def claim(self, content: Any, place: str) -> HistoryItem | None:
        try:
            return EarlierClaim(read_claim(content, self.program, root=f"{place}."))
        except Rejected as rejected:
            self.problems.include(rejected)
            return None

    def reversal(self, content: Any, place: str) -> HistoryItem | None:
        if isinstance(content, str) and content.strip():
            return Reversal(content)
        self._misplaced(place, "结算ID（setl_id）", "a setl_id", content)
        return None

    def settlement(self, content: Any, place: str) -> HistoryItem | None:
        if not isinstance(content, dict):
            self._misplaced(place, "对象", "an object", content)
            return None
        matter = next((content[key] for key in MATTER_KEYS if key in content), None)
        if not isinstance(matter, str) or matter not in self.program.matters:
            self._unknown_matter(matter, place)
            return None
        rest = {key: value for key, value in content.items() if key not in MATTER_KEYS}
        values = self._values(rest, matter_slots(self.program, matter), place)
        roles = self.roles
        identity = values.get(roles.settlement, "")
        times = [values.get(name) for name in (roles.settled_at, roles.discharge)]
        settled, discharged = (at if isinstance(at, date) else None for at in times)
        return Settlement(matter, values, str(identity), settled, discharged)

    def opening(self, content: Any, place: str) -> HistoryItem | None:
        if not isinstance(content, dict):
            self._misplaced(place, "对象", "an object", content)
            return None
        special = {key: content[key] for key in (*_YEAR_KEYS, *_COUNT_KEYS) if key in content}
        rest = {key: value for key, value in content.items() if key not in special}
        years = [special[key] for key in _YEAR_KEYS if not is_blank(special.get(key))]
        if len(years) != 1:
            self.problems.add(diagnose("TW0501", place=place, name="年度", code="year"))
        year = self._year(years[0], place) if len(years) == 1 else 0
        counts: dict[str, int] = {}
        for key in _COUNT_KEYS:
            if special.get(key) is not None:
                counts |= self._counts(special[key], f"{place}.{key}")
        return Opening(year, self._values(rest, total_slots(self.program), place), counts)

    # --- values

    def _values(
        self, content: Mapping[str, Any], slots: Mapping[str, Slot], place: str
    ) -> dict[str, Value]:
        values: dict[str, Value] = {}
        given: dict[str, str] = {}
        for key, raw in content.items():
            known = slots.get(spelt(key, slots))
            if known is None:
                self.problems.add(
                    diagnose(
                        "TW0603", place=f"{place}.{key}", name=key, nearest=nearest(key, slots)
                    )
                )
            elif not is_blank(raw):
                where = f"{place}.{known.label}"
                if known.name in given:
                    self.problems.add(
                        diagnose(
                            "TW0617",
                            place=where,
                            name=known.name,
                            first=given[known.name],
                            second=key,
                        )
                    )
                given[known.name] = key
                if (value := self._value(raw, known, where)) is not None:
                    values[known.name] = value
        return values

    def _value(self, raw: Any, known: Slot, place: str) -> Value | None:
        try:
            return known.convert(raw)
        except Misfit as misfit:
            self.problems.misfit(misfit, known, place)
            return None

    def _whole(self, raw: Any, name: str, code: str, place: str) -> int | None:
        """A whole number that is not negative."""
        known = slot(name, code, ty.NUMBER, self.program)
        value = self._value(raw, known, place)
        if isinstance(value, int | Fraction) and Fraction(value).denominator == 1:
            return int(value)
        if value is not None:
            self.problems.misfit(wrong_type(raw, ty.NUMBER), known, place)
        return None

    def _year(self, raw: Any, place: str) -> int:
        where = f"{place}.年度（year）"
        year = self._whole(raw, "年度", "year", where)
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            expected = {"zh": f"{FIRST_YEAR}至{LAST_YEAR}年", "en": f"{FIRST_YEAR} to {LAST_YEAR}"}
            self.problems.add(
                diagnose(
                    "TW0604",
                    place=where,
                    name="年度",
                    code="year",
                    expected=expected,
                    found=str(year),
                )
            )
        return year or 0

    def _counts(self, raw: Any, place: str) -> dict[str, int]:
        if not isinstance(raw, dict):
            self._misplaced(place, "事项到次数的对象", "an object of matters and counts", raw)
            return {}
        counts: dict[str, int] = {}
        for matter, number in raw.items():
            if matter not in self.program.matters:
                self._unknown_matter(matter, place)
            elif (count := self._whole(number, matter, "", f"{place}.{matter}")) is not None:
                counts[matter] = count
        return counts

    def _unknown_matter(self, matter: Any, place: str) -> None:
        known = list(self.program.matters)
        if is_blank(matter):
            self.problems.add(diagnose("TW0501", place=place, name="事项", code="matter"))
        elif isinstance(matter, str):
            self.problems.add(
                diagnose(
                    "TW0208",
                    place=place,
                    name=matter,
                    matters=known,
                    nearest=nearest(matter, known),
                )
            )
        else:
            self._misplaced(place, "事项的名称", "the name of a matter", matter)

    def _misplaced(self, place: str, chinese: str, english: str, found: Any) -> None:
        self.problems.add(
            diagnose(
                "TW0618", place=place, found=kind_of(found), expected={"zh": chinese, "en": english}
            )
        )
