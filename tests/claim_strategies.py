"""Claims that a policy might meet, generated from the fields it declares."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tiaowen.compiler.core import FieldInfo, Program
from tiaowen.engine.frames import Claim
from tiaowen.engine.reach import Fact, inputs

FIRST, LAST = datetime.datetime(2023, 12, 25), datetime.datetime(2025, 1, 8)


def values(info: FieldInfo, program: Program) -> st.SearchStrategy[Any]:
    """Values of a field's type, the edges among them."""
    kind = info.type
    if kind.name in program.enums:
        enum = program.enums[kind.name]
        if enum.kind == "prefix":
            return st.sampled_from(
                [code.ljust(6, "0") for code in enum.codes.values()] or ["000000"]
            )
        return st.sampled_from(list(enum.codes) or list(enum.steps))
    plain: Mapping[str, st.SearchStrategy[Any]] = {
        "金额": st.one_of(st.integers(0, 3_000_000), st.integers(0, 60_000), st.just(20_000_000)),
        "单价": st.fractions(0, 5_000, max_denominator=100),
        "比例": st.sampled_from([Fraction(n, 20) for n in range(21)]),
        "数量": st.sampled_from([Fraction(n, 2) for n in range(1, 9)]),
        "天数": st.integers(0, 40),
        "是否": st.booleans(),
        "文本": st.sampled_from(["", "a", "b", "c"]),
        "日期": st.dates(FIRST.date(), LAST.date()),
        "时刻": st.datetimes(FIRST, LAST).map(lambda m: m.replace(microsecond=0, second=0)),
    }
    return plain.get(kind.name, st.integers(0, 30))


def records(
    fields: Mapping[str, FieldInfo], program: Program, likely: int = 3
) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields, most of those without a default among them."""
    parts = {
        name: values(info, program)
        if info.default is None and index % 17
        else st.one_of(*[st.none()] * likely, values(info, program))
        for index, (name, info) in enumerate(fields.items(), 1)
    }
    return st.fixed_dictionaries(parts).map(lambda d: {k: v for k, v in d.items() if v is not None})


def _asked(fields: Mapping[str, FieldInfo], level: str, asked: set[Fact]) -> dict[str, FieldInfo]:
    return {name: info for name, info in fields.items() if (level, name) in asked}


@st.composite
def claims(draw: st.DrawFn, program: Program, matter: str, lines: int = 4) -> Claim:
    """A claim of ``matter``; fee lines and other collections have up to ``lines`` elements."""
    asked = inputs(program, matter)
    fields = draw(records({n: i for n, i in program.fields.items() if ("", n) in asked}, program))
    begin = [n for n, i in program.fields.items() if i.code in ("begntime", "begndate")]
    end = [n for n, i in program.fields.items() if i.code in ("endtime", "enddate")]
    if begin and end and begin[0] in fields:
        length = draw(st.sampled_from([0, 1, 9, 30]))
        fields[end[0]] = fields[begin[0]] + datetime.timedelta(days=length)
    collections = {
        name: tuple(
            draw(st.lists(records(_asked(info.fields, name, asked), program, 6), max_size=lines))
        )
        for name, info in program.collections.items()
        if any(level == name for level, _ in asked)
    }
    return Claim(matter, fields, collections)
