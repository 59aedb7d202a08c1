"""Matters to nodes: each quantity's definition and the chain of its amendments.

References still name quantities; ``link`` says which state of each they see.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import Factory, define, evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.collect import ScopedRule
from tiaowen.compiler.ordering import in_force_order
from tiaowen.compiler.resolve import NOTHING, Context, Resolver
from tiaowen.compiler.resolve_calls import YEAR, function_body
from tiaowen.compiler.scopes import EXCLUDED, LINES, MatterScope, Place, QuantityRules
from tiaowen.compiler.types import Type
from tiaowen.compiler.walk import every, parts
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import diagnose
from tiaowen.dsl.source import NOWHERE

PERCENT_READING = "百分数增减"
RELATIVE = "相对"


@define
class Assembled:
    """A matter's nodes by id, before linking."""

    scope: MatterScope
    nodes: dict[str, c.Node] = Factory(dict)
    chains: dict[Place, list[str]] = Factory(dict)
    partitions: dict[str, c.PartitionOf] = Factory(dict)
    calls: dict[str, c.Call] = Factory(dict)
    duties: list[c.DutyOf] = Factory(list)
    properties: list[c.PropertyOf] = Factory(list)
    functions: dict[str, c.TableFunctionOf] = Factory(dict)
    condition: c.Core | None = None


def assemble(scope: MatterScope, resolver: Resolver) -> Assembled:
    """Every node of one matter, its expressions checked."""
    made = Assembled(scope)
    _calls(made, resolver)
    for level in {"", LINES, *scope.exclusions} & {"", *resolver.symbols.collections}:
        _exclusions(made, level, resolver)
    for place in _places(made):
        _quantity(made, place, resolver)
    _partitions(made, resolver)
    _others(made, resolver)
    _functions(made, resolver)
    _unprovided(made, resolver)
    return made


def node_id(matter: str, place: Place, index: int) -> str:
    """``住院/起付线#1``, of a fee line ``住院/明细.先行自付#0``."""
    level, quantity = place
    return f"{matter}/{level + '.' if level else ''}{quantity}#{index}"


def _context(made: Assembled, scoped: ScopedRule, level: str = "") -> Context:
    return Context(made.scope.name, level, article=scoped.rule.article)


def _places(made: Assembled) -> Iterator[Place]:
    scope = made.scope
    yield from scope.quantities
    if scope.calls and scope.interface is not None:
        for output in scope.interface.outputs:
            if ("", output.name) not in scope.quantities:
                yield ("", output.name)


def _calls(made: Assembled, resolver: Resolver) -> None:
    for index, scoped in enumerate(made.scope.calls):
        statement = scoped.statement
        assert isinstance(statement, t.SettleAs)
        context = _context(made, scoped)
        if statement.matter not in resolver.matters:
            resolver.report("TW0208", statement.span, context, name=statement.matter, nearest="")
            continue
        overrides = {}
        for name, expression in statement.overrides:
            kind = _overridden_type(resolver, statement.matter, name, scoped)
            overrides[name] = resolver.typed(expression, context, kind)
        condition = _condition(statement.clauses, resolver, context)
        identity = f"{made.scope.name}→{statement.matter}#{index}"
        made.calls[identity] = c.Call(
            identity, statement.matter, overrides, condition, statement.counted, scoped.rule
        )


def _overridden_type(resolver: Resolver, matter: str, name: str, scoped: ScopedRule) -> Type:
    found = resolver.at_level(name, "", matter)
    if found is None:
        from tiaowen.compiler.spelling import nearest

        known = [q for level, q in resolver.matters[matter].quantities if not level]
        resolver.report(
            "TW0201",
            scoped.rule.span,
            Context(matter),
            name=name,
            nearest=nearest(name, [*known, *resolver.symbols.fields]),
        )
        return ty.UNKNOWN
    return found.type


def _condition(clauses: t.Clauses, resolver: Resolver, context: Context) -> c.Core | None:
    return resolver.truth(clauses.when, context) if clauses.when is not None else None


