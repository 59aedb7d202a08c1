"""Truths of the solver's form, kept small: what is known stays a Python truth.

A ``Truth`` is True, False or a formula. Nothing here asks the solver anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import z3

Truth: TypeAlias = Any
"""``bool`` or ``z3.BoolRef``; z3 has no types of its own."""
Term: TypeAlias = Any
"""``z3.ArithRef``."""


def both(*truths: Truth) -> Truth:
    """The conjunction."""
    kept = _kept(truths, neutral=True)
    if kept is None:
        return False
    return z3.And(*kept) if len(kept) > 1 else kept[0] if kept else True


def either(*truths: Truth) -> Truth:
    """The disjunction."""
    kept = _kept(truths, neutral=False)
    if kept is None:
        return True
    return z3.Or(*kept) if len(kept) > 1 else kept[0] if kept else False


def _kept(truths: Iterable[Truth], neutral: bool) -> list[Truth] | None:
    """The formulas that count, each once; None where one decides by itself."""
    kept: dict[int, Truth] = {}
    for truth in truths:
        if isinstance(truth, bool):
            if truth is not neutral:
                return None
            continue
        kept.setdefault(truth.get_id(), truth)
    for truth in kept.values():
        if z3.is_not(truth) and truth.arg(0).get_id() in kept:
            return None
    return list(kept.values())


def negation(truth: Truth) -> Truth:
    if isinstance(truth, bool):
        return not truth
    return truth.arg(0) if z3.is_not(truth) else z3.Not(truth)


def implies(condition: Truth, truth: Truth) -> Truth:
    return either(negation(condition), truth)


def same_truth(a: Truth, b: Truth) -> Truth:
    if isinstance(a, bool):
        return b if a else negation(b)
    if isinstance(b, bool):
        return a if b else negation(a)
    return True if a.eq(b) else a == b


def chosen_truth(condition: Truth, then: Truth, otherwise: Truth) -> Truth:
    """``then`` where ``condition`` holds, else ``otherwise``."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if same_form(then, otherwise):
        return then
    if isinstance(then, bool):
        return either(condition, otherwise) if then else both(negation(condition), otherwise)
    if isinstance(otherwise, bool):
        return either(negation(condition), then) if otherwise else both(condition, then)
    return z3.If(condition, then, otherwise)


def same_form(a: Any, b: Any) -> bool:
    """Whether two truths or terms are written alike."""
    if isinstance(a, z3.AstRef) and isinstance(b, z3.AstRef):
        return bool(a.eq(b))
    return not isinstance(a, z3.AstRef) and not isinstance(b, z3.AstRef) and bool(a == b)


def formula(truth: Truth) -> Any:
    """``truth`` as the solver takes it."""
    return z3.BoolVal(truth) if isinstance(truth, bool) else truth
