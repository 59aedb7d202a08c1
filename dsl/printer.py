"""The tree as text: the one spelling the formatter writes.

The promise is that parsing what is printed gives the tree again, in any of the three keyword
scripts. Brackets stand only where they are needed, and the columns of a table are aligned as
they show on a screen, where a Chinese character is two columns wide.

A statement is printed as pieces (its head, its clauses, the rows of its table), which the
layout then sets in lines; a piece knows where in the source it came from, so that the
formatter can put comments back beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from attrs import evolve, frozen

from tiaowen.dsl import tree as t
from tiaowen.dsl.keywords import Script, keywords
from tiaowen.dsl.layout import laid_out
from tiaowen.dsl.printed import Expressions, Piece, in_list, quoted

Statement: TypeAlias = t.RuleStatement | t.CaseStatement


def print_statement(statement: Statement, script: Script = "zh") -> str:
    """``statement`` as text without a line end, in lines of at most 100 columns if it can be."""
    broken = isinstance(statement, t.Partition)
    return "\n".join(laid_out(pieces(statement, script), broken))


def pieces(statement: Statement, script: Script) -> tuple[Piece, ...]:
    """The pieces of ``statement`` in the order of the text; the first begins it."""
    first, *rest = _FORMS[type(statement)](_Statements(script), statement)
    return evolve(first, span=statement.span), *rest


@frozen
class _Statements(Expressions):
    """Prints statements in one keyword script: a method for each kind."""

    def head(self, *parts: str) -> Piece:
        return Piece("head", self.phrase(*parts))

    def body(self, head: str, body: t.Expression) -> Iterator[Piece]:
        """``head = body``, a table in rows of its own."""
        if isinstance(body, t.Table):
            yield self.head(head, "=")
            yield from self.rows(body)
        else:
            yield self.head(head, "=", self.expression(body, soft=True))

    def clauses(self, clauses: t.Clauses) -> Iterator[Piece]:
        if clauses.when is not None:
            condition = self.expression(clauses.when, soft=True)
            yield Piece("clause", f"{self.word('when')} {condition}", clauses.when.span)
        for keyword, references in (("basis", clauses.basis), ("after", clauses.after)):
            if references:
                text = in_list([reference.text for reference in references])
                yield Piece("clause", f"{self.word(keyword)} {text}", references[0].span)
        if clauses.sentence is not None:
            yield self.clause("sentence", str(clauses.sentence))
        for keyword, words in (("derive", clauses.derive), ("english", clauses.english)):
            if words is not None:
                yield self.clause(keyword, quoted(words))

    def clause(self, keyword: str, text: str = "") -> Piece:
        return Piece("clause", self.phrase(self.word(keyword), text), keyword=keyword)

    def option(self, keyword: str, text: str | None) -> str:
        return f"{self.word(keyword)} {text}" if text else ""

    def choice(self, choice: str) -> str:
        """A value of a reading; 是 and 否 are keywords."""
        for keyword in ("yes", "no"):
            if choice == keywords()[keyword]["zh"][0]:
                return self.word(keyword)
        return choice

    # --- declarations

    def matter(self, s: t.MatterHead) -> Iterator[Piece]:
        yield self.head(self.word("matter"), s.name, self.option("under", s.interface),
                        self.option("about", s.subject))  # fmt: skip
        yield from self.clauses(s.clauses)

    def applies(self, s: t.Applies) -> Iterator[Piece]:
        yield self.head(self.word("applies"), in_list(s.matters) or self.word("all"))

    def interface(self, s: t.InterfaceHead) -> Iterator[Piece]:
        yield self.head(self.word("interface"), s.name, self.option("about", s.subject))
        yield from self.clauses(s.clauses)
        yield from self.rows(s.table)

    def _declared(
        self, keyword: str, s: t.Enumeration | t.Fields | t.Collection
    ) -> Iterator[Piece]:
        yield self.head(self.word(keyword), s.name)
        yield from self.clauses(s.clauses)
        yield from self.rows(s.table)

    def enumeration(self, s: t.Enumeration) -> Iterator[Piece]:
        return self._declared("enum", s)

    def fields(self, s: t.Fields) -> Iterator[Piece]:
        return self._declared("field", s)

    def collection(self, s: t.Collection) -> Iterator[Piece]:
        return self._declared("collection", s)

    def group(self, s: t.Group) -> Iterator[Piece]:
        items = "、".join(map(self.expression, s.items))
        yield self.head(self.word("group"), f"{s.name}:", s.type, "=", items)
        yield from self.clauses(s.clauses)

    def scale(self, s: t.Scale) -> Iterator[Piece]:
        yield self.head(self.word("scale"), s.name, "=", self.expression(s.operand))
        yield from self.clauses(s.clauses)
        yield from self.rows(s.table)

    def shorthand(self, s: t.Shorthand) -> Iterator[Piece]:
        items = [name if value is None else f"{name} = {self.expression(value)}"
                 for name, value in s.items]  # fmt: skip
        yield self.head(self.word("shorthand"), s.name, "=", f"{s.collection}({', '.join(items)})")
        yield from self.clauses(s.clauses)

    def table_function(self, s: t.TableFunction) -> Iterator[Piece]:
        head = f"{self.word('table')} {s.name}({s.parameter}: {s.parameter_type})"
        yield from self.body(head, s.body)
        yield from self.clauses(s.clauses)

    def parameter(self, s: t.Parameter) -> Iterator[Piece]:
        yield self.head(self.word("parameter"), f"{s.name}:", s.type, self.word("delegated"),
                        quoted(s.delegation))  # fmt: skip
        if s.keys:
            yield self.clause("keyed", in_list(s.keys))
        if s.bounds is not None:
            yield Piece("clause", f"{self.word('range')} {self.range(s.bounds)}", s.bounds.span)
        yield from self.clauses(s.clauses)

    def reading(self, s: t.Reading) -> Iterator[Piece]:
        choices = " | ".join(map(self.choice, s.choices))
        yield self.head(self.word("reading"), f"{s.name}:", choices)
        yield self.clause("default", self.choice(s.default))
        yield from self.clauses(s.clauses)

    # --- rules

    def definition(self, s: t.Definition) -> Iterator[Piece]:
        target = f"{s.name}: {s.type}" if s.type else s.name
        yield from self.body(self.phrase(self.each(s.each), target), s.body)
        yield from self.clauses(s.clauses)

    def amendment(self, s: t.Amendment) -> Iterator[Piece]:
        operand = self.expression(s.operand, soft=True)
        yield self.head(self.each(s.each), s.name, self.word(s.operation), operand)
        yield from self.clauses(s.clauses)

    def exclusion(self, s: t.Exclusion) -> Iterator[Piece]:
        yield self.head(self.each(s.each), self.word("exclude"), quoted(s.reason))
        yield from self.clauses(s.clauses)

    def duty(self, s: t.Duty) -> Iterator[Piece]:
        yield self.head(self.word("duty"), self.expression(s.condition, soft=True))
        yield self.clause("else", quoted(s.otherwise))
        yield from self.clauses(s.clauses)

    def stop(self, s: t.Stop) -> Iterator[Piece]:
        yield self.head(self.each(s.each), s.name, self.word("stop"), quoted(s.reason))
        yield from self.clauses(s.clauses)

    def _overrides(self, overrides: tuple[tuple[str, t.Expression], ...]) -> Iterator[Piece]:
        last = len(overrides) - 1
        for number, (name, value) in enumerate(overrides):
            opening = "" if number else self.word("with")
            comma = "," if number < last else ""
            text = self.phrase(opening, name, "=", self.expression(value) + comma)
            yield Piece("item" if number else "clause", text, value.span)

    def settle_as(self, s: t.SettleAs) -> Iterator[Piece]:
        yield self.head(self.word("under"), s.matter, self.word("settle"))
        if s.counted:
            yield self.clause("counted")
        yield from self.clauses(s.clauses)
        yield from self._overrides(s.overrides)

    def partition(self, s: t.Partition) -> Iterator[Piece]:
        keys = ", ".join(map(self.expression, s.keys))
        yield self.head(self.word("part"), s.name, self.word("under"), keys)
        for quantity, used in s.spread:
            yield self.clause("spread", self.phrase(quantity, self.word("over"), used))
        if s.totals:
            yield self.clause("total", in_list(s.totals))
        yield from self.clauses(s.clauses)
        yield from self._overrides(s.overrides)

    def property(self, s: t.Property) -> Iterator[Piece]:
        condition = self.expression(s.condition, soft=True)
        yield self.head(self.word("property"), f"{quoted(s.name)}:", condition)
        yield from self.clauses(s.clauses)

    def set_aside(self, s: t.SetAside) -> Iterator[Piece]:
        yield self.head(self.word("set_aside"), quoted(s.reason))
        yield from self.clauses(s.clauses)

    # --- worked cases

    def based(self, s: t.Based) -> Iterator[Piece]:
        yield self.head(self.word("based"), s.name)

    def case_matter(self, s: t.CaseMatter) -> Iterator[Piece]:
        yield self.head(self.word("matter"), s.name)

    def _assigns(self, opening: str, assigns: tuple[t.Assign, ...]) -> Iterator[Piece]:
        """``opening a = 1, b = 2``; a comma after a table begins the next line."""
        before = opening
        for number, assign in enumerate(assigns):
            first, *rows = self.body(self.phrase(before, assign.name), assign.value)
            comma = "," if number < len(assigns) - 1 and not rows else ""
            before = "," if rows else ""
            yield Piece("item" if number else "head", first.text + comma, assign.span)
            yield from rows

    def given(self, s: t.Given) -> Iterator[Piece]:
        return self._assigns(self.word("given"), s.assigns)

    def earlier(self, s: t.Earlier) -> Iterator[Piece]:
        settled = self.word("settle") if s.settled else ""
        return self._assigns(self.phrase(self.word("earlier"), settled, f"{s.name}:"), s.assigns)

    def case_reading(self, s: t.CaseReading) -> Iterator[Piece]:
        yield self.head(self.word("reading"), s.name, "=", self.choice(s.choice))

    def case_parameter(self, s: t.CaseParameter) -> Iterator[Piece]:
        return self.body(f"{self.word('parameter')} {s.name}", s.value)

    def expect(self, s: t.Expect) -> Iterator[Piece]:
        return self._assigns(self.word("expect"), s.assigns)

    def expect_stop(self, s: t.ExpectStop) -> Iterator[Piece]:
        provided = s.kind == keywords()["stop"]["zh"][0]
        kind = self.word("stop") if provided else s.kind
        basis = self.option("basis", s.basis.text) if s.basis else ""
        yield self.head(self.word("expect_stop"), kind, basis)

    def expect_note(self, s: t.ExpectNote) -> Iterator[Piece]:
        yield self.head(self.word("expect_note"), quoted(s.text))

    def expect_refusal(self, s: t.ExpectRefusal) -> Iterator[Piece]:
        yield self.head(self.word("expect_refusal"), quoted(s.reason))


_FORMS: dict[type, Callable[[_Statements, Any], Iterable[Piece]]] = {
    t.MatterHead: _Statements.matter, t.Applies: _Statements.applies,
    t.InterfaceHead: _Statements.interface, t.Enumeration: _Statements.enumeration,
    t.Group: _Statements.group, t.Scale: _Statements.scale, t.Fields: _Statements.fields,
    t.Collection: _Statements.collection, t.Shorthand: _Statements.shorthand,
    t.TableFunction: _Statements.table_function, t.Parameter: _Statements.parameter,
    t.Reading: _Statements.reading, t.Definition: _Statements.definition,
    t.Amendment: _Statements.amendment, t.Exclusion: _Statements.exclusion,
    t.Duty: _Statements.duty, t.Stop: _Statements.stop, t.SettleAs: _Statements.settle_as,
    t.Partition: _Statements.partition, t.Property: _Statements.property,
    t.SetAside: _Statements.set_aside, t.Based: _Statements.based,
    t.CaseMatter: _Statements.case_matter, t.Given: _Statements.given,
    t.Earlier: _Statements.earlier, t.CaseReading: _Statements.case_reading,
    t.CaseParameter: _Statements.case_parameter, t.Expect: _Statements.expect,
    t.ExpectStop: _Statements.expect_stop, t.ExpectNote: _Statements.expect_note,
    t.ExpectRefusal: _Statements.expect_refusal,
}  # fmt: skip