def _exclusions(made: Assembled, level: str, resolver: Resolver) -> None:
    grounds = []
    for scoped in made.scope.exclusions.get(level, ()):
        statement = scoped.statement
        assert isinstance(statement, t.Exclusion)
        context = _context(made, scoped, level)
        condition = _condition(statement.clauses, resolver, context)
        grounds.append(
            (condition or c.Constant(True, ty.TRUTH, "是"), statement.reason, scoped.rule)
        )
    place = (level, EXCLUDED)
    outer = c.Ref("", EXCLUDED, "", ty.REASONS, made.scope.name) if level else None
    rule = grounds[0][2] if grounds else c.Rule("", "", source="")
    identity = node_id(made.scope.name, place, 0)
    alternative = c.Alternative(None, c.Reasons(tuple(grounds), outer, ty.REASONS), rule)
    made.nodes[identity] = c.Node(
        identity, made.scope.name, level, EXCLUDED, 0, "define", ty.REASONS, (alternative,), True
    )
    made.chains[place] = [identity]


# --- quantities


def _quantity(made: Assembled, place: Place, resolver: Resolver) -> None:
    level, name = place
    rules = made.scope.quantities.get(place)
    kind = resolver.type_of(made.scope.name, place)
    alternatives = _alternatives(made, place, kind, resolver)
    if not alternatives:
        for first in rules.chain[:1] if rules else ():
            resolver.report("TW0308", first.rule.span, _context(made, first), name=name)
        return
    is_result = _is_output(made.scope, place)
    base = node_id(made.scope.name, place, 0)
    disjoint = len(alternatives) < 2
    made.nodes[base] = c.Node(base, made.scope.name, level, name, 0, "define", kind,
                              tuple(alternatives), disjoint, result=is_result)  # fmt: skip
    chain = [base]
    ordered = in_force_order(rules.chain, resolver.diagnostics) if rules else ()
    for scoped in ordered:
        identity = node_id(made.scope.name, place, len(chain))
        previous = c.Ref(chain[-1], name, level, kind, made.scope.name)
        node = c.Node(identity, made.scope.name, level, name, len(chain), "amend", kind,
                      previous=chain[-1], rule=scoped.rule, result=is_result)  # fmt: skip
        made.nodes[identity] = _amended(node, scoped, previous, made, resolver)
        chain.append(identity)
    made.chains[place] = chain


def _alternatives(
    made: Assembled, place: Place, kind: Type, resolver: Resolver
) -> list[c.Alternative]:
    level, name = place
    rules = made.scope.quantities.get(place)
    found: list[c.Alternative] = []
    for scoped in rules.definitions if rules else ():
        found.append(_alternative(scoped, made, level, kind, resolver))
    national = _all_national(rules)
    own = any(a.condition is None for a in found) and not national
    if made.calls and not own and _is_output(made.scope, place):
        settled = [
            c.Alternative(call.condition, c.Settled(call.id, "", name, kind), call.rule)
            for call in made.calls.values()
            if _decides(call.matter, place, resolver)
        ]
        found = settled + (_otherwise(found, made) if national else found)
    if not found:
        field = resolver._field_type(place)
        if field is not None:
            rule = rules.chain[0].rule if rules and rules.chain else c.Rule("", "")
            found.append(c.Alternative(None, c.Field(name, level, field), rule))
    return found


def _is_output(scope: MatterScope, place: Place) -> bool:
    return not place[0] and scope.states(place[1])


def _decides(matter: str, place: Place, resolver: Resolver) -> bool:
    """Whether ``matter`` has rules for the quantity, its own or those of a matter it stands for."""
    return resolver.at_level(place[1], place[0], matter, stated=False) is not None


def _otherwise(national: list[c.Alternative], made: Assembled) -> list[c.Alternative]:
    """The interface's definitions, for where no other matter stands in this one's place."""
    conditions = [call.condition for call in made.calls.values()]
    if None in conditions:
        return []
    kept = []
    for alternative in national:
        condition = alternative.condition
        for settled in conditions:
            assert settled is not None
            neither = c.Op("not", (settled,), ty.TRUTH)
            both = neither if condition is None else c.Logic("and", neither, condition, ty.TRUTH)
            condition = both
        kept.append(evolve(alternative, condition=condition))
    return kept


def _all_national(rules: QuantityRules | None) -> bool:
    definitions = rules.definitions if rules is not None else []
    return bool(definitions) and all(d.scope.interfaces for d in definitions)


