"""A claim as a hospital or bureau has it, turned into typed facts.

Names may be Chinese, national codes or aliases, values labels or codes, the fields flat or
grouped. Everything wrong is found in one reading and refused together; what is accepted is
exact, and ``claim_data`` writes it so that it reads back the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import Factory, define, evolve

from tiaowen.compiler import core as c
from tiaowen.compiler.core import Value
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.types import MONEY
from tiaowen.dsl.diagnostics import diagnose
from tiaowen.engine.claims.checks import check_bill, check_lines, check_stay
from tiaowen.engine.claims.field_values import plain
from tiaowen.engine.claims.layout import MATTER_KEYS, Layout, Slot, layout_of, spelt
from tiaowen.engine.claims.matter import holds, matter_of
from tiaowen.engine.claims.misfit import Misfit, is_blank, kind_of
from tiaowen.engine.claims.problems import Problems
from tiaowen.engine.frames import Claim

MOST_ELEMENTS = 20_000
"""Fee lines of one claim: each is explained step by step, and some 100 kB are needed for it."""
_OBJECT = {"zh": "对象", "en": "an object"}
_LIST = {"zh": "对象的列表", "en": "a list of objects"}


def read_claim(
    data: Any, program: c.Program, matter: str | None = None, *, root: str = ""
) -> Claim:
    """The claim that JSON ``data`` (as ``read_json`` gives it) is, under ``program``.

    ``matter`` names what is asked; else the claim's 事项 does, else the conditions of the
    matters. ``root`` goes before every place in messages. Raises ``Rejected`` with all that
    is wrong.
    """
    reader = _Reader(program, layout_of(program), root)
    claim = reader.claim(data, matter)
    reader.problems.settle()
    return claim


def claim_data(claim: Claim, program: c.Program) -> dict[str, Any]:
    """``claim`` as JSON-ready data with Chinese names, for keeping and replaying.

    Amounts are text of 元. ``read_claim`` gives the claim back. Quantities taken as given
    belong to worked cases and are no part of it.
    """
    data: dict[str, Any] = {"事项": claim.matter}
    for name, value in claim.fields.items():
        data[name] = plain(value, program.fields[name].type, program)
    for name, value in claim.totals.items():
        data[name] = plain(value, MONEY, program)
    for name, records in claim.collections.items():
        fields = program.collections[name].fields
        data[name] = [
            {key: plain(value, fields[key].type, program) for key, value in record.items()}
            for record in records
        ]
    return data


@define
class _Reader:
    """One reading of one claim."""

    program: c.Program
    layout: Layout
    root: str
    problems: Problems = Factory(Problems)
    fields: dict[str, Value] = Factory(dict)
    collections: dict[str, list[Mapping[str, Value]]] = Factory(dict)
    shorthands: list[tuple[c.ShorthandInfo, Value]] = Factory(list)
    totals: dict[str, Value] = Factory(dict)
    given: dict[str, str] = Factory(dict)
    matter: str = ""

    def claim(self, data: Any, asked: str | None) -> Claim:
        """Everything in ``data``; what is wrong gathers in ``problems``."""
        if not isinstance(data, dict):
            self._misplaced(self.root, _OBJECT, data)
            return Claim("", {})
        for key, value, prefix in self._entries(data):
            self._entry(key, value, prefix)
        for shorthand, amount in self.shorthands:
            self.collections.setdefault(shorthand.collection, []).append(
                {shorthand.amount_field: amount, **shorthand.values}
            )
        for problem in check_stay(self.fields, self.layout, self.root):
            self.problems.add(problem)
        named = self._named(asked)
        collections = {name: tuple(records) for name, records in self.collections.items()}
        claim = Claim(named, self.fields, collections, totals=self.totals)
        claim = claim if self.problems else self._of_matter(claim)
        if all(n in self.totals for n in self.layout.totals if n in self.given):
            for problem in check_bill(claim, self.program, self.root):
                self.problems.add(problem)
        return claim

    # --- keys

    def _entries(self, data: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        """Key, value and the place before the key, groups opened."""
        for key, value in data.items():
            grouped = isinstance(value, dict) and not self._known(key)
            if grouped and (value or key in self.layout.groups):
                for inner, content in value.items():
                    yield inner, content, f"{key}."
            else:
                yield key, value, ""

    def _known(self, key: str) -> bool:
        layout = self.layout
        return (
            any(
                spelt(key, known) in known
                for known in (layout.fields, layout.collections, layout.shorthands, layout.totals)
            )
            or key in MATTER_KEYS
        )

    def _entry(self, key: str, value: Any, prefix: str) -> None:
        layout = self.layout
        before = self.root + prefix
        if (name := spelt(key, layout.fields)) in layout.fields:
            self._field(layout.fields[name], key, value, before, self.fields)
        elif (name := spelt(key, layout.collections)) in layout.collections:
            self._collection(layout.collections[name], key, value, before)
        elif (name := spelt(key, layout.shorthands)) in layout.shorthands:
            self._shorthand(layout.shorthands[name], key, value, before)
        elif (name := spelt(key, layout.totals)) in layout.totals:
            self._field(layout.totals[name], key, value, before, self.totals)
        elif key in MATTER_KEYS and not prefix:
            self._matter(key, value)
        else:
            self.problems.add(
                diagnose(
                    "TW0603", place=before + key, name=key, nearest=nearest(key, layout.names())
                )
            )

    def _twice(self, name: str, key: str, place: str) -> bool:
        """Whether ``name`` was given before, reported where it was."""
        first = self.given.get(name)
        if first is None:
            self.given[name] = key
            return False
        self.problems.add(diagnose("TW0617", place=place, name=name, first=first, second=key))
        return True

    def _misplaced(self, place: str, expected: dict[str, str], found: Any) -> None:
        self.problems.add(diagnose("TW0618", place=place, expected=expected, found=kind_of(found)))

    # --- values

    def _field(self, slot: Slot, key: str, value: Any, before: str, into: dict[str, Value]) -> None:
        if is_blank(value) or self._twice(slot.name, key, before + slot.label):
            return
        try:
            into[slot.name] = slot.convert(value)
        except Misfit as misfit:
            self.problems.misfit(misfit, slot, before + slot.label)

    def _matter(self, key: str, value: Any) -> None:
        if is_blank(value) or self._twice("事项", key, self.root + key):
            return
        if isinstance(value, str):
            self.matter = value.strip()
        else:
            self._misplaced(
                self.root + key, {"zh": "事项的名称", "en": "the name of a matter"}, value
            )

    def _shorthand(self, shorthand: c.ShorthandInfo, key: str, value: Any, before: str) -> None:
        if is_blank(value) or self._twice(shorthand.name, key, before + key):
            return
        slot = self.layout.elements[shorthand.collection][shorthand.amount_field]
        try:
            self.shorthands.append((shorthand, slot.convert(value)))
        except Misfit as misfit:
            named = Slot(shorthand.name, "", slot.type, slot.convert)
            self.problems.misfit(misfit, named, before + key)

    def _collection(self, info: c.CollectionInfo, key: str, value: Any, before: str) -> None:
        place = before + (f"{info.name}（{info.code}）" if info.code else info.name)
        if value is None or self._twice(info.name, key, place):
            return
        if not isinstance(value, list):
            self._misplaced(place, _LIST, value)
        elif len(value) > MOST_ELEMENTS:
            self.problems.add(
                diagnose(
                    "TW0616",
                    place=place,
                    what=info.name,
                    limit=f"{MOST_ELEMENTS:,}",
                    size={"zh": f"{len(value):,}条", "en": f"{len(value):,} elements"},
                )
            )
        else:
            records = self._elements(info.name, value, before + info.name)
            self.collections[info.name] = records
            for problem in check_lines(records, self.layout.lines[info.name], before + info.name):
                self.problems.add(problem)

    def _elements(self, collection: str, items: list[Any], place: str) -> list[Mapping[str, Value]]:
        """The elements of a list. Those with the same keys share one plan."""
        plans: dict[tuple[str, ...], list[tuple[str, Slot]]] = {}
        reported: set[str] = set()
        records: list[Mapping[str, Value]] = []
        for index, item in enumerate(items):
            record: dict[str, Value] = {}
            records.append(record)
            if not isinstance(item, dict):
                self._misplaced(f"{place}[{index}]", _OBJECT, item)
                continue
            shape = tuple(item)
            plan = plans.get(shape)
            if plan is None:
                where = f"{place}[{index}]"
                plan = plans[shape] = list(self._plan(shape, collection, where, reported))
            for key, slot in plan:
                value = item[key]
                if value is None or is_blank(value):
                    continue
                if slot.name in record:
                    self._line_twice(slot, plan, f"{place}[{index}]")
                    continue
                try:
                    record[slot.name] = slot.convert(value)
                except Misfit as misfit:
                    self.problems.misfit(misfit, slot, f"{place}[{index}].{slot.label}")
        return records

    def _plan(
        self, shape: Iterable[str], collection: str, place: str, reported: set[str]
    ) -> Iterator[tuple[str, Slot]]:
        """The keys of an element with their slots; a name unknown is reported once."""
        known = self.layout.elements[collection]
        for key in shape:
            name = spelt(key, known)
            if name in known:
                yield key, known[name]
            elif key not in reported:
                reported.add(key)
                self.problems.add(
                    diagnose(
                        "TW0603", place=f"{place}.{key}", name=key, nearest=nearest(key, known)
                    )
                )

    def _line_twice(self, slot: Slot, plan: Iterable[tuple[str, Slot]], place: str) -> None:
        first, second, *_ = [key for key, other in plan if other.name == slot.name]
        self.problems.add(
            diagnose(
                "TW0617", place=f"{place}.{slot.label}", name=slot.name, first=first, second=second
            )
        )

    # --- the matter

    def _named(self, asked: str | None) -> str:
        """The matter that is named, by the user or by the claim; '' where none is."""
        name = asked or self.matter
        if name and name not in self.program.matters:
            known = list(self.program.matters)
            self.problems.add(
                diagnose(
                    "TW0208",
                    place=self.root + "事项",
                    name=name,
                    nearest=nearest(name, known),
                    matters=known,
                )
            )
        elif name and self.matter not in ("", name):
            self.problems.add(
                diagnose("TW0625", place=self.root + "事项", asked=name, stated=self.matter)
            )
        return name

    def _of_matter(self, claim: Claim) -> Claim:
        """``claim`` with its matter: the one named, if the claim can be of it, else the one
        whose condition holds; a matter without a condition is for claims of no other."""
        if claim.matter:
            rule = self.program.matters[claim.matter].rule
            if holds(claim, self.program, claim.matter) is False:
                self.problems.add(
                    diagnose(
                        "TW0621",
                        rule.span if rule and rule.id else None,
                        place=self.root + "事项",
                        name=claim.matter,
                        condition=rule.text if rule else "",
                    )
                )
            return claim
        found = matter_of(claim, self.program, self.root + "事项")
        if isinstance(found, str):
            return evolve(claim, matter=found)
        self.problems.add(found)
        return claim
