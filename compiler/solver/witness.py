"""A model of the solver as a claim: plain field values, what came before it, and the readings and
parameters it is decided under.

What came before is proposed as figures: a settlement for each test that takes something in, and
the totals that open the year for the rest. Whether they give what the model says is for the
interpreter to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import Factory, define, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.compiler.solver.evaluating import Valuation
from tiaowen.compiler.solver.facts import Facts, unknown
from tiaowen.compiler.solver.form import Form
from tiaowen.compiler.solver.past import Domain
from tiaowen.compiler.types import Type
from tiaowen.compiler.walk import parts

WHOLE = {ty.MONEY.name, *ty.WHOLE}
Fields = Mapping[str, Value]


@frozen
class Settled:
    """An earlier settlement by its figures."""

    matter: str
    values: Fields


@frozen
class Opened:
    """Totals of a year, and counts of decisions by matter, that stand for what came before."""

    year: int
    values: Fields
    counts: Mapping[str, int]


@frozen
class Witness:
    """A claim in plain values. ``parameters`` are rows of (key -> member) and value, of a
    parameter without keys one row without any."""

    matter: str
    fields: Fields
    collections: Mapping[str, tuple[Fields, ...]]
    settled: tuple[Settled, ...] = ()
    opened: Opened | None = None
    readings: Fields = Factory(dict)
    parameters: Mapping[str, tuple[tuple[Mapping[str, str], Value], ...]] = Factory(dict)


def witness(form: Form, valuation: Valuation) -> Witness:
    """The claim of ``form`` that a model says. A form of any number of elements has none of
    them in its witness."""
    collections = {}
    if form.asking.most is not None:
        for name, elements in form.lines.items():
            there = [e for e in elements if valuation.holds(e.present)]
            if there:
                collections[name] = tuple(_fields(e.facts, valuation) for e in there)
    settled, opened = _Past(form, valuation).items()
    return Witness(
        form.matter.name, _fields(form.facts, valuation), collections, settled, opened,
        _readings(form, valuation), _parameters(form, valuation),
    )  # fmt: skip


def plain_of(value: Any, kind: Type, valuation: Valuation) -> Any:
    """A symbolic value of type ``kind`` as claims hold it."""
    found = valuation.plain(value)
    if isinstance(found, Fraction) and kind.name in WHOLE and found.denominator == 1:
        return int(found)
    return found


def _fields(facts: Facts, valuation: Valuation) -> Fields:
    found: dict[str, Value] = {}
    for name, given in sorted(facts.all.items(), key=lambda i: list(facts.declared).index(i[0])):
        if valuation.holds(given.given):
            value = plain_of(given.value, given.type, valuation)
            if given.given is not True or value != facts.declared[name].default:
                found[name] = value
    return found


def _readings(form: Form, valuation: Valuation) -> Fields:
    asking = form.asking
    chosen = dict(asking.readings)
    for name in asking.open_readings:
        value = unknown(f"口径 {name}", Type(name, "reading"), form.program, asking.space)
        chosen[name] = valuation.plain(value)
    return chosen


def _parameters(
    form: Form, valuation: Valuation
) -> dict[str, tuple[tuple[Mapping[str, str], Value], ...]]:
    found: dict[str, tuple[tuple[Mapping[str, str], Value], ...]] = {}
    for name, info in form.program.parameters.items():
        core = form.space.kept.get(f"参数 {name}")
        if isinstance(core, c.ParameterRef):
            rows: dict[tuple[str, ...], Value] = {}
            for keys, value in form.space.applications(f"参数 {name}"):
                members = tuple(str(valuation.plain(key)) for key in keys)
                rows.setdefault(members, plain_of(value, info.type, valuation))
            names = [key for key, _ in core.keys]
            found[name] = tuple(
                (dict(zip(names, members, strict=True)), value) for members, value in rows.items()
            )
    return found


# --- the past


@define
class _Past:
    """What came before a claim, put together from the domains that the form asks of."""

    form: Form
    valuation: Valuation

    def items(self) -> tuple[tuple[Settled, ...], Opened | None]:
        domains: list[Domain] = self.form.asking.domains
        settled = [s for d in domains if self._by_items(d) for s in self._settled(d)]
        values: dict[str, Value] = {}
        counts: dict[str, int] = {}
        for domain in domains:
            if not self._by_items(domain):
                self._open(domain, settled, values, counts)
        if not values and not counts:
            return tuple(settled), None
        return tuple(settled), Opened(self._year() or 2000, values, counts)

    def _by_items(self, domain: Domain) -> bool:
        """Whether items have to be shown for a domain: a total would not pass its test."""
        return bool(domain.fold.wheres) or domain.fold.kind in ("last", "exists")

    def _year(self) -> int | None:
        for domain in self.form.asking.domains:
            if domain.fold.yearly:
                return int(self.valuation.plain(domain.present[0]))
        return None

    def _settled(self, domain: Domain) -> Iterator[Settled]:
        """As many settlements as the domain counts; the last bears its sums."""
        if not self.valuation.holds(domain.exists):
            return
        matter = next(m for m, here in domain.of_matter.items() if self.valuation.holds(here))
        record = domain.last[matter]
        values = {name: plain_of(v, record.types[name], self.valuation)
                  for name, v in record.values.items()}  # fmt: skip
        times = 1
        for core, value in domain.folded.values():
            if core.kind == "count":
                times = int(self.valuation.plain(value))
            elif (name := _read(core.bodies.get(matter))) is not None:
                values[name] = plain_of(value, core.type, self.valuation)
        empty = {**values, **dict.fromkeys(self._summed(domain, matter), 0)}
        yield from (Settled(matter, self._filled(empty, matter)) for _ in range(min(times, 20) - 1))
        yield Settled(matter, self._filled(values, matter))

    def _summed(self, domain: Domain, matter: str) -> Iterator[str]:
        for core, _ in domain.folded.values():
            if core.kind == "sum" and (name := _read(core.bodies.get(matter))) is not None:
                yield name

    def _filled(self, values: dict[str, Any], matter: str) -> Fields:
        """With every name that a fold reads in an item of ``matter``: nothing else counts."""
        filled = dict(values)
        for domain in self.form.asking.domains:
            cores = [core for core, _ in domain.folded.values()] or [domain.fold]
            for core in (domain.fold, *cores):
                if matter not in core.matters:
                    continue
                read = [core.bodies.get(matter), core.wheres.get(matter), core.years.get(matter)]
                for part in (p for held in read if held is not None for p in _names(held)):
                    filled.setdefault(part[0], self._nothing(part[1], part[0]))
        return filled

    def _nothing(self, kind: Type, name: str) -> Value:
        if kind == ty.TRUTH:
            return False
        if kind == ty.NUMBER:
            return Fraction((self._year() or 2001) - 1) if name == "年度" else Fraction(0)
        if kind.name in (ty.TEXT.name,):
            return "此前"
        return 0

    def _open(self, domain: Domain, settled: list[Settled], values: dict[str, Value],
              counts: dict[str, int]) -> None:  # fmt: skip
        """What the settlements leave of a domain's sums and counts, as totals of the year."""
        for core, value in domain.folded.values():
            total = plain_of(value, core.type, self.valuation)
            taken = [s for s in settled if s.matter in core.matters and self._counts(core, s)]
            if core.kind == "count":
                if total > len(taken):
                    counts[core.matters[0]] = max(counts.get(core.matters[0], 0),
                                                  int(total) - len(taken))  # fmt: skip
                continue
            name = _read(core.bodies[core.matters[0]])
            spent: Any = sum(s.values.get(_read(core.bodies[s.matter]) or "", 0) for s in taken)
            if name is not None:
                one = len(core.bodies) == 1
                values[f"{core.matters[0]}.{name}" if one else name] = total - spent

    def _counts(self, core: c.History, item: Settled) -> bool:
        return not core.yearly or item.values.get("年度") == self._year()


def _read(body: c.Core | None) -> str | None:
    """The name that a fold reads in an item."""
    if isinstance(body, c.Ref):
        return body.quantity
    return body.name if isinstance(body, c.Field) else None


def _names(core: c.Core) -> Iterator[tuple[str, Type]]:
    """Every name that an expression reads in an earlier item, with its type."""
    if isinstance(core, c.Present):
        return
    if isinstance(core, c.Ref):
        yield core.quantity, core.type
    elif isinstance(core, c.Field):
        yield core.name, core.type
    else:
        for part in parts(core):
            yield from _names(part)
