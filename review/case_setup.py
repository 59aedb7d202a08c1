"""A worked case from its lines to a decision that is open: nothing is worked out yet.

The facts a case is based on come first, its own take their place. The claims a case puts
before it (此前) have the facts it is based on, and stand in the order they are written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.compiler.collect import CaseBlock
from tiaowen.compiler.core import Value
from tiaowen.compiler.spelling import nearest
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import Diagnostic, diagnose
from tiaowen.dsl.source import Span
from tiaowen.engine.claims.roles import Roles
from tiaowen.engine.decision import open_frame
from tiaowen.engine.frames import Claim, Facts, Frame, ParameterValue
from tiaowen.review.case_facts import OPENING, REVERSAL, FactReader, Gathered

_Lines = Sequence[tuple[CaseBlock, t.Line]]


@define
class Expected:
    """What a case says must come out."""

    values: list[t.Assign] = Factory(list)
    stops: list[t.ExpectStop] = Factory(list)
    notes: list[t.ExpectNote] = Factory(list)
    refusals: list[t.ExpectRefusal] = Factory(list)

    def __bool__(self) -> bool:
        return bool(self.values or self.stops or self.notes or self.refusals)


@define(eq=False)
class Setup:
    """One case as it is read. ``found`` is all that is wrong with how it is written; ``frame``
    is None where it cannot be decided at all. ``before`` are the frames of its earlier claims,
    each with the place that gives it."""

    program: c.Program
    examples: Mapping[str, CaseBlock]
    block: CaseBlock
    facts: FactReader
    span: Span
    matter: c.Matter | None = None
    frame: Frame | None = None
    expected: Expected = Factory(Expected)
    before: list[tuple[Frame, Span]] = Factory(list)
    readings: dict[str, str] = Factory(dict)
    parameters: dict[str, ParameterValue] = Factory(dict)
    history: list[Frame | Facts] = Factory(list)
    base: Gathered = Factory(Gathered)
    own: Gathered = Factory(Gathered)

    @property
    def name(self) -> str:
        """What messages call the case: its name, else where it stands."""
        return self.block.name or str(self.span)

    @property
    def found(self) -> list[Diagnostic]:
        return self.facts.found

    # --- lines

    def lines(self, block: CaseBlock, seen: tuple[str, ...] = ()) -> _Lines:
        """The lines of ``block`` after those it is based on, each with the block it is of."""
        lines: list[tuple[CaseBlock, t.Line]] = []
        for line in block.lines:
            based = line.statement
            if not isinstance(based, t.Based):
                lines.append((block, line))
            elif based.name in seen:
                cycle = " → ".join((*seen, based.name))
                self.found.append(diagnose("TW0806", based.span, name=based.name, cycle=cycle))
            elif based.name not in self.examples:
                near = nearest(based.name, self.examples)
                self.found.append(diagnose("TW0803", based.span, name=based.name, nearest=near))
            else:
                base = self.examples[based.name]
                lines = [*self.lines(base, (*seen, based.name)), *lines]
        return lines

    def open(self) -> None:
        """Read every line and open the decision."""
        lines = self.lines(self.block)
        self.matter = self._matter(lines)
        if self.matter is None:
            return
        for block, line in lines:
            self._line(line.statement, self.matter, based=block is not self.block)
        for _, line in lines:
            if isinstance(line.statement, t.Earlier):
                self._earlier(line.statement, self.matter)
        self.frame = self._frame(self.own.claim(self.matter.name))

    def _matter(self, lines: _Lines) -> c.Matter | None:
        """The matter that the case or what it is based on names, else the one in force where it
        stands, else where its base stands, else the policy's only one."""
        stated = [x.statement for _, x in lines if isinstance(x.statement, t.CaseMatter)]
        if stated:
            return self._matter_named(stated[-1].name, stated[-1].span)
        standing = [self.block.matter, *(b.matter for b, _ in reversed(lines))]
        name = next((matter for matter in standing if matter), None)
        if name is None and len(self.program.matters) == 1:
            (name,) = self.program.matters
        if name is None:
            self.found.append(diagnose("TW0112", self.span, name=self.name))
            return None
        return self._matter_named(name, self.span)

    def _matter_named(self, name: str, span: Span) -> c.Matter | None:
        matters = self.program.matters
        if name not in matters:
            near = nearest(name, matters)
            found = diagnose("TW0208", span, name=name, nearest=near, matters=list(matters))
            self.found.append(found)
        return matters.get(name)

    def _line(self, statement: t.CaseStatement | t.RuleStatement, matter: c.Matter,
              based: bool) -> None:  # fmt: skip
        match statement:
            case t.Given(assigns=assigns):
                if based:
                    self.facts.gather(assigns, matter, self.base)
                    self.own = self.base.copy()
                else:
                    self.facts.gather(assigns, matter, self.own)
            case t.CaseReading() as reading:
                self._reading(reading)
            case t.CaseParameter() as parameter:
                self._parameter(parameter)
            case t.Expect(assigns=assigns):
                self.expected.values += assigns
            case t.ExpectStop() as stop:
                self.expected.stops.append(stop)
            case t.ExpectNote() as note:
                self.expected.notes.append(note)
            case t.ExpectRefusal() as refusal:
                self.expected.refusals.append(refusal)

    def _frame(self, claim: Claim) -> Frame:
        return open_frame(self.program, claim, history=tuple(self.history),
                          readings=self.readings, parameters=self.parameters)  # fmt: skip

    def _reading(self, given: t.CaseReading) -> None:
        info = self.program.readings.get(given.name)
        known = self.program.readings if info is None else info.choices
        if info is not None and given.choice in info.choices:
            self.readings[given.name] = given.choice
            return
        written = given.name if info is None else given.choice
        value = None if info is None else given.choice
        near = nearest(written, known)
        self.found.append(diagnose("TW0512", given.span, name=given.name, value=value,
                                   nearest=near, values=list(known)))  # fmt: skip

    def _parameter(self, given: t.CaseParameter) -> None:
        info = self.program.parameters.get(given.name)
        if info is None:
            near = nearest(given.name, self.program.parameters)
            self.found.append(diagnose("TW0513", given.span, name=given.name, nearest=near))
        elif given.name in self.parameters:
            twice = {"zh": "给了两次", "en": "is given twice"}
            self.found.append(diagnose("TW0514", given.span, name=given.name, problem=twice))
        elif (value := self.facts.parameter(given, info)) is not None:
            self.parameters[given.name] = value

    # --- earlier items

    def _earlier(self, earlier: t.Earlier, matter: c.Matter) -> None:
        """One 此前, after those written above it."""
        if earlier.name == REVERSAL and not earlier.settled:
            self._reverse(earlier)
            return
        if earlier.name == OPENING and not earlier.settled:
            self.history.append(self.facts.opening(earlier, matter))
            return
        other = self._matter_named(earlier.name, earlier.span)
        if other is None:
            return
        if earlier.settled:
            self.history.append(self.facts.settlement(earlier, other))
            return
        gathered = self.base.copy()
        self.facts.gather(earlier.assigns, other, gathered)
        frame = self._frame(gathered.claim(other.name))
        self.before.append((frame, earlier.span))
        self.history.append(frame)

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


def set_up(program: c.Program, examples: Mapping[str, CaseBlock], block: CaseBlock) -> Setup:
    """Case ``block`` with its decision open; ``examples`` are the 样例 by name."""
    setup = Setup(program, examples, block, FactReader(program), _first_line(block.block.span))
    setup.open()
    return setup


def _fact(item: Frame | Facts, name: str) -> Value | None:
    return (item.values if isinstance(item, Facts) else item.claim.fields).get(name)


def _first_line(span: Span) -> Span:
    """The first line of a block that says something: where a finding of the whole case stands."""
    start = span.start + len(span.text) - len(span.text.lstrip())
    line = span.text.strip().split("\n", 1)[0]
    return Span(span.source, start, start + len(line.rstrip()))
