"""Two policies with what counts as one and the same in both: their matters and their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.review.difference.canonical import Canon, Form
from tiaowen.review.difference.records import MatterPair, Side
from tiaowen.review.difference.renaming import Name, Policy, renamed
from tiaowen.review.difference.statements import Statement


@frozen
class Alignment:
    """``names`` are the names of B that A has another word for."""

    sides: tuple[Side, Side]
    pairs: tuple[MatterPair, ...]
    policies: tuple[Policy, Policy]
    names: Mapping[Name, str]

    @property
    def programs(self) -> tuple[c.Program, c.Program]:
        return self.sides[0].program, self.sides[1].program

    def called(self, side: int, kind: str, level: str, name: str) -> str:
        """What A calls a name of ``side`` (0 is A itself)."""
        return self.names.get((kind, level, name), name) if side else name

    def own(self, side: int, level: str, name: str) -> str:
        """What ``side`` itself calls a quantity by A's name."""
        found = (mine for (kind, at, mine), theirs in self.names.items()
                 if side and (kind, at, theirs) == ("quantity", level, name))  # fmt: skip
        return next(found, name)

    def named(self, side: int, kind: str, matter: str, level: str, name: str) -> Form:
        """A name of ``side`` as forms have it: quantities and matters as A calls them."""
        matters = self.policies[side].matters
        if kind == "matter":
            return (kind, matters.get(name, name))
        return (kind, matters.get(matter, matter), level, self.called(side, kind, level, name))

    def canon(self, side: int) -> Canon:
        """Forms of the expressions of ``side``."""
        program = self.programs[side]
        calls = {k: v for matter in program.matters.values() for k, v in matter.calls.items()}
        return Canon(lambda *name: self.named(side, *name), program.enums, calls)

    def statements(self, side: int) -> list[Statement]:
        """The rules of ``side``."""
        return self.policies[side].statements(lambda *name: self.named(side, *name))


def aligned(first: Side, second: Side, pairs: Sequence[MatterPair]) -> Alignment:
    """``first`` and ``second`` in the matters of ``pairs``. Where not all matters of a policy are
    compared, its parameters and readings count only as far as these use them."""
    mine = {p.first: p.first for p in pairs if p.first}
    theirs = {p.second: p.name for p in pairs if p.second}
    one = Policy(first.program, mine, set(mine) == set(first.program.matters))
    other = Policy(second.program, theirs, set(theirs) == set(second.program.matters))
    return Alignment((first, second), tuple(pairs), (one, other), renamed(one, other))
