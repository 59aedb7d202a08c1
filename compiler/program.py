"""The pipeline: documents to a checked program, one visible sequence of passes.

collect → declare → scope → resolve and assemble → link → graph → check rules against rules.
Every pass reports what it finds; a program is made only where nothing found is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from attrs import evolve, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.assemble import assemble
from tiaowen.compiler.assembled import Assembled
from tiaowen.compiler.checks import check
from tiaowen.compiler.collect import CaseBlock, Collected, collect
from tiaowen.compiler.declarations import declare
from tiaowen.compiler.grounding import Grounding, ground
from tiaowen.compiler.link import cycles, dependency_graph, link, rewrite_node, varying
from tiaowen.compiler.resolve import Resolver
from tiaowen.compiler.scopes import scopes
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.symbols import Symbols
from tiaowen.compiler.walk import rewrite
from tiaowen.dsl.catalogue import entry
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.dsl.literate import Document

INSURANCE = "险种类型"
"""The enumeration of insurance codes."""


@frozen
class Compilation:
    """A policy as compiled: the program (None where errors stand in its way), the documents it
    was made from, its worked cases, where its figures stand in the text, and everything found."""

    program: c.Program | None
    documents: tuple[Document, ...]
    collected: Collected
    symbols: Symbols
    cases: tuple[CaseBlock, ...]
    grounding: Grounding
    diagnostics: tuple[Diagnostic, ...]

    def demand(self) -> c.Program:
        """The program; ``Rejected`` with the errors where there is none."""
        if self.program is None:
            raise Rejected(d for d in self.diagnostics if entry(d.code).severity == "error")
        return self.program


def compile_policy(documents: Sequence[Document]) -> Compilation:
    """Compile ``documents``: what the policy uses first, the policy itself last."""
    return compile_collected(collect(documents), documents)


def compile_collected(collected: Collected, documents: Sequence[Document], *,
                      strict: bool = True) -> Compilation:  # fmt: skip
    """Compile what ``collect`` made of ``documents``. Where that is not ``strict``, rules are
    not compared with one another, and a figure that is not the text's stops nothing: it is only
    among the diagnostics."""
    symbols = declare(collected)
    matters = scopes(collected, symbols)
    resolver = Resolver(symbols, matters)
    made = {name: assemble(scope, resolver) for name, scope in matters.items()}
    for assembled in made.values():
        link(assembled)
    nodes = _linked_across(made)
    calls = {k: v for m in made.values() for k, v in m.calls.items()}
    ungrounded, grounding = ground(collected, documents)
    found = [*collected.diagnostics, *_codes(documents[-1], symbols), *symbols.diagnostics]
    found += [*resolver.diagnostics, *ungrounded]
    program_matters: dict[str, c.Matter] = {}
    for name, assembled in made.items():
        own = {i: n for i, n in nodes.items() if n.matter == name}
        partitions = assembled.partitions
        graph = dependency_graph(own, partitions, calls)
        found += cycles(graph.subgraph(own), own)
        partitions = {
            k: evolve(p, varies=varying(p, own, graph.subgraph(own))) for k, p in partitions.items()
        }
        program_matters[name] = _matter(assembled, partitions)
    found = _unique(found)
    program = None
    if _passes(d for d in found if d not in ungrounded):
        program = _program(documents, symbols, program_matters, nodes)
    if program is not None and strict:
        checked = check(program, made)
        found = _unique([*found, *checked.diagnostics])
        disjoint = {i: evolve(nodes[i], disjoint=True) for i in checked.disjoint}
        program = evolve(program, nodes={**nodes, **disjoint}) if _passes(found) else None
    return Compilation(
        program, tuple(documents), collected, symbols, tuple(collected.cases), grounding,
        tuple(found),
    )  # fmt: skip


def _passes(found: Iterable[Diagnostic]) -> bool:
    return all(entry(d.code).severity != "error" for d in found)


def _codes(policy: Document, symbols: Symbols) -> Iterator[Diagnostic]:
    """Codes of the front matter that the vocabulary does not know."""
    front, kinds = policy.front, symbols.enums.get(INSURANCE)
    if front is None:
        return
    if front.region and not (front.region.isdigit() and len(front.region) == 6):
        region = {"zh": "地区（六位区划代码）", "en": "the region (a six-digit division code)"}
        yield diagnose("TW0213", front.spans.get("region"), kind=region, value=front.region)
    codes = set(kinds.codes.values()) if kinds is not None else set(front.insurance)
    for code in front.insurance:
        if code not in codes:
            yield diagnose("TW0213", front.spans.get("insurance"), kind=INSURANCE, value=code,
                           nearest=nearest(code, codes))  # fmt: skip


def _unique(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each finding once: a rule that governs several matters is checked in each."""
    seen: set[tuple[object, ...]] = set()
    kept: list[Diagnostic] = []
    for diagnostic in found:
        span = diagnostic.span
        key = (
            diagnostic.code,
            span and (span.source.name, span.start, span.end),
            str(sorted((k, str(v)) for k, v in diagnostic.args.items())),
        )
        if key not in seen:
            seen.add(key)
            kept.append(diagnostic)
    return kept


