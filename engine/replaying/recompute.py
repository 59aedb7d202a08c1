"""An explanation worked out again from its own figures, by a second hand.

A reader of a decision trusts it when every line follows from the lines it names. This checker
re-derives each step from the operands in its explanation, with arithmetic of its own: it
imports neither the interpreter nor the table of operations, and knows no policy. What the
explanation takes from outside (the claim's facts, figures of earlier decisions, the place of a
level on its scale) is taken as said, but has to be said alike everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from attrs import Factory, define, field

from tiaowen.engine.replaying.recompute_rules import (
    OPERATIONS,
    UNITS,
    literal,
    missing_months,
    months_in_a_row,
    rounded,
)
from tiaowen.engine.telling.explanation import Explanation, Skipped, Step, Term

_UNKNOWN: Any = object()
"""What cannot be worked out from the explanation alone."""
_IMPOSSIBLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
)


def recompute(explanation: Explanation) -> list[str]:
    """What does not follow, in the order of the steps; empty where every number recomputes."""
    checker = _Checker(explanation)
    for step in explanation.steps:
        checker.tried(f"{step.id} {step.quantity}", partial(checker.step, step))
        checker.steps[step.id] = step
    for skipped in explanation.skipped:
        checker.tried(
            f"rule of {skipped.quantity} that did not apply", partial(checker.skipped, skipped)
        )
    for line in explanation.statement:
        checker.at = f"statement line {line.name}"
        if line.step:
            checker.same(line.value, checker.value_of(line.step), "the value")
    return checker.found


@define
class _Checker:
    """``at`` says where we are; ``inside`` is how deep in a collection's elements."""

    explanation: Explanation
    found: list[str] = Factory(list)
    steps: dict[str, Step] = field(init=False)
    at: str = ""
    inside: int = 0
    here: Step | None = None
    arguments: list[Any] = Factory(list)
    changed: set[str] = field(init=False)
    """facts that a part or an inner settlement reads: there they may be others"""

    def __attrs_post_init__(self) -> None:
        self.steps = {}
        self.changed = {
            name for s in self.explanation.steps if s.where and not s.level
            for name in _inputs(s.term)
        }  # fmt: skip

    def same(self, recorded: Any, worked_out: Any, what: str) -> None:
        """Reports where the two differ and the second is known."""
        if worked_out is not _UNKNOWN and not _equal(recorded, worked_out):
            self.found.append(f"{self.at}: {what} is {recorded}, worked out {worked_out}")

    def value_of(self, identity: str) -> Any:
        """The value of a step told before; one told later or nowhere proves nothing."""
        step = self.steps.get(identity)
        return f"nothing: there is no step {identity} before it" if step is None else step.value

    # --- steps

    def tried(self, at: str, check: Callable[[], None]) -> None:
        """``check``, a calculation that cannot be done at all being a finding as well."""
        self.at = at
        try:
            check()
        except _IMPOSSIBLE as error:
            self.found.append(f"{at}: cannot be worked out ({error})")

    def step(self, step: Step) -> None:
        self.here, self.inside = step, 0
        if step.id in self.steps:
            self.found.append(f"{self.at}: the step stands twice")
        if step.condition is not None:
            self.term(step.condition)
            self.same(bool(step.condition.value), True, "the condition")
        exact = self._amended(step) if step.term.form == "amend" else self.term(step.term)
        if exact is not _UNKNOWN:
            allowed = exact if isinstance(exact, list) else [exact]
            results = [_result(step, value) for value in allowed]
            if not any(_equal(step.value, result) for result in results):
                self.same(step.value, results[0], "the value")

    def skipped(self, skipped: Skipped) -> None:
        self.here = None
        self.term(skipped.condition)
        self.same(bool(skipped.condition.value), False, "its condition")

    def _amended(self, step: Step) -> Any:
        """What an amendment makes of the value it found; several where the reading that
        decides (points or a share) is not in the explanation."""
        terms = list(step.term.terms)
        if step.before is not None:
            found = terms.pop(0)
            self.term(found)
            self.same(step.before, found.value, "the value before")
        operand = self.term(terms[0])
        if operand is _UNKNOWN:
            operand = terms[0].value
        return _AMENDMENTS[step.term.name](step.before, operand, step.type, terms[0].type)

    # --- calculations

    def term(self, term: Term) -> Any:
        """The value of a calculation, worked out; reports where it says otherwise."""
        handler = _FORMS.get(term.form)
        worked_out = handler(self, term) if handler is not None else self._operands(term)
        if term.form != "amend":
            self.same(term.value, worked_out, f"{term.form} {term.name}".rstrip())
        return term.value if worked_out is _UNKNOWN else worked_out

    def _operands(self, term: Term) -> Any:
        for inner in term.terms:
            self.term(inner)
        return _UNKNOWN

    def _step(self, term: Term) -> Any:
        return self.value_of(term.step)

    def _constant(self, term: Term) -> Any:
        if isinstance(term.value, bool):
            return {"是": True, "否": False}.get(term.text, _UNKNOWN)
        if isinstance(term.value, int | Fraction) and term.text:
            said = literal(term.text)
            return _UNKNOWN if said is None else said
        if isinstance(term.value, str) and term.text and term.type != "文本":
            return term.text
        return _UNKNOWN

    def _input(self, term: Term) -> Any:
        here = self.here
        outside = here is None or here.where or here.level or self.inside
        if outside or term.name in self.changed:
            return _UNKNOWN
        return self.explanation.facts.get(term.name, _UNKNOWN)

    def _default(self, term: Term) -> Any:
        said = [
            v
            for name, v in self.explanation.defaults.items()
            if name.rpartition(".")[2] == term.name
        ]
        return said[0] if len(said) == 1 else _UNKNOWN

    def _reading(self, term: Term) -> Any:
        chosen = [r.choice for r in self.explanation.readings if r.name == term.name]
        return chosen[0] if chosen else "no reading of that name"

    def _parameter(self, term: Term) -> Any:
        given = [p.value for p in self.explanation.parameters if p.name == term.name]
        return given[0] if len(given) == 1 else _UNKNOWN

    def _argument(self, term: Term) -> Any:
        return self.arguments[-1] if self.arguments else _UNKNOWN

    def _op(self, term: Term) -> Any:
        return OPERATIONS[term.name](*(self.term(t) for t in term.terms))

    def _logic(self, term: Term) -> Any:
        values = [bool(self.term(t)) for t in term.terms]
        enough = term.form == "or"
        if len(values) == 1:
            return values[0] if values[0] == enough else f"nothing: one side only of {term.form}"
        return any(values) if enough else all(values)

    def _if(self, term: Term) -> Any:
        condition, taken = term.terms
        self.term(condition)
        return self.term(taken)

    def _last(self, term: Term) -> Any:
        return [self.term(t) for t in term.terms][-1]

    def _apply(self, term: Term) -> Any:
        argument, inner = term.terms
        self.arguments.append(self.term(argument))
        value = self.term(inner)
        self.arguments.pop()
        return value

    def _bands(self, term: Term) -> Any:
        low, high, *slices = term.terms
        bounds = [Fraction(self.term(t)) for t in (low, high)]
        pieces = [self.term(t) for t in slices]
        widths = sum((Fraction(t.terms[0].value) for t in slices), Fraction(0))  # type: ignore[arg-type]
        self.same(widths, max(bounds[1] - bounds[0], Fraction(0)), "what the bands cover")
        return sum(pieces, Fraction(0))

    def _slice(self, term: Term) -> Any:
        width, ratio = (self.term(t) for t in term.terms)
        return Fraction(width) * Fraction(ratio)

    def _aggregate(self, term: Term) -> Any:
        values = self._elements(term.terms)
        if not values and term.name == "count":
            return _UNKNOWN
        return _fold(term.name, values)

    def _history(self, term: Term) -> Any:
        values = self._elements(term.terms)
        match term.name:
            case "exists":
                return any(values)
            case "count":
                return sum(values)
            case "last":
                return values[-1] if values else "nothing: no earlier item"
            case "max":
                return max(values, default=0)
        return _fold(term.name, values)

    def _elements(self, terms: Sequence[Term]) -> list[Any]:
        self.inside += 1
        values = [self.term(t) for t in terms]
        self.inside -= 1
        return values

    def _share(self, term: Term) -> Any:
        total, *weights = self._elements(term.terms)
        place = int(term.text)
        before, upto = sum(weights[:place]), sum(weights[: place + 1])
        if term.name == "in_order":
            return min(total, upto) - min(total, before)
        whole = Fraction(sum(weights))
        if not whole:
            return 0
        return rounded(total * Fraction(upto) / whole) - rounded(total * Fraction(before) / whole)

    def _months(self, term: Term) -> Any:
        values: list[date] = self._elements(term.terms)
        bounds, days = values[: int(term.text)], values[int(term.text) :]
        if term.name == "run":
            return months_in_a_row(days, bounds[-1])
        return missing_months(days, bounds) if len(bounds) != 1 else _UNKNOWN

    def _among(self, term: Term) -> Any:
        value = self.term(term.terms[0])
        listed = [part.strip().strip("“”") for part in term.text.replace("，", "、").split("、")]
        return True if isinstance(value, str) and value in listed else _UNKNOWN

    def _reasons(self, term: Term) -> Any:
        found: list[Any] = []
        for inner in term.terms:
            value = self.term(inner)
            found += [value] if inner.form == "ground" else list(value)
        return tuple(found)

    def _ground(self, term: Term) -> Any:
        condition = term.terms[0]
        self.term(condition)
        self.same(bool(condition.value), True, f"the condition of {term.name}")
        return term.name