def _alternative(scoped: ScopedRule, made: Assembled, level: str, kind: Type,
                 resolver: Resolver) -> c.Alternative:  # fmt: skip
    statement = scoped.statement
    context = _context(made, scoped, level)
    condition = _condition(statement.clauses, resolver, context)  # type: ignore[union-attr]
    match statement:
        case t.Stop():
            return c.Alternative(condition, None, scoped.rule, statement.reason)
        case t.Scale():
            operand = resolver.expression(statement.operand, context)
            return c.Alternative(
                condition, resolver.fitted(operand, kind, statement.span, context), scoped.rule
            )
        case _:
            assert isinstance(statement, t.Definition)
            value = resolver.expression(statement.body, context, kind)
            return c.Alternative(
                condition, resolver.fitted(value, kind, statement.body.span, context), scoped.rule
            )


def _amended(node: c.Node, scoped: ScopedRule, previous: c.Ref, made: Assembled,
             resolver: Resolver) -> c.Node:  # fmt: skip
    statement = scoped.statement
    context = _context(made, scoped, node.level)
    if isinstance(statement, t.Partition):
        return evolve(node, kind="total", partition=statement.name)
    assert isinstance(statement, t.Amendment)
    condition = _condition(statement.clauses, resolver, context)
    operand, amended = _amendment(statement, previous, context, resolver)
    return evolve(
        node, condition=condition, amended=amended, operand=operand, operation=statement.operation
    )


def _amendment(statement: t.Amendment, previous: c.Ref, context: Context,
               resolver: Resolver) -> tuple[c.Core, c.Core]:  # fmt: skip
    """The operand and the new value of ``previous`` under ``statement``."""
    kind, span = previous.type, statement.span
    match statement.operation:
        case "set_to":
            operand = resolver.typed(statement.operand, context, kind)
            return operand, operand
        case "at_least" | "at_most":
            operand = resolver.typed(statement.operand, context, kind)
            name = "max" if statement.operation == "at_least" else "min"
            return operand, resolver.op(name, (previous, operand), span, context)
        case "step_up" | "step_down":
            operand = resolver.typed(statement.operand, context, ty.STEPS)
            if kind.kind != "scale":
                resolver.report(
                    "TW0204", span, context, found=kind, expected={"zh": "级别", "en": "a scale"}
                )
                return operand, NOTHING
            sign = 1 if statement.operation == "step_up" else -1
            return operand, c.Step(previous, operand, sign, kind.name, kind)
        case "raise" | "lower":
            operand = resolver.expression(statement.operand, context)
            return operand, _raised(statement, previous, operand, context, resolver)
        case "multiply":
            operand = resolver.expression(statement.operand, context)
        case _:
            operand = resolver.expression(statement.operand, context, kind)
    amended = resolver.arithmetic(statement.operation, previous, operand, span, context)
    return operand, resolver.fitted(amended, kind, span, context)


def _raised(statement: t.Amendment, previous: c.Ref, operand: c.Core, context: Context,
            resolver: Resolver) -> c.Core:  # fmt: skip
    """提高 or 降低: points are added, a percentage of money is relative, a percentage of a ratio
    is what reading 百分数增减 says."""
    up = statement.operation == "raise"
    plain = "add" if up else "subtract"
    if operand.type != ty.RATIO:
        return resolver.arithmetic(plain, previous, operand, statement.span, context)
    relative = c.Op("raise_share" if up else "lower_share", (previous, operand), previous.type)
    if previous.type != ty.RATIO:
        return relative
    reading = resolver.symbols.types.get(PERCENT_READING)
    if PERCENT_READING not in resolver.symbols.readings or reading is None:
        return resolver.report(
            "TW0205",
            statement.span,
            context,
            name=statement.name,
            percent=statement.operand.span.text,
        )
    points = c.Op(plain, (previous, operand), ty.RATIO)
    chosen = c.Op(
        "eq",
        (c.ReadingRef(PERCENT_READING, reading), c.Constant(RELATIVE, reading, RELATIVE)),
        ty.TRUTH,
    )
    return c.Choose(chosen, relative, points, ty.RATIO)


def _unprovided(made: Assembled, resolver: Resolver) -> None:
    """A line of the statement that rules refer to and none decides: asking for it stops."""
    holders = [*made.duties, *made.properties, *made.functions.values(), *made.calls.values(),
               *made.partitions.values()]  # fmt: skip
    cores = [core for node in made.nodes.values() for core in expressions(node)]
    for core in [*cores, *(core for holder in holders for core in parts(holder))]:
        for part in every(core):
            place = ("", part.quantity) if isinstance(part, c.Ref) else ("", "")
            own = isinstance(part, c.Ref) and part.matter == made.scope.name and not part.past
            if own and place not in made.chains and made.scope.states(place[1]):
                kind = resolver.type_of(made.scope.name, place)
                identity = node_id(made.scope.name, place, 0)
                made.nodes[identity] = c.Node(identity, made.scope.name, *place, 0, "define", kind,
                                              disjoint=True)  # fmt: skip
                made.chains[place] = [identity]


