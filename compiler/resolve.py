"""Expressions to checked ones: names looked up, types and units settled.

What cannot be settled is reported and becomes a constant of type ``UNKNOWN``, which fits
everywhere, so that one mistake is reported once.
"""

from __future__ import annotations

import difflib
from fractions import Fraction
from typing import Any

from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.operations import OPERATIONS
from tiaowen.compiler.scopes import EXCLUDED, MatterScope, Place
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.symbols import Symbols, unknown_member
from tiaowen.compiler.types import LITERALS, Type
from tiaowen.compiler.units import aligned, convert, fits, presumed
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.source import Span

NOTHING = c.Constant(0, ty.UNKNOWN)


@frozen
class Context:
    """Where an expression stands. ``keys`` are a partition's; ``present`` is the decision that asks
    of the past, ``around`` the place of the aggregate whose elements are meant."""

    matter: str
    level: str = ""
    argument: tuple[str, Type] | None = None
    keys: dict[str, Type] = Factory(dict)
    present: Context | None = None
    around: Context | None = None
    article: str = ""


@define
class Resolver:
    """Resolves expressions of all matters against one set of symbols."""

    symbols: Symbols
    matters: dict[str, MatterScope]
    diagnostics: list[Diagnostic] = Factory(list)
    types: dict[tuple[str, Place], Type] = Factory(dict)
    inferring: set[tuple[str, Place]] = Factory(set)
    calls: dict[tuple[str, str], Type] = Factory(dict)

    def report(self, code: str, span: Span, context: Context, **args: Any) -> c.Core:
        self.diagnostics.append(diagnose(code, span, article=context.article, **args))
        return NOTHING

    # --- entry points

    def expression(
        self, node: t.Expression, context: Context, expected: Type | None = None
    ) -> c.Core:
        """``node`` checked; ``expected`` settles bare members and numbers without a unit."""
        from tiaowen.compiler import resolve_calls, resolve_tables

        match node:
            case t.Number():
                return self._number(node, context, expected)
            case t.Text():
                return c.Constant(node.value, ty.TEXT, f"“{node.value}”")
            case t.Truth():
                return self._truth(node, expected)
            case t.DateLiteral():
                moment = hasattr(node.value, "hour")
                return c.Constant(node.value, ty.MOMENT if moment else ty.DATE, str(node.value))
            case t.Name():
                return self.name(node.name, node.span, context, expected)
            case t.Qualified():
                return self._qualified(node, context, expected)
            case t.Unary():
                return self._unary(node, context, expected)
            case t.Binary():
                return self._binary(node, context, expected)
            case t.Member():
                return self._member(node, context)
            case t.Conditional():
                return self._conditional(node, context, expected)
            case t.Call():
                return resolve_calls.call(self, node, context, expected)
            case t.Table():
                return resolve_tables.table(self, node, context, expected)
            case _:
                return self.report(
                    "TW0204",
                    node.span,
                    context,
                    found=node.span.text,
                    expected={"zh": "一个值", "en": "a value"},
                )

    def typed(self, node: t.Expression, context: Context, expected: Type) -> c.Core:
        """``node`` checked to be of type ``expected``, converting what may be converted."""
        found = self.expression(node, context, expected)
        return self.fitted(found, expected, node.span, context)

    def fitted(self, found: c.Core, expected: Type, span: Span, context: Context) -> c.Core:
        if fits(found.type, expected):
            return found
        converted = convert(found, expected)
        if converted is not None:
            return converted
        return self.report("TW0204", span, context, expected=expected, found=found.type)

    def truth(self, node: t.Expression, context: Context) -> c.Core:
        return self.typed(node, context, ty.TRUTH)

    # --- literals and names

    def _number(self, node: t.Number, context: Context, expected: Type | None) -> c.Core:
        kind, measure = LITERALS[node.unit]
        value = node.value * measure
        if kind.name in ty.WHOLE and value.denominator != 1:
            return self.report("TW0204", node.span, context, expected=kind, found=node.text)
        exact: Fraction | int = int(value) if value.denominator == 1 and kind != ty.RATIO else value
        literal = c.Constant(exact, kind, node.text.strip())
        if expected is not None and expected != kind:
            return convert(literal, expected) or literal
        return literal

    def _truth(self, node: t.Truth, expected: Type | None) -> c.Core:
        if expected is not None and expected.kind == "reading":
            word = "是" if node.value else "否"
            return c.Constant(word, expected, word)
        return c.Constant(node.value, ty.TRUTH, "是" if node.value else "否")

    def name(self, name: str, span: Span, context: Context, expected: Type | None = None) -> c.Core:
        """What ``name`` means here; see the order of lookup in the language reference."""
        found = self._member_constant(name, expected) or self._lookup(name, context)
        if found is not None:
            return found
        kinds = self.symbols.enums_with(name)
        if len(kinds) == 1:
            return c.Constant(name, kinds[0], name)
        return self._unknown(name, span, context, expected)

    def _member_constant(self, name: str, expected: Type | None) -> c.Core | None:
        if expected is not None and expected.enumerated and self.symbols.members_of(expected, name):
            return c.Constant(name, expected, name)
        return None

    def _lookup(self, name: str, context: Context) -> c.Core | None:
        if context.argument and context.argument[0] == name:
            return c.Argument(context.argument[1])
        if name in context.keys:
            return c.Key(name, context.keys[name])
        if name == EXCLUDED:
            level = context.level
            past = context.present is not None
            reasons = c.Ref("", EXCLUDED, level, ty.REASONS, context.matter, past)
            return c.Op("nonempty", (reasons,), ty.TRUTH)
        for level in (context.level, "") if context.level else ("",):
            found = self.at_level(name, level, context.matter, context.present is not None)
            if found is not None:
                return found
        symbols = self.symbols
        if name in symbols.readings:
            return c.ReadingRef(name, symbols.types[name])
        if name in symbols.parameters:
            return self._parameter(name, context)
        return None

    def at_level(self, name: str, level: str, matter: str, past: bool = False, *,
                 stated: bool = True) -> c.Core | None:  # fmt: skip
        """The quantity or field called ``name`` at ``level`` of ``matter``; ``stated`` takes in
        the lines of its statement that no rule decides."""
        scope = self.matters[matter]
        if (level, name) in scope.quantities or self._settled(level, name, scope):
            return c.Ref("", name, level, self.type_of(matter, (level, name)), matter, past)
        if level:
            info = self.symbols.collections.get(level)
            found = info.fields.get(name) if info else None
        else:
            found = self.symbols.fields.get(name)
        if found is not None:
            return c.Field(name, level, found.type)
        if stated and not level and scope.states(name):
            return c.Ref("", name, level, self.type_of(matter, (level, name)), matter, past)
        return None

    def _settled(self, level: str, name: str, scope: MatterScope) -> bool:
        """Whether an output comes from another matter settled in this one's place."""
        if level or scope.interface is None or all(o.name != name for o in scope.interface.outputs):
            return False
        called = [s.statement.matter for s in scope.calls if isinstance(s.statement, t.SettleAs)]
        others = [self.matters[m] for m in called if m in self.matters and m != scope.name]
        return any((level, name) in o.quantities or self._settled(level, name, o) for o in others)

    def _parameter(self, name: str, context: Context) -> c.Core:
        info = self.symbols.parameters[name]
        keys = []
        for key in info.keys:
            found = self._lookup(key, context)
            if found is None:
                self.report("TW0201", info.rule.span, context, name=key, nearest="")
            else:
                keys.append((key, found))
        bounds = self.symbols.parameter_bounds.get(name)
        checked = self.range(bounds, context, info.type) if bounds else None
        return c.ParameterRef(name, tuple(keys), checked, info.type)

    def range(self, cell: t.Range, context: Context, kind: Type) -> c.RangeOf:
        low = self.typed(cell.low, context, kind) if cell.low is not None else None
        high = self.typed(cell.high, context, kind) if cell.high is not None else None
        return c.RangeOf(low, high, cell.low_closed, cell.high_closed)

    def _unknown(self, name: str, span: Span, context: Context, expected: Type | None) -> c.Core:
        scope = self.matters[context.matter]
        if any(q == name for level, q in scope.quantities if level and level != context.level):
            return self.report("TW0212", span, context, name=name)
        if any(name in i.fields for k, i in self.symbols.collections.items() if k != context.level):
            return self.report("TW0212", span, context, name=name)
        if expected is not None and expected.enumerated:
            self.diagnostics.append(unknown_member(expected, name, span, self.symbols))
            return NOTHING
        known = {q for level, q in scope.quantities if level in ("", context.level)}
        known |= {*self.symbols.fields, *self.symbols.parameters, *self.symbols.readings}
        if context.level in self.symbols.collections:
            known |= set(self.symbols.collections[context.level].fields)
        known |= {m for e in self.symbols.enums.values() for m in (*e.codes, *e.steps, *e.groups)}
        return self.report("TW0201", span, context, name=name, nearest=nearest(name, known))

    def _qualified(self, node: t.Qualified, context: Context, expected: Type | None) -> c.Core:
        if node.scope == "本次" and context.present is not None:
            body = self.name(node.name, node.span, context.present, expected)
            return c.Present(body, body.type)
        if node.scope == "本项" and context.around is not None:
            body = self.name(node.name, node.span, context.around, expected)
            return c.Around(body, body.type)
        full = f"{node.scope}.{node.name}"
        if full in self.symbols.parameters:
            return self._parameter(full, context)
        known = [*self.matters, "本次", "本项"]
        return self.report(
            "TW0201",
            node.span,
            context,
            name=full,
            nearest=next(iter(difflib.get_close_matches(node.scope, known, 1)), ""),
        )

    # --- operators

    def _unary(self, node: t.Unary, context: Context, expected: Type | None) -> c.Core:
        if node.operator == "not":
            return self.op("not", (self.truth(node.operand, context),), node.span, context)
        operand = self.expression(node.operand, context, expected)
        return self.op("negate", (operand,), node.span, context)

    def _binary(self, node: t.Binary, context: Context, expected: Type | None) -> c.Core:
        if node.operator in ("and", "or"):
            left, right = self.truth(node.left, context), self.truth(node.right, context)
            return c.Logic(node.operator, left, right, ty.TRUTH)
        if node.operator in ("eq", "ne", "lt", "le", "gt", "ge"):
            return self._comparison(node, context)
        hint = expected if node.operator in ("add", "subtract") else None
        left = self.expression(node.left, context, hint)
        right = self.expression(node.right, context, hint)
        return self.arithmetic(node.operator, left, right, node.span, context)

    def _comparison(self, node: t.Binary, context: Context) -> c.Core:
        left, right = self._sides(node, context)
        if left.type.enumerated and left.type.kind != "reading" and right.type == left.type:
            if isinstance(right, c.Constant) and node.operator in ("eq", "ne"):
                among = self.among(left, (str(right.value),), right.text)
                return among if node.operator == "eq" else c.Op("not", (among,), ty.TRUTH)
            if left.type.kind == "scale" and node.operator not in ("eq", "ne"):
                left, right = self._rank(left), self._rank(right)
        left, right = aligned(left, right)
        return self.op(node.operator, (left, right), node.span, context)

    def _sides(self, node: t.Binary, context: Context) -> tuple[c.Core, c.Core]:
        """Both sides; the one that is a bare member takes the other's type."""
        member_left = isinstance(node.left, t.Name | t.Truth) and not (
            isinstance(node.left, t.Name) and self._lookup(node.left.name, context)
        )
        if member_left:
            right = self.expression(node.right, context)
            return self.expression(node.left, context, right.type), right
        left = self.expression(node.left, context)
        return left, self.expression(node.right, context, left.type)

    def _rank(self, side: c.Core) -> c.Core:
        return c.Rank(side, side.type.name, ty.STEPS)

    def among(self, operand: c.Core, names: tuple[str, ...], text: str) -> c.Core:
        """Whether ``operand`` is one of the members or groups ``names``."""
        accepted: set[c.Value] = set()
        prefixes: list[str] = []
        for name in names:
            found = self.symbols.members_of(operand.type, name)
            if found:
                accepted |= found[0]
                prefixes += found[1]
        return c.Among(operand, frozenset(accepted), tuple(prefixes), text, ty.TRUTH)

    def _member(self, node: t.Member, context: Context) -> c.Core:
        operand = self.expression(node.operand, context)
        items = [self.expression(item, context, operand.type) for item in node.items]
        text = "、".join(item.span.text for item in node.items)
        if operand.type.enumerated:
            names = tuple(str(i.value) for i in items if isinstance(i, c.Constant))
            return self.among(operand, names, text)
        values: set[c.Value] = set()
        for item, written in zip(items, node.items, strict=True):
            fitted = self.fitted(item, operand.type, written.span, context)
            if isinstance(fitted, c.Constant):
                values.add(fitted.value)
            else:
                return self.report("TW0214", written.span, context, found=written.span.text)
        return c.Among(operand, frozenset(values), (), text, ty.TRUTH)

    def _conditional(self, node: t.Conditional, context: Context, expected: Type | None) -> c.Core:
        condition = self.truth(node.condition, context)
        then = self.expression(node.then, context, expected)
        otherwise = self.expression(node.otherwise, context, expected or then.type)
        if then.type == ty.UNKNOWN or otherwise.type == ty.UNKNOWN:
            kind = otherwise.type if then.type == ty.UNKNOWN else then.type
            return c.Choose(condition, then, otherwise, kind)
        then, otherwise = aligned(then, otherwise)
        if then.type != otherwise.type:
            return self.report(
                "TW0203",
                node.span,
                context,
                operation="若…则…否则",
                left=then.type,
                right=otherwise.type,
            )
        return c.Choose(condition, then, otherwise, then.type)

    def arithmetic(self, operator: str, left: c.Core, right: c.Core, span: Span,
                   context: Context) -> c.Core:  # fmt: skip
        """``left operator right`` with the operation that their types ask for."""
        kinds = (left.type.name, right.type.name)
        if kinds == ("单价", "数量") and operator == "multiply":
            return self.op("price_times", (left, right), span, context)
        if kinds == ("数量", "单价") and operator == "multiply":
            return self.op("price_times", (right, left), span, context)
        if left.type in (ty.DATE, ty.MOMENT) and operator in ("add", "subtract"):
            return self._date_arithmetic(operator, left, right, span, context)
        if operator in ("add", "subtract") or kinds in (("单价", "金额"), ("金额", "单价")):
            left, right = aligned(left, right)
        if operator == "divide" and {left.type, right.type} == {ty.MONTHS, ty.YEARS}:
            left, right = aligned(left, right)
        return self.op(operator, (left, right), span, context)

    def _date_arithmetic(self, operator: str, left: c.Core, right: c.Core, span: Span,
                         context: Context) -> c.Core:  # fmt: skip
        if operator == "subtract" and right.type in (ty.DATE, ty.MOMENT):
            both = left.type == right.type == ty.MOMENT
            return self.op("hours_apart" if both else "days_apart", (left, right), span, context)
        suffix = {"天数": "days", "月数": "months", "年限": "years", "时长": "hours"}.get(
            right.type.name
        )
        if suffix is None:
            name = operator
        else:
            name = f"{'shift' if operator == 'add' else 'back'}_{suffix}"
        return self.op(name, (left, right), span, context)

    def op(self, name: str, operands: tuple[c.Core, ...], span: Span, context: Context) -> c.Core:
        """Operation ``name`` on ``operands`` if its type rule admits them."""
        kinds = tuple(o.type for o in operands)
        if ty.UNKNOWN in kinds:
            return c.Op(name, operands, presumed(name, kinds))
        result = OPERATIONS[name].rule(kinds)
        if result is None:
            left, right = kinds[0], kinds[1] if len(kinds) > 1 else kinds[0]
            return self.report(
                "TW0203", span, context, operation=OPERATIONS[name].name, left=left, right=right
            )
        return c.Op(name, operands, result)

    # --- types of quantities

    def type_of(self, matter: str, place: Place) -> Type:
        """The type of a quantity: declared, the interface's, its field's, else inferred."""
        key = (matter, place)
        if key in self.types:
            return self.types[key]
        if key in self.inferring:
            return ty.UNKNOWN
        self.inferring.add(key)
        found = self._type_of(matter, place)
        self.inferring.discard(key)
        if found != ty.UNKNOWN:
            self.types[key] = found
        return found

    def _type_of(self, matter: str, place: Place) -> Type:
        level, name = place
        scope = self.matters[matter]
        rules = scope.quantities.get(place)
        if rules is not None and rules.declared_type:
            return self.symbols.types.get(rules.declared_type, ty.UNKNOWN)
        if scope.interface is not None and not level:
            for output in scope.interface.outputs:
                if output.name == name:
                    return output.type
        declared = self._field_type(place)
        if declared is not None:
            return declared
        quiet = Resolver(self.symbols, self.matters, [], self.types, self.inferring)
        for scoped in rules.definitions if rules else ():
            statement = scoped.statement
            if isinstance(statement, t.Scale):
                return self.symbols.types[statement.name]
            if isinstance(statement, t.Definition):
                kind = quiet.expression(statement.body, Context(matter, level)).type
                if kind != ty.UNKNOWN:
                    return kind
        return ty.UNKNOWN

    def _field_type(self, place: Place) -> Type | None:
        level, name = place
        if level:
            info = self.symbols.collections.get(level)
            found = info.fields.get(name) if info else None
        else:
            found = self.symbols.fields.get(name)
        return found.type if found else None