def _linked_across(made: Mapping[str, Assembled]) -> dict[str, c.Node]:
    """All nodes; references into earlier decisions and other matters point at last states."""

    def final(matter: str, level: str, quantity: str) -> str:
        chain = made[matter].chains.get((level, quantity)) if matter in made else None
        return chain[-1] if chain else ""

    def change(x: c.Core) -> c.Core:
        if isinstance(x, c.Ref) and x.past:
            return evolve(x, node=final(x.matter, x.level, x.quantity))
        return x

    nodes: dict[str, c.Node] = {}
    for assembled in made.values():

        def across(x: c.Core, calls: Mapping[str, c.Call] = assembled.calls) -> c.Core:
            if isinstance(x, c.Settled):
                return evolve(x, node=final(calls[x.call].matter, "", x.quantity))
            return change(x)

        for identity, node in assembled.nodes.items():
            nodes[identity] = rewrite_node(node, across)
        assembled.duties = [rewrite(d, change) for d in assembled.duties]
        assembled.properties = [rewrite(p, change) for p in assembled.properties]
        assembled.functions = {k: rewrite(f, change) for k, f in assembled.functions.items()}
        assembled.calls = {k: rewrite(v, change) for k, v in assembled.calls.items()}
    return nodes


def _matter(assembled: Assembled, partitions: Mapping[str, c.PartitionOf]) -> c.Matter:
    scope = assembled.scope
    final = {place: chain[-1] for place, chain in assembled.chains.items()}
    decided = {i for i, node in assembled.nodes.items() if node.index or node.alternatives}
    lasts = {name: node for (level, name), node in final.items() if not level and node in decided}
    outputs = tuple(
        c.Output(o.name, o.code, o.type, o.english, o.fund, lasts.get(o.name), o.billed)
        for o in (scope.interface.outputs if scope.interface else ())
    )
    return c.Matter(
        scope.name, scope.interface.name if scope.interface else "", scope.subject,
        assembled.condition, outputs, final, partitions, assembled.calls,
        tuple(assembled.duties), tuple(assembled.properties), assembled.functions,
        scope.head.rule if scope.head else None,
    )  # fmt: skip


def _program(documents: Sequence[Document], symbols: Symbols, matters: Mapping[str, c.Matter],
             nodes: Mapping[str, c.Node]) -> c.Program:  # fmt: skip
    return c.Program(
        identity(documents), matters, nodes, symbols.fields, symbols.collections, symbols.enums,
        symbols.parameters, symbols.readings, symbols.shorthands, symbols.labels,
    )  # fmt: skip


def _texts(document: Document) -> Iterator[str]:
    """The file's own text, and those of the files that its parts come from."""
    yield document.source.text
    spans = [*(p.span for p in document.paragraphs), *(b.span for b in document.blocks)]
    others = {s.source.name: s.source.text for s in spans if s.source is not document.source}
    yield from (text for _, text in sorted(others.items()))


def identity(documents: Sequence[Document]) -> c.Identity:
    """Which text ``documents`` are: the policy's front matter and a digest of all of them."""
    policy = documents[-1]
    digest = sha256()
    for document in documents:
        for text in _texts(document):
            digest.update(text.encode(errors="surrogatepass") + b"\0")
    front = policy.front
    if front is None:
        return c.Identity(
            policy.source.name, "", "", (), None, None, digest.hexdigest(), policy.source.name
        )
    return c.Identity(
        front.title,
        front.document_number,
        front.region,
        front.insurance,
        front.in_force,
        front.expires,
        digest.hexdigest(),
        policy.source.name,
    )
