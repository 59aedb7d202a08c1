"""Values of which only some are known, compared.

A value is a plain ``Value``, a ``Term`` or ``UNKNOWN``. Comparing a term with a value splits the
path where both answers are possible; a term that is not followed gives ``UNKNOWN``.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from attrs import define, evolve

from tiaowen.compiler import types as ty
from tiaowen.compiler.checks.inputs import Inputs
from tiaowen.compiler.checks.space import Interval, Path, Subset, Term, Texts, number_of
from tiaowen.compiler.core import Value
from tiaowen.compiler.operations import OPERATIONS


class Unknown:
    """Neither known nor followed."""


UNKNOWN: Final = Unknown()
Found: TypeAlias = Value | Term | Unknown
Verdict: TypeAlias = bool | Unknown

COMPARISONS = {
    "eq": frozenset({0}), "ne": frozenset({-1, 1}), "lt": frozenset({-1}),
    "le": frozenset({-1, 0}), "gt": frozenset({1}), "ge": frozenset({0, 1}),
}  # fmt: skip


@define
class Comparing:
    """Compares values along one path; ``open`` lets every term take any value of its type."""

    inputs: Inputs
    path: Path
    open: bool = False

    def accepts(
        self, found: Found, accepted: frozenset[Value], prefixes: tuple[str, ...]
    ) -> Verdict:
        """Whether a value is among ``accepted`` or begins with one of ``prefixes``."""
        if isinstance(found, Unknown):
            return UNKNOWN
        if isinstance(found, Term):
            return self.member_of(found, accepted, prefixes)
        return found in accepted or (bool(prefixes) and str(found).startswith(prefixes))

    def follows(self, term: Term) -> bool:
        """Whether paths are split over a term's values."""
        return self.open or term.real or term.key in self.path.trusted

    def member_of(
        self, term: Term, accepted: frozenset[Value], prefixes: tuple[str, ...]
    ) -> Verdict:
        if not self.follows(term):
            return UNKNOWN
        if isinstance(term.domain, Subset):
            return self.path.member(
                term, lambda v: v in accepted or (bool(prefixes) and str(v).startswith(prefixes))
            )
        if isinstance(term.domain, Texts):
            return self.path.text_among(term, frozenset(str(v) for v in accepted))
        return any(self.compare(term, v) == 0 for v in sorted(accepted, key=str))

    def known(self, found: Found) -> Found:
        """The value itself, on a path for each, where there are finitely many."""
        if isinstance(found, Term) and isinstance(found.domain, Subset) and self.follows(found):
            return self.path.one(found)
        return found

    def equal(self, left: Found, right: Found) -> Verdict:
        """Whether two values without an order are the same."""
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return UNKNOWN
        if isinstance(left, Term) and isinstance(right, Term):
            if left.key == right.key:
                return True
            right = self.known(right)
            if isinstance(right, Term | Unknown):
                return self._free_truth(f"{min(left.key, right.key)}={max(left.key, right.key)}")  # type: ignore[union-attr]
        if isinstance(left, Term):
            return self.member_of(left, frozenset({right}), ())  # type: ignore[arg-type]
        if isinstance(right, Term):
            return self.member_of(right, frozenset({left}), ())
        return left == right

    def _free_truth(self, key: str) -> Verdict:
        return self.member_of(self.inputs.opaque(key, ty.TRUTH), frozenset({True}), ())

    def compare(self, left: Found, right: Found) -> int | None:
        """The sign of ``left`` − ``right``, None where it is not known."""
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return None
        if isinstance(left, Term):
            if isinstance(right, Term):
                return self._order(left, right)
            return self._against(left, right)
        if isinstance(right, Term):
            sign = self._against(right, left)
            return None if sign is None else -sign
        less, equal = OPERATIONS["lt"].meaning, OPERATIONS["eq"].meaning
        return 0 if equal(left, right) else -1 if less(left, right) else 1

    def _against(self, term: Term, value: Value) -> int | None:
        if not self.follows(term):
            return None
        number = number_of(value, term.type)
        if number is None or not isinstance(term.domain, Interval):
            return self._sign(f"{term.key}<>{value!r}")
        return self.path.compare(term, number)

    def _order(self, left: Term, right: Term) -> int | None:
        if left.key == right.key:
            return 0
        if left.key > right.key:
            sign = self._order(right, left)
            return None if sign is None else -sign
        return self._sign(f"{left.key}<>{right.key}")

    def _sign(self, key: str) -> int | None:
        term = evolve(self.inputs.opaque(key, ty.NUMBER), domain=Subset((-1, 0, 1)))
        return int(self.path.one(term)) if self.follows(term) else None  # type: ignore[arg-type]


def is_ordered(found: Found) -> bool:
    if isinstance(found, Term):
        return isinstance(found.domain, Interval)
    return not isinstance(found, str | bool | Unknown | tuple)


def key_of(found: Found) -> str:
    return found.key if isinstance(found, Term) else repr(found)
