"""What is still possible: the inputs of a check, and the regions of their values along one path.

A check runs as an ordinary function that asks a ``Path`` about inputs. Where both answers are
possible the path takes one, and ``explore`` runs the function again for the other, so that all
combinations that matter are seen and no others. Promised: the regions of the paths of one
exploration are disjoint and together hold every value.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeAlias

from attrs import Factory, define, evolve, field, frozen

from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.compiler.types import Type

MOST_PATHS = 4000
"""An exploration that needs more paths is given up."""

Number: TypeAlias = int | Fraction
DAY = 24 * 3600


@frozen
class Subset:
    """One of finitely many values, the usual one first."""

    values: tuple[Value, ...]


@frozen
class Interval:
    """Numbers from ``low`` to ``high``; None is no bound. Of whole numbers the ends are closed."""

    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False
    whole: bool = False


@frozen
class Texts:
    """A text: ``fixed``, or any other than ``excluded``."""

    fixed: str | None = None
    excluded: frozenset[str] = frozenset()


Region: TypeAlias = Subset | Interval | Texts


@frozen
class Term:
    """A value not known while checking: an input, or an expression taken as a free value.

    ``key`` tells terms apart; equal keys are equal values. A ``real`` term is an input that a
    claim, a reading or a parameter file gives. ``name`` is what a witness calls it.
    """

    key: str
    type: Type
    domain: Region = field(eq=False)
    real: bool = False
    name: str = ""


class Dead(Exception):
    """No decision gets this far: something before it stops, or is reported by itself."""


class TooMany(Exception):
    """The exploration has more paths than it may take."""


@define
class Path:
    """One way through a check: the decisions taken and what they say of each term.

    ``trusted`` are terms taken as inputs although they are none; ``scales`` says of a term
    which scale it was read as.
    """

    prefix: tuple[bool, ...] = ()
    taken: list[bool] = Factory(list)
    regions: dict[str, Region] = Factory(dict)
    terms: dict[str, Term] = Factory(dict)
    trusted: set[str] = Factory(set)
    scales: dict[str, str] = Factory(dict)

    def decide(self) -> bool:
        """Take the next decision: the one to be replayed, else the first."""
        at = len(self.taken)
        answer = self.prefix[at] if at < len(self.prefix) else True
        self.taken.append(answer)
        return answer

    def region(self, term: Term) -> Region:
        return self.regions.get(term.key, term.domain)

    def narrow(self, term: Term, region: Region) -> None:
        self.terms[term.key] = term
        self.regions[term.key] = region

    def member(self, term: Term, accepts: Callable[[Value], bool]) -> bool:
        """Whether a finite term's value is accepted."""
        region = self.region(term)
        assert isinstance(region, Subset)
        yes = tuple(v for v in region.values if accepts(v))
        if not yes or len(yes) == len(region.values):
            self.narrow(term, region)
            return bool(yes)
        answer = self.decide() is accepts(region.values[0])
        no = tuple(v for v in region.values if not accepts(v))
        self.narrow(term, Subset(yes if answer else no))
        return answer

    def one(self, term: Term) -> Value:
        """The value of a finite term, one path for each."""
        region = self.region(term)
        assert isinstance(region, Subset)
        for value in region.values[:-1]:
            if self.member(term, lambda v, wanted=value: v == wanted):  # type: ignore[misc]
                return value
        return region.values[-1]

    def text_among(self, term: Term, accepted: frozenset[str]) -> bool:
        """Whether a text is one of ``accepted``."""
        region = self.region(term)
        assert isinstance(region, Texts)
        if region.fixed is not None:
            return region.fixed in accepted
        for text in sorted(accepted - region.excluded):
            if self.decide():
                self.narrow(term, Texts(text))
                return True
            region = Texts(None, region.excluded | {text})
            self.narrow(term, region)
        return False

    def compare(self, term: Term, constant: Number) -> int:
        """How an ordered term stands to ``constant``: -1 below, 0 equal, 1 above."""
        region = self.region(term)
        assert isinstance(region, Interval)
        sides = [(sign, part) for sign, part in _cut(region, constant) if not is_empty(part)]
        for sign, part in sides[:-1]:
            if self.decide():
                self.narrow(term, part)
                return sign
        sign, part = sides[-1]
        self.narrow(term, part)
        return sign


def explore(run: Callable[[Path], None], most: int = MOST_PATHS) -> None:
    """Run ``run`` on every path. ``Dead`` ends a path quietly; ``TooMany`` beyond ``most``."""
    for path in paths(most):
        try:
            run(path)
        except Dead:
            continue


def paths(most: int) -> Iterator[Path]:
    """Every path, each given out before its decisions are taken and read after."""
    prefix: tuple[bool, ...] = ()
    for _ in range(most):
        path = Path(prefix)
        yield path
        taken = path.taken
        while taken and not taken[-1]:
            taken.pop()
        if not taken:
            return
        prefix = (*taken[:-1], False)
    raise TooMany


# --- numbers


def number_of(value: Value, kind: Type) -> Number | None:
    """``value`` on the number line of ``kind``; None where it has no place on it."""
    if isinstance(value, datetime.datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return value.toordinal() * DAY + seconds if kind == ty.MOMENT else None
    if isinstance(value, datetime.date):
        return value.toordinal() if kind == ty.DATE else None
    return value if isinstance(value, int | Fraction) else None


def value_at(number: Number, kind: Type) -> Value:
    """The value of ``kind`` at a place of its number line."""
    if kind == ty.DATE:
        return datetime.date.fromordinal(int(number))
    if kind == ty.MOMENT:
        day, seconds = divmod(int(number), DAY)
        start = datetime.datetime.combine(datetime.date.fromordinal(day), datetime.time())
        return start + datetime.timedelta(seconds=seconds)
    return number


def is_empty(region: Interval) -> bool:
    low, high = region.low, region.high
    if low is None or high is None:
        return False
    return low > high or (low == high and (region.low_open or region.high_open))


def below(region: Interval, bound: Number, closed: bool) -> Interval:
    """The part of ``region`` under ``bound``."""
    if region.whole:
        bound, closed = (math.floor(bound) if closed else math.ceil(bound) - 1), True
    old = region.high
    if old is not None and (old < bound or (old == bound and (region.high_open or closed))):
        return region
    return evolve(region, high=bound, high_open=not closed)


def above(region: Interval, bound: Number, closed: bool) -> Interval:
    """The part of ``region`` over ``bound``."""
    if region.whole:
        bound, closed = (math.ceil(bound) if closed else math.floor(bound) + 1), True
    old = region.low
    if old is not None and (old > bound or (old == bound and (region.low_open or closed))):
        return region
    return evolve(region, low=bound, low_open=not closed)


def _cut(region: Interval, at: Number) -> Iterator[tuple[int, Interval]]:
    yield -1, below(region, at, closed=False)
    yield 0, below(above(region, at, closed=True), at, closed=True)
    yield 1, above(region, at, closed=False)


def sample(region: Interval) -> Number | None:
    """A number of ``region``, an end where it has one; None where nothing bounds it."""
    low, high = region.low, region.high
    if low is not None and not region.low_open:
        return low
    if high is not None and not region.high_open:
        return high
    if low is not None and high is not None:
        return Fraction(low + high) / 2
    if low is not None:
        return low + 1
    return None if high is None else high - 1
