"""The path of one claim: what its decision looked at, and what it found there.

The decision keeps every value it worked out; which facts, readings and parameters it asked
for is recorded while it is made. Nothing is decided here that the interpreter did not decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from attrs import evolve, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.dsl.catalogue import Lang
from tiaowen.engine.decision import Decision, decided, open_frame
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Claim, Element, Facts, Frame, ParameterValue, Reader
from tiaowen.engine.parts import parts_of
from tiaowen.engine.stops import Stopped
from tiaowen.engine.telling.explain import explain
from tiaowen.engine.telling.explanation import Term
from tiaowen.review.graph_drawing.uses import Input
from tiaowen.review.present.words import Words, labels_of

Found: TypeAlias = tuple[tuple[str, str, str], str]
"""(kind, level, name) of an input and what was found."""

_MOST_VALUES = 3


@frozen
class Trace:
    """``values``: node -> what it came to; ``applied``: the ids of the rows that took effect;
    ``inputs``: (kind, level, name) -> what was given, taken by default or chosen;
    ``parts``: partition -> how many parts it made."""

    matter: str
    values: Mapping[str, str]
    applied: frozenset[str]
    inputs: Mapping[tuple[str, str, str], str]
    parts: Mapping[str, str]
    decision: Decision

    def input(self, given: Input) -> str | None:
        """What the decision read as ``given``; None where it did not look."""
        name = f"{given.matter}.{given.name}" if given.kind == "settled" else given.name
        return self.inputs.get((given.kind, given.level, name))


class _Watched(Mapping[str, Any]):
    """A mapping that remembers which of its keys were asked for."""

    def __init__(self, inner: Mapping[str, Any]) -> None:
        self.inner = inner
        self.asked: dict[str, None] = {}

    def __getitem__(self, key: str) -> Any:
        self.asked[key] = None
        return self.inner[key]

    def __contains__(self, key: object) -> bool:
        self.asked[str(key)] = None
        return key in self.inner

    def __iter__(self) -> Iterator[str]:
        return iter(self.inner)

    def __len__(self) -> int:
        return len(self.inner)


def trace(program: c.Program, claim: Claim, *, history: Sequence[Frame | Facts] = (),
          readings: Mapping[str, str] | None = None,
          parameters: Mapping[str, ParameterValue] | None = None,
          lang: Lang = "zh") -> Trace:  # fmt: skip
    """Decide ``claim`` and keep what was looked at. A decision that stops is traced as far as
    it came."""
    watched = {
        name: tuple(_Watched(record) for record in records)
        for name, records in claim.collections.items()
    }
    fields = _Watched(claim.fields)
    frame = open_frame(program, evolve(claim, fields=fields, collections=watched),
                       history=history, readings=readings, parameters=parameters)  # fmt: skip
    frame.readings = chosen = _Watched(frame.readings)
    frame.parameters = given = _Watched(frame.parameters)
    decision = decided(frame)
    words = Words(lang, labels_of(program))
    asked = _Asked(program, words, frame)
    inputs = dict(asked.fields(fields))
    for name, records in watched.items():
        inputs.update(asked.elements(name, records))
    inputs.update({("reading", "", n): words.name(str(asked.reading(n))) for n in chosen.asked})
    inputs.update({("parameter", "", n): asked.parameter(n) for n in given.asked})
    inputs.update(asked.told(decision))
    found = list(_frames(frame))
    values, applied = _values(program, found, words), _applied(program, found)
    numbers = _numbers_of_parts(found)
    applied |= {f"{claim.matter}/partition:{name}" for name, n in numbers.items() if n > 1}
    parts = {name: words("items", n) if n > 1 else words("none") for name, n in numbers.items()}
    return Trace(claim.matter, values, applied, inputs, parts, decision)


@frozen
class _Asked:
    program: c.Program
    words: Words
    frame: Frame

    def fields(self, fields: _Watched) -> Iterator[Found]:
        known = self.program.fields
        for name in fields.asked:
            if name not in known:
                continue
            if name in fields.inner:
                yield ("field", "", name), self.words.value(fields.inner[name],
                                                            known[name].type.name)  # fmt: skip
            elif name in self.frame.defaults:
                yield ("field", "", name), self.words.value(self.frame.defaults[name],
                                                            known[name].type.name)  # fmt: skip

    def elements(self, collection: str, records: Sequence[_Watched]) -> Iterator[Found]:
        known = self.program.collections[collection].fields
        for name in dict.fromkeys(name for record in records for name in record.asked):
            if name not in known:
                continue
            default = self.frame.defaults.get(f"{collection}.{name}")
            values = [r.inner.get(name, default) for r in records if name in r.asked]
            yield (
                ("element", collection, name),
                _several([v for v in values if v is not None], known[name].type.name, self.words),
            )

    def reading(self, name: str) -> str:
        info = self.program.readings.get(name)
        return self.frame.readings.get(name) or (info.default if info else "")

    def parameter(self, name: str) -> str:
        given = self.frame.parameters.get(name)
        kind = self.program.parameters[name].type.name if name in self.program.parameters else ""
        return self.words.value(given.value, kind) if given and given.value is not None else ""

    def told(self, decision: Decision) -> Iterator[Found]:
        """Folds over history and matters settled inside, as the explanation has them."""
        explanation = explain(decision)
        for step in explanation.steps:
            for term in _terms(step.term):
                value = self.words.value(term.value, term.type)
                if term.form == "history":
                    yield ("history", "", term.text), value
                elif term.form == "settled":
                    yield ("settled", "", f"{term.text}.{term.name}"), value


def _terms(term: Term) -> Iterator[Term]:
    yield term
    for inner in term.terms:
        yield from _terms(inner)


def _frames(frame: Frame) -> Iterator[Frame]:
    """A frame, its parts and the matters settled in it, outermost first."""
    yield frame
    for parts in frame.parts.values():
        for part in parts:
            if part is not frame:
                yield from _frames(part)
    for inner in frame.inner.values():
        yield from _frames(inner)


def _values(program: c.Program, frames: Iterable[Frame], words: Words) -> dict[str, str]:
    plain: dict[str, dict[int, list[Value]]] = {}
    for number, frame in enumerate(frames):
        depth = 0 if frame.parent is None else number
        for identity, value in frame.memo.items():
            plain.setdefault(identity, {}).setdefault(min(depth, 1), []).append(value)
        for elements in frame.elements.values():
            for element in elements:
                for identity, value in element.memo.items():
                    plain.setdefault(identity, {}).setdefault(min(depth, 1), []).append(value)
    found: dict[str, str] = {}
    for identity, by_depth in plain.items():
        node = program.nodes[identity]
        values = by_depth[min(by_depth)]
        found[identity] = _several(values, node.type.name, words, bool(node.level), node.quantity)
    return found


def _several(values: Sequence[Value], kind: str, words: Words, elements: bool = True,
             name: str = "") -> str:  # fmt: skip
    """One value, the sum of amounts of several elements, or the values that occur."""
    if not values:
        return ""
    if elements and kind == "金额" and len(values) > 1:
        total = words.value(sum(v for v in values if isinstance(v, int)), kind)
        return f"{'合计' if words.chinese else 'sum'} {total}"
    counts: dict[str, int] = {}
    for value in values:
        said = words.value(value, kind, name)
        counts[said] = counts.get(said, 0) + 1
    shown = [s if len(counts) == 1 else f"{s}×{n}" for s, n in counts.items()]
    more = "…" if len(shown) > _MOST_VALUES else ""
    return words("list").join(shown[:_MOST_VALUES]) + more


def _numbers_of_parts(frames: Iterable[Frame]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for frame in frames:
        for name, made in frame.parts.items():
            numbers[name] = max(numbers.get(name, 0), len(made))
    return numbers


def _applied(program: c.Program, frames: Iterable[Frame]) -> frozenset[str]:
    found: set[str] = set()
    for frame in frames:
        for identity in frame.memo:
            found.update(_taken(program.nodes[identity], Reader(frame)))
        for elements in frame.elements.values():
            for element in elements:
                found.update(_in_element(program, frame, element))
    return frozenset(found)


def _in_element(program: c.Program, frame: Frame, element: Element) -> Iterator[str]:
    for identity in element.memo:
        yield from _taken(program.nodes[identity], Reader(frame, element))


def _taken(node: c.Node, reader: Reader) -> Iterator[str]:
    """The rows of ``node`` that took effect where ``reader`` stands."""
    try:
        if node.kind == "define":
            yield from _chosen(node, reader)
        elif node.kind == "total":
            frame = reader.frame
            if not frame.within(node.partition) and len(parts_of(frame, node.partition)) > 1:
                yield node.id
        elif node.condition is None or evaluate(node.condition, reader):
            yield node.id
    except Stopped:
        return


def _chosen(node: c.Node, reader: Reader) -> Iterator[str]:
    for number, alternative in enumerate(node.alternatives):
        if isinstance(alternative.value, c.Reasons):
            for at, (condition, _, _) in enumerate(alternative.value.grounds):
                if evaluate(condition, reader):
                    yield f"{node.id}/ground{at}"
        elif alternative.condition is None or evaluate(alternative.condition, reader):
            yield f"{node.id}/{number}"
            return
