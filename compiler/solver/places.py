"""Where an expression is translated, and what comes of it: a value, and when there is none.

A ``Scope`` is to the translation what a frame is to the interpreter: one matter over one claim,
with what stands in place of its rules. An expression's stops name their reasons, and the nodes
that stopped before it, each under its condition; reading a stop back from an output to its
reasons is left to the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.compiler.solver.facts import Facts
from tiaowen.compiler.solver.formulas import Truth, both, either
from tiaowen.compiler.solver.kinds import Symbolic
from tiaowen.compiler.solver.space import Space


@frozen
class Reason:
    """Why a claim may not be decided: the code of the diagnostic, the node, the articles looked
    at, and the words of a 无规定."""

    code: str
    node: str = ""
    name: str = ""
    articles: tuple[str, ...] = ()
    words: str = ""


@frozen(eq=False)
class NodeKey:
    """A node where it was translated; its stops are told once, by ``Sym``."""

    node: str
    result: Sym


Stops: TypeAlias = dict[Any, Truth]
"""``Reason`` or ``NodeKey`` -> the condition."""


@define(eq=False)
class Sym:
    """A translated value (None where it never has one) and the conditions on which it stops."""

    value: Symbolic
    stops: Stops = Factory(dict)

    @property
    def fails(self) -> Truth:
        """When there is no value."""
        return either(*self.stops.values())


def flattened(stops: Mapping[Any, Truth], memo: dict[int, Stops] | None = None) -> Stops:
    """The reasons behind stops, nodes that stopped before taken apart."""
    memo = {} if memo is None else memo
    found: list[tuple[Truth, Mapping[Any, Truth]]] = []
    for key, when in stops.items():
        if not isinstance(key, NodeKey):
            found.append((when, {key: True}))
            continue
        if id(key) not in memo:
            memo[id(key)] = flattened(key.result.stops, memo)
        found.append((when, memo[id(key)]))
    return gather(*found)


def gather(*found: tuple[Truth, Mapping[Any, Truth]]) -> Stops:
    """The stops of parts that are looked at under the conditions given."""
    merged: Stops = {}
    for condition, stops in found:
        for key, when in stops.items():
            here = both(condition, when)
            if here is not False:
                merged[key] = either(merged[key], here) if key in merged else here
    return merged


@define(eq=False)
class Asking:
    """What a question holds fixed: the program, readings and parameters, how many elements each
    collection has at most (None for any number), and the space of its variables."""

    program: c.Program
    space: Space
    readings: Mapping[str, Value]
    parameters: Mapping[str, Any]
    open_readings: frozenset[str] = frozenset()
    missing_parameters: frozenset[str] = frozenset()
    most: int | None = None
    complete: bool = True
    parts: bool = False
    """Whether a claim may fall into any number of parts; else it is assumed to be one."""
    not_negative: frozenset[tuple[str, str]] = frozenset()
    """(matter, quantity): proved not to be negative in an earlier decision."""
    limits: Mapping[str, int] = Factory(dict)
    """What a fold over the past is proved not to exceed, by ``past.fold_key``."""
    assumed: dict[str, Truth] = Factory(dict)
    domains: list[Any] = Factory(list)
    """What is asked of the past: ``past.Domain``, each once."""


@define(eq=False)
class Scope:
    """A matter over a claim's facts."""

    asking: Asking
    matter: c.Matter
    facts: Facts
    elements: dict[str, list[Element]]
    overrides: dict[str, Callable[[], Sym]] = Factory(dict)
    worked: dict[str, Sym] = Factory(dict)
    memo: dict[str, Sym] = Factory(dict)
    inner: dict[str, Scope] = Factory(dict)
    parent: Scope | None = None
    varies: frozenset[str] = frozenset()
    partition: str = ""
    owner: Any = None
    """Of a part: what its lines are known by where there may be any number."""
    parts: dict[str, Any] = Factory(dict)

    def within(self, partition: str) -> bool:
        """Whether this is a part of ``partition``, however deep."""
        return self.partition == partition or (
            self.parent is not None and self.parent.within(partition)
        )

    @property
    def program(self) -> c.Program:
        return self.asking.program

    def overridden(self, name: str) -> Sym:
        """What stands in place of the rules for ``name``."""
        if name not in self.worked:
            self.worked[name] = self.overrides[name]()
        return self.worked[name]


@define(eq=False)
class Element:
    """A fee line, or another element: its facts, and whether the claim has it."""

    scope: Scope | None
    collection: str
    facts: Facts
    present: Truth = True
    memo: dict[str, Sym] = Factory(dict)
    up: Element | None = None
    """The same element in the scope that this part is of."""
    owner: Any = None
    """What folds over any number of elements are known by; else the facts."""


@frozen(eq=False)
class Place:
    """Where an expression is read."""

    scope: Scope
    element: Element | None = None
    argument: Symbolic = None
    around: Place | None = None
    asking: Place | None = None
    past: Any = None
    keys: Mapping[str, Symbolic] = Factory(dict)
    node: c.Node | None = None

    def reason(self, code: str, name: str) -> Reason:
        """A reason to stop in the expression of a node."""
        if self.node is None:
            return Reason(code, name=name)
        rules = [a.rule for a in self.node.alternatives]
        if not rules and self.node.rule is not None:
            rules = [self.node.rule]
        articles = (rule.article for rule in rules if rule.article)
        return Reason(code, self.node.id, name, tuple(dict.fromkeys(articles)))
