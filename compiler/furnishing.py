"""What a matter holds besides its quantities: other matters that stand in, parts, duties,
properties, table functions, and the lines of its statement that no rule decides."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.assembled import (
    Assembled,
    condition_of,
    context_of,
    expressions,
    node_id,
    overridden_type,
)
from tiaowen.compiler.collect import ScopedRule
from tiaowen.compiler.resolve import Context, Resolver
from tiaowen.compiler.resolve_calls import YEAR
from tiaowen.compiler.scopes import LINES
from tiaowen.compiler.walk import every, parts
from tiaowen.dsl import tree as t


def partitions(made: Assembled, resolver: Resolver) -> None:
    for scoped in made.scope.partitions:
        statement = scoped.statement
        assert isinstance(statement, t.Partition)
        context = context_of(made, scoped, LINES)
        keys = tuple((k.span.text, resolver.expression(k, context)) for k in statement.keys)
        outer = evolve(context_of(made, scoped), keys={name: key.type for name, key in keys})
        overrides, originals = {}, {}
        for name, expression in statement.overrides:
            kind = overridden_type(resolver, made.scope.name, name, scoped)
            overrides[name] = resolver.typed(expression, outer, kind)
            original = resolver.at_level(name, "", made.scope.name)
            if original is not None:
                originals[name] = original
        condition = condition_of(statement.clauses, resolver, context_of(made, scoped))
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
    context = context_of(made, scoped)
    found = []
    for quantity, used in statement.spread:
        cores = [resolver.name(n, statement.span, context) for n in (quantity, used)]
        if all(isinstance(core, c.Ref) for core in cores):
            found.append((quantity, *cores))
    return tuple(found)  # type: ignore[arg-type]


def others(made: Assembled, resolver: Resolver) -> None:
    for scoped in made.scope.duties:
        duty = scoped.statement
        assert isinstance(duty, t.Duty)
        context = context_of(made, scoped)
        made.duties.append(
            c.DutyOf(
                resolver.truth(duty.condition, context),
                condition_of(duty.clauses, resolver, context),
                duty.otherwise,
                scoped.rule,
            )
        )
    for scoped in made.scope.properties:
        stated = scoped.statement
        assert isinstance(stated, t.Property)
        context = context_of(made, scoped)
        made.properties.append(
            c.PropertyOf(stated.name, resolver.truth(stated.condition, context), scoped.rule)
        )
    head = made.scope.head
    if head is not None and isinstance(head.statement, t.MatterHead):
        made.condition = condition_of(head.statement.clauses, resolver, context_of(made, head))


def functions(made: Assembled, resolver: Resolver) -> None:
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


def calls(made: Assembled, resolver: Resolver) -> None:
    for index, scoped in enumerate(made.scope.calls):
        statement = scoped.statement
        assert isinstance(statement, t.SettleAs)
        context = context_of(made, scoped)
        if statement.matter not in resolver.matters:
            resolver.report("TW0208", statement.span, context, name=statement.matter, nearest="")
            continue
        overrides = {}
        for name, expression in statement.overrides:
            kind = overridden_type(resolver, statement.matter, name, scoped)
            overrides[name] = resolver.typed(expression, context, kind)
        condition = condition_of(statement.clauses, resolver, context)
        identity = f"{made.scope.name}→{statement.matter}#{index}"
        made.calls[identity] = c.Call(
            identity, statement.matter, overrides, condition, statement.counted, scoped.rule
        )


def unprovided(made: Assembled, resolver: Resolver) -> None:
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


def _function_names(node: c.Node) -> Iterator[str]:
    for expression in expressions(node):
        yield from _functions_in(expression)


def _functions_in(expression: c.Core) -> Iterator[str]:
    for part in every(expression):
        if isinstance(part, c.Apply | c.Bands):
            yield part.function
