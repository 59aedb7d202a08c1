"""A policy that is changed again and again: read and parsed once, compiled for every change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from attrs import evolve, field, frozen
from tests.mutation.changes import Change, Names, changes

from tiaowen.apps.files import load
from tiaowen.compiler import core as c
from tiaowen.compiler.collect import CaseBlock, Collected, ScopedRule
from tiaowen.compiler.program import Compilation, compile_collected
from tiaowen.compiler.walk import every, parts
from tiaowen.dsl import tree as t
from tiaowen.dsl.parser import parse_block
from tiaowen.dsl.source import Source
from tiaowen.review.cases import results

OF_ONE_MATTER = (
    t.MatterHead, t.Definition, t.Amendment, t.Exclusion, t.Duty, t.Stop, t.SettleAs, t.Partition,
)  # fmt: skip
"""Statements that matter only where they govern; the others are everybody's."""


@frozen
class Mutant:
    """One change of one rule. ``number`` counts the mutants of a policy."""

    number: int
    rule: ScopedRule = field(repr=False)
    change: Change


@frozen(slots=False, eq=False)
class Subject:
    """A policy as it is, from the file at ``path``."""

    path: Path
    compilation: Compilation

    @classmethod
    def read(cls, path: Path) -> Subject:
        compilation = load(path)
        compilation.demand()
        return cls(path, compilation)

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @cached_property
    def program(self) -> c.Program:
        return self.compilation.demand()

    @cached_property
    def mutants(self) -> tuple[Mutant, ...]:
        """Every change of every rule of the policy itself, in the order of the text."""
        own = str(self.path)
        rules = (r for r in self.compilation.collected.rules if r.rule.span.source.name == own)
        made = ((rule, change) for rule in rules for change in changes(rule.statement, self._names))
        return tuple(Mutant(number, *pair) for number, pair in enumerate(made))

    @cached_property
    def _names(self) -> Names:
        symbols = self.compilation.symbols
        known = {name for m in self.program.matters.values() for _, name in m.final}
        known.update(symbols.fields, symbols.parameters, symbols.readings)
        known.update(name for made in symbols.collections.values() for name in made.fields)
        known.update(name for name, info in symbols.enums.items() if info.steps)
        neighbour: dict[str, str] = {}
        for info in symbols.enums.values():
            for step, following in zip(
                info.steps, (*info.steps[1:], *info.steps[-2:-1]), strict=False
            ):
                neighbour[step] = following
        return Names(known.__contains__, neighbour)

    # --- one change

    def changed(self, mutant: Mutant) -> Compilation:
        """The policy with ``mutant`` in it. Only its statement is parsed again, and the rules are
        not compared with one another: an overlap or a gap stops the decision."""
        span = mutant.rule.rule.span
        text, longer = span.source.text, 0
        for start, end, new in reversed(mutant.change.edits):
            text = text[:start] + new + text[end:]
            longer += len(new) - (end - start)
        source = Source(span.source.name, text)
        parsed = parse_block(source, span.start, span.end + longer)
        before = self.compilation.collected
        rules, found = list(before.rules), [*before.diagnostics, *parsed.diagnostics]
        for line in parsed.lines:
            statement = line.statement
            assert isinstance(statement, t.RuleStatement)
            cited = evolve(mutant.rule.rule, text=statement.span.text.strip(), span=statement.span)
            rules[mutant.rule.order] = evolve(mutant.rule, statement=statement, rule=cited)
        documents = self.compilation.documents
        return compile_collected(
            Collected(rules, before.cases, found),
            (*documents[:-1], evolve(documents[-1], source=source)),
            strict=False,
        )

    # --- which cases a rule can touch

    def cases(self, rule: ScopedRule) -> list[CaseBlock]:
        """The worked cases of the matters that ``rule`` reaches, nearest to the rule first."""
        touched = self.reached(rule)
        place = rule.rule.span.start

        def distance(block: CaseBlock) -> tuple[bool, int]:
            start = block.block.span.start
            return start < place, abs(start - place)

        blocks = (b for b in self.compilation.cases if b.kind == "案例")
        return sorted((b for b in blocks if self._matter(b) in touched), key=distance)

    def reached(self, rule: ScopedRule) -> frozenset[str]:
        """The matters that ``rule`` governs, and those that settle as them or look back at them."""
        matters = self.program.matters
        if not isinstance(rule.statement, OF_ONE_MATTER):
            return frozenset(matters)
        found = {m.name for m in matters.values() if rule.scope.governs(m.name, m.interface)}
        while more := {m for m, used in self._uses.items() if m not in found and used & found}:
            found |= more
        return frozenset(found)

    @cached_property
    def _uses(self) -> Mapping[str, frozenset[str]]:
        """Matter to the other matters that its decisions work out."""
        uses: dict[str, set[str]] = {
            name: {call.matter for call in m.calls.values()}
            for name, m in self.program.matters.items()
        }
        for node in self.program.nodes.values():
            for holder in (node, *node.alternatives):
                uses[node.matter].update(_looked_back(holder))
        for name, matter in self.program.matters.items():
            for holder in (*matter.duties, *matter.calls.values(), *matter.functions.values()):
                uses[name].update(_looked_back(holder))
        return {name: frozenset(used) for name, used in uses.items()}

    def _matter(self, block: CaseBlock) -> str:
        return self._case_matters[id(block)]

    @cached_property
    def _case_matters(self) -> Mapping[int, str]:
        blocks = [b for b in self.compilation.cases if b.kind == "案例"]
        found = results(self.compilation, blocks)
        return {id(b): r.matter for b, r in zip(blocks, found, strict=True)}


def _looked_back(holder: object) -> Iterable[str]:
    for part in parts(holder):
        for inner in every(part):
            if isinstance(inner, c.History):
                yield from inner.matters
