"""Which names of one policy are merely other words for names of the other.

A quantity is what its rules make of it. Two of different names, each unknown to the other
policy, are one quantity under two names where their rules say the same once such names are put
aside. Where nothing fits exactly, a quantity is still told as renamed if only figures in its
rules differ, it stands in the same article and no other does: so a renaming does not hide what
else was changed. Names of the shared vocabulary mean what they mean and are never taken for
others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from typing import TypeAlias

from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.review.difference.canonical import Form, Named
from tiaowen.review.difference.statements import Statement, statements

Name: TypeAlias = tuple[str, str, str]
"""(kind, level, name); kind is 'quantity', 'table', 'parameter' or 'reading'."""

ROUNDS = 12
"""How far apart, counted in uses, two quantities are told from each other by what they rest on."""

_KINDS = {"definition": "quantity", "amendment": "quantity", "table": "table",
          "parameter": "parameter", "reading": "reading"}  # fmt: skip


@frozen
class Policy:
    """A program with the matters compared: its name of each -> what it is called here."""

    program: c.Program
    matters: Mapping[str, str]
    whole: bool = True

    def statements(self, named: Named, figures: bool = True) -> list[Statement]:
        """Its rules in forms of ``named``; without ``figures`` every figure is put aside."""
        return statements(self.program, self.matters, named, self.whole, figures)


def renamed(first: Policy, second: Policy) -> dict[Name, str]:
    """What names of the second policy are called in the first, where the names differ."""
    names = (_names(first), _names(second))
    left = [n for n in names[0] if n not in names[1] and not _shared(n, first.program)]
    right = [n for n in names[1] if n not in names[0] and not _shared(n, second.program)]
    known: dict[Name, str] = {}
    for exact in (True, False):
        while left and right:
            shapes = (
                _Shapes(first, left, {}, exact).of(),
                _Shapes(second, right, known, exact).of(),
            )
            found = list(_pairs(*shapes, exact))
            known.update({theirs: mine[2] for mine, theirs in found})
            left = [n for n in left if n not in {mine for mine, _ in found}]
            right = [n for n in right if n not in known]
            if not found:
                break
    return known


def _names(policy: Policy) -> list[Name]:
    """The names that the policy's own rules are about, in the order of the text."""
    plain = policy.statements(lambda kind, matter, level, name: name)
    return list(dict.fromkeys(name for s in plain if (name := name_of(s)) is not None))


def name_of(statement: Statement) -> Name | None:
    """The name that a statement says something of."""
    kind = _KINDS.get(statement.kind)
    return None if kind is None else (kind, statement.level, statement.quantity)


def _shared(name: Name, program: c.Program) -> bool:
    """Whether a name is of the vocabulary: a line of a statement or a field."""
    kind, level, quantity = name
    if kind != "quantity":
        return False
    fields = program.collections[level].fields if level in program.collections else program.fields
    outputs = {o.name for matter in program.matters.values() for o in matter.outputs}
    return quantity in fields or (not level and quantity in outputs)


def _pairs(left: Mapping[Name, str], right: Mapping[Name, str],
           exact: bool) -> Iterator[tuple[Name, Name]]:  # fmt: skip
    """Names of one shape. Where several have exactly one shape they say the same, and pair in
    the order of the text."""
    shapes: dict[str, tuple[list[Name], list[Name]]] = {}
    for side, names in enumerate((left, right)):
        for name, shape in names.items():
            shapes.setdefault(shape, ([], []))[side].append(name)
    for mine, theirs in shapes.values():
        if len(mine) == len(theirs) and (exact or len(mine) == 1):
            yield from zip(mine, theirs, strict=True)


@define
class _Shapes:
    """The shapes of the ``free`` names of a policy: what their rules say, with free names told
    apart by their own shapes only. ``known`` names are called as the other policy does."""

    policy: Policy
    free: Collection[Name]
    known: Mapping[Name, str]
    exact: bool
    shapes: dict[Name, str] = Factory(dict)

    def of(self) -> dict[Name, str]:
        """The shape of each free name, refined until no round tells more of them apart."""
        self.shapes = dict.fromkeys(self.free, "")
        told = 0
        for _ in range(ROUNDS):
            self.shapes = self._refined()
            if len(set(self.shapes.values())) == told:
                break
            told = len(set(self.shapes.values()))
        return self.shapes

    def _refined(self) -> dict[Name, str]:
        forms: dict[Name, list[str]] = {name: [] for name in self.free}
        for statement in self.policy.statements(self._named, self.exact):
            name = name_of(statement)
            if name in forms:
                article = "" if self.exact else statement.rule.article
                parts = sorted(repr((p.matter, p.form)) for p in statement.parts)
                forms[name].append(repr((statement.kind, article, parts)))
        return {name: _digest((name[0], name[1], sorted(some))) for name, some in forms.items()}

    def _named(self, kind: str, matter: str, level: str, name: str) -> Form:
        place = (kind, level, name)
        if place in self.shapes:
            return (kind, level, "?", self.shapes[place])
        if kind == "matter":
            return (kind, self.policy.matters.get(name, name))
        return (kind, self.policy.matters.get(matter, matter), level, self.known.get(place, name))


def _digest(form: Form) -> str:
    return sha256(repr(form).encode(errors="surrogatepass")).hexdigest()
