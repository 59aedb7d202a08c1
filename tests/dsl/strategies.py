"""Hypothesis strategies for every form of the syntax tree."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tiaowen.dsl import tree as t
from tiaowen.dsl.keywords import SCRIPTS, Script, spellings, units

RESERVED = {word for spelling in spellings() for word in (spelling, spelling.split(" ")[0])}
"""Keywords, and the first words of keywords of several."""

HAN = "起付线支比例额度医院级住费用统筹保险人员年月日门诊大病转归退休首次"
LATIN = "abcxyzABC_"

Strategy = st.SearchStrategy[Any]


def once(make: Callable[[], Strategy]) -> Callable[[], Strategy]:
    """A strategy made once and only when it is drawn from, so that none describes all others."""
    made = st.deferred(make)
    return lambda: made


def scripts() -> st.SearchStrategy[Script]:
    return st.sampled_from(SCRIPTS)


@once
def names() -> Strategy:
    first = st.sampled_from(HAN + LATIN)
    rest = st.text(HAN + LATIN + "12", max_size=5)
    made = st.builds(str.__add__, first, rest)
    return made.filter(lambda name: name not in RESERVED)


@once
def strings() -> Strategy:
    """What quotation marks of one kind or another can hold."""
    texts = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=8)
    marks = st.text('a“"#|「」”＂', max_size=5)
    return st.one_of(texts, marks).filter(_quotable)


def _quotable(text: str) -> bool:
    return not any(m in text for m in '"＂“”') or "”" not in text or "」" not in text


def references() -> st.SearchStrategy[t.Reference]:
    articles = st.builds(
        "第{}条（{}）{}".format, *[st.sampled_from("一二三十")] * 2, st.integers(1, 9)
    )
    return st.builds(t.Reference, articles)


# --- expressions


@once
def numbers() -> Strategy:
    values = st.builds(Fraction, st.integers(0, 10**12), st.sampled_from([1, 10, 100, 8, 5**4]))
    return st.builds(t.Number, values, st.sampled_from(["", *units()]), st.just(""))


@once
def dates() -> Strategy:
    moments = st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31))
    whole = moments.map(lambda moment: moment.replace(microsecond=0))
    return st.builds(t.DateLiteral, st.one_of(st.dates(), whole))


@once
def atoms() -> Strategy:
    return st.one_of(
        numbers(),
        st.builds(t.Text, strings()),
        st.builds(t.Truth, st.booleans()),
        dates(),
        st.builds(t.Name, names()),
        st.builds(t.Qualified, names(), names()),
    )


BINARY = [
    "add", "subtract", "multiply", "divide", "eq", "ne", "lt", "le", "gt", "ge", "and", "or",
]  # fmt: skip


def _larger(inner: Strategy) -> Strategy:
    every = st.builds(t.Every, st.one_of(st.just(""), names()), inner, st.none() | inner)
    return st.one_of(
        st.builds(t.Binary, st.sampled_from(BINARY), inner, inner),
        st.builds(t.Unary, st.sampled_from(["negate", "not"]), inner),
        st.builds(t.Member, inner, _tuples(inner, 1, 3)),
        st.builds(t.Conditional, inner, inner, inner),
        st.builds(t.Call, names(), _tuples(st.one_of(inner, every), 0, 3)),
    )


@st.composite
def expressions(draw: st.DrawFn, height: int = 2) -> Any:
    if height == 0 or draw(st.integers(0, 2)):  # two in three are atoms: trees stay small
        return draw(atoms())
    return draw(_larger(expressions(height - 1)))


def _tuples(items: Strategy, least: int, most: int) -> Strategy:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


# --- tables


@once
def ranges() -> Strategy:
    value = expressions()
    return st.one_of(
        st.builds(
            lambda high, closed: t.Range(None, high, high_closed=closed), value, st.booleans()
        ),
        st.builds(lambda low, closed: t.Range(low, None, low_closed=closed), value, st.booleans()),
        st.builds(t.Range, value, value),
    )


@once
def cells() -> Strategy:
    return st.one_of(
        st.builds(t.Anything),
        st.builds(t.Blank),
        st.builds(t.Corner, names(), names()),
        st.builds(t.OneOf, _tuples(expressions(), 1, 3)),
        ranges(),
    )


@once
def tables() -> Strategy:
    def of_width(width: int) -> Strategy:
        rows = st.builds(t.Row, _tuples(cells(), width, width))
        return st.builds(t.Table, _tuples(rows, 1, 4))

    return st.integers(1, 4).flatmap(of_width)


@once
def bodies() -> Strategy:
    return st.one_of(expressions(), tables())


# --- statements


@once
def clauses() -> Strategy:
    some_references = st.one_of(st.just(()), _tuples(references(), 1, 2))
    return st.one_of(
        st.just(t.NO_CLAUSES),
        st.builds(
            t.Clauses,
            when=st.none() | expressions(),
            basis=some_references,
            after=some_references,
            sentence=st.none() | st.integers(1, 99),
            derive=st.none() | strings(),
            english=st.none() | strings(),
        ),
    )


def _overrides() -> Strategy:
    return _tuples(st.tuples(names(), expressions()), 0, 3)


def _declarations() -> list[Strategy]:
    optional_name = st.none() | names()
    items = _tuples(st.tuples(names(), st.none() | expressions()), 1, 3)
    choices = st.one_of(names(), st.sampled_from(["是", "否"]))
    return [
        st.builds(t.MatterHead, names(), optional_name, optional_name, clauses()),
        st.builds(t.Applies, _tuples(names(), 0, 3)),
        st.builds(t.InterfaceHead, names(), optional_name, clauses(), tables()),
        st.builds(t.Enumeration, names(), clauses(), tables()),
        st.builds(t.Group, names(), names(), _tuples(expressions(), 1, 3), clauses()),
        st.builds(t.Scale, names(), expressions(), clauses(), tables()),
        st.builds(t.Fields, names(), clauses(), tables()),
        st.builds(t.Collection, names(), clauses(), tables()),
        st.builds(t.Shorthand, names(), names(), items, clauses()),
        st.builds(t.TableFunction, names(), names(), names(), bodies(), clauses()),
        st.builds(t.Parameter, names(), names(), strings(), _tuples(names(), 0, 3),
                  st.none() | ranges(), clauses()),
        st.builds(t.Reading, names(), _tuples(choices, 2, 3), choices, clauses()),
    ]  # fmt: skip


OPERATIONS = [
    "add", "subtract", "multiply", "raise", "lower", "step_up", "step_down", "at_least",
    "at_most", "set_to",
]  # fmt: skip


def _rules() -> list[Strategy]:
    each = st.one_of(st.none(), st.just(""), names())
    spread = _tuples(st.tuples(names(), names()), 0, 2)
    return [
        st.builds(t.Definition, names(), bodies(), each, st.none() | names(), clauses()),
        st.builds(t.Amendment, names(), st.sampled_from(OPERATIONS), expressions(), each,
                  clauses()),
        st.builds(t.Exclusion, strings(), each, clauses()),
        st.builds(t.Duty, expressions(), strings(), clauses()),
        st.builds(t.Stop, names(), strings(), each, clauses()),
        st.builds(t.SettleAs, names(), _overrides(), st.booleans(), clauses()),
        st.builds(t.Partition, names(), _tuples(expressions(), 1, 3), spread,
                  _tuples(names(), 0, 3), _overrides(), clauses()),
        st.builds(t.Property, strings(), expressions(), clauses()),
        st.builds(t.SetAside, strings(), clauses()),
    ]  # fmt: skip


@once
def rule_statements() -> Strategy:
    return st.one_of(*_declarations(), *_rules())


@once
def case_statements() -> Strategy:
    dotted = st.builds("{}.{}".format, names(), names())
    assigns = _tuples(st.builds(t.Assign, st.one_of(names(), dotted), bodies()), 1, 4)
    return st.one_of(
        st.builds(t.Based, names()),
        st.builds(t.CaseMatter, names()),
        st.builds(t.Given, assigns),
        st.builds(t.Earlier, names(), st.booleans(), assigns),
        st.builds(t.CaseReading, names(), st.one_of(names(), st.sampled_from(["是", "否"]))),
        st.builds(t.CaseParameter, names(), bodies()),
        st.builds(t.Expect, assigns),
        st.builds(t.ExpectStop, st.one_of(names(), st.just("无规定")), st.none() | references()),
        st.builds(t.ExpectNote, strings()),
        st.builds(t.ExpectRefusal, strings()),
    )


def statements() -> st.SearchStrategy[tuple[str, Any]]:
    """A statement with the name of the grammar's start that it belongs to."""
    return st.one_of(
        st.tuples(st.just("rule_statement"), rule_statements()),
        st.tuples(st.just("case_statement"), case_statements()),
    )
