"""Which figure of one policy is laid beside which of the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from tiaowen.review.difference.adjusting import adjustments_of
from tiaowen.review.difference.alignment import Alignment
from tiaowen.review.difference.records import Adjustment, MatterPair
from tiaowen.review.summary import Benefit, Summary


@frozen
class Meeting:
    """A benefit of either policy, or of one, and the matters in which they meet."""

    benefits: tuple[Benefit | None, Benefit | None]
    matters: tuple[MatterPair, ...]
    adjustments: tuple[tuple[Adjustment, ...], tuple[Adjustment, ...]]

    @property
    def shown(self) -> Benefit:
        found = self.benefits[0] or self.benefits[1]
        assert found is not None
        return found


def meetings(summaries: tuple[Summary, Summary], alignment: Alignment) -> list[Meeting]:
    """Every benefit once with each that it meets; alone only where it meets none."""
    merged: dict[tuple[object, ...], Meeting] = {}
    for pair in alignment.pairs:
        for meeting in _of_pair(summaries, pair, alignment):
            key = tuple(_identity(b, a) for b, a in
                        zip(meeting.benefits, meeting.adjustments, strict=True))  # fmt: skip
            known = merged.get(key)
            matters = (*(known.matters if known else ()), pair)
            merged[key] = evolve(meeting, matters=matters)
    met = {id(b) for m in merged.values() if all(m.benefits) for b in m.benefits}
    return [m for m in merged.values()
            if all(m.benefits) or not any(id(b) in met for b in m.benefits)]  # fmt: skip


def _identity(benefit: Benefit | None, adjustments: Iterable[Adjustment]) -> object:
    if benefit is None:
        return None
    return id(benefit), tuple(a.rule.id for a in adjustments)


def _of_pair(summaries: tuple[Summary, Summary], pair: MatterPair,
             alignment: Alignment) -> Iterator[Meeting]:  # fmt: skip
    sides: list[dict[tuple[str, str], Benefit]] = [
        {
            (b.level, alignment.called(side, "quantity", b.level, b.quantity)): b
            for b in summary.benefits if name in b.matters
        }
        for side, (summary, name) in enumerate(
            zip(summaries, (pair.first, pair.second), strict=True))
    ]  # fmt: skip
    for place in dict.fromkeys((*sides[0], *sides[1])):
        benefits = (sides[0].get(place), sides[1].get(place))
        first, second = (
            adjustments_of(benefit, name, program) if benefit is not None else ()
            for benefit, name, program in
            zip(benefits, (pair.first, pair.second), alignment.programs, strict=True)
        )  # fmt: skip
        yield Meeting(benefits, (pair,), (first, second))
