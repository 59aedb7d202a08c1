"""Where the rules of a matter compare facts, and the values on both sides in one decision.

A window's end, a threshold, the row of a table: a rule changes its answer where two values it
compares meet. The comparisons are read off the graph; their values come from the interpreter,
so that whatever a rule computes on the way (months, working days, an earlier stay) is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.assembled import expressions
from tiaowen.compiler.core import LINES
from tiaowen.compiler.walk import every, parts
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Frame, Reader
from tiaowen.engine.parts import elements_of
from tiaowen.engine.reach import Fact, reached

_SIGNS = frozenset(("eq", "ne", "lt", "le", "gt", "ge"))
_APART = (c.Aggregate, c.Share, c.Months, c.History)
_UNEVEN = ("month", "year", "age", "working")


@frozen(eq=False)
class Comparison:
    """Two expressions that a rule compares; ``past`` is the fold in whose items it does so."""

    left: c.Core
    right: c.Core
    past: c.History | None = None


@frozen
class Met:
    """A comparison as it came out: ``index`` is the fee line it was made in, ``item`` the number
    of the earlier decision, -1 for none. A side that has no value is None."""

    comparison: Comparison
    left: Any
    right: Any
    index: int = -1
    item: int = -1


def comparisons(program: c.Program, matter: str) -> list[Comparison]:
    """Every comparison that a decision of ``matter`` may make, each once."""
    found: dict[int, Comparison] = {}
    for part in reached(program, matter):
        if isinstance(part, c.History):
            for where in part.wheres.values():
                for inner in every(where):
                    _note(inner, part, found)
        else:
            _note(part, None, found)
    return list(found.values())


def _note(part: c.Core, past: c.History | None, found: dict[int, Comparison]) -> None:
    if isinstance(part, c.Op) and part.name in _SIGNS:
        found.setdefault(id(part), Comparison(part.operands[0], part.operands[1], past))
    elif isinstance(part, c.Pick):
        for row in part.rows:
            for key, cell in zip(part.keys, row.matchers, strict=True):
                for bound in (cell.low, cell.high) if isinstance(cell, c.RangeOf) else ():
                    if bound is not None:
                        found.setdefault(id(bound), Comparison(key, bound, past))


def met(comparison: Comparison, frame: Frame) -> Iterator[Met]:
    """``comparison`` in the decision ``frame``, in each fee line or earlier decision it is made
    in. Nothing is yielded where neither side has a value."""
    for reader, index, item in _readers(comparison, frame):
        left, right = _value(comparison.left, reader), _value(comparison.right, reader)
        if left is not None or right is not None:
            yield Met(comparison, left, right, index, item)


def _readers(comparison: Comparison, frame: Frame) -> Iterator[tuple[Reader, int, int]]:
    here = Reader(frame)
    if comparison.past is not None:
        for number, earlier in enumerate(frame.history):
            if isinstance(earlier, Frame) and earlier.matter.name in comparison.past.matters:
                yield Reader(earlier, asking=here), -1, number
        return
    levels = {_level(comparison.left), _level(comparison.right)} - {""}
    if not levels:
        yield here, -1, -1
    elif levels == {LINES}:
        for element in elements_of(frame, LINES):
            yield Reader(frame, element), element.index, -1


def _level(core: c.Core) -> str:
    """The collection whose element ``core`` is read in, '' where it is read in the claim."""
    if isinstance(core, c.Field | c.IsGiven | c.Ref):
        return core.level
    if isinstance(core, _APART):
        return ""
    return next(filter(None, map(_level, parts(core))), "")


def _value(core: c.Core, reader: Reader) -> Any:
    try:
        return evaluate(core, reader)
    except Exception:  # a stop, or a place that this reader does not have: no value here
        return None


# --- what an expression draws on


@define
class Sources:
    """Which facts the value of an expression can depend on, through the quantities it names."""

    program: c.Program
    nodes: dict[str, frozenset[Fact]] = Factory(dict)

    def of(self, core: c.Core, *, present: bool = True) -> frozenset[Fact]:
        """The facts of the present claim; inside a fold, with ``present`` False, those of the
        earlier one."""
        found: set[Fact] = set()
        stack: list[tuple[c.Core, bool]] = [(core, True)]
        while stack:
            part, own = stack.pop()
            if isinstance(part, c.Present):
                own = not own
            if isinstance(part, c.Field | c.IsGiven) and own == present:
                found.add((part.level, part.name))
            elif isinstance(part, c.Ref) and part.node and own == present:
                found |= self.node(part.node)
            stack += [(inner, own) for inner in parts(part)]
        return frozenset(found)

    def node(self, identity: str) -> frozenset[Fact]:
        """What a state of a quantity depends on."""
        if identity not in self.nodes:
            self.nodes[identity] = frozenset()
            node = self.program.nodes[identity]
            found: set[Fact] = set(self.node(node.previous)) if node.previous else set()
            for expression in expressions(node):
                for part in _own(expression):
                    if isinstance(part, c.Field | c.IsGiven):
                        found.add((part.level, part.name))
                    elif isinstance(part, c.Ref) and part.node and not part.past:
                        found |= self.node(part.node)
            self.nodes[identity] = frozenset(found)
        return self.nodes[identity]


def _own(core: c.Core) -> Iterator[c.Core]:
    """The parts of ``core`` that are read in its own decision."""
    stack = [core]
    while stack:
        part = stack.pop()
        yield part
        if not isinstance(part, c.History):
            stack.extend(parts(part))


def uneven(comparison: Comparison, program: c.Program) -> bool:
    """Whether months, years or working days take part: then equal steps of a day do not lead
    to equal steps of what is compared."""
    seen: set[str] = set()
    stack: list[c.Core] = [comparison.left, comparison.right]
    while stack:
        part = stack.pop()
        if isinstance(part, c.Op) and any(word in part.name for word in _UNEVEN):
            return True
        if isinstance(part, c.Ref) and part.node and part.node not in seen:
            seen.add(part.node)
            stack += expressions(program.nodes[part.node])
        stack += parts(part)
    return False