def _inputs(term: Term) -> Iterator[str]:
    if term.form == "input":
        yield term.name
    for inner in term.terms:
        yield from _inputs(inner)


def _fold(kind: str, values: list[Any]) -> Any:
    if kind in ("max", "min", "first") and not values:
        return "nothing: no element"
    folds: Mapping[str, Callable[[list[Any]], Any]] = {
        "sum": sum, "count": len, "any": any, "all": all, "max": max, "min": min,
        "first": lambda found: found[0],
    }  # fmt: skip
    return folds[kind](values)


def _result(step: Step, exact: Any) -> Any:
    """A named amount of money is whole 分; one kept exact (末位舍入) stands as it is."""
    if step.type != "金额" or not isinstance(exact, Fraction):
        return exact
    kept = isinstance(step.value, Fraction) and step.value.denominator != 1
    return exact if kept else rounded(exact)


def _equal(recorded: Any, worked_out: Any) -> bool:
    if isinstance(recorded, bool) != isinstance(worked_out, bool):
        return False
    return bool(recorded == worked_out)


# --- amendments: (before, operand, type of the quantity, type of the operand) -> value


def _plain(sign: int) -> Callable[[Any, Any, str, str], Any]:
    def amend(before: Any, operand: Any, kind: str, of: str) -> Any:
        if isinstance(before, date):
            verb = "shift" if sign > 0 else "back"
            return OPERATIONS[f"{verb}_{UNITS[of]}"](before, operand)
        return before + sign * operand

    return amend


