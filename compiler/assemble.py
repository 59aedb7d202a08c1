"""Matters to nodes: each quantity's definition and the chain of its amendments.

References still name quantities; ``link`` says which state of each they see.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import furnishing
from tiaowen.compiler import types as ty
from tiaowen.compiler.amendments import amendment
from tiaowen.compiler.assembled import Assembled, condition_of, context_of, node_id
from tiaowen.compiler.collect import ScopedRule
from tiaowen.compiler.ordering import in_force_order
from tiaowen.compiler.resolve import Resolver
from tiaowen.compiler.scopes import EXCLUDED, LINES, MatterScope, Place, QuantityRules
from tiaowen.compiler.types import Type
from tiaowen.dsl import tree as t


def assemble(scope: MatterScope, resolver: Resolver) -> Assembled:
    """Every node of one matter, its expressions checked."""
    made = Assembled(scope)
    furnishing.calls(made, resolver)
    for level in {"", LINES, *scope.exclusions} & {"", *resolver.symbols.collections}:
        _exclusions(made, level, resolver)
    for place in _places(made):
        _quantity(made, place, resolver)
    furnishing.partitions(made, resolver)
    furnishing.others(made, resolver)
    furnishing.functions(made, resolver)
    furnishing.unprovided(made, resolver)
    return made


def _places(made: Assembled) -> Iterator[Place]:
    scope = made.scope
    yield from scope.quantities
    if scope.calls and scope.interface is not None:
        for output in scope.interface.outputs:
            if ("", output.name) not in scope.quantities:
                yield ("", output.name)


def _exclusions(made: Assembled, level: str, resolver: Resolver) -> None:
    grounds = []
    for scoped in made.scope.exclusions.get(level, ()):
        statement = scoped.statement
        assert isinstance(statement, t.Exclusion)
        context = context_of(made, scoped, level)
        condition = condition_of(statement.clauses, resolver, context)
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
            resolver.report("TW0308", first.rule.span, context_of(made, first), name=name)
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
    context = context_of(made, scoped, level)
    condition = condition_of(statement.clauses, resolver, context)  # type: ignore[union-attr]
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
    context = context_of(made, scoped, node.level)
    if isinstance(statement, t.Partition):
        return evolve(node, kind="total", partition=statement.name)
    assert isinstance(statement, t.Amendment)
    condition = condition_of(statement.clauses, resolver, context)
    operand, amended = amendment(statement, previous, context, resolver)
    return evolve(
        node, condition=condition, amended=amended, operand=operand, operation=statement.operation
    )
