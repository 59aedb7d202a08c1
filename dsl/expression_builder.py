"""From the parts of a production to the tree: expressions and tables.

One method per form of the grammar, called by its name with the form's parts (tokens and made
forms, in the order of the text) and its place. What the grammar cannot see (a day that no
calendar has, a ragged row, a name with a figure grown into it) is noted as a diagnostic, and
the form is made all the same, so that everything wrong with a statement is said at once.
"""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from functools import cache
from typing import Any

from attrs import define, field, frozen

from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Diagnostic, Fix, Label, diagnose
from tiaowen.dsl.keywords import keywords, number_value, units
from tiaowen.dsl.lalr import Token
from tiaowen.dsl.normal import simplified
from tiaowen.dsl.source import Source, Span

_FIGURE = re.compile("[0-9]")

_EACH_LINE = frozenset(keywords()["each_line"][script][0] for script in ("zh", "zh-Hant"))
"""What no name begins with: ``每项先行自付`` would else be a quantity of its own."""

OPERATORS = {
    "PLUS": "add", "MINUS": "subtract", "TIMES": "multiply", "DIVIDE": "divide", "EQ": "eq",
    "NE": "ne", "LT": "lt", "LE": "le", "GT": "gt", "GE": "ge", "KW_AND": "and", "KW_OR": "or",
}  # fmt: skip

AMENDMENTS = (
    "add", "subtract", "multiply", "raise", "lower", "step_up", "step_down", "at_least",
    "at_most", "set_to",
)  # fmt: skip
"""The keywords of the amendments, by their names in the grammar."""


@frozen
class Part:
    """A piece of a statement that is no node of the tree: a clause, ``每项``, an override."""

    kind: str
    value: Any
    start: int
    end: int


