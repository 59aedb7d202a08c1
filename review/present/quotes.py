"""The words of a paragraph that a step rests on, cut to what holds its figures.

A paragraph of law runs to hundreds of characters; a reader of one step wants the clause with
the 75% in it. The clause is found by the value of the figure, not by its spelling, and among
equal figures by the words around it. Nothing is altered: what is left out is marked by …
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from tiaowen.compiler.types import LITERALS
from tiaowen.engine.telling.explanation import Term

if TYPE_CHECKING:
    from tiaowen.dsl.figures import Figure

MOST = 60
_STRONG = "。；！？\n"
_WEAK = "，,：:、"
_HAN = re.compile(r"[一-鿿]")

Stretch = tuple[int, int]
"""A start and an end in the paragraph."""


def excerpt(words: str, term: Term | None, hints: Iterable[str], most: int = MOST) -> str:
    """At most about ``most`` characters of ``words`` around the figures of ``term``.

    ``hints`` are words that belong to the step (its quantity, the row of its table, its rule);
    they choose between equal figures, and the clause where there is no figure at all.
    """
    text = " ".join(words.split())
    if len(text) <= most:
        return text
    wanted = _bigrams("".join(hints))
    found = _figures(text, list(_constants(term)) if term is not None else [], wanted)
    clauses = _clauses(text, _STRONG)
    if not found:
        best = max(clauses, key=lambda c: (_likeness(text[c[0] : c[1]], wanted), -c[0]))
        return _cut(text, best, best[0], most)
    low, high = min(f[0] for f in found), max(f[1] for f in found)
    if high - low > most:
        low, high = found[0]
    start = max((c[0] for c in clauses if c[0] <= low), default=0)
    end = min((c[1] for c in clauses if c[1] >= high), default=len(text))
    return _cut(text, (start, end), low, most, high)


def _constants(term: Term) -> Iterator[Term]:
    """The figures written in a rule, as far as this calculation used them."""
    if term.form == "constant" and isinstance(term.value, int | Fraction):
        if not isinstance(term.value, bool):
            yield term
    elif term.form == "slice":
        yield from (t for t in term.terms if t.type == "比例")
    for inner in term.terms if term.form != "slice" else ():
        yield from _constants(inner)


def _figures(text: str, constants: list[Term], wanted: set[str]) -> list[Stretch]:
    """Where each constant stands, the likeliest place where there are several."""
    if not constants:
        return []
    present = _quantities(text)
    found: list[Stretch] = []
    for constant in constants:
        places = [f for f in present if _same(constant, f.value, f.unit)]
        if places:
            best = max(
                places,
                key=lambda f: (_likeness(f.context, wanted), _likeness(f.clause, wanted), -f.start),
            )
            begin = best.start - len(best.context) if len(best.context) < 24 else best.start
            found.append((max(0, begin), best.end))
    return found


@lru_cache(maxsize=64)
def _quantities(text: str) -> tuple[Figure, ...]:
    from tiaowen.dsl.figures import figures

    return tuple(figure for figure in figures(text) if figure.kind == "quantity")


def _same(constant: Term, value: Fraction, unit: str) -> bool:
    if unit in ("分", "比例"):
        return constant.type == {"分": "金额", "比例": "比例"}[unit] and constant.value == value
    kind = LITERALS.get(unit)
    return kind is not None and kind[0].name == constant.type and constant.value == value * kind[1]


def _clauses(text: str, marks: str) -> list[Stretch]:
    found, start = [], 0
    for at, char in enumerate(text):
        if char in marks:
            found.append((start, at + 1))
            start = at + 1
    if start < len(text):
        found.append((start, len(text)))
    return found


def _cut(text: str, stretch: Stretch, low: int, most: int, high: int | None = None) -> str:
    """``stretch`` of ``text``, narrowed clause by clause around ``[low, high)`` to ``most``."""
    start, end = stretch
    if end - start > most:
        high = low if high is None else high
        pieces = [(start + a, start + b) for a, b in _clauses(text[start:end], _WEAK)]
        begin = max((a for a, _ in pieces if a <= low), default=start)
        stop = min((b for _, b in pieces if b >= high), default=end)
        start, end = begin, max(stop, begin + 1)
        for _, after in pieces:
            if after > end and after - start <= most:
                end = after
        if end - start > most:
            start = max(start, min(low, end - most))
            end = min(end, start + most)
    shown = text[start:end].strip().rstrip("，、：,:")
    opening = "…" if start > 0 else ""
    closing = "…" if end < len(text) and shown[-1:] not in "。！？" else ""
    return f"{opening}{shown}{closing}"


def _bigrams(text: str) -> set[str]:
    han = "".join(_HAN.findall(text))
    return {han[n : n + 2] for n in range(len(han) - 1)}


def _likeness(text: str, wanted: set[str]) -> int:
    return len(_bigrams(text) & wanted)
