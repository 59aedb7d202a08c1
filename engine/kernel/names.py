"""Numbers for what is not a number: members, texts, prefix codes, working days.

Members of all enumerations and readings share one numbering, so that a level and the step of
a scale above it compare as in the language, by name. A prefix code (a division, a category of
person) is its place in a dictionary that the caller gives with the columns; what a policy asks
of codes is asked once for each entry and kept in a table.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import dates
from tiaowen.engine.kernel.graph import FUNCTIONS, Graph, Node, Unsupported

_EPOCH = date(1970, 1, 1)


@frozen
class CodeTest:
    """What is asked of a prefix code: whether it is one of ``whole`` or begins with one of
    ``prefixes``; or, where ``area``, which pooling area it lies in."""

    whole: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    area: bool = False

    def cells(self, codes: Iterable[str]) -> list[int]:
        """The answer for each code of a dictionary."""
        if self.area:
            areas: dict[str, int] = {}
            return [areas.setdefault(code[:4], len(areas)) for code in codes]
        return [self.holds(code) for code in codes]

    def holds(self, code: str) -> int:
        return int(code in self.whole or bool(self.prefixes and code.startswith(self.prefixes)))


@frozen
class Joined:
    """What is asked of a prefix code at once: ``text`` is a function ``f`` of its number and of
    the answers to ``tests``, named."""

    text: str
    tests: tuple[tuple[str, CodeTest | Joined], ...]

    def cells(self, codes: Iterable[str]) -> list[int]:
        """The answer for each code of a dictionary."""
        known = tuple(codes)
        words: dict[str, Any] = dict(FUNCTIONS)
        exec(self.text, words)
        columns = [test.cells(known) for _, test in self.tests]
        return [int(words["f"](*row)) for row in zip(range(len(known)), *columns, strict=True)]


class Names:
    """The numberings of one kernel."""

    def __init__(self, program: c.Program, graph: Graph) -> None:
        self.program, self.graph = program, graph
        self.members: dict[str, int] = {}
        for info in program.enums.values():
            if info.kind != "prefix":
                for name in (*info.codes, *info.steps):
                    self.member(name)
        for reading in program.readings.values():
            for choice in reading.choices:
                self.member(choice)
        self.texts: dict[str, int] = {"": 0}
        self.codes: dict[str, int] = {}
        self._tests: dict[CodeTest | Joined, str] = {}
        self._days = ""

    def member(self, name: str) -> int:
        """The number of a member, from 1."""
        return self.members.setdefault(name, len(self.members) + 1)

    def text(self, text: str) -> int:
        """The number of a text that the policy names; 0 is the empty one."""
        return self.texts.setdefault(text, len(self.texts))

    def code(self, code: str) -> int:
        """The place of a code that the policy names; these open the dictionary."""
        return self.codes.setdefault(code, len(self.codes))

    def lookup(self, node: Node, entries: dict[int, int], otherwise: int) -> Node:
        """What ``entries`` say of a member's number."""
        size = len(self.members) + 1
        cells = [entries.get(n, otherwise) for n in range(size)]
        return self.graph.pure(self.graph.tables.text(cells), node, lo=min(cells), hi=max(cells))

    def asked(self, test: CodeTest | Joined) -> str:
        """The name of the table of a test's answers."""
        return self._tests.setdefault(test, f"d{len(self._tests)}")

    def begins(self, node: Node, accepted: Iterable[str], prefixes: tuple[str, ...]) -> Node:
        """Whether a code is one of ``accepted`` or begins with one of ``prefixes``."""
        test = CodeTest(frozenset(accepted), prefixes)
        if node.value is not None:
            code = next(code for code, n in self.codes.items() if n == node.value)
            return self.graph.const(test.holds(code))
        return self.graph.pure(f"{self.asked(test)}[{{0}}]", node, lo=0, hi=1)

    def area(self, node: Node) -> Node:
        """The pooling area of a division, its first four digits, as a number."""
        name = self.asked(CodeTest(area=True))
        if node.value is not None:
            return self.graph.load(f"{name}[{node.value}]", self.graph.root, 0, 1 << 20)
        return self.graph.pure(f"{name}[{{0}}]", node, lo=0, hi=1 << 20)

    @property
    def tests(self) -> dict[str, CodeTest | Joined]:
        """The tables of answers to be made for a dictionary, by name."""
        return {name: test for test, name in self._tests.items()}

    def working_days(self) -> tuple[str, int, int]:
        """A place of the table of working days up to each day, with the first and last day it
        knows."""
        if not self._days:
            years = [year for year in range(2000, 2100) if _known(year)]
            if not years:
                raise Unsupported("working_days", "no calendar of working days is installed")
            begin, end = date(years[0] - 1, 12, 31), date(years[-1], 12, 31)
            cells, count, day = [0], 0, begin
            while day < end:
                day += timedelta(days=1)
                count += dates.is_working_day(day)
                cells.append(count)
            self._days = self.graph.tables.text(cells)
            self._bounds = ((begin - _EPOCH).days, (end - _EPOCH).days)
        return self._days, *self._bounds


def _known(year: int) -> bool:
    try:
        dates.is_working_day(date(year, 6, 1))
    except dates.UnknownYear:
        return False
    return True
