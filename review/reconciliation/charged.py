"""A charged settlement as a hospital has it, read into the figures of a matter's statement.

Names are Chinese, national codes or those of the platform's core tables; any subset of the
statement will do, and facts of the claim may stand among them. A decision file of this program
is a charged settlement too. What is not understood is refused: a misspelt line would otherwise
agree with everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, field

from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.spelling import nearest
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.claims.layout import MATTER_KEYS, Slot, matter_slots, slot, spelt
from tiaowen.engine.claims.misfit import Misfit, is_blank, kind_of
from tiaowen.engine.claims.problems import Problems
from tiaowen.engine.telling.as_json import FORMAT, from_data
from tiaowen.review.reconciliation import national
from tiaowen.review.reconciliation.records import Charged, Figure

_WRAPPERS = ("结算", "settlement")
_OBJECT = {"zh": "结算单（对象）", "en": "a settlement (an object)"}


def read_charged(data: Any, program: Program, matter: str, place: str = "") -> Charged:
    """The charged settlement that JSON ``data`` is, of ``matter`` under ``program``.

    ``place`` names the file in messages. Raises ``Rejected`` with all that is wrong: TW1040 (no
    figure of the statement), TW1041 (of another matter), TW0603, TW0604 and TW0617 as in claims.
    """
    reader = _Reader(program, matter, place)
    if isinstance(data, dict) and data.get("format") == FORMAT:
        reader.decision(data)
    else:
        reader.sheet(data)
    reader.problems.settle()
    return reader.charged()


@define
class _Reader:
    """One reading of one sheet."""

    program: Program
    matter: str
    place: str
    problems: Problems = field(factory=Problems)
    values: dict[str, Value] = field(factory=dict)
    beside: dict[str, Value] = field(factory=dict)
    keys: dict[str, str] = field(factory=dict)

    # --- a decision file

    def decision(self, data: Mapping[str, Any]) -> None:
        """The statement of a decision file."""
        self.of_matter(data.get("matter"))
        for line in from_data(data.get("explanation")).statement:
            if line.value is not None:
                self.values[line.name] = line.value

    # --- a sheet

    def sheet(self, data: Any) -> None:
        """Every entry of a sheet; groups are opened."""
        if not isinstance(data, dict):
            self.problems.add(diagnose("TW0618", place=self.place or "结算单", expected=_OBJECT,
                                       found=kind_of(data)))  # fmt: skip
            return
        slots = self.slots()
        for key, raw, before in _entries(data):
            if key in MATTER_KEYS:
                self.of_matter(raw)
            elif key in national.FUND_ROWS:
                self.funds(raw, slots, f"{before}{key}")
            elif not is_blank(raw):
                self.entry(key, raw, slots, before)

    def slots(self) -> Mapping[str, Slot]:
        """Every name a sheet may use."""
        found = dict(matter_slots(self.program, self.matter))
        stated = {
            o.code: found[o.name] for o in self.program.matters[self.matter].outputs if o.code
        }
        found.update(stated)
        for code, (name, _) in national.BESIDE.items():
            found.setdefault(code, slot(code, code, ty.MONEY, self.program))
            found.setdefault(name, found[code])
        for alias, code in national.ALIASES.items():
            if code in found:
                found.setdefault(alias, found[code])
        return found

    def entry(self, key: str, raw: Any, slots: Mapping[str, Slot], before: str) -> None:
        known = slots.get(spelt(key, slots))
        where = self.at(f"{before}{key}")
        if known is None:
            near = nearest(key, slots)
            self.problems.add(diagnose("TW0603", place=where, name=key, nearest=near))
            return
        if known.name in self.keys:
            self.problems.add(diagnose("TW0617", place=where, name=known.name,
                                       first=self.keys[known.name], second=key))  # fmt: skip
        self.keys[known.name] = key
        try:
            value = known.convert(raw)
        except Misfit as misfit:
            self.problems.misfit(misfit, known, where)
            return
        self.keep(known.name, value)

    def keep(self, name: str, value: Value) -> None:
        (self.beside if name in national.BESIDE else self.values)[name] = value

    def funds(self, raw: Any, slots: Mapping[str, Slot], place: str) -> None:
        """The rows of setldetail, each the amount of one fund."""
        for number, row in enumerate(raw if isinstance(raw, list) else []):
            kind = str(row.get("fund_pay_type", "")) if isinstance(row, dict) else ""
            code = national.FUND_TYPES.get(kind, "")
            if code not in slots:
                where = self.at(f"{place}[{number}].fund_pay_type")
                known = [k for k, c in national.FUND_TYPES.items() if c in slots]
                self.problems.add(diagnose("TW0605", place=where, name="fund_pay_type",
                                           value=kind, values=known))  # fmt: skip
            elif slots[code].name not in self.values:
                self.entry(code, row.get("fund_payamt"), slots, f"{place}[{number}].")

    def of_matter(self, named: Any) -> None:
        if named not in (None, "", self.matter):
            where = self.at("事项")
            self.problems.add(diagnose("TW1041", place=where, matter=str(named), asked=self.matter))

    def at(self, place: str) -> str:
        return f"{self.place}: {place}" if self.place else place

    # --- what was read

    def charged(self) -> Charged:
        asked = self.program.matters[self.matter]
        figures = [
            Figure(o.name, o.code, o.type, self.values[o.name])
            for o in asked.outputs
            if o.name in self.values
        ]
        if not figures:
            lines = [f"{o.name}（{o.code}）" for o in asked.outputs]
            found = diagnose("TW1040", place=self.place, matter=self.matter, lines=lines)
            raise Rejected([found])
        stated = {o.name for o in asked.outputs}
        facts: dict[str, Value] = {}
        for name, value in self.values.items():
            if name in stated:
                continue
            node = asked.final.get(("", name))
            if node is not None:
                kind = self.program.nodes[node].type
                figures.append(Figure(name, "", kind, value))
            elif name in self.program.fields:
                facts[name] = value
        return Charged(tuple(figures), self.beside, facts)


def _entries(data: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Key, value and the place before the key, objects opened one level."""
    for key, value in data.items():
        if isinstance(value, dict):
            opened = _entries(value) if key in _WRAPPERS else ((k, v, "") for k, v in value.items())
            yield from ((inner, raw, f"{key}.{before}") for inner, raw, before in opened)
        else:
            yield key, value, ""
