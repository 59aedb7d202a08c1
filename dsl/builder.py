"""From the parts of a production to the tree: statements and worked cases."""

from __future__ import annotations

from typing import Any

from attrs import define

from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Label
from tiaowen.dsl.expression_builder import ExpressionBuilder, Part
from tiaowen.dsl.keywords import keywords
from tiaowen.dsl.lalr import Token

CLAUSES = ("when", "basis", "after", "sentence", "derive", "english")


@define
class Builder(ExpressionBuilder):
    """Makes the statements of one source. See ``ExpressionBuilder`` for what a method is given."""

    # --- the parts of a statement, by what they are

    def values(self, parts: list[Any], kind: str) -> list[Any]:
        return [part.value for part in parts if type(part) is Part and part.kind == kind]

    def value(self, parts: list[Any], kind: str) -> Any:
        """The part's value, None where there is none."""
        return next(iter(self.values(parts, kind)), None)

    def nodes(self, parts: list[Any]) -> list[Any]:
        return [part for part in parts if type(part) is not Token and type(part) is not Part]

    def clauses(self, parts: list[Any]) -> t.Clauses:
        found: dict[str, Part] = {}
        for part in parts:
            if type(part) is not Part or part.kind not in CLAUSES:
                continue
            if part.kind in found:
                self._refuse_twice(found[part.kind], part)
            found[part.kind] = part
        if not found:
            return t.NO_CLAUSES
        return t.Clauses(**{kind: part.value for kind, part in found.items()})

    def _refuse_twice(self, first: Part, second: Part) -> None:
        words = keywords()[first.kind]
        self.problem("TW0113", self.span(second.start, second.end), label="again",
                     clause={"zh": words["zh"][0], "en": words["en"][0]},
                     also=[Label(self.span(first.start, first.end), "first")])  # fmt: skip

    # --- clauses

    def when(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("when", parts[1], start, end)

    def basis(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("basis", self._references(parts), start, end)

    def after(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("after", self._references(parts), start, end)

    def _references(self, parts: list[Any]) -> tuple[t.Reference, ...]:
        found = []
        for token in parts:
            if type(token) is Token and token.type == "REF":
                span = self.span(token.start, token.end)
                found.append(t.Reference(span.text, span=span))
        return tuple(found)

    def sentence(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("sentence", self.a_count(parts[1]), start, end)

    def derive(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("derive", self.string_in(parts), start, end)

    def english(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("english", self.string_in(parts), start, end)

    # --- declarations

    def matter(self, parts: list[Any], start: int, end: int) -> t.MatterHead:
        roles: dict[str, str] = {}
        role = "name"
        for part in parts:
            if type(part) is Token and part.type == "NAME":
                roles[role] = self.a_name(part)
            elif type(part) is Token:
                role = {"KW_UNDER": "interface", "KW_ABOUT": "subject"}.get(part.type, role)
        return t.MatterHead(**roles, clauses=self.clauses(parts), span=self.span(start, end))

    def applies(self, parts: list[Any], start: int, end: int) -> t.Applies:
        return t.Applies(self.value(parts, "names") or (), span=self.span(start, end))

    def names(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("names", tuple(self.names_in(parts)), start, end)

    def interface(self, parts: list[Any], start: int, end: int) -> t.InterfaceHead:
        name, *subject = self.names_in(parts)
        return t.InterfaceHead(name, subject[0] if subject else None, self.clauses(parts),
                               parts[-1], span=self.span(start, end))  # fmt: skip

    def enumeration(self, parts: list[Any], start: int, end: int) -> t.Enumeration:
        (name,) = self.names_in(parts)
        return t.Enumeration(name, self.clauses(parts), parts[-1], span=self.span(start, end))

    def fields(self, parts: list[Any], start: int, end: int) -> t.Fields:
        (name,) = self.names_in(parts)
        return t.Fields(name, self.clauses(parts), parts[-1], span=self.span(start, end))

    def collection(self, parts: list[Any], start: int, end: int) -> t.Collection:
        (name,) = self.names_in(parts)
        return t.Collection(name, self.clauses(parts), parts[-1], span=self.span(start, end))

    def group(self, parts: list[Any], start: int, end: int) -> t.Group:
        name, kind = self.names_in(parts)
        (members,) = self.nodes(parts)
        return t.Group(name, kind, members.items, self.clauses(parts), span=self.span(start, end))

    def scale(self, parts: list[Any], start: int, end: int) -> t.Scale:
        (name,) = self.names_in(parts)
        operand, table = self.nodes(parts)
        return t.Scale(name, operand, self.clauses(parts), table, span=self.span(start, end))

    def shorthand(self, parts: list[Any], start: int, end: int) -> t.Shorthand:
        name, collection = self.names_in(parts)
        items = tuple(self.values(parts, "item"))
        return t.Shorthand(name, collection, items, self.clauses(parts), span=self.span(start, end))

    def shorthand_item(self, parts: list[Any], start: int, end: int) -> Part:
        value = parts[1] if len(parts) > 1 else None
        return Part("item", (self.a_name(parts[0]), value), start, end)

    def table_function(self, parts: list[Any], start: int, end: int) -> t.TableFunction:
        name, parameter, kind = self.names_in(parts)
        (body,) = self.nodes(parts)
        return t.TableFunction(name, parameter, kind, body, self.clauses(parts),
                               span=self.span(start, end))  # fmt: skip

    def parameter(self, parts: list[Any], start: int, end: int) -> t.Parameter:
        name, kind = self.names_in(parts)
        bounds = self.nodes(parts)
        return t.Parameter(name, kind, self.string_in(parts), self.value(parts, "names") or (),
                           bounds[0] if bounds else None, self.clauses(parts),
                           span=self.span(start, end))  # fmt: skip

    def reading(self, parts: list[Any], start: int, end: int) -> t.Reading:
        (name,) = self.names_in(parts)
        *choices, default = self.values(parts, "choice")
        return t.Reading(name, tuple(choices), default, self.clauses(parts),
                         span=self.span(start, end))  # fmt: skip

    def choice(self, parts: list[Any], start: int, end: int) -> Part:
        (token,) = parts
        truth = {"KW_YES": "是", "KW_NO": "否"}.get(token.type)
        return Part("choice", truth or self.a_name(token), start, end)

    # --- rules

    def definition(self, parts: list[Any], start: int, end: int) -> t.Definition:
        name, *kind = self.names_in(parts)
        (body,) = self.nodes(parts)
        return t.Definition(name, body, self.value(parts, "each"), kind[0] if kind else None,
                            self.clauses(parts), span=self.span(start, end))  # fmt: skip

    def amend(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("amend", parts[0].type.removeprefix("KW_").lower(), start, end)

    def amendment(self, parts: list[Any], start: int, end: int) -> t.Amendment:
        (name,) = self.names_in(parts)
        (operand,) = self.nodes(parts)
        return t.Amendment(name, self.value(parts, "amend"), operand, self.value(parts, "each"),
                           self.clauses(parts), span=self.span(start, end))  # fmt: skip

    def exclusion(self, parts: list[Any], start: int, end: int) -> t.Exclusion:
        return t.Exclusion(self.string_in(parts), self.value(parts, "each"), self.clauses(parts),
                           span=self.span(start, end))  # fmt: skip

    def duty(self, parts: list[Any], start: int, end: int) -> t.Duty:
        (condition,) = self.nodes(parts)
        return t.Duty(condition, self.string_in(parts), self.clauses(parts),
                      span=self.span(start, end))  # fmt: skip

    def stop(self, parts: list[Any], start: int, end: int) -> t.Stop:
        (name,) = self.names_in(parts)
        return t.Stop(name, self.string_in(parts), self.value(parts, "each"), self.clauses(parts),
                      span=self.span(start, end))  # fmt: skip

    def override(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("override", (self.a_name(parts[0]), parts[-1]), start, end)

    def counted(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("counted", True, start, end)

    def settle_as(self, parts: list[Any], start: int, end: int) -> t.SettleAs:
        (matter,) = self.names_in(parts)
        overrides = tuple(self.values(parts, "override"))
        return t.SettleAs(matter, overrides, bool(self.values(parts, "counted")),
                          self.clauses(parts), span=self.span(start, end))  # fmt: skip

    def spread(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("spread", tuple(self.names_in(parts)), start, end)

    def total(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("total", self.value(parts, "names"), start, end)

    def partition(self, parts: list[Any], start: int, end: int) -> t.Partition:
        (name,) = self.names_in(parts)
        totals = tuple(name for names in self.values(parts, "total") for name in names)
        return t.Partition(name, tuple(self.nodes(parts)), tuple(self.values(parts, "spread")),
                           totals, tuple(self.values(parts, "override")), self.clauses(parts),
                           span=self.span(start, end))  # fmt: skip

    def property(self, parts: list[Any], start: int, end: int) -> t.Property:
        (condition,) = self.nodes(parts)
        return t.Property(self.string_in(parts), condition, self.clauses(parts),
                          span=self.span(start, end))  # fmt: skip

    def set_aside(self, parts: list[Any], start: int, end: int) -> t.SetAside:
        return t.SetAside(self.string_in(parts), self.clauses(parts), span=self.span(start, end))

    # --- worked cases

    def based(self, parts: list[Any], start: int, end: int) -> t.Based:
        (name,) = self.names_in(parts)
        return t.Based(name, span=self.span(start, end))

    def case_matter(self, parts: list[Any], start: int, end: int) -> t.CaseMatter:
        (name,) = self.names_in(parts)
        return t.CaseMatter(name, span=self.span(start, end))

    def assign(self, parts: list[Any], start: int, end: int) -> t.Assign:
        target, value = parts
        scoped = type(target) is t.Qualified
        name = f"{target.scope}.{target.name}" if scoped else self.a_name(target)
        return t.Assign(name, value, span=self.span(start, end))

    def given(self, parts: list[Any], start: int, end: int) -> t.Given:
        return t.Given(tuple(self.nodes(parts)), span=self.span(start, end))

    def earlier_kind(self, parts: list[Any], start: int, end: int) -> Part:
        return Part("settled", True, start, end)

    def earlier(self, parts: list[Any], start: int, end: int) -> t.Earlier:
        (name,) = self.names_in(parts)
        return t.Earlier(name, bool(self.values(parts, "settled")), tuple(self.nodes(parts)),
                         span=self.span(start, end))  # fmt: skip

    def case_reading(self, parts: list[Any], start: int, end: int) -> t.CaseReading:
        (name,) = self.names_in(parts)
        return t.CaseReading(name, self.value(parts, "choice"), span=self.span(start, end))

    def case_parameter(self, parts: list[Any], start: int, end: int) -> t.CaseParameter:
        (name,) = self.names_in(parts)
        return t.CaseParameter(name, parts[-1], span=self.span(start, end))

    def expect(self, parts: list[Any], start: int, end: int) -> t.Expect:
        return t.Expect(tuple(self.nodes(parts)), span=self.span(start, end))

    def stop_kind(self, parts: list[Any], start: int, end: int) -> Part:
        (token,) = parts
        name = keywords()["stop"]["zh"][0] if token.type == "KW_STOP" else self.a_name(token)
        return Part("stop_kind", name, start, end)

    def expect_stop(self, parts: list[Any], start: int, end: int) -> t.ExpectStop:
        basis = self._references(parts)
        return t.ExpectStop(self.value(parts, "stop_kind"), basis[0] if basis else None,
                            span=self.span(start, end))  # fmt: skip

    def expect_note(self, parts: list[Any], start: int, end: int) -> t.ExpectNote:
        return t.ExpectNote(self.string_in(parts), span=self.span(start, end))

    def expect_refusal(self, parts: list[Any], start: int, end: int) -> t.ExpectRefusal:
        return t.ExpectRefusal(self.string_in(parts), span=self.span(start, end))
