"""Why two decisions of one claim differ: where their explanations first part.

Both policies name the quantities of the national statement alike, so their steps align by name. A
step counts only where the result rests on it: of a cap that does not bind, of the larger of two
amounts where the smaller is taken, of a ratio of nothing, the result does not tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from attrs import Factory, define

from tiaowen.compiler import types as ty
from tiaowen.compiler.core import EXCLUDED, Value
from tiaowen.engine.telling.explanation import Explanation, Step, Term
from tiaowen.review.difference.outcomes.records import Cause, StepPair

REPLACING = frozenset({"at_most", "at_least", "set_to"})
"""Amendments after which the value they found does not tell."""

FIGURES = frozenset({ty.MONEY.name, ty.RATIO.name})


@define
class Resting:
    """The steps that one line of a statement rests on, by quantity, each with its states.

    ``counting`` are the quantities the line was worked out from: besides those it rests on, the
    amount that was not the smaller or larger of two, which decided by being the other one.
    """

    explanation: Explanation
    line: str
    states: dict[str, list[Step]] = Factory(dict)
    uses: dict[str, set[str]] = Factory(dict)
    steps: Mapping[str, Step] = Factory(dict)
    counting: set[str] = Factory(set)

    def __attrs_post_init__(self) -> None:
        self.steps = {step.id: step for step in self.explanation.steps}
        root = next((ln.step for ln in self.explanation.statement if ln.name == self.line), "")
        seen = self._walk(root, loose=False)
        for identity in seen:
            step = self.steps[identity]
            used = {self.steps[t.step].quantity for t in binding(step)} - {step.quantity}
            self.uses.setdefault(step.quantity, set()).update(used)
        for step in self.explanation.steps:
            if step.id in seen and not step.level:
                self.states.setdefault(step.quantity, []).append(step)
        self.counting = {self.steps[i].quantity for i in self._walk(root, loose=True)}

    def _walk(self, root: str, loose: bool) -> set[str]:
        """The steps that ``root`` rests on."""
        seen: set[str] = set()
        waiting = [root] if root else []
        while waiting:
            identity = waiting.pop()
            if identity not in seen:
                seen.add(identity)
                waiting += [term.step for term in binding(self.steps[identity], loose)]
        return seen

    def value(self, quantity: str) -> object:
        return self.states[quantity][-1].value

    def below(self, quantity: str) -> set[str]:
        """Every quantity that ``quantity`` rests on."""
        found: set[str] = set()
        waiting = list(self.uses.get(quantity, ()))
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.uses.get(name, ())
        return found

    # --- any quantity of the explanation, whether the result rests on it or not

    def all_states(self, quantity: str) -> list[Step]:
        found = self.states.get(quantity)
        return found or [
            s for s in self.explanation.steps if s.quantity == quantity and not s.level
        ]  # fmt: skip

    def last(self, quantity: str) -> Value | None:
        states = self.all_states(quantity)
        return states[-1].value if states else None

    def order(self, quantity: str) -> Fraction:
        value = self.last(quantity)
        return Fraction(value) if isinstance(value, int | Fraction) else Fraction(0)

    def figure(self, quantity: str) -> bool:
        """Whether it is an amount or a ratio."""
        return any(step.type in FIGURES for step in self.all_states(quantity))

    def used_at_all(self, quantity: str) -> set[str]:
        """Every quantity that the calculation of ``quantity`` names."""
        used = (t.step for s in self.all_states(quantity) for t in _steps(s.term))
        return {self.steps[u].quantity for u in used} - {quantity}

    def closure(self, quantity: str) -> set[str]:
        """What ``used_at_all`` leads to, however far."""
        found: set[str] = set()
        waiting = [quantity]
        while waiting:
            new = self.used_at_all(waiting.pop()) - found
            found |= new
            waiting += new
        return found

    # --- what gives a quantity

    def start(self, quantity: str) -> Value | None:
        """The value before any amendment that changes it."""
        states = self.all_states(quantity)
        first = next((s for s in states if s.before is None), states[0] if states else None)
        return first.value if first is not None else None

    def changes(self, quantity: str) -> dict[str, tuple[str, Value | None]]:
        """The articles of the amendments that change a value, each with what it does to it."""
        return {
            step.citation.article: (step.kind, step.term.terms[-1].value)
            for step in self.all_states(quantity)
            if step.before is not None and step.value != step.before and step.term.terms
            and step.citation is not None and step.citation.article
        }  # fmt: skip

    def articles(self, quantity: str) -> tuple[str, ...]:
        """The articles of the value a quantity starts from; of a line that only the national
        order gives, those of what it rests on."""
        waiting, seen = [quantity], {quantity}
        while waiting:
            found = [s.citation.article for name in waiting for s in self.all_states(name)
                     if s.citation is not None and s.citation.article
                     and (s.before is None or name != quantity)]  # fmt: skip
            if found:
                return tuple(dict.fromkeys(found))
            waiting = [n for name in waiting for n in sorted(self.uses.get(name, ()))
                       if n not in seen]  # fmt: skip
            seen.update(waiting)
        return ()


def _steps(term: Term) -> Iterator[Term]:
    if term.step:
        yield term
    for inner in term.terms:
        yield from _steps(inner)


def binding(step: Step, loose: bool = False) -> Iterator[Term]:
    """The steps that the value of ``step`` rests on; ``loose`` counts both of two amounts of
    which the smaller or larger was taken."""
    yield from _binding(step.term, step, loose)


def _binding(term: Term, step: Step, loose: bool) -> Iterator[Term]:
    if term.step:
        yield term
    for inner in _decisive(term, step, loose):
        yield from _binding(inner, step, loose)


def _decisive(term: Term, step: Step, loose: bool) -> Iterable[Term]:
    """The operands of ``term`` that its value rests on."""
    match term.form, term.name:
        case "amend", "at_most" | "at_least" if len(term.terms) == 2:
            if step.value == step.before:
                return term.terms[:1]
            return term.terms if loose else term.terms[1:]
        case "op", "min" | "max" if not loose:
            taken = [t for t in term.terms if t.value == term.value]
            return taken[:1] or term.terms
        case "op", "multiply" if term.value == 0:
            return [t for t in term.terms if t.value == 0][:1]
        case "if", _:
            return term.terms[1:]
        case _:
            return term.terms


# --- two explanations


def causes(first: Resting, second: Resting) -> tuple[Cause, ...]:
    """What is at the root of a difference of two results.

    A root is a quantity that both results rest on, whose values differ while nothing it rests on
    does. Where an amendment of one side changes a root, that is a cause by itself; so is the
    value it found, where that differs too. Grounds of exclusion go before the amounts they cut.
    """
    excluded = _excluded(first.explanation), _excluded(second.explanation)
    if excluded[0] != excluded[1]:
        return (Cause(EXCLUDED, *excluded),)
    found: dict[Cause, None] = {}
    for quantity in _roots(first, second):
        found.update(dict.fromkeys(_causes(quantity, first, second)))
    return tuple(found)


def _excluded(explanation: Explanation) -> tuple[str, ...]:
    """The articles by which something is not paid."""
    found = {item.citation.article for item in explanation.refusals} or {
        s.citation.article for s in explanation.steps
        if s.quantity == EXCLUDED and s.value and s.citation is not None
    }  # fmt: skip
    return tuple(sorted(found - {""}))


def _roots(first: Resting, second: Resting) -> tuple[str, ...]:
    common = [q for q in first.states if q in second.states]
    differing = {q for q in common if first.value(q) != second.value(q)}
    roots = [
        q for q in common
        if q in differing and not differing & (first.below(q) | second.below(q))
    ]  # fmt: skip
    parted = (r for q in roots or [first.line] for r in _deeper(q, first, second))
    return tuple(dict.fromkeys(parted))


def _deeper(quantity: str, first: Resting, second: Resting) -> list[str]:
    """Where each side takes another operand of a smaller or larger of two, the operand that
    decides: the cost is below one deductible and above the other, or one cap binds."""
    if first.uses.get(quantity) == second.uses.get(quantity) or quantity not in second.states:
        return [quantity]
    smaller, larger = sorted((first, second), key=lambda r: r.order(quantity))
    bound = larger if smaller.states[quantity][-1].kind == "at_least" else smaller
    for used in sorted(bound.uses.get(quantity, ())):
        values = [side.last(used) for side in (first, second)]
        if None not in values and values[0] != values[1]:
            return _below(used, first, second)
    return [quantity]


def _below(quantity: str, first: Resting, second: Resting) -> list[str]:
    """Of the figures that ``quantity`` is worked out from on both sides, the furthest down that
    differ; ``quantity`` itself where none does."""
    common = first.closure(quantity) & second.closure(quantity)
    differing = {q for q in common if first.last(q) != second.last(q) and first.figure(q)}
    roots = [
        q for q in sorted(differing)
        if not differing & (first.closure(q) | second.closure(q))
    ]  # fmt: skip
    return roots or [quantity]


def _causes(quantity: str, first: Resting, second: Resting) -> Iterator[Cause]:
    """A root's causes: what it started from, and each amendment that only one side makes."""
    starts = [side.start(quantity) for side in (first, second)]
    changes = [side.changes(quantity) for side in (first, second)]
    found = [Cause(quantity, (a,), ()) for a in changes[0] if changes[1].get(a) != changes[0][a]]
    found += [Cause(quantity, (), (a,)) for a in changes[1] if changes[0].get(a) != changes[1][a]]
    replaced = any(kind in REPLACING for change in changes for kind, _ in change.values())
    if not found or (starts[0] != starts[1] and not replaced):
        yield Cause(quantity, first.articles(quantity), second.articles(quantity))
    yield from found


