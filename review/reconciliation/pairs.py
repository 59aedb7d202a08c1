"""Pairs of causes that together give what was charged, those with hope first.

Where one cause sets the first difference right, the other has to set right what follows; where
effects add up the partner is looked up by the amount still missing; what only one cause makes a
decision look at is tried after that cause; causes that do nothing alone are tried beside those
they may belong to; and what bears on the first difference in another way is tried pair by pair.
Causes about one thing that change the statement alike are tried once for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator

from attrs import define, field

from tiaowen.review.alternatives.model import Place
from tiaowen.review.reconciliation.bench import Values
from tiaowen.review.reconciliation.ranking import rank
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
from tiaowen.review.reconciliation.search import (
    NOT_TOGETHER,
    OUT_OF_BUDGET,
    Hit,
    Search,
    Single,
)


@define(eq=False)
class Pairs:
    """Pairs of ``singles``, none of which succeeds alone, tried in the order of their hope."""

    search: Search
    singles: list[Single]
    tried: set[frozenset[int]] = field(factory=set)
    alike: dict[tuple[Values, Hashable], list[Single]] = field(factory=dict)

    def run(self) -> None:
        search = self.search
        for single in sorted(self.singles, key=lambda s: rank((s.cause,))):
            self.alike.setdefault(_likeness(single), []).append(single)
        heads = [group[0] for group in self.alike.values()]
        zero = (0,) * (search.first + 1)
        setting = [s for s in heads if s.place > search.first]
        silent = [s for s in heads if s.shift == zero]
        touching = [s for s in heads if s.shift != zero]
        search.unsearched.add(NOT_TOGETHER)
        for one in setting:
            if not all(self.pair(one, other) for other in silent):
                return
        missed = [s for s in heads if isinstance(s.cause, MissedItem) and s not in setting]
        for one in (*setting, *missed):
            self.after(one, search.unknown(search.world.under(one.cause, search.bench)))
        for one, other in self.adding_up(touching):
            if not self.pair(one, other):
                return
        for one in (*setting, *(s for s in heads if s not in setting)):
            if not self.following(one):
                return
        for one in heads:
            if not self.after(one, (c for c in search.mute if _near(one.cause, c))):
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
            alike = [single.cause for single in self.alike[_likeness(mine)]]
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
        if frame is None or not asked - search.asked:
            return True
        return self.after(one, search.new(world, frame, asked))

    def after(self, one: Single, causes: Iterable[Cause]) -> bool:
        """Try ``one`` with each of ``causes``; False where the budget is spent."""
        search = self.search
        for cause in causes:
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


def _likeness(single: Single) -> tuple[Values, Hashable]:
    """What singles have in common of which one is tried for all: the statement they lead to
    alone, and what they are about."""
    return single.values, _about(single.cause)


def _about(cause: Cause) -> Hashable:
    match cause:
        case WrongFact() | StatedFact():
            place = cause.change.settings[0].place
            return (place.collection, place.index, place.item, not place.collection and place.field)
        case OtherReading():
            return cause.reading
        case SkippedRule() | WrongRow():
            return cause.site.node
        case OtherFigure():
            return (*cause.values, bool(cause.row))
    return type(cause).__name__


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
        case (OtherVersion(), OtherVersion()):
            return False
        case (SkippedRule() | WrongRow(), SkippedRule() | WrongRow()):
            return one.site.name != other.site.name
        case (MissedItem(), MissedItem()):
            return one.index != other.index
        case (AddedItem(), AddedItem()):
            return False
    return True


def _near(one: Cause, mute: Cause) -> bool:
    """Whether a cause that does nothing alone is tried beside another: anything but a fact is,
    and a fact beside one of the same fee line, or of the claim itself."""
    scopes = [{(p.collection, p.index, p.item) for p in _places(c)} for c in (one, mute)]
    return not scopes[1] or bool(scopes[0] & scopes[1])


def _places(cause: Cause) -> frozenset[Place]:
    if not isinstance(cause, WrongFact | StatedFact):
        return frozenset()
    return frozenset(setting.place for setting in cause.change.settings)


def _of_two_lines(one: Cause, other: Cause) -> bool:
    lines = [{(p.collection, p.index) for p in _places(c) if p.collection} for c in (one, other)]
    return bool(lines[0] and lines[1]) and not lines[0] & lines[1]