@define
class ExpressionBuilder:
    """Makes the nodes of one source; ``problems`` gathers what is wrong with them.

    ``compounds`` counts the expressions made of expressions: no tree is deeper than they allow.
    """

    source: Source
    problems: list[Diagnostic] = field(factory=list)
    compounds: int = 0

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def problem(self, code: str, span: Span, **values: Any) -> None:
        self.problems.append(diagnose(code, span, **values))

    # --- names and texts

    def a_name(self, token: Token) -> str:
        """A name as the tree holds it: in Simplified characters."""
        if _FIGURE.search(token.text):
            self._refuse_grown(token)
        elif token.text[:2] in _EACH_LINE and len(token.text) > 2:
            self._refuse_glued(token, f"{token.text[:2]} {token.text[2:]}")
        return simplified(token.text)

    def names_in(self, parts: list[Any]) -> list[str]:
        return [self.a_name(p) for p in parts if type(p) is Token and p.type == "NAME"]

    def a_string(self, token: Token) -> str:
        """What stands between the quotation marks, exactly as written."""
        return self.source.text[token.start + 1 : token.end - 1]

    def string_in(self, parts: list[Any]) -> str:
        return next(self.a_string(p) for p in parts if type(p) is Token and p.type == "STRING")

    def _refuse_grown(self, token: Token) -> None:
        """``起付线减200元`` is no name: an operator and a figure with its unit stand in it."""
        grown = _grown().fullmatch(token.text)
        if grown is not None:
            self._refuse_glued(token, " ".join(part for part in grown.groups() if part))

    def _refuse_glued(self, token: Token, proposal: str) -> None:
        span = self.span(token.start, token.end)
        self.problem("TW0102", span, label="here", text=span.text, proposal=proposal,
                     fix=Fix(span, proposal))  # fmt: skip

    # --- literals

    def name(self, parts: list[Any], start: int, end: int) -> t.Name:
        return t.Name(self.a_name(parts[0]), span=self.span(start, end))

    def qualified(self, parts: list[Any], start: int, end: int) -> t.Qualified:
        scope, name = self.names_in(parts)
        return t.Qualified(scope, name, span=self.span(start, end))

    def number(self, parts: list[Any], start: int, end: int) -> t.Number:
        text = parts[0].text
        return t.Number(*number_value(text), text, span=self.span(start, end))

    def text(self, parts: list[Any], start: int, end: int) -> t.Text:
        return t.Text(self.a_string(parts[0]), span=self.span(start, end))

    def date(self, parts: list[Any], start: int, end: int) -> t.DateLiteral:
        span = self.span(start, end)
        figures = [int(digits) for digits in re.findall("[0-9]+", parts[0].text)]
        try:
            made = datetime.datetime(*figures) if len(figures) > 3 else datetime.date(*figures)  # type: ignore[arg-type]
        except ValueError:
            expected = {"zh": "历法上有的日子", "en": "a day that the calendar has"}
            self.problem("TW0101", span, found=span.text, expected=expected, label="here")
            made = datetime.date.min
        return t.DateLiteral(made, span=span)

    def yes(self, parts: list[Any], start: int, end: int) -> t.Truth:
        return t.Truth(True, span=self.span(start, end))

    def no(self, parts: list[Any], start: int, end: int) -> t.Truth:
        return t.Truth(False, span=self.span(start, end))

    # --- expressions

    def conditional(self, parts: list[Any], start: int, end: int) -> t.Conditional:
        self.compounds += 1
        _, condition, _, then, _, otherwise = parts
        return t.Conditional(condition, then, otherwise, span=self.span(start, end))

    def binary(self, parts: list[Any], start: int, end: int) -> t.Binary:
        self.compounds += 1
        left, operator, right = parts
        return t.Binary(OPERATORS[operator.type], left, right, span=self.span(start, end))

    def unary(self, parts: list[Any], start: int, end: int) -> t.Unary:
        self.compounds += 1
        operator, operand = parts
        kind = "not" if operator.type == "KW_NOT" else "negate"
        return t.Unary(kind, operand, span=self.span(start, end))

    def member_set(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("members", tuple(parts), start, end)

    def membership(self, parts: list[Any], start: int, end: int) -> t.Member:
        self.compounds += 1
        return t.Member(parts[0], parts[-1].value, span=self.span(start, end))

    def non_membership(self, parts: list[Any], start: int, end: int) -> t.Unary:
        self.compounds += 1
        return t.Unary("not", self.membership(parts, start, end), span=self.span(start, end))

    def call(self, parts: list[Any], start: int, end: int) -> t.Call:
        self.compounds += 1
        return t.Call(self.a_name(parts[0]), tuple(parts[1:]), span=self.span(start, end))

    def each(self, parts: list[Any], start: int, end: int) -> Part:
        """``每项`` is the empty name."""
        return Part("each", "".join(self.names_in(parts)), start, end)

    def every(self, parts: list[Any], start: int, end: int) -> t.Every:
        self.compounds += 1
        where = parts[3] if len(parts) > 2 else None
        return t.Every(parts[0].value, parts[1], where, span=self.span(start, end))

    # --- tables

    def table(self, rows: list[Any], start: int, end: int) -> t.Table:
        head = rows[0]
        for row in rows[1:]:
            if len(row.cells) != len(head.cells):
                self.problem("TW0106", row.span, label="here", cells=len(row.cells),
                             columns=len(head.cells), also=[Label(head.span, "head")])  # fmt: skip
        return t.Table(tuple(rows), span=self.span(head.span.start, end))

    def row(self, parts: list[Any], start: int, end: int) -> t.Row:
        cells = tuple(part for part in parts if type(part) is not Token)
        return t.Row(cells, span=self.span(parts[0].end - 1, end))

    def cell(self, parts: list[Any], start: int, end: int) -> t.Cell:
        if not parts:
            return t.Blank(span=self.span(start, end))
        made: Token | t.Cell = parts[0]
        return t.Anything(span=self.span(start, end)) if isinstance(made, Token) else made

    def corner(self, parts: list[Any], start: int, end: int) -> t.Corner:
        rows, columns = self.names_in(parts)
        return t.Corner(rows, columns, span=self.span(start, end))

    def set(self, parts: list[Any], start: int, end: int) -> t.OneOf:
        return t.OneOf(tuple(parts), span=self.span(start, end))

    def bound(self, parts: list[Any], start: int, end: int) -> t.Range:
        (sign, value), span = parts, self.span(start, end)
        if sign.type in ("LE", "LT"):
            return t.Range(None, value, high_closed=sign.type == "LE", span=span)
        return t.Range(value, None, low_closed=sign.type == "GE", span=span)

    def between(self, parts: list[Any], start: int, end: int) -> t.Range:
        return t.Range(parts[0], parts[-1], span=self.span(start, end))

    # --- numbers outside expressions

    def a_count(self, token: Token) -> int:
        """A whole number from 1 without a unit; else a problem, and 1."""
        value, unit = number_value(token.text)
        if value == int(value) and value >= Fraction(1) and not unit:
            return int(value)
        span = self.span(token.start, token.end)
        expected = {"zh": "第几句（从1起）", "en": "a sentence number from 1"}
        self.problem("TW0101", span, found=span.text, expected=expected, label="here")
        return 1


@cache
def _grown() -> re.Pattern[str]:
    """A name with an amendment and a figure with its unit at its end."""
    words = [w for name in AMENDMENTS for script in ("zh", "zh-Hant")
             for w in keywords()[name][script]]  # fmt: skip
    spelt = [word for spellings in units().values() for word in spellings]
    operator, unit = ("|".join(sorted(set(w), key=len, reverse=True)) for w in (words, spelt))
    return re.compile(rf"(.*?)({operator})([0-9]+[万萬亿億]?(?:{unit}))")
