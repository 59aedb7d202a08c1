"""Lark's parse tree to the syntax tree: one function per form."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from attrs import frozen
from lark import Token, Tree

from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.dsl.keywords import numeral_units
from tiaowen.dsl.source import Source, Span

Node = Tree[Any]


def build(parse_tree: Node | Token, source: Source, offset: int) -> Any:
    """The statement of ``parse_tree``, or the diagnostics of what the grammar cannot see."""
    try:
        return _Builder(source, offset).make(parse_tree)
    except Rejected as rejected:
        return list(rejected.diagnostics)


OPERATORS = {
    "PLUS": "add", "MINUS": "subtract", "TIMES": "multiply", "DIVIDE": "divide", "EQ": "eq",
    "NE": "ne", "LT": "lt", "LE": "le", "GT": "gt", "GE": "ge", "KW_AND": "and", "KW_OR": "or",
}  # fmt: skip

SCALES = {"万": 10_000, "亿": 100_000_000}


@frozen
class _Builder:
    source: Source
    offset: int

    def span(self, node: Node | Token) -> Span:
        if isinstance(node, Token):
            assert node.start_pos is not None and node.end_pos is not None
            return Span(self.source, node.start_pos + self.offset, node.end_pos + self.offset)
        if node.meta.empty:
            return Span(self.source, self.offset, self.offset)
        return Span(self.source, node.meta.start_pos + self.offset, node.meta.end_pos + self.offset)

    def make(self, node: Node | Token) -> Any:
        assert isinstance(node, Tree), node
        maker: Callable[[Node], Any] = getattr(self, node.data)
        return maker(node)

    def reject(self, code: str, node: Node | Token, **args: Any) -> Rejected:
        return Rejected([diagnose(code, self.span(node), **args)])

    # --- the children of a node, by what they are

    def tokens(self, node: Node, kind: str) -> list[str]:
        return [str(c) for c in node.children if isinstance(c, Token) and c.type == kind]

    def trees(self, node: Node, *kinds: str) -> list[Node]:
        return [c for c in node.children if isinstance(c, Tree) and c.data in kinds]

    def others(self, node: Node, *kinds: str) -> list[Node]:
        return [c for c in node.children if isinstance(c, Tree) and c.data not in kinds]

    def string(self, node: Node) -> str:
        return self.tokens(node, "STRING")[0][1:-1]

    def clauses(self, node: Node) -> t.Clauses:
        found: dict[str, Any] = {}
        for child in self.trees(node, *CLAUSES):
            if child.data in found:
                raise self.reject("TW0113", child, clause=str(child.data))
            found[str(child.data)] = self.make(child)
        return t.Clauses(**found)

    def when(self, node: Node) -> t.Expression:
        return self.expression(node.children[-1])

    def _references(self, node: Node) -> tuple[t.Reference, ...]:
        return tuple(
            t.Reference(self.span(c).text.rstrip("，、"), span=self.span(c))
            for c in node.children
            if isinstance(c, Token) and c.type == "REF"
        )

    basis = after = _references

    def sentence(self, node: Node) -> int:
        value = self.number_value(node.children[-1])
        if value[0].denominator != 1 or value[0] < 1 or value[1]:
            raise self.reject("TW0101", node.children[-1], found=str(node.children[-1]),
                              expected={"zh": "第几句（从 1 起）", "en": "a sentence number from 1"})
        return int(value[0])

    def derive(self, node: Node) -> str:
        return self.string(node)

    english = derive

    # --- declarations

    def matter(self, node: Node) -> t.MatterHead:
        roles: dict[str, str] = {}
        role = "name"
        for child in node.children:
            if isinstance(child, Token):
                if child.type == "NAME":
                    roles[role] = str(child)
                else:
                    role = {"KW_UNDER": "interface", "KW_ABOUT": "subject"}.get(child.type, role)
        return t.MatterHead(**roles, clauses=self.clauses(node), span=self.span(node))

    def applies(self, node: Node) -> t.Applies:
        names = self.trees(node, "names")
        return t.Applies(self.names(names[0]) if names else (), span=self.span(node))

    def names(self, node: Node) -> tuple[str, ...]:
        return tuple(self.tokens(node, "NAME"))

    def interface(self, node: Node) -> t.InterfaceHead:
        names = self.tokens(node, "NAME")
        table = self.table(self.trees(node, "table")[0])
        subject = names[1] if len(names) > 1 else None
        return t.InterfaceHead(names[0], subject, self.clauses(node), table, span=self.span(node))

    def _named_table(self, kind: Callable[..., Any]) -> Callable[[Node], Any]:
        def make(node: Node) -> Any:
            table = self.table(self.trees(node, "table")[0])
            return kind(self.tokens(node, "NAME")[0], self.clauses(node), table, span=self.span(node))

        return make

    def enumeration(self, node: Node) -> Any:
        return self._named_table(t.Enumeration)(node)

    def fields(self, node: Node) -> Any:
        return self._named_table(t.Fields)(node)

    def collection(self, node: Node) -> Any:
        return self._named_table(t.Collection)(node)

    def group(self, node: Node) -> t.Group:
        name, kind = self.tokens(node, "NAME")[:2]
        items = self.set(self.trees(node, "set")[0]).items
        return t.Group(name, kind, items, self.clauses(node), span=self.span(node))

    def scale(self, node: Node) -> t.Scale:
        operand = self.expression(self.others(node, "table", *CLAUSES)[0])
        table = self.table(self.trees(node, "table")[0])
        return t.Scale(self.tokens(node, "NAME")[0], operand, self.clauses(node), table,
                       span=self.span(node))

    def shorthand(self, node: Node) -> t.Shorthand:
        name, collection = self.tokens(node, "NAME")[:2]
        items = tuple(
            (str(c.children[0]), self.expression(c.children[-1]) if len(c.children) > 1 else None)
            for c in self.trees(node, "shorthand_item")
        )
        return t.Shorthand(name, collection, items, self.clauses(node), span=self.span(node))

    def table_function(self, node: Node) -> t.TableFunction:
        name, parameter, kind = self.tokens(node, "NAME")[:3]
        body = self.expression(self.others(node, *CLAUSES)[0])
        return t.TableFunction(name, parameter, kind, body, self.clauses(node), span=self.span(node))

    def parameter(self, node: Node) -> t.Parameter:
        name, kind = self.tokens(node, "NAME")[:2]
        keys = self.trees(node, "names")
        bounds = self.trees(node, "bound", "between")
        return t.Parameter(
            name, kind, self.string(node), self.names(keys[0]) if keys else (),
            self.make(bounds[0]) if bounds else None, self.clauses(node), span=self.span(node),
        )  # fmt: skip

    def reading(self, node: Node) -> t.Reading:
        choices = [self.choice(c) for c in self.trees(node, "choice")]
        name = self.tokens(node, "NAME")[0]
        return t.Reading(name, tuple(choices[:-1]), choices[-1], self.clauses(node),
                         span=self.span(node))

    def choice(self, node: Node) -> str:
        token = node.children[0]
        assert isinstance(token, Token)
        return {"KW_YES": "是", "KW_NO": "否"}.get(token.type, str(token))

    # --- rules

    def each(self, node: Node) -> str:
        names = self.tokens(node, "NAME")
        return names[0] if names else ""

    def _each(self, node: Node) -> str | None:
        found = self.trees(node, "each")
        return self.each(found[0]) if found else None

    def definition(self, node: Node) -> t.Definition:
        names = self.tokens(node, "NAME")
        body = self.expression(self.others(node, "each", *CLAUSES)[0]
                               if len(self.others(node, "each", *CLAUSES)) else node.children[-1])
        return t.Definition(names[0], body, self._each(node), names[1] if len(names) > 1 else None,
                            self.clauses(node), span=self.span(node))

    def amendment(self, node: Node) -> t.Amendment:
        token = self.trees(node, "amend")[0].children[0]
        assert isinstance(token, Token)
        operand = self.expression(self.others(node, "each", "amend", *CLAUSES)[0])
        return t.Amendment(self.tokens(node, "NAME")[0], token.type.removeprefix("KW_").lower(),
                           operand, self._each(node), self.clauses(node), span=self.span(node))

    def exclusion(self, node: Node) -> t.Exclusion:
        return t.Exclusion(self.string(node), self._each(node), self.clauses(node),
                           span=self.span(node))

    def duty(self, node: Node) -> t.Duty:
        condition = self.expression(self.others(node, *CLAUSES)[0])
        return t.Duty(condition, self.string(node), self.clauses(node), span=self.span(node))

    def stop(self, node: Node) -> t.Stop:
        return t.Stop(self.tokens(node, "NAME")[0], self.string(node), self._each(node),
                      self.clauses(node), span=self.span(node))

    def override(self, node: Node) -> tuple[str, t.Expression]:
        return self.tokens(node, "NAME")[0], self.expression(node.children[-1])

    def settle_as(self, node: Node) -> t.SettleAs:
        overrides = tuple(self.override(c) for c in self.trees(node, "override"))
        return t.SettleAs(self.tokens(node, "NAME")[0], overrides,
                          bool(self.trees(node, "counted")), self.clauses(node), span=self.span(node))

    def partition(self, node: Node) -> t.Partition:
        keys = self.others(node, "spread", "total", "override", *CLAUSES)
        spread = tuple((c[0], c[1]) for c in (self.tokens(s, "NAME") for s in self.trees(node, "spread")))
        totals = tuple(name for c in self.trees(node, "total") for name in
                       self.names(self.trees(c, "names")[0]))
        return t.Partition(
            self.tokens(node, "NAME")[0], tuple(self.expression(k) for k in keys), spread, totals,
            tuple(self.override(c) for c in self.trees(node, "override")), self.clauses(node),
            span=self.span(node),
        )  # fmt: skip

    def property(self, node: Node) -> t.Property:
        condition = self.expression(self.others(node, *CLAUSES)[0])
        return t.Property(self.string(node), condition, self.clauses(node), span=self.span(node))

    def set_aside(self, node: Node) -> t.SetAside:
        return t.SetAside(self.string(node), self.clauses(node), span=self.span(node))

    # --- worked cases

    def based(self, node: Node) -> t.Based:
        return t.Based(self.tokens(node, "NAME")[0], span=self.span(node))

    def case_matter(self, node: Node) -> t.CaseMatter:
        return t.CaseMatter(self.tokens(node, "NAME")[0], span=self.span(node))

    def assign(self, node: Node) -> t.Assign:
        first = node.children[0]
        if isinstance(first, Tree):
            name = ".".join(self.tokens(first, "NAME"))
        else:
            name = str(first)
        return t.Assign(name, self.expression(node.children[-1]), span=self.span(node))

    def _assigns(self, node: Node) -> tuple[t.Assign, ...]:
        return tuple(self.assign(c) for c in self.trees(node, "assign"))

    def given(self, node: Node) -> t.Given:
        return t.Given(self._assigns(node), span=self.span(node))

    def earlier(self, node: Node) -> t.Earlier:
        return t.Earlier(self.tokens(node, "NAME")[0], bool(self.trees(node, "earlier_kind")),
                         self._assigns(node), span=self.span(node))

    def case_reading(self, node: Node) -> t.CaseReading:
        return t.CaseReading(self.tokens(node, "NAME")[0], self.choice(self.trees(node, "choice")[0]),
                             span=self.span(node))

    def case_parameter(self, node: Node) -> t.CaseParameter:
        return t.CaseParameter(self.tokens(node, "NAME")[0], self.expression(node.children[-1]),
                               span=self.span(node))

    def expect(self, node: Node) -> t.Expect:
        return t.Expect(self._assigns(node), span=self.span(node))

    def expect_stop(self, node: Node) -> t.ExpectStop:
        kind = self.trees(node, "stop_kind")[0].children[0]
        basis = self._references(node)
        name = "无规定" if isinstance(kind, Token) and kind.type == "KW_STOP" else str(kind)
        return t.ExpectStop(name, basis[0] if basis else None, span=self.span(node))

    def expect_note(self, node: Node) -> t.ExpectNote:
        return t.ExpectNote(self.string(node), span=self.span(node))

    def expect_refusal(self, node: Node) -> t.ExpectRefusal:
        return t.ExpectRefusal(self.string(node), span=self.span(node))

    # --- tables

    def table(self, node: Node) -> t.Table:
        rows = tuple(self.row(c) for c in self.trees(node, "row"))
        head = rows[0]
        for row in rows[1:]:
            if len(row.cells) != len(head.cells):
                raise Rejected([diagnose("TW0106", row.span, cells=len(row.cells),
                                         head=len(head.cells))])
        return t.Table(rows, span=self.span(node))

    def row(self, node: Node) -> t.Row:
        cells: list[t.Cell] = []
        for child in node.children:
            if isinstance(child, Tree):
                cells.append(self.cell(child))
        start, end = self.span(node).start, self.span(node).end
        text = self.source.text[start:end]
        return t.Row(tuple(cells), span=Span(self.source, start + len(text) - len(text.lstrip()), end))

    def cell(self, node: Node) -> t.Cell:
        if not node.children:
            return t.Blank(span=self.span(node))
        child = node.children[0]
        if isinstance(child, Token):
            return t.Anything(span=self.span(child))
        made: t.Cell = self.make(child)
        return made

    def corner(self, node: Node) -> t.Corner:
        rows, columns = self.tokens(node, "NAME")
        return t.Corner(rows, columns, span=self.span(node))

    def set(self, node: Node) -> t.OneOf:
        items = tuple(self.expression(c) for c in node.children
                      if not (isinstance(c, Token) and str(c) == "、"))
        return t.OneOf(items, span=self.span(node))

    def bound(self, node: Node) -> t.Range:
        token = node.children[0]
        assert isinstance(token, Token)
        value, span = self.expression(node.children[1]), self.span(node)
        if token.type in ("LE", "LT"):
            return t.Range(None, value, high_closed=token.type == "LE", span=span)
        return t.Range(value, None, low_closed=token.type == "GE", span=span)

    def between(self, node: Node) -> t.Range:
        low, high = self.expression(node.children[0]), self.expression(node.children[-1])
        return t.Range(low, high, span=self.span(node))

    # --- expressions

    def expression(self, node: Any) -> Any:
        if isinstance(node, Token):
            raise AssertionError(f"a bare token {node!r} is no expression")
        return self.make(node)

    def conditional(self, node: Node) -> t.Conditional:
        parts = [self.expression(c) for c in node.children if isinstance(c, Tree)]
        return t.Conditional(*parts, span=self.span(node))

    def binary(self, node: Node) -> t.Binary:
        left, token, right = node.children
        assert isinstance(token, Token)
        return t.Binary(OPERATORS[token.type], self.expression(left), self.expression(right),
                        span=self.span(node))

    def unary(self, node: Node) -> t.Unary:
        token = node.children[0]
        assert isinstance(token, Token)
        operator = "not" if token.type == "KW_NOT" else "negate"
        return t.Unary(operator, self.expression(node.children[1]), span=self.span(node))

    def membership(self, node: Node) -> t.Member:
        members = node.children[-1]
        assert isinstance(members, Tree)
        items = tuple(self.expression(c) for c in members.children if isinstance(c, Tree))
        return t.Member(self.expression(node.children[0]), items, span=self.span(node))

    def non_membership(self, node: Node) -> t.Unary:
        return t.Unary("not", self.membership(node), span=self.span(node))

    def name(self, node: Node) -> t.Name:
        return t.Name(str(node.children[0]), span=self.span(node))

    def qualified(self, node: Node) -> t.Qualified:
        scope, name = self.tokens(node, "NAME")
        return t.Qualified(scope, name, span=self.span(node))

    def call(self, node: Node) -> t.Call:
        arguments = tuple(self.expression(c) for c in node.children if isinstance(c, Tree))
        return t.Call(str(node.children[0]), arguments, span=self.span(node))

    def every(self, node: Node) -> t.Every:
        each, body, *rest = (c for c in node.children if isinstance(c, Tree))
        where = self.expression(rest[0]) if rest else None
        return t.Every(self.each(each), self.expression(body), where, span=self.span(node))

    def number_value(self, token: Any) -> tuple[Fraction, str]:
        text = str(token).strip()
        digits = text.rstrip("".join(sorted({c for c in text if not (c.isdigit() or c in ".,")})))
        rest = text[len(digits) :].strip()
        value = Fraction(digits.replace(",", ""))
        if rest[:1] in SCALES:
            value, rest = value * SCALES[rest[0]], rest[1:]
        return value, numeral_units()[rest]

    def number(self, node: Node) -> t.Number:
        value, unit = self.number_value(node.children[0])
        return t.Number(value, unit, str(node.children[0]), span=self.span(node))

    def text(self, node: Node) -> t.Text:
        return t.Text(str(node.children[0])[1:-1], span=self.span(node))

    def date(self, node: Node) -> t.DateLiteral:
        token = node.children[0]
        numbers = [int("".join(g)) for g in _digit_groups(str(token))]
        try:
            value = datetime.date(*numbers[:3]) if len(numbers) == 3 else datetime.datetime(*numbers)  # type: ignore[arg-type]
        except ValueError:
            raise self.reject("TW0101", node, found=str(token), expected={
                "zh": "历法上有的日子", "en": "a day that the calendar has"}) from None
        return t.DateLiteral(value, span=self.span(node))

    def yes(self, node: Node) -> t.Truth:
        return t.Truth(True, span=self.span(node))

    def no(self, node: Node) -> t.Truth:
        return t.Truth(False, span=self.span(node))


CLAUSES = ("when", "basis", "after", "sentence", "derive", "english")


def _digit_groups(text: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in text).split()
