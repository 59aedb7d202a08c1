"""A matter's nodes while it is being put together, and what its rules are read with."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.collect import ScopedRule
from tiaowen.compiler.resolve import Context, Resolver
from tiaowen.compiler.scopes import MatterScope, Place
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.types import Type
from tiaowen.dsl import tree as t


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


def node_id(matter: str, place: Place, index: int) -> str:
    """``住院/起付线#1``, of a fee line ``住院/明细.先行自付#0``."""
    level, quantity = place
    return f"{matter}/{level + '.' if level else ''}{quantity}#{index}"


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


def context_of(made: Assembled, scoped: ScopedRule, level: str = "") -> Context:
    """Where a rule's expressions stand."""
    return Context(made.scope.name, level, article=scoped.rule.article)


def overridden_type(resolver: Resolver, matter: str, name: str, scoped: ScopedRule) -> Type:
    """The type of what ``name`` is in ``matter``; reported where there is nothing so called."""
    found = resolver.at_level(name, "", matter)
    if found is None:
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


def condition_of(clauses: t.Clauses, resolver: Resolver, context: Context) -> c.Core | None:
    """The checked condition of a rule, None where it always applies."""
    return resolver.truth(clauses.when, context) if clauses.when is not None else None
