"""Looks for the causes under which the policy gives what was charged, alone and in pairs.

Every single cause is tried. Of the pairs only those are that can succeed: the first line that
differs has to come out as charged, so either one cause sets it right and the other what follows,
or both bear on it. Where effects add up, as fee lines' do, the partner is looked up by the amount
still missing; causes that change the statement alike are tried once for all of them. What is
left untried is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from attrs import define, field, frozen

from tiaowen.compiler.core import Value
from tiaowen.engine.frames import Frame
from tiaowen.review.alternatives.model import Change, Place
from tiaowen.review.reconciliation.bench import Bench, Key, Values, World
from tiaowen.review.reconciliation.causes import Sources, causes, looks_back
from tiaowen.review.reconciliation.ranking import agrees, distance, rank
from tiaowen.review.reconciliation.records import (
    AddedItem,
    Cause,
    MissedItem,
    OtherFigure,
    OtherReading,
    OtherVersion,
    SkippedRule,
    StatedFact,
    WrongFact,
    WrongRow,
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
    base: Values = ()
    first: int = 0
    _asked: set[Key] = field(factory=set)

    def run(self, pairs: bool = False) -> None:
        """Search; ``pairs`` looks for them even where a single cause succeeds."""
        frame = self.bench.frame(self.world, self._asked)
        if frame is None:
            return
        self.base = self.bench.read(frame)
        self.first = self.place(self.base)
        found = list(self.singles(frame))
        if self.hits and not pairs:
            return
        end = len(self.wanted)
        _Pairs(self, [single for single in found if single.place < end]).run()

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
                continue
            if self.consider((cause,), values):
                self.hits.append(Hit(((cause,),), values))
            yield Single(cause, values, self.place(values), self.shift(values), number)

    def every(self, frame: Frame) -> Iterator[Cause]:
        """Every single cause, the unknown stay among them."""
        yield from causes(self.bench, self.world, frame, self._asked, self.sources)
        if looks_back(self.bench.program, self.bench.matter):
            yield from self._unknown()

    def _unknown(self) -> Iterator[AddedItem]:
        """Stays of which only the amounts paid matter, such that the first line agrees."""
        year = next(
            (self.base[n] for n, o in enumerate(self.bench.outputs) if o.code == "year"), None
        )
        if year is None or self.first >= len(self.wanted):
            return
        at, charged = self.wanted[self.first]

        def sign(item: AddedItem) -> int:
            values = self.bench.values(self.world.under(item, self.bench))
            if values is None:
                return -1
            now, then = _apart(values[at], None), _apart(charged, None)
            falling = _apart(self.base[at], None) >= then
            return 0 if now == then else 1 if (now > then) == falling else -1

        claim = self.bench.situation.claim
        yield from unknown_stays(self.bench.program, claim, int(str(year)), sign)

    def asked_under(self, world: World) -> tuple[Frame | None, set[Key]]:
        asked: set[Key] = set()
        return self.bench.frame(world, asked), asked

    def new(self, world: World, frame: Frame, asked: set[Key]) -> Iterator[Cause]:
        """Causes that only a decision of ``world`` looks at."""
        yield from (
            cause
            for cause in causes(self.bench, world, frame, asked - self._asked, Sources({}))
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


# --- pairs


@define(eq=False)
class _Pairs:
    """Pairs of ``singles``, none of which succeeds alone, tried in the order of their hope."""

    search: Search
    singles: list[Single]
    tried: set[frozenset[int]] = field(factory=set)
    alike: dict[Values, list[Single]] = field(factory=dict)

    def run(self) -> None:
        search = self.search
        for single in sorted(self.singles, key=lambda s: rank((s.cause,))):
            self.alike.setdefault(single.values, []).append(single)
        heads = [group[0] for group in self.alike.values()]
        zero = (0,) * (search.first + 1)
        setting = [s for s in heads if s.place > search.first]
        silent = [s for s in heads if s.shift == zero]
        touching = [s for s in heads if s.shift != zero]
        search.unsearched.add(NOT_TOGETHER)
        for one in setting:
            if not all(self.pair(one, other) for other in silent):
                return
        for one, other in self.adding_up(touching):
            if not self.pair(one, other):
                return
        for one in (*setting, *(s for s in heads if s not in setting)):
            if not self.following(one):
                return
        for one, other in self.both(touching):
            if not self.pair(one, other):
                return

    def pair(self, one: Single, other: Single) -> bool:
        """Try a pair, and those like it if it succeeds; False where the budget is spent."""
        key = frozenset((one.number, other.number))
        if key in self.tried or not _go_together(one.cause, other.cause):
            return True
        self.tried.add(key)
        if self.search.left() <= 0:
            self.search.unsearched.add(OUT_OF_BUDGET)
            return False
        values = self.attempt(one.cause, other.cause)
        if values is not None:
            self.keep(one, other, values)
        return True

    def attempt(self, one: Cause, other: Cause) -> Values | None:
        """The statement under both, if it is the one charged; another version is taken first,
        as rules are those of a version."""
        search = self.search
        world = search.world
        for cause in sorted((one, other), key=lambda c: not isinstance(c, OtherVersion)):
            world = world.under(cause, search.bench)
        values = search.bench.values(world)
        search.pairs_tried += 1
        both = tuple(sorted((one, other), key=lambda cause: rank((cause,))))
        return values if search.consider(both, values) else None

    def keep(self, one: Single, other: Single, values: Values) -> None:
        """A pair that succeeds, with what can stand for either of the two: causes that alone
        change the statement as it does, each tried with the other."""
        slots = []
        for mine, partner in ((one, other), (other, one)):
            alike = [single.cause for single in self.alike[mine.values]]
            fitting = (c for c in alike if _go_together(c, partner.cause))
            slots.append(tuple(
                c for c in fitting
                if c is mine.cause or self.attempt(c, partner.cause) == values
            ))  # fmt: skip
        slots.sort(key=lambda slot: rank(slot[:1]))
        self.search.hits.append(Hit(tuple(slots), values))

    def adding_up(self, touching: list[Single]) -> Iterator[tuple[Single, Single]]:
        """Pairs whose shifts add up to what is missing."""
        missing = self.search.missing()
        by_shift: defaultdict[tuple[int, ...], list[Single]] = defaultdict(list)
        for single in touching:
            by_shift[single.shift].append(single)
        for one in touching:
            needed = tuple(m - s for m, s in zip(missing, one.shift, strict=True))
            yield from ((one, other) for other in by_shift.get(needed, ()))

    def both(self, touching: list[Single]) -> Iterator[tuple[Single, Single]]:
        """Pairs that both bear on the first difference and agree before it; two different fee
        lines only add up, so they are no part of these."""
        by_before: defaultdict[tuple[int, ...], list[Single]] = defaultdict(list)
        for single in touching:
            by_before[single.shift[:-1]].append(single)
        pairs = []
        for before, group in by_before.items():
            partners = by_before.get(tuple(-shift for shift in before), ())
            pairs += [
                (one, other)
                for one in group
                for other in partners
                if one.number < other.number and not _of_two_lines(one.cause, other.cause)
            ]
        yield from sorted(pairs, key=lambda pair: rank((pair[0].cause, pair[1].cause)))

    def following(self, one: Single) -> bool:
        """Pairs of ``one`` with what is looked at only under it."""
        search = self.search
        if search.left() <= 0:
            search.unsearched.add(OUT_OF_BUDGET)
            return False
        world = search.world.under(one.cause, search.bench)
        frame, asked = search.asked_under(world)
        if frame is None or not asked - search._asked:
            return True
        for cause in search.new(world, frame, asked):
            if search.left() <= 0:
                search.unsearched.add(OUT_OF_BUDGET)
                return False
            if not _go_together(one.cause, cause):
                continue
            values = self.attempt(one.cause, cause)
            if values is not None:
                slots = sorted(((one.cause,), (cause,)), key=rank)
                search.hits.append(Hit(tuple(slots), values))
        return True


def _go_together(one: Cause, other: Cause) -> bool:
    """Whether two causes are about different things, so that both can be."""
    places = _places(one), _places(other)
    if places[0] & places[1]:
        return False
    match one, other:
        case (OtherReading(), OtherReading()):
            return one.reading != other.reading
        case (OtherFigure(), OtherFigure()):
            return not set(one.values) & set(other.values)
        case (OtherVersion(), OtherVersion() | SkippedRule() | WrongRow() | OtherFigure()):
            return False
        case (SkippedRule() | WrongRow() | OtherFigure(), OtherVersion()):
            return False
        case (SkippedRule() | WrongRow(), SkippedRule() | WrongRow()):
            return one.site.name != other.site.name
        case (MissedItem(), MissedItem()):
            return one.index != other.index
        case (AddedItem(), AddedItem()):
            return False
    return True


def _places(cause: Cause) -> frozenset[Place]:
    if not isinstance(cause, WrongFact | StatedFact) or not isinstance(cause.change, Change):
        return frozenset()
    return frozenset(setting.place for setting in cause.change.settings)


def _of_two_lines(one: Cause, other: Cause) -> bool:
    lines = [{(p.collection, p.index) for p in _places(c) if p.collection} for c in (one, other)]
    return bool(lines[0] and lines[1]) and not lines[0] & lines[1]
