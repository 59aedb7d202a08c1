"""From a program to a drawing: matter by matter, inputs first, results last.

Folded, the states of one quantity are one box with its definition and its amendments; by
state, every state is a box of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from attrs import define, evolve, field

from tiaowen.compiler import core as c
from tiaowen.compiler.spelling import nearest
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.review.graph_drawing.model import Box, Cluster, Drawing, Edge, narrowed
from tiaowen.review.graph_drawing.rows import partition_row, rows_of
from tiaowen.review.graph_drawing.trace import Trace
from tiaowen.review.graph_drawing.uses import Input, Uses, partition_uses, uses_of
from tiaowen.review.present.words import Words, labels_of

Level = Literal["quantity", "state"]


def draw(program: c.Program, matters: Sequence[str] = (), *, of: str = "",
         level: Level = "quantity", trace: Trace | None = None,
         lang: Lang = "zh") -> Drawing:  # fmt: skip
    """The graph of ``matters`` (all where none is named) as boxes and edges.

    ``of`` keeps one quantity (``统筹支付``, ``明细.先行自付比例``) and what it draws on. Raises
    ``Rejected``: TW0208 for a matter, TW0201 for a quantity that the program does not have.
    """
    names = [_matter(name, program) for name in matters] or list(program.matters)
    words = Words(lang, labels_of(program))
    clusters = [_Cluster(program, program.matters[n], level, trace, words).made() for n in names]
    if of:
        clusters = _of(of, program, names, clusters)
    if trace is not None:
        clusters = [_lit(cluster) for cluster in clusters]
    return Drawing(program.identity.title, level, tuple(clusters), of, trace is not None,
                   program.identity.digest)  # fmt: skip


def _matter(name: str, program: c.Program) -> str:
    if name not in program.matters:
        raise Rejected(
            [
                diagnose(
                    "TW0208",
                    name=name,
                    nearest=nearest(name, program.matters),
                    matters=list(program.matters),
                )
            ]
        )
    return name


def _of(of: str, program: c.Program, names: Iterable[str],
        clusters: Iterable[Cluster]) -> list[Cluster]:  # fmt: skip
    level, _, quantity = of.rpartition(".")
    known = {place for name in names for place in program.matters[name].final}
    if (level, quantity) not in known:
        spelt = sorted(".".join(filter(None, place)) for place in known)
        raise Rejected([diagnose("TW0201", name=of, nearest=nearest(of, spelt))])
    kept = []
    for cluster in clusters:
        targets = frozenset(
            box.id for box in cluster.boxes
            if box.name == quantity and box.level == level and box.kind in ("quantity", "output")
        )  # fmt: skip
        if targets:
            kept.append(narrowed(cluster, targets))
    return kept


@define
class _Cluster:
    """One matter being drawn."""

    program: c.Program
    matter: c.Matter
    level: Level
    trace: Trace | None
    words: Words
    inputs: dict[Input, str] = field(factory=dict)
    edges: dict[tuple[str, str], Edge] = field(factory=dict)

    def made(self) -> Cluster:
        nodes = [n for n in self.program.nodes.values() if n.matter == self.matter.name]
        uses = {node.id: uses_of(node, self.matter) for node in nodes}
        names = {node.id: self.name_of(node) for node in nodes}
        for node in nodes:
            self.connect(names[node.id], uses[node.id], names, node)
        quantities = [*self.partitions(nodes, names), *self.quantities(nodes, names)]
        outputs = list(self.outputs(names))
        inlined = self.inlined(outputs, quantities)
        left_out = {*inlined, *self.idle(quantities)}
        quantities = [q for q in quantities if q.id not in left_out]
        edges = tuple(e for e in self.edges.values() if e.source not in left_out)
        inputs = [self.input_box(given, identity) for given, identity in self.inputs.items()]
        outputs = [evolve(o, rows=inlined.get(self.source_of(o), ())) for o in outputs]
        return Cluster(
            self.matter.name, self.words.name(self.matter.name),
            (*inputs, *quantities, *outputs), edges,
        )  # fmt: skip

    def name_of(self, node: c.Node) -> str:
        """The id of the box that shows ``node``."""
        if self.level == "state":
            return node.id
        return f"{node.matter}/{node.level}.{node.quantity}" if node.level else (
            f"{node.matter}/{node.quantity}")  # fmt: skip

    def connect(self, here: str, uses: Uses, names: dict[str, str], node: c.Node | None) -> None:
        for given in uses.inputs:
            identity = self.inputs.setdefault(given, self.input_id(given))
            self.edge(identity, here, "uses")
        for used in uses.nodes:
            if names.get(used, here) != here:
                before = node is not None and used == node.previous
                self.edge(names[used], here, "amends" if before else "uses")

    def edge(self, source: str, target: str, kind: Literal["uses", "amends", "result"]) -> None:
        self.edges.setdefault((source, target), Edge(source, target, kind))

    def input_id(self, given: Input) -> str:
        name = f"{given.level}.{given.name}" if given.level else given.name
        if given.matter:
            name = f"{given.matter}.{name}"
        return f"{self.matter.name}/{given.kind}:{name}"

    def partitions(self, nodes: Sequence[c.Node], names: dict[str, str]) -> Iterator[Box]:
        for partition in self.matter.partitions.values():
            identity = f"{self.matter.name}/partition:{partition.name}"
            self.connect(identity, partition_uses(partition, self.matter), names, None)
            for node in nodes:
                if node.partition == partition.name:
                    self.edge(identity, names[node.id], "uses")
            found: dict[str, Any] = {}
            if self.trace is not None:
                value = self.trace.parts.get(partition.name)
                found = {"lit": value is not None, "value": value or ""}
            yield Box(
                identity, "partition", partition.name, self.words.name(partition.name),
                rows=(partition_row(identity, partition, self.trace),), **found,
            )  # fmt: skip

    def quantities(self, nodes: Iterable[c.Node], names: dict[str, str]) -> Iterator[Box]:
        grouped: dict[str, list[c.Node]] = {}
        for node in nodes:
            grouped.setdefault(names[node.id], []).append(node)
        for identity, states in grouped.items():
            last = states[-1]
            label = self.words.name(last.quantity)
            if self.level == "state" and last.index:
                label = f"{label} {last.index}"
            yield Box(
                identity, "quantity", last.quantity, label, last.type.label(self.words.lang),
                last.level, rows=tuple(r for s in states for r in rows_of(s, self.trace)),
                **self.found(states),
            )  # fmt: skip

    def found(self, states: Sequence[c.Node]) -> dict[str, Any]:
        """Whether and as what the traced decision found the last of ``states`` it looked at."""
        if self.trace is None:
            return {}
        known = [s.id for s in states if s.id in self.trace.values]
        return {"lit": bool(known), "value": self.trace.values[known[-1]] if known else ""}

    def outputs(self, names: dict[str, str]) -> Iterator[Box]:
        for number, output in enumerate(self.matter.outputs, 1):
            identity = f"{self.matter.name}/output:{output.name}"
            states = [] if output.node is None else [self.program.nodes[output.node]]
            if output.node is not None:
                self.edge(names[output.node], identity, "result")
            yield Box(
                identity, "output", output.name, self.words.name(output.name),
                output.type.label(self.words.lang), code=output.code, number=number,
                **self.found(states),
            )  # fmt: skip

    def source_of(self, output: Box) -> str:
        return next((s for s, t in self.edges if t == output.id), "")

    def inlined(self, outputs: Iterable[Box], quantities: Iterable[Box]) -> dict[str, tuple]:  # type: ignore[type-arg]
        """Results that draw on nothing and feed nothing: their one rule stands in the result."""
        drawn = {target for _, target in self.edges}
        used = {source for (source, _), e in self.edges.items() if e.kind != "result"}
        results = {self.source_of(output) for output in outputs}
        return {
            box.id: box.rows for box in quantities
            if box.id in results and box.id not in drawn | used and len(box.rows) == 1
        }  # fmt: skip

    def idle(self, quantities: Iterable[Box]) -> set[str]:
        """Grounds of exclusion where the policy has none: boxes without a rule that only each
        other are joined to."""
        empty = {box.id for box in quantities if not box.rows}
        joined = {end for pair in self.edges if not empty.issuperset(pair) for end in pair}
        return empty - joined

    def input_box(self, given: Input, identity: str) -> Box:
        label = self.words.name(given.name)
        if given.kind == "settled":
            label = f"{self.words('settled_as', self.words.name(given.matter))} · {label}"
        found: dict[str, Any] = {}
        if self.trace is not None:
            value = self.trace.input(given)
            found = {"lit": value is not None, "value": value or ""}
        info = self.field_of(given)
        kind = info.type.label(self.words.lang) if info else given.type
        return Box(identity, given.kind, given.name, label, kind, given.level,
                   info.code if info else "", **found)  # fmt: skip

    def field_of(self, given: Input) -> c.FieldInfo | None:
        """The declaration of a field."""
        fields = self.program.fields
        if given.kind == "element":
            fields = self.program.collections[given.level].fields
        return fields.get(given.name) if given.kind in ("field", "element") else None


def _lit(cluster: Cluster) -> Cluster:
    """``cluster`` with its edges lit, and inputs dark that no lit box draws on."""
    lit = {box.id for box in cluster.boxes if box.lit}
    edges = tuple(evolve(e, lit=e.source in lit and e.target in lit) for e in cluster.edges)
    used = {e.source for e in edges if e.lit}
    boxes = tuple(
        evolve(b, lit=False, value="") if b.is_input and b.id not in used else b
        for b in cluster.boxes
    )
    return evolve(cluster, boxes=boxes, edges=edges)
