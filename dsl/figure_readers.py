"""One numeral in a text: what it counts, or that it counts nothing.

A reader for each shape ``dsl/figure_patterns.py`` finds. Values are exact; a figure's words are
given it by ``dsl/figures.py``, which sees the whole text.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

from attrs import evolve, frozen

from tiaowen.dsl import figure_patterns as patterns
from tiaowen.dsl.numerals import read_number

FigureKind = Literal["quantity", "ordinal", "reference", "date", "document number", "name"]
Day = tuple[int | None, int | None, int | None]


@frozen
class Figure:
    """One figure at ``[start, end)`` of the text it was read from.

    ``value`` is in ``unit``: 分 (money), 比例 (1 is the whole), 百分点 (one is 1/100), 日, 工作日,
    月, 年, 年度, 岁, 小时, 倍, 级, 次, 人, 个 …, or "" for a bare number. Only a ``quantity`` is to
    be grounded or encoded; an ``ordinal`` is a level, class or rank, a ``name`` a numeral inside
    a name (一次性, 主城9区). A ``date`` has year, month, day in ``day``, ``None`` where unsaid.

    ``context`` is the words the figure belongs to, back to the previous quantity or mark;
    ``clause`` all words of its clause before it. ``per`` is what a rate is paid for: 日 of 12元/日.
    """

    value: Fraction
    unit: str
    start: int
    end: int
    text: str
    kind: FigureKind = "quantity"
    context: str = ""
    clause: str = ""
    per: str = ""
    day: Day | None = None


def _figure(match: re.Match[str], group: str, value: Fraction | int, unit: str,
            kind: FigureKind, end: int | None = None) -> Figure:  # fmt: skip
    start, stop = match.span(group)
    return Figure(Fraction(value), unit, start, stop if end is None else end, "", kind)


def read_match(plain: str, match: re.Match[str]) -> list[Figure]:
    """The figures of one ``SPECIAL`` match; none where the numeral is part of a word."""
    kind = next(name for name in _READERS if match[name] is not None)
    return _READERS[kind](plain, match)


def _document(_: str, match: re.Match[str]) -> list[Figure]:
    return [_figure(match, "document", 0, "", "document number")]


def _date(_: str, match: re.Match[str]) -> list[Figure]:
    def part(*names: str) -> int | None:
        written = next((match[name] for name in names if match[name]), None)
        value = read_number(written) if written else None
        return int(value) if value is not None else None

    day = (part("year"), part("month", "month2", "month4"), part("day", "day2", "day3"))
    first = next((value for value in day if value is not None), 0)
    unit = "年" if day[0] else "月" if day[1] else "日"
    return [evolve(_figure(match, "date", first, unit, "date"), day=day)]


def _reference(_: str, match: re.Match[str]) -> list[Figure]:
    return [_figure(match, "reference", read_number(match["ref"]) or 0, "", "reference")]


def _ordinal(plain: str, match: re.Match[str]) -> list[Figure]:
    """第一次, 第二、三类: one figure for each number."""
    unit = match["what"] or ""
    if not match["ordinals"]:
        return [_figure(match, "ordinal", read_number(match["nth"]) or 0, unit, "ordinal")]
    found = [Figure(read_number(match["nth"]) or Fraction(0), unit, match.start("ordinal"),
                    match.start("ordinals"), "", "ordinal")]  # fmt: skip
    found.extend(_listed(plain, match.start("ordinals"), match.end("ordinals"), unit))
    return [*found[:-1], evolve(found[-1], end=match.end("ordinal"))]


def _listed(plain: str, start: int, end: int, unit: str) -> list[Figure]:
    """The numbers of ``、二、三``, none of which counts anything."""
    found: list[Figure] = []
    for match in re.finditer(r"[^、]+", plain[start:end]):
        value = read_number(match[0])
        if value is not None:
            found.append(Figure(value, unit, start + match.start(), start + match.end(), "",
                                "ordinal"))  # fmt: skip
    return found


def _marker(_: str, match: re.Match[str]) -> list[Figure]:
    ring = match["ring"]
    value = Fraction(ord(ring) - 0x245F) if ring else read_number(match["item"])
    return [_figure(match, "marker", value or 0, "", "reference")]


def _name(_: str, match: re.Match[str]) -> list[Figure]:
    return [_figure(match, "name", 0, "", "name")]


def _share(_: str, match: re.Match[str]) -> list[Figure]:
    """百分之五十, 三分之二."""
    base = {"百": 100, "千": 1000, "万": 10_000, "萬": 10_000}.get(match["base"])
    whole = Fraction(base) if base else read_number(match["base"])
    parts = read_number(match["parts"])
    if not whole or parts is None:
        return []
    return [_figure(match, "share", parts / whole, "比例", "quantity")]


def _half(plain: str, match: re.Match[str]) -> list[Figure]:
    if match["half"] != "半":
        return [_figure(match, "half", Fraction(1, 2), "比例", "quantity")]
    unit = patterns.UNIT.match(plain, match.end("half"))
    if unit is None:
        return []
    name, scale = patterns.unit_of(unit)
    if name == "年":
        name, scale = "月", Fraction(12)
    return [_figure(match, "half", scale / 2, name, "quantity", unit.end())]


def _number(plain: str, match: re.Match[str]) -> list[Figure]:
    """A numeral by the unit behind it; a Chinese numeral without one is part of a word."""
    start, end = match.span("number")
    written = match["number"]
    value = read_number(written)
    before = plain[max(0, start - 4) : start]
    if value is None or (written[0] == "一" and before[-1:] in patterns.NOT_ONE and before):
        return []
    chained = patterns.LIST.match(plain, end)
    if chained:
        rest = _listed(plain, chained.start("rest"), chained.end("rest"), _level(chained["unit"]))
        first = Figure(value, _level(chained["unit"]), start, end, "", "ordinal")
        return [first, *rest[:-1], evolve(rest[-1], end=chained.end())] if rest else []
    more = patterns.HALF_MORE.match(plain, end)
    unit = patterns.UNIT.match(more["after"] or more["unit"]) if more else None
    if more is not None and unit is not None:
        name, scale = patterns.unit_of(unit)
        return [Figure((value + Fraction(1, 2)) * scale, name, start, more.end(), "")]
    unit = patterns.UNIT.match(plain, end)
    if unit is None:
        return _without_unit(plain, match, value)
    return [_measured(plain, start, value, unit)]


def _level(written: str) -> str:
    return {"級": "级", "類": "类"}.get(written, written)


def _measured(plain: str, start: int, value: Fraction, unit: re.Match[str]) -> Figure:
    name, scale = patterns.unit_of(unit)
    end, per = unit.end(), ""
    before = plain[max(0, start - 4) : start]
    kind: FigureKind = "quantity"
    if (name in ("级", "档") and not patterns.CHANGE.search(before)) or (
        name == "类" and not patterns.COUNTED.search(before)
    ):
        kind = "ordinal"
    if name == "个" and value == 1 and not patterns.ADDED.search(before):
        kind = "name"
    amount = value * scale
    if name == "分":
        coins = patterns.COINS.match(plain, end)
        if coins is not None and coins.end() > end:
            jiao, fen = (read_number(coins[key] or "0") or 0 for key in ("jiao", "fen"))
            amount, end = amount + jiao * 10 + fen, coins.end()
    rate = patterns.PER.match(plain, end)
    if rate:
        per, end = rate[0].strip("/"), rate.end()
    return Figure(amount, name, start, end, "", kind, per=per)


def _without_unit(plain: str, match: re.Match[str], value: Fraction) -> list[Figure]:
    """The lower figure of a range takes the unit of the upper; a bare Arabic number has none."""
    start, end = match.span("number")
    range_ = patterns.RANGE.match(plain, end)
    unit = patterns.UNIT.match(plain, range_.end()) if range_ else None
    if range_ is not None and unit is not None:
        upper = _measured(plain, range_.start("upper"), Fraction(1), unit)
        last = range_["upper"][-1]
        bare = match["number"][-1] not in patterns.SCALES
        scale = patterns.SCALES.get(last, 1) if bare else 1
        return [Figure(value * scale * upper.value, upper.unit, start, end, "", upper.kind)]
    if not match["number"][0].isdigit():
        return []
    return [Figure(value, "", start, end, "")]


_READERS = {
    "document": _document, "date": _date, "reference": _reference, "ordinal": _ordinal,
    "marker": _marker, "name": _name, "share": _share, "half": _half, "number": _number,
}  # fmt: skip
