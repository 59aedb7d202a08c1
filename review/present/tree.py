"""The steps of an explanation as branches: a quantity, its states, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import Factory, define

from tiaowen.engine.telling.explanation import Citation, Explanation, Step, Term
from tiaowen.review.present.formulas import Formula, decisive
from tiaowen.review.present.model import Branch, Cited, Entry
from tiaowen.review.present.quotes import excerpt
from tiaowen.review.present.words import Words


@define
class Teller:
    """Tells each step once; ``quoted`` remembers which words were quoted already, ``zeros``
    are lines of the national order that no rule touches."""

    explanation: Explanation
    words: Words
    steps: dict[str, Step] = Factory(dict)
    told: set[str] = Factory(set)
    quoted: set[tuple[str, str]] = Factory(set)
    zeros: list[Step] = Factory(list)
    roots: set[str] = Factory(set)

    def __attrs_post_init__(self) -> None:
        self.steps = {step.id: step for step in self.explanation.steps}
        self.roots = {line.step for line in self.explanation.statement if line.step}

    # --- branches

    def branch(self, identity: str) -> Branch | None:
        """The branch of a step, or None where it was told before or is a fee line's."""
        step = self.steps[identity]
        if identity in self.told or step.level:
            return None
        chain = self._chain(step)
        self.told.update(s.id for s in chain)
        if len(chain) == 1 and _is_plain_zero(step):
            self.zeros.append(step)
            return None
        entries: list[Entry] = []
        children: list[Branch] = []
        for state in chain:
            entries.append(self.entry(state))
            children += self._children(state)
        return Branch(
            self.words.name(step.quantity),
            self.words.place(step.where),
            self.words.value(step.value, step.type, step.quantity),
            tuple(entries),
            tuple(children),
        )

    def statement(self) -> tuple[Branch, ...]:
        """A branch for each line of the statement that a step gives, operands before results."""
        ordered = [step.id for step in self.explanation.steps if step.id in self.roots]
        return tuple(b for identity in ordered if (b := self.branch(identity)) is not None)

    def rest(self) -> tuple[Branch, ...]:
        """Branches for the steps that no branch has told: nothing else asked for them."""
        left = [s for s in self.explanation.steps if s.id not in self.told and not s.level]
        used = {t.step for s in left for t in _steps_in(s)}
        roots = [s for s in left if s.id not in used]
        return tuple(b for s in (*roots, *left) if (b := self.branch(s.id)) is not None)

    def _chain(self, step: Step) -> list[Step]:
        """``step`` and the earlier states it amends that are not told yet, oldest first."""
        chain = [step]
        while (before := self._amended(chain[0])) is not None and before.id not in self.told:
            chain.insert(0, before)
        return chain

    def _amended(self, step: Step) -> Step | None:
        if step.term.form != "amend" or step.before is None or not step.term.terms:
            return None
        return self.steps.get(step.term.terms[0].step)

    def _children(self, step: Step) -> Iterator[Branch]:
        for term in _steps_in(step):
            wanted = self.steps.get(term.step)
            if wanted is None:
                continue
            if wanted.level and wanted.id not in self.told:
                self.told.add(wanted.id)
                yield from self._children(wanted)
            elif term.step not in self.roots and (branch := self.branch(term.step)) is not None:
                yield branch

    # --- one state

    def entry(self, step: Step) -> Entry:
        """How one state came about."""
        value = self.words.value(step.value, step.type, step.quantity)
        if step.term.form == "amend":
            return self._amendment(step, value)
        if step.type == "是否" or step.term.form == "reasons":
            return self._truth(step, value)
        symbolic = Formula(self.words, kind=step.type)
        numeric = Formula(self.words, numeric=True, kind=step.type)
        symbols, numbers = symbolic.write(step.term), numeric.write(step.term)
        notes = [*symbolic.notes, *(n for n in numeric.notes if n not in symbolic.notes)]
        if step.kind == "total":
            symbols = self.words("parts_sum")
        if symbols == self.words.name(step.quantity):
            symbols = ""
            notes.append(self.words("changed_fact"))
        notes += [*self._rounding(step, step.term.value), *filter(None, [self.when(step)])]
        return Entry(
            step.id,
            value,
            "" if symbols in (numbers, value) else symbols,
            "" if numbers == value else numbers,
            notes=tuple(notes),
            cited=self.cited(step.citation, step),
        )

    def _truth(self, step: Step, value: str) -> Entry:
        """Whether something holds: what decided it, instead of a formula of truths."""
        term, notes = step.term, []
        if term.form == "reasons":
            grounds = [t for t in term.terms if t.form == "ground"]
            notes = [
                f"{g.name}{self.words('separator')}{decisive(g.terms[0], self.words)}"
                for g in grounds
            ] or [self.words("no_ground")]
            cited = self.cited(step.citation, step) if grounds else None
            return Entry(step.id, value, notes=tuple(notes), cited=cited)
        formula = Formula(self.words)
        symbols = formula.write(term)
        because = decisive(term, self.words)
        notes = list(formula.notes)
        if because not in (value, f"{symbols} = {value}", symbols):
            notes.insert(0, self.words("because", because))
        shown = "" if symbols in (value, self.words.name(step.quantity)) else symbols
        cited = self.cited(step.citation, step)
        return Entry(step.id, value, shown, notes=tuple(notes), cited=cited)

    def _amendment(self, step: Step, value: str) -> Entry:
        terms = list(step.term.terms)
        if step.before is not None:
            terms.pop(0)
        operand = terms[0]
        symbolic = Formula(self.words, kind=step.type)
        numeric = Formula(self.words, numeric=True, kind=step.type)
        symbols, numbers = symbolic.write(operand), numeric.write(operand)
        worth = self.words.value(operand.value, operand.type)
        join = " " if operand.form in _SIMPLE else " = "
        shown = join.join(dict.fromkeys(p for p in (symbols, numbers, worth) if p))
        change = f"{self.words.operation(step.term.name)} {shown}"
        when = self.when(step)
        notes = dict.fromkeys((*symbolic.notes, *numeric.notes))
        before = "" if step.before is None else self.words.value(step.before, step.type)
        return Entry(
            step.id,
            value,
            before=before,
            change=change,
            condition=when,
            notes=tuple(notes),
            cited=self.cited(step.citation, step),
        )

    def when(self, step: Step) -> str:
        if step.condition is None:
            return ""
        return self.words("when", Formula(self.words).write(step.condition))

    def _rounding(self, step: Step, exact: object) -> list[str]:
        rounded = step.type == "金额" and isinstance(exact, Fraction) and exact != step.value
        return [self.words("rounded")] if rounded else []

    # --- citations

    def cited(self, citation: Citation | None, step: Step | None = None) -> Cited | None:
        """A citation to show; the words only where they were not quoted before."""
        if citation is None:
            return None
        if not citation.article:
            return Cited(self.words("national"), True)
        term = step.term if step is not None else None
        hints = [step.quantity, *_hints(step.term)] if step is not None else [citation.rule]
        quote = excerpt(citation.words, term, hints)
        if (citation.article, quote) in self.quoted:
            quote = ""
        self.quoted.add((citation.article, quote))
        return Cited(citation.article, False, quote, citation.basis)


_SIMPLE = {"step", "input", "default", "parameter", "key", "given"}


def _is_plain_zero(step: Step) -> bool:
    """A line that the national order sets to nothing and no rule touches."""
    return (
        step.kind == "define"
        and step.term.form == "constant"
        and step.value == 0
        and step.type == "金额"
        and not (step.citation is not None and step.citation.article)
    )


def _steps_of(term: Term) -> Iterator[Term]:
    """The steps that a calculation refers to, in order."""
    if term.step:
        yield term
    for inner in term.terms:
        yield from _steps_of(inner)


def _steps_in(step: Step) -> Iterator[Term]:
    """The steps that a step's calculation and its condition refer to."""
    yield from _steps_of(step.term)
    if step.condition is not None:
        yield from _steps_of(step.condition)


def _hints(term: Term) -> Iterator[str]:
    if term.form == "table":
        yield term.text
        for key in term.terms[:-1]:
            yield str(key.value)
    for inner in term.terms:
        yield from _hints(inner)
