"""Looks for the causes under which the policy gives what was charged.

Every single cause is tried, and what each alone leads to is kept: which pairs can succeed
(``pairs.py``) is told from that. What is left untried is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from attrs import define, field, frozen

from tiaowen.compiler.core import Value
from tiaowen.engine.frames import Frame
from tiaowen.review.reconciliation.bench import Bench, Key, Values, World
from tiaowen.review.reconciliation.causes import Sources, causes, looks_back
from tiaowen.review.reconciliation.ranking import agrees, distance, rank
from tiaowen.review.reconciliation.records import (
    AddedItem,
    Cause,
    MissedItem,
    OtherFigure,
)
from tiaowen.review.reconciliation.stays import unknown_stays

BUDGET = 20_000
"""Decisions that a search may make unless told otherwise."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told the decisions made and the budget."""

OUT_OF_BUDGET, NOT_TOGETHER = "budget", "together"
"""What a search may leave out: what there were no decisions left for; pairs of causes neither
of which alone bears on the first line that differs."""


@frozen(eq=False)
class Single:
    """A cause with what it alone leads to. ``place`` is the first wanted line that still differs
    under it, ``shift`` how the lines up to the first difference of all move."""

    cause: Cause
    values: Values
    place: int
    shift: tuple[int, ...]
    number: int


@frozen(eq=False)
class Hit:
    """Causes that reproduce the charged figures, any of a slot with any of the other, and the
    statement they lead to."""

    slots: tuple[tuple[Cause, ...], ...]
    values: Values


@define(eq=False)
class Search:
    """One search. ``wanted`` are (place in ``bench.names``, charged value), in statement order."""

    bench: Bench
    world: World
    wanted: Sequence[tuple[int, Value]]
    sources: Sources
    budget: int = BUDGET
    progress: Progress | None = None
    hits: list[Hit] = field(factory=list)
    nearest: tuple[tuple[int, int], tuple[int, int], tuple[Cause, ...], Values] | None = None
    singles_tried: int = 0
    pairs_tried: int = 0
    unsearched: set[str] = field(factory=set)
    mute: list[Cause] = field(factory=list)
    """Causes that alone change nothing, or give no decision at all."""
    base: Values = ()
    first: int = 0
    asked: set[Key] = field(factory=set)

    def run(self) -> list[Single]:
        """Try every single cause; those that change something and do not succeed alone."""
        frame = self.bench.frame(self.world, self.asked)
        if frame is None:
            self.bench.reference = True
            frame = self.bench.frame(self.world, self.asked)
        if frame is None:
            return []
        self.base = self.bench.read(frame)
        self.first = self.place(self.base)
        end = len(self.wanted)
        return [single for single in self.singles(frame) if single.place < end]

    def left(self) -> int:
        """The decisions that may still be made."""
        if self.progress is not None:
            self.progress(self.bench.decisions, self.budget)
        return self.budget - self.bench.decisions

    # --- values against what was charged

    def place(self, values: Values) -> int:
        """The first wanted line that is not as charged; their number where all are."""
        for number, (at, charged) in enumerate(self.wanted):
            if not agrees(values[at], charged):
                return number
        return len(self.wanted)

    def shift(self, values: Values) -> tuple[int, ...]:
        """How the wanted lines up to the first difference move, in 分 where they are amounts."""
        return tuple(_apart(values[at], self.base[at]) for at, _ in self.wanted[: self.first + 1])

    def missing(self) -> tuple[int, ...]:
        """How they would have to move."""
        return tuple(
            0 if agrees(self.base[at], charged) else _apart(charged, self.base[at])
            for at, charged in self.wanted[: self.first + 1]
        )

    def consider(self, causes: tuple[Cause, ...], values: Values | None) -> bool:
        """Whether these causes succeed; the nearest of those that do not is kept."""
        if values is None:
            return False
        if self.place(values) == len(self.wanted):
            return True
        lines = [values[at] for at, _ in self.wanted]
        key = (distance(lines, [charged for _, charged in self.wanted]), rank(causes))
        if self.nearest is None or key < self.nearest[:2]:
            self.nearest = (*key, causes, values)
        return False

    # --- single causes

    def singles(self, frame: Frame) -> Iterator[Single]:
        """Every cause that alone changes anything at all."""
        for number, cause in enumerate(self.every(frame)):
            if self.left() <= 0:
                self.unsearched.add(OUT_OF_BUDGET)
                return
            self.singles_tried += 1
            values = self.bench.values(self.world.under(cause, self.bench))
            if values is None or values == self.base:
                self.mute.append(cause)
                continue
            if self.consider((cause,), values):
                self.hits.append(Hit(((cause,),), values))
            yield Single(cause, values, self.place(values), self.shift(values), number)

    def every(self, frame: Frame) -> Iterator[Cause]:
        """Every single cause, the unknown stay among them."""
        yield from causes(self.bench, self.world, frame, self.asked, self.sources)
        yield from self.unknown(self.world)

    def unknown(self, world: World) -> Iterator[AddedItem]:
        """Stays of which only the amounts paid matter, such that in ``world`` with them one more
        line agrees."""
        if not looks_back(self.bench.program, self.bench.matter):
            return
        codes = [output.code for output in self.bench.outputs]
        year = self.base[codes.index("year")] if "year" in codes else None
        if isinstance(year, int | Fraction):
            claim = self.bench.situation.claim
            towards = partial(self._towards, world)
            yield from unknown_stays(self.bench.program, claim, int(year), towards)

    def _towards(self, world: World, start: AddedItem) -> Callable[[AddedItem], int]:
        """Whether an item leaves too much or too little in the first line that still differs
        in ``world`` with ``start``."""
        values = self.bench.values(world.under(start, self.bench))
        place = len(self.wanted) if values is None else self.place(values)
        if values is None or place == len(self.wanted):
            return lambda _: 0
        at, due = self.wanted[place]
        charged = _apart(due, None)
        falling = _apart(values[at], None) >= charged

        def sign(item: AddedItem) -> int:
            made = self.bench.values(world.under(item, self.bench))
            if made is None:
                return -1
            now = _apart(made[at], None)
            return 0 if now == charged else 1 if (now > charged) == falling else -1

        return sign

    def asked_under(self, world: World) -> tuple[Frame | None, set[Key]]:
        asked: set[Key] = set()
        return self.bench.frame(world, asked), asked

    def new(self, world: World, frame: Frame, asked: set[Key]) -> Iterator[Cause]:
        """Causes that only a decision of ``world`` looks at."""
        yield from (
            cause
            for cause in causes(self.bench, world, frame, asked - self.asked, Sources({}))
            if not isinstance(cause, OtherFigure | MissedItem | AddedItem)
        )


def _apart(one: Value | None, other: Value | None) -> int:
    """The difference of two values; of what is no number, a number that tells them apart."""
    if one == other:
        return 0
    if isinstance(one, int | Fraction | None) and isinstance(other, int | Fraction | None):
        apart = Fraction(one or 0) - Fraction(other or 0)
        return int(apart) if apart.denominator == 1 else int(apart * 10**12)
    return hash((str(one), str(other)))
