"""The grid as a table that repeats nothing: persons, places and levels for which every result is
the same are taken together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from attrs import frozen

from tiaowen.review.difference.outcomes.alike import grouped
from tiaowen.review.difference.outcomes.records import Compared, Level, Person

T = TypeVar("T")


@frozen
class Gains:
    """``rows`` are (levels, places), ``columns`` persons; each group's first stands for it.
    ``levels`` and ``places`` are how many were compared."""

    columns: tuple[tuple[Person, ...], ...]
    rows: tuple[tuple[tuple[Level, ...], tuple[str, ...], tuple[Compared, ...]], ...]
    levels: int
    places: int


def merged(compared: Iterable[Compared]) -> Gains:
    """The grid with equal persons, then equal places, then equal levels of a place merged."""
    by = {(c.situation.level, c.situation.person, c.situation.place): c for c in compared}
    levels = list(dict.fromkeys(level for level, _, _ in by))
    persons = list(dict.fromkeys(person for _, person, _ in by))
    places = list(dict.fromkeys(place for _, _, place in by))
    columns = _groups(persons, lambda p: (_result(by[lv, p, pl]) for lv in levels for pl in places))
    kept = [group[0] for group in columns]
    rows = []
    for alike in _groups(places, lambda pl: (_result(by[v, p, pl]) for v in levels for p in kept)):
        here = {(v, p): by[v, p, alike[0]] for v in levels for p in kept}
        results = {v: tuple(_result(here[v, p]) for p in kept) for v in levels}
        rows += [(group, alike, tuple(here[group[0], p] for p in kept))
                 for group in grouped(levels, results)]  # fmt: skip
    return Gains(tuple(columns), tuple(rows), len(levels), len(places))


def _groups(values: list[T], results: Callable[[T], Iterable[Hashable]]) -> list[tuple[T, ...]]:
    return grouped(values, {value: tuple(results(value)) for value in values})


def _result(compared: Compared) -> Hashable:
    """What a situation comes to, wherever it is and however far its grid goes."""
    differing = any(s.more for s in compared.stretches)
    stretches = tuple((s.low, s.high, s.more, s.most.gap) for s in compared.stretches if differing)
    return stretches, tuple((r.whose, r.causes) for r in compared.refused)
