"""What was found of a policy's properties, as a page: a table of verdicts for every matter, then
each counterexample with its claim, its figures and the steps that show why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from tiaowen.compiler.core import LINES, Program, Value
from tiaowen.dsl.catalogue import message
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem, Opening, Settlement
from tiaowen.engine.telling.explain import explain
from tiaowen.engine.telling.explanation import Step
from tiaowen.review.counterfactual.steps import changed_steps
from tiaowen.review.present.formulas import Formula
from tiaowen.review.present.page import Block, Heading, Page, Point, Points, Prose, Table
from tiaowen.review.present.proof_words import SAID
from tiaowen.review.present.quotes import excerpt
from tiaowen.review.present.words import Words, labels_of
from tiaowen.review.proof.records import (
    Answer,
    Counterexample,
    Found,
    MoreCost,
    NotApplicable,
    OtherFact,
    Proof,
    Property,
    Proved,
    Refuted,
    Scene,
    Verdict,
)

MOST_STEPS = 14
"""Steps told of one counterexample."""


@frozen
class _Said(Words):
    """The words of this page besides those of decisions."""

    def say(self, key: str, *values: object) -> str:
        return SAID[key][0 if self.chinese else 1].format(*values)

    def called(self, asked: Property) -> str:
        return asked.name if self.chinese else asked.english


def proof_page(found: Proof, program: Program, lang: str, installed: bool = True) -> Page:
    """The page of ``found``; ``installed`` says whether there is a solver to be had."""
    said = _Said("zh" if lang == "zh" else "en", labels_of(program))
    blocks = tuple(_blocks(found, program, said, installed))
    return Page(said.say("title", program.identity.title), blocks)


def _blocks(found: Proof, program: Program, said: _Said, installed: bool) -> Iterator[Block]:
    seconds = f"{found.seconds:.1f}"
    if found.solver:
        yield Prose(said.say("solver", found.solver, f"{found.claims:,}", seconds))
    else:
        yield Prose(said.say("no_solver", f"{found.claims:,}", seconds), strong=True)
        if not installed:
            yield Prose(said.say("install"))
            yield Prose(said.say("command"))
    if not found.answers:
        yield Prose(said.say("none"))
    by_matter: dict[str, list[Answer]] = {}
    for answer in found.answers:
        by_matter.setdefault(answer.property.matter, []).append(answer)
    for matter, answers in by_matter.items():
        yield Heading(said.name(matter))
        yield _verdicts(answers, said)
        yield from _told(answers, program, said)


def _verdicts(answers: list[Answer], said: _Said) -> Points:
    return Points(tuple(
        Point(said.say("answer", said.say(_word(a.verdict)), said.called(a.property),
                       _how(a.verdict, said)), a.property.article)
        for a in answers
    ))  # fmt: skip


def _word(verdict: Verdict) -> str:
    partly = isinstance(verdict, Proved) and verdict.assumed
    return "proved-partly" if partly else outcome(verdict)


def outcome(verdict: Verdict) -> str:
    """The verdict in one word, as JSON has it."""
    match verdict:
        case Proved():
            return "proved"
        case Refuted():
            return "refuted"
        case NotApplicable():
            return "not-applicable"
    return "searched"


def _how(verdict: Verdict, said: _Said) -> str:
    match verdict:
        case Proved():
            return said.say("by_solver") + "".join(_assumption(name, said)
                                                   for name in verdict.assumed)  # fmt: skip
        case Refuted():
            key = "found_solver" if verdict.found is Found.SOLVER else "found_search"
            others = said.say("others", len(verdict.others)) if verdict.others else ""
            return said.say(key) + others
        case NotApplicable():
            return said.say(verdict.reason.value, said.name(verdict.detail))
    why = said.say(verdict.why.value, verdict.detail)
    return said.say("only_searched", why, f"{verdict.claims:,}")


def _assumption(name: str, said: _Said) -> str:
    """What a proof takes for granted, after its verdict."""
    matter, _, partition = name.removeprefix("部分 ").partition(".")
    return said.say("assumed", said.name(matter), said.name(partition))


def _told(answers: list[Answer], program: Program, said: _Said) -> Iterator[Block]:
    for answer in answers:
        if isinstance(answer.verdict, Refuted):
            yield Heading(said.say("counterexample", said.called(answer.property)), 2)
            yield from counterexample_blocks(answer.verdict.counterexample, program, said)
            for shown in answer.verdict.others:
                yield from _case(shown, program, said)
        if answer.gaps:
            yield Heading(said.say("gaps"), 2)
            yield Points(tuple(
                Point(gap.reason, gap.rule.article, tuple(_facts(gap.scene, program, said)))
                for gap in answer.gaps
            ))  # fmt: skip


# --- a counterexample


def counterexample_blocks(shown: Counterexample, program: Program, said: _Said) -> Iterator[Block]:
    """The claim or the two, what they come to, and the steps."""
    yield from _case(shown, program, said)
    if shown.figures:
        yield from _steps(shown, program, said)


def _case(shown: Counterexample, program: Program, said: _Said) -> Iterator[Block]:
    points = [*_facts(shown.scenes[0], program, said)]
    match shown.change:
        case OtherFact():
            kind = program.fields[shown.change.name].type.name
            value = said.value(shown.change.value, kind)
            points.append(Point(said.say("other", said.name(shown.change.name), value)))
        case MoreCost():
            more = said.value(shown.change.by, "金额")
            points.append(Point(said.say("more", shown.change.line + 1, more)))
    if not shown.replayed:
        points.append(Point(said.say("totals")))
    yield Points(tuple(points))
    stops = shown.decisions[0].problems
    if stops:
        yield Points(tuple(Point(said.say("stops", message(p, said.lang)), p.article)
                           for p in stops))  # fmt: skip
    if shown.figures:
        yield _figures(shown, program, said)


def _figures(shown: Counterexample, program: Program, said: _Said) -> Table:
    kinds = {o.name: o.type.name for o in shown.decisions[0].frame.matter.outputs}
    columns = ("first", "second", "change") if len(shown.scenes) > 1 else ("one",)
    head = (said.say("output"), *(said.say(c) for c in columns))
    rows = []
    for name, values in shown.figures.items():
        cells = [said.value(v, kinds[name], name) for v in values]
        if len(values) > 1:
            cells.append(_difference(values, kinds[name], said))
        rows.append((said.name(name), *cells))
    return Table(head, tuple(rows), frozenset(range(1, len(head))))


def _difference(values: tuple[Value | None, ...], kind: str, said: _Said) -> str:
    one, other = values
    if not isinstance(one, int) or not isinstance(other, int) or kind != "金额":
        return ""
    by = other - one
    return ("+" if by > 0 else "") + said.value(by, kind) if by else "0"


def _facts(scene: Scene, program: Program, said: _Said) -> Iterator[Point]:
    yield from (Point(text) for text in _claim(scene.claim, program, said))
    for item in scene.items:
        yield Point(said.say("before", *_earlier(item, program, said)))
    for name, given in scene.parameters.items():
        kind = program.parameters[name].type.name
        if given.value is not None:
            value = said.value(given.value, kind)
            yield Point(said.say("parameter", said.name(name), value))
        for keys, value_ in given.rows:
            told = said("list").join(said.name(v) for v in keys.values())
            yield Point(said.say("parameter", f"{said.name(name)}（{told}）",
                                 said.value(value_, kind)))  # fmt: skip
    for name, choice in scene.readings.items():
        yield Point(said.say("reading", said.name(name), said.name(choice)))


def _claim(claim: Claim, program: Program, said: _Said) -> Iterator[str]:
    yield _record(claim.fields, {n: i.type.name for n, i in program.fields.items()}, said)
    for level, records in claim.collections.items():
        kinds = {n: i.type.name for n, i in program.collections[level].fields.items()}
        for index, record in enumerate(records):
            text = _record(record, kinds, said)
            yield said.say("line", index + 1, text) if level == LINES else f"{level}: {text}"


def _record(record: Mapping[str, Value], kinds: Mapping[str, str], said: _Said) -> str:
    """The facts of ``record`` in the order of their declaration."""
    return said("list").join(
        f"{said.name(name)} = {said.value(record[name], kind, name)}"
        for name, kind in kinds.items()
        if name in record
    )


def _earlier(item: HistoryItem, program: Program, said: _Said) -> tuple[str, str]:
    match item:
        case EarlierClaim():
            text = said("list").join(_claim(item.claim, program, said))
            return said.name(item.claim.matter), text
        case Opening():
            return str(item.year), _plain(item.values, said)
        case Settlement():
            return said.name(item.matter), _plain(item.values, said)
    return "", ""


def _plain(values: Mapping[str, Value], said: _Said) -> str:
    kinds = dict.fromkeys(values, "金额")
    return _record(values, kinds, said)


# --- steps


def _steps(shown: Counterexample, program: Program, said: _Said) -> Iterator[Block]:
    if len(shown.decisions) > 1:
        one, other = (explain(d) for d in shown.decisions)
        told = [
            (c.before, step)
            for c in changed_steps(one, other)
            for step in (*c.new[-1:], c.after)[:1]
            if step.citation is not None and step.citation.article
        ]
        title = "steps"
    else:
        made = explain(shown.decisions[0])
        told = [(None, s) for s in made.steps if s.citation is not None and s.citation.article]
        title = "all_steps"
    points = tuple(_step(before, step, said) for before, step in told[:MOST_STEPS])
    if points:
        yield Prose(said.say(title))
        yield Points(points)


def _step(before: Step | None, step: Step, said: _Said) -> Point:
    name = said.name(step.quantity)
    value = said.value(step.value, step.type, step.quantity)
    formula = Formula(said).write(step.term) if step.kind == "define" else ""
    text = said.say("step_one", name, value)
    if before is not None and before.value != step.value:
        was = said.value(before.value, step.type, step.quantity)
        text = said.say("step", name, was, value)
    elif formula and formula != value:
        text = said.say("step_one", name, f"{formula} = {value}")
    assert step.citation is not None
    quote = excerpt(step.citation.words, step.term, ())
    below = (Point(f"“{quote}”"),) if quote else ()
    return Point(text, step.citation.article, below)
