"""A calculation as a formula: with the names of its operands, and with their values.

Both forms come from the same ``Term`` and the formula templates of the table of operations, so
that what is shown is what was calculated. Only the branch that was taken is written; what
decided it goes into the notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from attrs import define, evolve, field

from tiaowen.compiler.operations import OPERATIONS
from tiaowen.compiler.types import UNKNOWN
from tiaowen.engine.telling.explanation import Term
from tiaowen.review.present.words import AGGREGATES, Words

_ATOM = 9
_PRECEDENCE = {
    "or": 1, "and": 2, "not": 3, "eq": 4, "ne": 4, "lt": 4, "le": 4, "gt": 4, "ge": 4,
    "add": 5, "subtract": 5, "days_apart": 5, "hours_apart": 5,
    **{f"{way}_{unit}": 5 for way in ("shift", "back")
       for unit in ("days", "months", "years", "hours")},
    "multiply": 6, "price_times": 6, "divide": 6, "raise_share": 6, "lower_share": 6, "negate": 7,
}  # fmt: skip
_NOT_ASSOCIATIVE = {"subtract", "divide", "days_apart", "hours_apart"}
_WORD = re.compile(r"[一-鿿]+")
_LISTED = re.compile("[、,，]")
MOST_ITEMS = 4

Written = tuple[str, int]
"""A formula and how tightly it binds."""


@define
class Formula:
    """Writes terms in one language. ``numeric`` puts values in place of names; ``notes`` gather
    what a reader needs beside the formula (the row of a table, earlier settlements…), ``general``
    ones without the values of one fee line. ``kind`` is the type of what is calculated: it
    stands in where the rules that define a quantity by its own earlier value left a type open."""

    words: Words
    numeric: bool = False
    general: bool = False
    kind: str = ""
    notes: list[str] = field(factory=list)

    def write(self, term: Term) -> str:
        """The whole calculation."""
        return self._term(term)[0]

    def _term(self, term: Term) -> Written:
        return _FORMS.get(term.form, Formula._named)(self, term)

    def _value(self, term: Term) -> str:
        kind = self.kind if term.type == UNKNOWN.name and self.kind else term.type
        return self.words.value(term.value, kind, term.name)

    def _inside(self, term: Term, least: int) -> str:
        text, precedence = self._term(term)
        return f"({text})" if precedence < least else text

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    # --- what a calculation starts from

    def _named(self, term: Term) -> Written:
        text = self._value(term) if self.numeric or not term.name else self.words.name(term.name)
        return text, _ATOM

    def _constant(self, term: Term) -> Written:
        return self._value(term), _ATOM

    def _parameter(self, term: Term) -> Written:
        self._note(self.words("parameter_note", self.words.name(term.name)))
        return self._named(term)

    def _reading(self, term: Term) -> Written:
        return self._named(term)

    def _given(self, term: Term) -> Written:
        key = {"spread": "spread", "billed": "billed"}.get(term.name, "taken_given")
        self._note(self.words(key, term.text))
        return self._value(term), _ATOM

    def _is_given(self, term: Term) -> Written:
        name = self.words.name(term.name)
        return f"{self.words.function('已填')}({name})", _ATOM

    # --- calculations

    def _op(self, term: Term) -> Written:
        operation = OPERATIONS[term.name]
        if operation.formula == "{0}" and term.terms:
            return self._term(term.terms[0])
        own = _PRECEDENCE.get(term.name, _ATOM)
        if own == _ATOM:
            operands = [self.write(t) for t in term.terms]
        else:
            tight = own + (term.name in _NOT_ASSOCIATIVE or own == 4)
            operands = [self._inside(t, own if n == 0 else tight) for n, t in enumerate(term.terms)]
        template = operation.formula
        if not self.words.chinese:
            template = _WORD.sub(lambda m: self.words.function(m[0]), template)
        separator = ", "
        return template.replace("{*}", separator.join(operands)).format(*operands), own

    def _logic(self, term: Term) -> Written:
        own = _PRECEDENCE[term.form]
        word = self.words.function("且" if term.form == "and" else "或")
        return f" {word} ".join(self._inside(t, own) for t in term.terms), own

    def _if(self, term: Term) -> Written:
        condition, taken = term.terms
        self._note(self.words("because", self.because(condition)))
        return self._term(taken)

    def because(self, condition: Term) -> str:
        """What decides ``condition``, with the values it looked at."""
        return decisive(condition, self.words, self.general)

    def _table(self, term: Term) -> Written:
        *keys, value = term.terms
        known = [f"{self.words.name(k.name)} {self._value(k)}" for k in keys if k.name]
        row = self.words("comma").join(known) or term.text
        self._note(self.words("row", row))
        return self._term(value)

    def _apply(self, term: Term) -> Written:
        argument, inner = term.terms
        if self.numeric:
            return self._term(inner)
        return f"{term.name}({self.write(argument)})", _ATOM

    def _bands(self, term: Term) -> Written:
        low, high, *slices = term.terms
        if not self.numeric:
            inside = ", ".join((self.write(low), self.write(high), term.name))
            return f"{self.words.function('分段')}({inside})", _ATOM
        parts = [" × ".join(self._value(t) for t in piece.terms) for piece in slices]
        if not parts:
            return self._value(term), _ATOM
        return " + ".join(parts), 5 if len(parts) > 1 else 6

    def _aggregate(self, term: Term) -> Written:
        kind = self.words.function(AGGREGATES.get(term.name, term.name))
        if self.numeric:
            if term.name == "sum" and 1 < len(term.terms) <= MOST_ITEMS:
                return " + ".join(self.words.value(t.value, t.type) for t in term.terms), 5
            return self._value(term), _ATOM
        if len(term.terms) > MOST_ITEMS:
            self._note(self.words("items", len(term.terms)))
        if term.terms:
            body = Formula(self.words).write(term.terms[0])
        else:
            body = self.words.name(term.text)
        return f"{kind}({self.words.function('每项')} {body})", _ATOM

    def _history(self, term: Term) -> Written:
        items = [f"{self._earlier(t.text)} {self._value(t)}" for t in term.terms[:MOST_ITEMS]]
        if len(term.terms) > MOST_ITEMS:
            items.append(self.words("items", len(term.terms)))
        found = self.words("semicolon").join(items) or self.words("history_none")
        short = term.text.split(",")[0].split("，")[0]
        short += "…)" if short != term.text else ""
        self._note(f"{short}{self.words('separator')}{found}")
        return (self._value(term) if self.numeric else term.text), _ATOM

    def _earlier(self, text: str) -> str:
        """An earlier item as it is called: its kind in words, its number and date."""
        kind, _, rest = text.partition(" ")
        return f"{self.words.earlier(kind)} {rest}"

    def _share(self, term: Term) -> Written:
        total, *weights = term.terms
        place = int(term.text)
        if self.numeric and term.name == "in_order":
            return self._value(term), _ATOM
        if self.numeric:
            own, whole = (
                self.words.value(value, weights[0].type)
                for value in (weights[place].value, sum(_number(w.value) for w in weights))
            )
            return f"{self._value(total)} × {own} ÷ {whole}", 6
        way = self.words("in_order" if term.name == "in_order" else "in_proportion")
        return f"{way}({self.write(total)}, {self.write(weights[place])})", _ATOM

    def _months(self, term: Term) -> Written:
        if self.numeric:
            return self._value(term), _ATOM
        self._note(self.words("items", len(term.terms) - int(term.text)))
        return self.words("run" if term.name == "run" else "gap"), _ATOM

    def _among(self, term: Term) -> Written:
        return self.membership(term, True), 4

    def membership(self, term: Term, holds: bool) -> str:
        """That a value is (``holds``) or is not one of those accepted."""
        operand = term.terms[0]
        parts = [self.words.name(part.strip()) for part in _LISTED.split(term.text)]
        one = len(parts) == 1 and (not term.value or str(operand.value) == term.text.strip("“”"))
        if one:
            sign = "=" if holds else "≠"
        else:
            sign = ("" if holds else self.words("not_in")) + self.words.function("属于")
        return f"{self._inside(operand, 5)} {sign} {self.words('list').join(parts)}"

    def _through(self, term: Term) -> Written:
        return self._term(term.terms[0])

    def _stepped(self, term: Term) -> Written:
        word = self.words.operation("step_up" if term.name == "1" else "step_down")
        return f"{self.write(term.terms[0])} {word} {self.write(term.terms[1])}", 5

    def _settled(self, term: Term) -> Written:
        self._note(self.words("settled_as", self.words.name(term.text)))
        return self._named(term)

    def _reasons(self, term: Term) -> Written:
        for ground in term.terms:
            if ground.form == "ground":
                self._note(f"{ground.name}{self.words('separator')}{self.because(ground.terms[0])}")
        return self._value(term), _ATOM


_FORMS: Mapping[str, Callable[[Formula, Term], Written]] = {
    "constant": Formula._constant, "parameter": Formula._parameter, "reading": Formula._reading,
    "given": Formula._given, "is_given": Formula._is_given, "op": Formula._op,
    "and": Formula._logic, "or": Formula._logic, "if": Formula._if, "table": Formula._table,
    "apply": Formula._apply, "bands": Formula._bands, "aggregate": Formula._aggregate,
    "history": Formula._history, "among": Formula._among, "rank": Formula._through,
    "step_level": Formula._stepped, "share": Formula._share, "months": Formula._months,
    "settled": Formula._settled, "reasons": Formula._reasons,
}  # fmt: skip

_OPPOSITE = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}


def _number(value: object) -> int | Fraction:
    return value if isinstance(value, int | Fraction) else 0


def decisive(condition: Term, words: Words, general: bool = False) -> str:
    """The parts of a condition that decided it, said as they turned out, each with the values
    it looked at; ``general`` without the values.

    Of an 且 that fails or an 或 that holds, only the part that decided; of the others all.
    """
    if condition.form in ("and", "or"):
        deciding = (condition.form == "or") == bool(condition.value)
        parts = [t for t in condition.terms if bool(t.value) == bool(condition.value)]
        chosen = parts[:1] if deciding else list(condition.terms)
        said = dict.fromkeys(decisive(t, words, general) for t in chosen)
        return words("comma").join(said)
    if condition.form == "op" and condition.name in ("not", "nonempty"):
        return decisive(condition.terms[0], words, general)
    if condition.form == "among":
        operand = condition.terms[0]
        text = Formula(words).membership(condition, bool(condition.value))
        shown = words.value(operand.value, operand.type)
        return text if general or text.endswith(f" = {shown}") else f"{text} ({shown})"
    if condition.form == "op" and condition.name in _OPPOSITE and not condition.value:
        condition = evolve(condition, name=_OPPOSITE[condition.name], value=True)
    if condition.form == "op" and condition.name == "ne" and not general:
        left, right = condition.terms
        if right.form == "constant" and isinstance(right.value, str):
            found, other = (words.value(t.value, t.type) for t in (left, right))
            return f"{Formula(words).write(left)} = {found} (≠ {other})"
    symbols = Formula(words).write(condition)
    if condition.form == "op":
        numbers = Formula(words, numeric=True).write(condition)
        plain = general or numbers == symbols or condition.name == "eq"
        return symbols if plain else f"{symbols} ({numbers})"
    if condition.form == "constant":
        return words.value(condition.value, "是否")
    return f"{symbols} = {words.value(condition.value, condition.type)}"
