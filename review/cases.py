"""The worked cases that stand in a policy, run against its rules.

A case is computed by hand from the text and says what must come out. It is decided as any
claim is, and compared exactly. Only what a case expects is asked for, so a case about the
deductible need not give what the payment needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.collect import CaseBlock
from tiaowen.compiler.core import Value
from tiaowen.compiler.program import Compilation
from tiaowen.compiler.types import Type
from tiaowen.compiler.values import format_value
from tiaowen.dsl import catalogue
from tiaowen.dsl import tree as t
from tiaowen.dsl.article_path import parse_reference
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.source import Span
from tiaowen.engine.decision import Decision, decided
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Frame, Reader
from tiaowen.engine.interpreter import value_of
from tiaowen.engine.stops import Stopped
from tiaowen.review.case_facts import NOT_APPLICABLE
from tiaowen.review.case_setup import Setup, set_up

STOPS = {
    "无规定": "TW0503", "無規定": "TW0503",
    "缺输入": "TW0501", "缺輸入": "TW0501", "missing_input": "TW0501",
    "缺参数": "TW0502", "缺參數": "TW0502", "missing_parameter": "TW0502",
}  # fmt: skip
"""What a case calls a stop, by the code of its diagnostic; a code itself may be written."""

_Words = Mapping[str, str]


@frozen(eq=False)
class CaseResult:
    """One case run: it holds where nothing was found. ``frame`` is None where its facts could
    not be read; ``span`` is the first line of the case."""

    name: str
    matter: str
    span: Span
    diagnostics: tuple[Diagnostic, ...]
    frame: Frame | None

    @property
    def holds(self) -> bool:
        return not self.diagnostics


def run_cases(compilation: Compilation) -> tuple[CaseResult, ...]:
    """Every 案例 of a policy, in the order of the text; ``Rejected`` where the policy itself
    does not compile."""
    return tuple(results(compilation, compilation.cases))


def results(compilation: Compilation, blocks: Iterable[CaseBlock]) -> Iterator[CaseResult]:
    """The 案例 among ``blocks``, each run when it is asked for."""
    program = compilation.demand()
    examples = {b.name: b for b in compilation.cases if b.kind == "样例"}
    return (_run(program, examples, b) for b in blocks if b.kind == "案例")


def _run(program: c.Program, examples: Mapping[str, CaseBlock], block: CaseBlock) -> CaseResult:
    setup = set_up(program, examples, block)
    if setup.frame is not None and not setup.expected:
        setup.found.append(diagnose("TW0802", setup.span, case=setup.name))
    elif setup.frame is not None and setup.matter is not None and not setup.found:
        _Outcome(setup, setup.matter, setup.frame).compare()
    name = setup.matter.name if setup.matter else block.matter or ""
    return CaseResult(setup.name, name, setup.span, tuple(setup.found), setup.frame)


@frozen(eq=False)
class _Outcome:
    """What came out of a case, against what it expects."""

    setup: Setup
    matter: c.Matter
    frame: Frame

    @property
    def found(self) -> list[Diagnostic]:
        return self.setup.found

    def compare(self) -> None:
        for frame, span in self.setup.before:
            self._stopped(decided(frame).problems, span)
        expected = self.setup.expected
        for assign in expected.values:
            self._value(assign)
        if expected.stops or expected.notes or expected.refusals:
            decision = decided(self.frame)
            for stop in expected.stops:
                self._stop(stop, decision)
            self._notes(decision)
        self._properties()

    # --- values

    def _value(self, assign: t.Assign) -> None:
        facts = self.setup.facts
        kind = facts.quantity(assign.name, self.matter)
        if kind is None:
            facts.unknown(assign, facts.quantities(self.matter))
            return
        expected: Value | None = None
        if not (isinstance(assign.value, t.Name) and assign.value.name == NOT_APPLICABLE):
            kind = facts.settled_type(assign.value, kind)
            expected = facts.value(assign.value, kind)
            if expected is None:
                return
        node = self.matter.final.get(("", assign.name))
        try:
            got = None if node is None else value_of(node, self.frame)
        except Stopped as stopped:
            self._stopped(stopped.diagnostics, assign.span)
            return
        if got != expected:
            self._differs(assign.name, assign.span, _said(expected, kind), _said(got, kind))

    def _differs(self, name: str | _Words, span: Span, expected: object, found: object) -> None:
        case = self.setup.name
        self.found.append(diagnose("TW0801", span, label="here", case=case, name=name,
                                   expected=expected, found=found))  # fmt: skip

    def _stopped(self, problems: Sequence[Diagnostic], span: Span) -> None:
        """The case has no result; each reason is told once, at the first place it shows."""
        told = [d.args["problem"] for d in self.found if d.code == "TW0804"]
        for problem in problems:
            said = {
                "zh": catalogue.message(problem, "zh"),
                "en": catalogue.message(problem, "en"),
            }
            if said not in told:
                told.append(said)
                self.found.append(diagnose("TW0804", span, also=problem.labels,
                                           case=self.setup.name, article=problem.article,
                                           problem=said, reason=problem.code))  # fmt: skip

    # --- stops, notices, refusals

    def _stop(self, stop: t.ExpectStop, decision: Decision) -> None:
        """The decision must stop for the reason named, at the article named."""
        code = STOPS.get(stop.kind, stop.kind)
        same = [d for d in decision.problems if d.code == code]
        if not same:
            codes = [d.code for d in decision.problems]
            got = catalogue.entry(codes[0]).title if codes else {"zh": "有结果", "en": "a result"}
            self._differs({"zh": "停因", "en": "reason to stop"}, stop.span, stop.kind, got)
            return
        path = parse_reference(stop.basis.text) if stop.basis is not None else None
        if path is None:
            return
        cited = [article for d in same for article in (d.article, *_looked_at(d)) if article]
        if not any(path.covers(p) for p in map(parse_reference, cited) if p is not None):
            place = {"zh": "停止之处", "en": "article that stops"}
            self._differs(place, stop.span, str(path), _or_none(cited))

    def _notes(self, decision: Decision) -> None:
        notes, refusals = self.setup.expected.notes, self.setup.expected.refusals
        spans = [note.span for note in notes] + [refusal.span for refusal in refusals]
        if decision.problems and spans:
            self._stopped(decision.problems, spans[0])
            return
        unkept = [n.text for n in decision.notices if n.kept is False]
        for note in notes:
            if note.text not in unkept:
                called = {"zh": "提示", "en": "notice"}
                self._differs(called, note.span, note.text, _or_none(unkept))
        refused = list(dict.fromkeys(r.reason for r in decision.refusals))
        for refusal in refusals:
            if refusal.reason not in refused:
                called = {"zh": "不予支付", "en": "refusal"}
                self._differs(called, refusal.span, refusal.reason, _or_none(refused))

    def _properties(self) -> None:
        """What must always hold must hold for this claim, where its facts tell."""
        for stated in self.matter.properties:
            try:
                if evaluate(stated.condition, Reader(self.frame)):
                    continue
            except Stopped:
                continue
            self.found.append(diagnose("TW0805", self.setup.span, property=stated.name,
                                       article=stated.rule.article))  # fmt: skip


def _said(value: Value | None, kind: Type) -> _Words:
    return {lang: format_value(value, kind.name, lang) for lang in ("zh", "en")}


def _or_none(texts: Sequence[str]) -> object:
    return list(texts) or {"zh": "没有", "en": "none"}


def _looked_at(problem: Diagnostic) -> list[str]:
    articles = problem.args.get("articles", "")
    return articles.split("、") if isinstance(articles, str) else list(articles)
