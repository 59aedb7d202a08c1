"""Which rule decided an output: the last that made its value, as a number."""

from __future__ import annotations

from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.engine.kernel.graph import Node
from tiaowen.engine.kernel.parting import parts_of
from tiaowen.engine.kernel.translating import At, StaticFrame, Translator

RULE = "rule_"
"""Before the national code of the output that a column of rules is of."""
RULES = "rule"
"""The kind of such a column: its numbers are those of the kernel's rules, from 1; 0 is none."""


@define
class Rules:
    """The rules of a kernel, numbered from 1."""

    t: Translator
    made: list[c.Rule] = Factory(list)

    def number(self, rule: c.Rule | None) -> Node:
        """The number of a rule as a node; 0 for none."""
        if rule is None:
            return self.t.graph.zero
        if rule not in self.made:
            self.made.append(rule)
        return self.t.graph.const(self.made.index(rule) + 1)

    def deciding(self, identity: str, frame: StaticFrame) -> Node:
        """The rule behind the value of a node: of the definition that holds, of the last
        amendment whose condition does, or of the partition whose parts were summed."""
        node = self.t.program.nodes[identity]
        if node.quantity in frame.overrides:
            return self.t.graph.zero
        if node.kind == "define":
            return self._definition(node, frame)
        before = self.deciding(node.previous, frame)
        if node.kind == "amend":
            if node.condition is None:
                return self.number(node.rule)
            held = self.t.of(node.condition, At(frame)).num
            return self.t.graph.select(held, self.number(node.rule), before)
        if frame.within(node.partition):
            return before
        parts = parts_of(self.t, frame, node.partition)
        rule = frame.matter.partitions[node.partition].rule
        return self.t.graph.select(parts.whole, before, self.number(rule))

    def _definition(self, node: c.Node, frame: StaticFrame) -> Node:
        found = self.t.graph.zero
        for alternative in reversed(node.alternatives):
            rule = self.number(alternative.rule)
            if alternative.condition is None:
                found = rule
            else:
                held = self.t.of(alternative.condition, At(frame)).num
                found = self.t.graph.select(held, rule, found)
        return found