def _by_share(sign: int) -> Callable[[Any, Any, str, str], Any]:
    def amend(before: Any, operand: Any, kind: str, of: str) -> Any:
        if of != "比例":
            return before + sign * operand
        share = before * (1 + sign * Fraction(operand))
        return share if kind != "比例" else [before + sign * operand, share]

    return amend


_AMENDMENTS: Mapping[str, Callable[[Any, Any, str, str], Any]] = {
    "add": _plain(1), "subtract": _plain(-1), "raise": _by_share(1), "lower": _by_share(-1),
    "multiply": lambda before, operand, kind, of: before * Fraction(operand),
    "at_least": lambda before, operand, kind, of: before if before > operand else operand,
    "at_most": lambda before, operand, kind, of: before if before < operand else operand,
    "set_to": lambda before, operand, kind, of: operand,
    "step_up": lambda before, operand, kind, of: _UNKNOWN,
    "step_down": lambda before, operand, kind, of: _UNKNOWN,
}  # fmt: skip
_FORMS: Mapping[str, Callable[[_Checker, Term], Any]] = {
    "step": _Checker._step, "settled": _Checker._step, "constant": _Checker._constant,
    "input": _Checker._input, "default": _Checker._default, "reading": _Checker._reading,
    "parameter": _Checker._parameter, "argument": _Checker._argument, "op": _Checker._op,
    "and": _Checker._logic, "or": _Checker._logic, "if": _Checker._if, "table": _Checker._last,
    "apply": _Checker._apply, "bands": _Checker._bands, "slice": _Checker._slice,
    "aggregate": _Checker._aggregate, "history": _Checker._history, "share": _Checker._share,
    "months": _Checker._months, "among": _Checker._among, "reasons": _Checker._reasons,
    "ground": _Checker._ground,
}  # fmt: skip