def aligned(first: Resting, second: Resting) -> tuple[StepPair, ...]:
    """The steps of both from the first that differs, in the order they depend on one another. A
    quantity that one result rests on is told for both sides, as far as the other has it."""
    order = list(first.states)
    before = ""
    for quantity in second.states:
        if quantity not in order:
            order.insert(order.index(before) + 1 if before in order else 0, quantity)
        before = quantity
    pairs = [
        StepPair(q, tuple(first.all_states(q)), tuple(second.all_states(q)),
                 (q in first.counting, q in second.counting)) for q in order
    ]  # fmt: skip
    telling = _telling(pairs, (first, second))
    kept = [p for p in pairs if p.quantity in telling or (p.first != () != p.second)]
    start = next((n for n, pair in enumerate(kept) if pair.quantity in telling), 0)
    return tuple(kept[start:])


def _telling(pairs: Iterable[StepPair], sides: tuple[Resting, Resting]) -> set[str]:
    """The quantities that differ, with what only one side has on the way to them. Below what is
    the same on both sides nothing tells, whatever it is called."""
    by_name = {pair.quantity: pair for pair in pairs}
    found: set[str] = set()
    waiting = [
        q for q, pair in by_name.items() if pair.first != () != pair.second and not pair.same
    ]
    while waiting:
        quantity = waiting.pop()
        if quantity in found or quantity not in by_name or by_name[quantity].same:
            continue
        found.add(quantity)
        waiting += [used for side in sides for used in side.used_at_all(quantity)]
    return found or set(by_name)
