"""The worked cases that stand in a policy, run against its rules.

A case is computed by hand from the text and says what must come out. It is decided as any
claim is, and compared exactly. Only what a case expects is asked for, so a case about the
deductible need not give what the payment needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.collect import CaseBlock
from tiaowen.compiler.core import Value
from tiaowen.compiler.program import Compilation
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.types import Type
from tiaowen.compiler.values import format_value
from tiaowen.dsl import catalogue
from tiaowen.dsl import tree as t
from tiaowen.dsl.article_path import parse_reference
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.source import Span
from tiaowen.engine.decision import Decision, decided, open_frame
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Claim, Facts, Frame, ParameterValue, Reader
from tiaowen.engine.interpreter import value_of
from tiaowen.engine.roles import Roles
from tiaowen.engine.stops import Stopped
from tiaowen.review.case_facts import NOT_APPLICABLE, OPENING, REVERSAL, FactReader, Gathered

STOPS = {
    "无规定": "TW0503", "無規定": "TW0503", "no rule": "TW0503",
    "缺输入": "TW0501", "缺輸入": "TW0501", "missing_input": "TW0501",
    "缺参数": "TW0502", "缺參數": "TW0502", "missing_parameter": "TW0502",
}  # fmt: skip
"""What a case calls a stop, by the code of its diagnostic; a code itself may be written."""


@frozen(eq=False)
class CaseResult:
    """One case run: it holds where nothing was found. ``frame`` is None where its facts could
    not be read; ``span`` is the case's text."""

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
    program = compilation.demand()
    examples = {b.name: b for b in compilation.cases if b.kind == "样例"}
    return tuple(
        _Case(program, examples, block).run() for block in compilation.cases if block.kind == "案例"
    )


@define
class _Expected:
    """What a case says must come out."""

    values: list[t.Assign] = Factory(list)
    stops: list[t.ExpectStop] = Factory(list)
    notes: list[t.ExpectNote] = Factory(list)
    refusals: list[t.ExpectRefusal] = Factory(list)

    def __bool__(self) -> bool:
        return bool(self.values or self.stops or self.notes or self.refusals)


