"""A form on given facts: every variable fixed, what was abstracted worked out by its meaning.

Nothing is searched for, so that this is the translation itself, and is what the tests compare
with the interpreter.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import z3
from attrs import define

from tiaowen.compiler.core import Value
from tiaowen.compiler.solver.days import Day
from tiaowen.compiler.solver.facts import Facts, unknown
from tiaowen.compiler.solver.form import Form
from tiaowen.compiler.solver.formulas import Truth, formula
from tiaowen.compiler.solver.kinds import CODE_DIGITS, Grounds, Options, Symbolic, Word, code_number
from tiaowen.compiler.solver.numbers import Number, as_term
from tiaowen.compiler.solver.past import domains
from tiaowen.compiler.solver.places import Element
from tiaowen.compiler.solver.space import Space, numeral
from tiaowen.compiler.types import Type

Record = Mapping[str, Value]


class NotRepresented(Exception):
    """A fact that the form's variables cannot hold: finer than claims are, or outside a type."""


@define(eq=False)
class Valuation:
    """Values of the variables of a space: those of a model, or fixed one by one."""

    space: Space
    model: Any

    @classmethod
    def blank(cls, space: Space) -> Valuation:
        """Nothing fixed: what is not set afterwards is 0 or false."""
        solver = z3.Solver()
        solver.check()
        return cls(space, solver.model())

    def holds(self, truth: Truth) -> bool:
        return bool(z3.is_true(self.model.eval(formula(truth), model_completion=True)))

    def plain(self, value: Symbolic) -> Any:
        """A symbolic value as the interpreter has it; None where it has none."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Number):
            term, den = as_term(value)
            return _fraction(self.model.eval(term, model_completion=True)) / den
        if isinstance(value, Options):
            return next((name for guard, name in value.cases if self.holds(guard)), None)
        if isinstance(value, Word):
            return self._word(value)
        if isinstance(value, Day):
            return self._day(value)
        if isinstance(value, Grounds):
            return tuple(reason for guard, reason in value.held if self.holds(guard))
        return self.holds(value)

    def _whole(self, term: Any) -> int:
        return int(self.model.eval(term, model_completion=True).as_long())

    def _word(self, word: Word) -> str:
        number = self._whole(word.term)
        if word.code:
            return str(number).zfill(CODE_DIGITS)
        known = {index: text for text, index in self.space.texts.items()}
        return known.get(number, f"T{number}" if number >= 0 else f"T_{-number}")

    def _day(self, day: Day) -> datetime.date | None:
        """A day; None where nothing says which, as of an element that is not there."""
        if day.civil is not None:
            year, month, of_month = (self._whole(term) for term in day.civil)
            if not year:
                return None
            date = datetime.date(year, month, of_month)
        else:
            date = datetime.date.fromordinal(self._whole(day.number))
        if day.micros is None:
            return date
        clock = datetime.timedelta(microseconds=self._whole(day.micros))
        return datetime.datetime.combine(date, datetime.time()) + clock

    # --- fixing

    def fix(self, value: Symbolic, plain: Any) -> None:
        """Let the variables of ``value``, which is made of nothing else, give it ``plain``."""
        for variable, number in self._fixing(value, plain):
            self.model.update_value(variable, numeral(number, variable))

    def _fixing(self, value: Symbolic, plain: Any) -> Iterator[tuple[Any, Any]]:
        if isinstance(value, Number):
            scaled = Fraction(plain) * value.den
            if value.cases or (z3.is_int(value.term) and scaled.denominator != 1):
                raise NotRepresented(str(plain))
            yield value.term, scaled
        elif isinstance(value, Options):
            index = next((i for i, (_, name) in enumerate(value.cases) if name == plain), None)
            if index is None:
                raise NotRepresented(str(plain))
            if len(value.cases) > 1:
                yield value.cases[0][0].arg(0), index
        elif isinstance(value, Word):
            texts = self.space.texts
            number = code_number(plain) if value.code else texts.setdefault(plain, len(texts))
            yield value.term, number
        elif isinstance(value, Day):
            yield from self._fixing_day(value, plain)
        elif not isinstance(value, bool):
            yield value, plain

    def _fixing_day(self, value: Day, plain: datetime.date) -> Iterator[tuple[Any, Any]]:
        assert value.civil is not None
        yield from zip(value.civil, (plain.year, plain.month, plain.day), strict=True)
        if value.micros is not None and isinstance(plain, datetime.datetime):
            clock = plain - datetime.datetime.combine(plain.date(), datetime.time())
            yield value.micros, clock // datetime.timedelta(microseconds=1)

    def complete(self) -> None:
        """Work out what was abstracted, in the order it was made."""
        for auxiliary in self.space.auxiliaries:
            operands = [self.plain(operand) for operand in auxiliary.operands]
            right = auxiliary.meaning(*operands)
            if right is not None:
                self.fix(auxiliary.value, right)


def _fraction(number: Any) -> Fraction:
    if z3.is_int_value(number):
        return Fraction(number.as_long())
    return Fraction(number.numerator_as_long(), number.denominator_as_long())


def valued(
    form: Form,
    fields: Record,
    collections: Mapping[str, Sequence[Record]] | None = None,
    readings: Mapping[str, str] | None = None,
) -> Valuation:
    """``form`` on a claim of these facts with nothing before it; ``readings`` chooses among those
    it leaves open.

    ``NotRepresented`` where its variables cannot hold them, or there are more elements than the
    form has.
    """
    valuation = Valuation.blank(form.space)
    fix_claim(valuation, form, fields, collections or {})
    for name in form.asking.open_readings:
        info = form.program.readings[name]
        value = unknown(f"口径 {name}", Type(name, "reading"), form.program, form.space)
        valuation.fix(value, (readings or {}).get(name, info.default))
    for domain in domains(form.space):
        valuation.fix(domain.exists, False)
        for _, value in domain.folded.values():
            valuation.fix(value, 0)
    valuation.complete()
    return valuation


def fix_claim(
    valuation: Valuation, form: Form, fields: Record, collections: Mapping[str, Sequence[Record]]
) -> None:
    """Fix the facts of a claim."""
    _fix_facts(valuation, form.facts, fields)
    for name, elements in form.lines.items():
        records = collections.get(name, ())
        if len(records) > len(elements):
            raise NotRepresented(f"{name}: {len(records)}")
        for index, element in enumerate(elements):
            _fix_element(valuation, element, records[index] if index < len(records) else None)


def _fix_element(valuation: Valuation, element: Element, record: Record | None) -> None:
    valuation.fix(element.present, record is not None)
    _fix_facts(valuation, element.facts, record or {})


def _fix_facts(valuation: Valuation, facts: Facts, record: Record) -> None:
    for name, given in facts.all.items():
        valuation.fix(given.given, name in record)
        if name in record:
            valuation.fix(given.value, record[name])
        elif given.given is True and (default := facts.declared[name].default) is not None:
            valuation.fix(given.value, default)
