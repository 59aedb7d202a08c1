"""Why two decisions of one claim differ: where their explanations first part.

Both policies name the quantities of the national statement alike, so their steps align by name. A
step counts only where the result rests on it: of a cap that does not bind, of the larger of two
amounts where the smaller is taken, of a ratio of nothing, the result does not tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import Factory, define

from tiaowen.engine.explanation import Explanation, Step, Term
from tiaowen.review.difference.outcomes.records import Cause, StepPair


@define
class Resting:
    """The steps that one line of a statement rests on, by quantity, each with its states."""

    explanation: Explanation
    line: str
    states: dict[str, list[Step]] = Factory(dict)
    uses: dict[str, set[str]] = Factory(dict)
    steps: Mapping[str, Step] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        self.steps = {step.id: step for step in self.explanation.steps}
        root = next((ln.step for ln in self.explanation.statement if ln.name == self.line), "")
        seen: set[str] = set()
        waiting = [root] if root else []
        while waiting:
            identity = waiting.pop()
            if identity in seen:
                continue
            seen.add(identity)
            step = self.steps[identity]
            used = [term.step for term in binding(step)]
            self.uses.setdefault(step.quantity, set()).update(
                self.steps[u].quantity for u in used if self.steps[u].quantity != step.quantity
            )
            waiting += used
        for step in self.explanation.steps:
            if step.id in seen and not step.level:
                self.states.setdefault(step.quantity, []).append(step)

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

    def articles(self, quantity: str) -> tuple[str, ...]:
        """The articles that give ``quantity``; of a line that only the national order gives,
        those of what it rests on."""
        waiting, seen = [quantity], {quantity}
        while waiting:
            found = [s.citation.article for name in waiting for s in self.states.get(name, ())
                     if s.citation is not None and s.citation.article]  # fmt: skip
            if found:
                return tuple(dict.fromkeys(found))
            waiting = [n for name in waiting for n in sorted(self.uses.get(name, ()))
                       if n not in seen]  # fmt: skip
            seen.update(waiting)
        return ()


def binding(step: Step) -> Iterator[Term]:
    """The steps that the value of ``step`` rests on."""
    yield from _binding(step.term, step)


def _binding(term: Term, step: Step) -> Iterator[Term]:
    if term.step:
        yield term
    for inner in _decisive(term, step):
        yield from _binding(inner, step)


def _decisive(term: Term, step: Step) -> Iterable[Term]:
    """The operands of ``term`` that its value rests on."""
    match term.form, term.name:
        case "amend", "at_most" | "at_least" if len(term.terms) == 2:
            return term.terms[:1] if step.value == step.before else term.terms[1:]
        case "op", "min" | "max":
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
    """The quantities at the root of a difference: both results rest on them, their values
    differ, and nothing they rest on does. Where the results rest on nothing in common that
    differs, the line itself."""
    common = [q for q in first.states if q in second.states]
    differing = {q for q in common if first.value(q) != second.value(q)}
    roots = [
        q for q in common
        if q in differing and not differing & (first.below(q) | second.below(q))
    ]  # fmt: skip
    return tuple(
        Cause(q, first.articles(q), second.articles(q)) for q in roots or [first.line]
    )  # fmt: skip


def aligned(first: Resting, second: Resting) -> tuple[StepPair, ...]:
    """The steps of both from the first that differs, in the order they depend on one another."""
    order = list(first.states)
    before = ""
    for quantity in second.states:
        if quantity not in order:
            order.insert(order.index(before) + 1 if before in order else 0, quantity)
        before = quantity
    pairs = [
        StepPair(q, tuple(first.states.get(q, ())), tuple(second.states.get(q, ()))) for q in order
    ]
    start = next((n for n, pair in enumerate(pairs) if not pair.same), 0)
    return tuple(pairs[start:])