class _Case:
    """One case, from its lines to what is found."""

    def __init__(
        self, program: c.Program, examples: dict[str, CaseBlock], block: CaseBlock
    ) -> None:
        self.program, self.examples, self.block = program, examples, block
        self.facts = FactReader(program)
        self.found = self.facts.found
        self.expected = _Expected()
        self.readings: dict[str, str] = {}
        self.parameters: dict[str, ParameterValue] = {}
        self.history: list[Frame | Facts] = []
        self.base, self.own = Gathered(), Gathered()
        self.span = _first_line(block.block.span)

    @property
    def name(self) -> str:
        return self.block.name or f"{self.span}"

    def run(self) -> CaseResult:
        lines = self._lines(self.block, ())
        matter = self._matter([block for block, _ in lines])
        frame = None
        if matter is not None:
            frame = self._decide(matter, lines)
            if not self.expected:
                self.found.append(diagnose("TW0802", self.span, case=self.name))
            elif not self.found:
                self._compare(matter, frame)
        name = matter.name if matter else self.block.matter or ""
        return CaseResult(self.name, name, self.span, tuple(self.found), frame)

    # --- from lines to a frame

    def _lines(self, block: CaseBlock, seen: tuple[str, ...]) -> list[tuple[CaseBlock, t.Line]]:
        """The lines of ``block`` after those it is based on, each with the block it is of."""
        lines: list[tuple[CaseBlock, t.Line]] = []
        for line in block.lines:
            statement = line.statement
            if not isinstance(statement, t.Based):
                lines.append((block, line))
            elif statement.name in seen:
                self.found.append(
                    diagnose(
                        "TW0806",
                        statement.span,
                        name=statement.name,
                        cycle=" → ".join((*seen, statement.name)),
                    )
                )
            elif statement.name not in self.examples:
                self.found.append(
                    diagnose(
                        "TW0803",
                        statement.span,
                        name=statement.name,
                        nearest=nearest(statement.name, self.examples),
                    )
                )
            else:
                base = self.examples[statement.name]
                lines = self._lines(base, (*seen, statement.name)) + lines
        return lines

    def _matter(self, blocks: Iterable[CaseBlock]) -> c.Matter | None:
        """The matter of the case: its own, else that of the facts it is based on, else the
        policy's only one."""
        of_bases = [b.matter for b in blocks if b.matter]
        name = self.block.matter or (of_bases[-1] if of_bases else None)
        if name is None and len(self.program.matters) == 1:
            (name,) = self.program.matters
        if name is None:
            self.found.append(diagnose("TW0112", self.span, name=self.name))
            return None
        return self._matter_named(name, self._place_of_matter())

    def _place_of_matter(self) -> Span:
        statements = [line.statement for line in self.block.lines]
        spans = [s.span for s in statements if isinstance(s, t.CaseMatter)]
        return spans[-1] if spans else self.span

    def _matter_named(self, name: str, span: Span) -> c.Matter | None:
        matters = self.program.matters
        if name not in matters:
            self.found.append(
                diagnose(
                    "TW0208", span, name=name, nearest=nearest(name, matters), matters=list(matters)
                )
            )
        return matters.get(name)

    def _decide(self, matter: c.Matter, lines: Sequence[tuple[CaseBlock, t.Line]]) -> Frame:
        """Read every line; facts that the case is based on are those of its earlier claims
        too."""
        for block, line in lines:
            into = self.own if block is self.block else self.base
            match line.statement:
                case t.Given(assigns=assigns):
                    if into is self.base:
                        self.facts.gather(assigns, matter, self.base)
                    self.facts.gather(assigns, matter, self.own)
                case t.CaseReading() as reading:
                    self._reading(reading)
                case t.CaseParameter() as parameter:
                    self._parameter(parameter, matter)
                case t.Expect(assigns=assigns):
                    self.expected.values += assigns
                case t.ExpectStop() as stop:
                    self.expected.stops.append(stop)
                case t.ExpectNote() as note:
                    self.expected.notes.append(note)
                case t.ExpectRefusal() as refusal:
                    self.expected.refusals.append(refusal)
        for _, line in lines:
            if isinstance(line.statement, t.Earlier):
                self._earlier(line.statement, matter)
        return self._frame(self.own.claim(matter.name))

    def _frame(self, claim: Claim) -> Frame:
        return open_frame(
            self.program,
            claim,
            history=tuple(self.history),
            readings=self.readings,
            parameters=self.parameters,
        )

    def _reading(self, given: t.CaseReading) -> None:
        info = self.program.readings.get(given.name)
        if info is None:
            known = self.program.readings
            self.found.append(
                diagnose(
                    "TW0512",
                    given.span,
                    name=given.name,
                    nearest=nearest(given.name, known),
                    values=list(known),
                )
            )
        elif given.choice not in info.choices:
            self.found.append(
                diagnose(
                    "TW0512",
                    given.span,
                    name=given.name,
                    value=given.choice,
                    nearest=nearest(given.choice, info.choices),
                    values=list(info.choices),
                )
            )
        else:
            self.readings[given.name] = given.choice

    def _parameter(self, given: t.CaseParameter, matter: c.Matter) -> None:
        info = self.program.parameters.get(given.name)
        if info is None:
            self.found.append(
                diagnose(
                    "TW0513",
                    given.span,
                    name=given.name,
                    nearest=nearest(given.name, self.program.parameters),
                )
            )
        elif given.name in self.parameters:
            twice = {"zh": "给了两次", "en": "is given twice"}
            self.found.append(diagnose("TW0514", given.span, name=given.name, problem=twice))
        elif (value := self.facts.parameter(given, info, matter)) is not None:
            self.parameters[given.name] = value

    # --- earlier items

    def _earlier(self, earlier: t.Earlier, matter: c.Matter) -> None:
        """One 此前, after those written above it."""
        if earlier.name == REVERSAL and not earlier.settled:
            self._reverse(earlier)
        elif earlier.name == OPENING and not earlier.settled:
            self.history.append(self.facts.opening(earlier, matter))
        else:
            other = self._matter_named(earlier.name, earlier.span)
            if other is None:
                return
            if earlier.settled:
                self.history.append(self.facts.settlement(earlier, other))
                return
            gathered = self.base.copy()
            self.facts.gather(earlier.assigns, other, gathered)
            frame = self._frame(gathered.claim(other.name))
            problems = decided(frame).problems
            self.history.append(frame)
            if problems and not self.found:
                self._stopped(problems, earlier.span)

    def _reverse(self, reversal: t.Earlier) -> None:
        """Take the settlement that a reversal names out of the history."""
        role = Roles.of(self.program).settlement
        for assign in reversal.assigns:
            written = assign.value.value if isinstance(assign.value, t.Text) else ""
            kept = [item for item in self.history if _fact(item, role) != written]
            if assign.name != role:
                self.facts.unknown(assign, [role])
            elif len(kept) == len(self.history):
                self.found.append(diagnose("TW0613", assign.span, id=written))
            else:
                self.history = kept

    # --- what came out

    def _compare(self, matter: c.Matter, frame: Frame) -> None:
        for assign in self.expected.values:
            self._value(assign, matter, frame)
        if self.expected.stops or self.expected.notes or self.expected.refusals:
            decision = decided(frame)
            for stop in self.expected.stops:
                self._stop(stop, decision)
            self._notes(decision)
        self._properties(matter, frame)

    def _value(self, assign: t.Assign, matter: c.Matter, frame: Frame) -> None:
        kind = self.facts.quantity(assign.name, matter)
        if kind is None:
            self.facts.unknown(assign, self.facts.quantities(matter))
            return
        expected: Value | None = None
        if not (isinstance(assign.value, t.Name) and assign.value.name == NOT_APPLICABLE):
            expected = self.facts.value(assign.value, kind)
            if expected is None:
                return
        node = matter.final.get(("", assign.name))
        try:
            got = None if node is None else value_of(node, frame)
        except Stopped as stopped:
            self._stopped(stopped.diagnostics, assign.span)
            return
        if got != expected:
            self._differs(assign.name, assign.span, _said(expected, kind), _said(got, kind))

    def _differs(self, name: object, span: Span, expected: object, found: object) -> None:
        self.found.append(
            diagnose(
                "TW0801",
                span,
                label="here",
                case=self.name,
                name=name,
                expected=expected,
                found=found,
            )
        )

    def _stopped(self, problems: Sequence[Diagnostic], span: Span) -> None:
        """The case has no result; each reason is told once, at the first place it shows."""
        for problem in problems:
            said = {"zh": catalogue.message(problem, "zh"), "en": catalogue.message(problem, "en")}
            told = any(d.code == "TW0804" and d.args["problem"] == said for d in self.found)
            if not told:
                self.found.append(
                    diagnose(
                        "TW0804",
                        span,
                        also=problem.labels,
                        case=self.name,
                        article=problem.article,
                        problem=said,
                    )
                )

    def _stop(self, stop: t.ExpectStop, decision: Decision) -> None:
        """The decision must stop for the reason named, at the article named."""
        what = {"zh": "停因", "en": "reason to stop"}
        code = STOPS.get(stop.kind, stop.kind)
        same = [d for d in decision.problems if d.code == code]
        if not same:
            got = [d.code for d in decision.problems]
            title = catalogue.entry(got[0]).title if got else catalogue.Words("有结果", "a result")
            self._differs(what, stop.span, stop.kind, title)
            return
        path = parse_reference(stop.basis.text) if stop.basis is not None else None
        if path is None:
            return
        cited = [article for d in same for article in (d.article, *_looked_at(d)) if article]
        if not any(path.covers(p) for p in map(parse_reference, cited) if p is not None):
            self._differs(
                {"zh": "停止之处", "en": "article that stops"},
                stop.span,
                str(path),
                cited or {"zh": "没有条文", "en": "no article"},
            )

    def _notes(self, decision: Decision) -> None:
        if decision.problems and (self.expected.notes or self.expected.refusals):
            first = (self.expected.notes or self.expected.refusals)[0]
            self._stopped(decision.problems, first.span)
            return
        unkept = [n.text for n in decision.notices if n.kept is False]
        for note in self.expected.notes:
            if note.text not in unkept:
                self._differs(
                    {"zh": "提示", "en": "notice"}, note.span, note.text, _or_none(unkept)
                )
        refused = list(dict.fromkeys(r.reason for r in decision.refusals))
        for refusal in self.expected.refusals:
            if refusal.reason not in refused:
                self._differs(
                    {"zh": "不予支付", "en": "refusal"},
                    refusal.span,
                    refusal.reason,
                    _or_none(refused),
                )

    def _properties(self, matter: c.Matter, frame: Frame) -> None:
        """What must always hold must hold for this claim, where its facts tell."""
        for stated in matter.properties:
            try:
                if evaluate(stated.condition, Reader(frame)):
                    continue
            except Stopped:
                continue
            self.found.append(
                diagnose("TW0805", self.span, property=stated.name, article=stated.rule.article)
            )


def _first_line(span: Span) -> Span:
    """The first line of a block that says something: where a finding of the whole case stands."""
    start = span.start + len(span.text) - len(span.text.lstrip())
    line = span.text.strip().split("\n", 1)[0]
    return Span(span.source, start, start + len(line.rstrip()))


def _fact(item: Frame | Facts, name: str) -> Value | None:
    return (item.values if isinstance(item, Facts) else item.claim.fields).get(name)


def _said(value: Value | None, kind: Type) -> dict[str, str]:
    return {lang: format_value(value, kind.name, lang) for lang in ("zh", "en")}


def _or_none(texts: Sequence[str]) -> object:
    return list(texts) or {"zh": "没有", "en": "none"}


def _looked_at(problem: Diagnostic) -> list[str]:
    articles = problem.args.get("articles", "")
    return articles.split("、") if isinstance(articles, str) else list(articles)
