"""A relative claim made concrete for one policy, and decided.

Promised: nothing about a claim is taken silently. What a policy asks for and a relative claim
does not say is given a stated value (``assumed``), tried in turn where it is a choice of few
(``varied``), or left out, and then the policy says itself that it is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from attrs import Factory, define, evolve, field

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import LINES, Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.claims.roles import named
from tiaowen.engine.compiled import decide_compiled
from tiaowen.engine.decision import Decision, open_frame
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Claim, Frame, ParameterValue, Reader
from tiaowen.engine.stops import Stopped
from tiaowen.review.difference.outcomes import relative
from tiaowen.review.difference.outcomes.records import Facts, Situation, Taken

FEW = 6
"""A fact with no usual value and at most so many is tried with each."""


@define(eq=False)
class Concrete:
    """One side of the comparison: how its claims are made, and how they are decided.

    ``places`` are the divisions that stand for 'own', 'district', 'province' and 'outside'.
    """

    program: c.Program
    matter: str
    day: date
    insurance: str
    """Its national code."""
    places: Mapping[str, str]
    encounter: str
    readings: Mapping[str, str]
    parameters: Mapping[str, ParameterValue]
    second: bool = False
    assumed: dict[tuple[str, Value] | None, dict[str, Value]] = Factory(dict)
    """What is assumed besides, by the further fact of the situations that ask for it."""

    varied: dict[str, tuple[Value, ...]] = Factory(dict)
    names: dict[str, str] = field(init=False)
    """National code -> the policy's name of the field."""

    def __attrs_post_init__(self) -> None:
        self.names = {f.code: f.name for f in self.program.fields.values() if f.code}

    # --- claims

    def claim(self, situation: Situation) -> Claim:
        """The claim of ``situation`` with an amount of nothing."""
        person, place = situation.person, situation.place
        kind, own = relative.KINDS[person.kind], self.places["own"]
        scenario = relative.PLACES.get(place)
        care = self.places[scenario.where] if scenario else place
        born = self.day.replace(year=self.day.year - person.age)
        facts: dict[str, Value] = {
            "psn_no": "1", "mdtrt_id": "1", "brdy": born, "insuplc_admdvs": own,
            "psn_type": self._code("psn_type", kind.categories[self.insurance]),
            "insutype": self._member("insutype", self.insurance),
            "med_type": self.encounter, "hosp_lv": situation.level.grade,
            "mdtrtarea_admdvs": care,
            "begntime": self._time("begntime", self.day, relative.ADMITTED),
            "endtime": self._time("endtime", self.day + relative.STAY, relative.DISCHARGED),
        }  # fmt: skip
        if scenario is not None and scenario.filing:
            facts |= {"rloc_rea": scenario.filing, "rloc_admdvs": care}
            facts |= {n: self._said(v, care) for n, v in scenario.papers.items()}
        fields = {self.names[code]: v for code, v in facts.items() if code in self.names}
        fields |= dict(person.second if self.second else person.first)
        for asking in dict.fromkeys((None, situation.fact)):
            fields = {**self.assumed.get(asking, {}), **fields}
        if situation.fact is not None:
            fields[situation.fact[0]] = situation.fact[1]
        return Claim(self.matter, fields, {LINES: (self._line(0),)})

    def _time(self, code: str, day: date, hour: str) -> Value:
        info = self.program.fields.get(self.names.get(code, ""))
        if info is not None and info.type == ty.MOMENT:
            return datetime.combine(day, time.fromisoformat(hour))
        return day

    def _line(self, amount: int) -> dict[str, Value]:
        """One fee line wholly in the catalogue, of class A: nothing is paid of it first."""
        fields = self.program.collections[LINES].fields if LINES in self.program.collections else {}
        wanted: dict[str, Value] = {
            "det_item_fee_sumamt": amount, "chrgitm_lv": "甲", "list_type": "西药中成药",
            "selfpay_prop": 0,
        }  # fmt: skip
        found = {code: named(fields, code) for code in wanted}
        return {name: wanted[code] for code, name in found.items() if name}

    def _code(self, code: str, member: str) -> Value:
        """A member as the field's type keeps it: the raw code, filled up, of a prefix one."""
        info = self.program.fields.get(self.names.get(code, ""))
        enum = self.program.enums.get(info.type.name) if info is not None else None
        if enum is None or enum.kind != "prefix":
            return member
        return enum.codes[member].rstrip("*") if member in enum.codes else member

    def _member(self, code: str, national: str) -> Value:
        info = self.program.fields.get(self.names.get(code, ""))
        enum = self.program.enums.get(info.type.name) if info is not None else None
        codes = enum.codes if enum is not None else {}
        return next((name for name, own in codes.items() if own == national), national)

    def _said(self, value: Value, care: str) -> Value:
        """A paper's value: a division or a day where it names one."""
        if not isinstance(value, str):
            return value
        day = relative.day_of(value, self.day)
        return day if day is not None else {**self.places, "place": care}.get(value, value)

    # --- decisions

    def at(self, claim: Claim, amount: int) -> Claim:
        """``claim`` with a bill of ``amount``."""
        return evolve(claim, collections={LINES: (self._line(amount),)})

    def decide(self, claim: Claim, amount: int) -> Decision:
        """The decision of ``claim`` at ``amount``."""
        return decide_compiled(self.program, self.at(claim, amount), readings=self.readings,
                               parameters=self.parameters)  # fmt: skip

    def open(self, claim: Claim, amount: int) -> Frame:
        """The frame of ``claim`` at ``amount``, with nothing worked out."""
        return open_frame(self.program, self.at(claim, amount), readings=self.readings,
                          parameters=self.parameters)  # fmt: skip

    def node_of(self, line: str) -> str | None:
        """The node of a line of the statement."""
        outputs = self.program.matters[self.matter].outputs
        return next((o.node for o in outputs if o.name == line), None)

    def takes(self, situation: Situation) -> bool:
        """Whether the matter is for such claims."""
        condition = self.program.matters[self.matter].condition
        if condition is None:
            return True
        frame = self.decide(self.claim(situation), 0).frame
        try:
            return bool(evaluate(condition, Reader(frame)))
        except Stopped:
            return False

    def settle(self, situations: Iterable[Situation], amount: int) -> None:
        """Find what the matter asks for besides, over ``situations``: assume it, or note that
        it is to be varied."""
        for situation in situations:
            asked: set[str] = set()
            while missing := self._missing(situation, amount) - asked:
                asked |= missing
                for name in sorted(missing):
                    self._take(name, situation)

    def _missing(self, situation: Situation, amount: int) -> set[str]:
        claim = self.claim(situation)
        trial = {name: values[0] for name, values in self.varied.items()}
        made = self.decide(evolve(claim, fields={**trial, **claim.fields}), amount)
        return {str(p.args["name"]) for p in made.problems if is_missing_fact(p, self.program)}

    def _take(self, name: str, situation: Situation) -> None:
        info = self.program.fields[name]
        enum = self.program.enums.get(info.type.name)
        taken = self.assumed.setdefault(situation.fact, {})
        if info.code in relative.NEUTRAL:
            care = str(self.claim(situation).fields.get(self.names.get("mdtrtarea_admdvs", ""), ""))
            taken[name] = self._said(relative.NEUTRAL[info.code], care)
        elif enum is not None and enum.kind != "prefix" and len(enum.codes) <= FEW:
            self.varied[name] = tuple(enum.codes)
        elif info.type == ty.MONEY:
            taken[name] = 0
        elif info.type == ty.TRUTH:
            taken[name] = False

    @property
    def taken(self) -> Taken:
        every = {name: value for facts in self.assumed.values() for name, value in facts.items()}
        assumed: Facts = tuple(every.items())
        return Taken(self.day, self.insurance, self.places["own"], dict(self.places), assumed,
                     dict(self.parameters))  # fmt: skip


def is_missing_fact(problem: Diagnostic, program: c.Program) -> bool:
    """Whether ``problem`` is a fact of the claim itself that was not given."""
    name = problem.args.get("name")
    return problem.code == "TW0501" and name in program.fields and problem.place == name
