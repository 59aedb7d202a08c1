"""What is listed rather than tabled: exclusions, duties, open parameters, readings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tiaowen.compiler import core as c
from tiaowen.review.difference.alignment import Alignment
from tiaowen.review.difference.canonical import Form
from tiaowen.review.difference.records import Entry, Listed, ListKind
from tiaowen.review.summary import Summary


def compared_lists(summaries: tuple[Summary, Summary],
                   alignment: Alignment) -> tuple[Listed, ...]:  # fmt: skip
    """The entries of both in the matters compared: those that say the same, else those of one
    name, together."""
    found: list[Listed] = []
    for kind, entries in _LISTS:
        first, second = (
            list(entries(summary, program, set(policy.matters)))
            for summary, program, policy in
            zip(summaries, alignment.programs, alignment.policies, strict=True)
        )  # fmt: skip
        found += _met(kind, first, second, alignment)
    return tuple(found)


def _met(kind: ListKind, first: list[Entry], second: list[Entry],
         alignment: Alignment) -> Iterator[Listed]:  # fmt: skip
    left, right = dict(enumerate(first)), dict(enumerate(second))
    partners: dict[int, tuple[int, bool]] = {}
    names = _Names(kind, alignment)
    for key, same in ((names.says, True), (names.named, False)):
        where = {key(entry, 1): at for at, entry in reversed(right.items())}
        for at, entry in list(left.items()):
            other = where.pop(key(entry, 0), None)
            if other is not None:
                partners[at] = (other, same)
                del left[at], right[other]
    for at, entry in enumerate(first):
        other, same = partners.get(at, (None, False))
        yield Listed(kind, entry, None if other is None else second[other], same)
    for entry in right.values():
        yield Listed(kind, None, entry, False)


class _Names:
    """What entries of one kind are told apart by, either side's names as A calls them."""

    def __init__(self, kind: ListKind, alignment: Alignment) -> None:
        self.kind = kind
        self.alignment = alignment
        self.canons = (alignment.canon(0), alignment.canon(1))

    def named(self, entry: Entry, side: int) -> Form:
        return (entry.level, self.alignment.called(side, self.kind, "", entry.name))

    def says(self, entry: Entry, side: int) -> Form:
        """All that an entry says. Grounds are the same where they exclude the same, whatever
        the words."""
        canon = self.canons[side]
        if entry.condition is not None:
            return (entry.level, canon.of(entry.condition), canon.of(entry.when))
        return (*self.named(entry, side), entry.choices, entry.default, entry.delegation)


# --- entries


def _exclusions(summary: Summary, program: c.Program, matters: set[str]) -> Iterator[Entry]:
    for found in summary.exclusions:
        if matters.intersection(found.matters):
            yield Entry(found.reason, found.rule, found.level, found.condition)


def _duties(summary: Summary, program: c.Program, matters: set[str]) -> Iterator[Entry]:
    """Every duty once; the condition is what has to be kept where the duty holds."""
    seen: set[str] = set()
    for name, matter in program.matters.items():
        for duty in matter.duties if name in matters else ():
            if duty.rule.id not in seen and duty.rule.article:
                seen.add(duty.rule.id)
                yield Entry(duty.text, duty.rule, condition=duty.condition, when=duty.when)


def _parameters(summary: Summary, program: c.Program, matters: set[str]) -> Iterator[Entry]:
    """Those the matters use; all where every matter is compared."""
    used = _used(program, matters, c.ParameterRef)
    for found in summary.parameters:
        if found.name in used or matters.issuperset(program.matters):
            yield Entry(found.name, found.rule, choices=found.keys, delegation=found.delegation)


def _readings(summary: Summary, program: c.Program, matters: set[str]) -> Iterator[Entry]:
    used = _used(program, matters, c.ReadingRef)
    for found in summary.readings:
        if found.name in used or matters.issuperset(program.matters):
            yield Entry(found.name, found.rule, choices=found.choices, default=found.default)


def _used(program: c.Program, matters: set[str],
          kind: type[c.ParameterRef] | type[c.ReadingRef]) -> set[str]:  # fmt: skip
    """The names of that kind in any rule of ``matters``."""
    from tiaowen.compiler.assembled import expressions
    from tiaowen.compiler.walk import every

    cores: list[c.Core] = []
    for node in program.nodes.values():
        if node.matter in matters:
            cores += expressions(node)
    for name in matters:
        cores += [f.body for f in program.matters[name].functions.values()]
        cores += [d.condition for d in program.matters[name].duties]
    found = (part for core in cores for part in every(core))
    return {part.name for part in found if isinstance(part, kind)}


_LISTS: tuple[
    tuple[ListKind, Callable[[Summary, c.Program, set[str]], Iterable[Entry]]], ...
] = (
    ("exclusion", _exclusions), ("duty", _duties), ("parameter", _parameters),
    ("reading", _readings),
)  # fmt: skip