# --- parts, duties, properties, functions


def _partitions(made: Assembled, resolver: Resolver) -> None:
    for scoped in made.scope.partitions:
        statement = scoped.statement
        assert isinstance(statement, t.Partition)
        context = _context(made, scoped, LINES)
        keys = tuple((k.span.text, resolver.expression(k, context)) for k in statement.keys)
        outer = evolve(_context(made, scoped), keys={name: key.type for name, key in keys})
        overrides, originals = {}, {}
        for name, expression in statement.overrides:
            kind = _overridden_type(resolver, made.scope.name, name, scoped)
            overrides[name] = resolver.typed(expression, outer, kind)
            original = resolver.at_level(name, "", made.scope.name)
            if original is not None:
                originals[name] = original
        condition = _condition(statement.clauses, resolver, _context(made, scoped))
        made.partitions[statement.name] = c.PartitionOf(
            statement.name,
            LINES,
            keys,
            condition,
            _spread(made, scoped, statement, resolver),
            overrides,
            originals,
            frozenset(),
            YEAR in overrides,
            scoped.rule,
        )


def _spread(made: Assembled, scoped: ScopedRule, statement: t.Partition,
            resolver: Resolver) -> tuple[tuple[str, c.Ref, c.Ref], ...]:  # fmt: skip
    context = _context(made, scoped)
    found = []
    for quantity, used in statement.spread:
        cores = [resolver.name(n, statement.span, context) for n in (quantity, used)]
        if all(isinstance(core, c.Ref) for core in cores):
            found.append((quantity, *cores))
    return tuple(found)  # type: ignore[arg-type]


def _others(made: Assembled, resolver: Resolver) -> None:
    for scoped in made.scope.duties:
        duty = scoped.statement
        assert isinstance(duty, t.Duty)
        context = _context(made, scoped)
        made.duties.append(
            c.DutyOf(
                resolver.truth(duty.condition, context),
                _condition(duty.clauses, resolver, context),
                duty.otherwise,
                scoped.rule,
            )
        )
    for scoped in made.scope.properties:
        stated = scoped.statement
        assert isinstance(stated, t.Property)
        context = _context(made, scoped)
        made.properties.append(
            c.PropertyOf(stated.name, resolver.truth(stated.condition, context), scoped.rule)
        )
    head = made.scope.head
    if head is not None and isinstance(head.statement, t.MatterHead):
        made.condition = _condition(head.statement.clauses, resolver, _context(made, head))


def _functions(made: Assembled, resolver: Resolver) -> None:
    """The table functions that this matter's expressions use, and those that they use."""
    used = {f for node in made.nodes.values() for f in _function_names(node)}
    while used - set(made.functions):
        name = sorted(used - set(made.functions))[0]
        declared = resolver.symbols.functions[name]
        context = Context(made.scope.name)
        checked = evolve(resolver, diagnostics=resolver.diagnostics)
        kind = resolver.symbols.types.get(declared.parameter_type, ty.UNKNOWN)
        body = checked.expression(
            declared.body, evolve(context, argument=(declared.parameter, kind))
        )
        rule = c.Rule(f"表 {name}", name, source=str(declared.span), span=declared.span)
        made.functions[name] = c.TableFunctionOf(name, body, declared.parameter, kind, rule)
        used |= set(_functions_in(body))


def expressions(node: c.Node) -> Iterator[c.Core]:
    """Every expression a node holds, outermost."""
    for alternative in node.alternatives:
        if alternative.condition is not None:
            yield alternative.condition
        if alternative.value is not None:
            yield alternative.value
    for core in (node.condition, node.amended):
        if core is not None:
            yield core


def _function_names(node: c.Node) -> Iterator[str]:
    for expression in expressions(node):
        yield from _functions_in(expression)


def _functions_in(expression: c.Core) -> Iterator[str]:
    for part in every(expression):
        if isinstance(part, c.Apply | c.Bands):
            yield part.function


__all__ = [
    "NOWHERE",
    "Assembled",
    "assemble",
    "diagnose",
    "expressions",
    "function_body",
    "node_id",
]
