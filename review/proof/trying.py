"""Claims made and decided by the thousand: a claim completed with what the decision asks for,
its facts that the decision read, and what it did, so that claims alike are tried once.

Decisions come from the compiled engine where there is no history and are made again by the
reference interpreter before anything is said of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import Factory, define, evolve, field

from tiaowen.compiler.core import LINES, Program, Value
from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.engine.claims.roles import LineRoles, Roles
from tiaowen.engine.compiled import Fill, filler
from tiaowen.engine.decision import Decision, decide, open_frame
from tiaowen.engine.forms import evaluate
from tiaowen.engine.frames import Claim, Facts, Frame, ParameterValue, Reader
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem, Opening, Settlement
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.interpreter import value_of
from tiaowen.engine.reach import Fact
from tiaowen.engine.stops import Stopped
from tiaowen.review.proof.candidates import Candidates
from tiaowen.review.proof.records import Scene

Place: TypeAlias = tuple[str, int, str]
"""A fact in a claim: its collection ('' for the claim itself), the element, the field."""

MOST_ROUNDS = 16
"""Rounds in which a claim is completed; each adds what the last decision lacked."""

TOLD_EVERY = 200
"""Decisions between two words on how far the search is."""


class Spent(Exception):
    """The search has made as many decisions as it may."""


class _Noting(dict[str, Value]):
    """A record that notes which of its fields were looked at."""

    def __init__(self, record: Mapping[str, Value], seen: dict[Place, None], level: str,
                 index: int) -> None:  # fmt: skip
        super().__init__(record)
        self._seen, self._level, self._index = seen, level, index

    def _note(self, name: str) -> None:
        self._seen[self._level, self._index, name] = None

    def __contains__(self, name: object) -> bool:
        self._note(str(name))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> Value:
        self._note(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)


@define
class Trying:
    """Decides the claims of one matter, at most ``left`` of them."""

    program: Program
    matter: str
    candidates: Candidates
    left: int
    made: int = 0
    tell: Callable[[int], None] | None = None
    fill: Fill = field(init=False)
    earlier: dict[tuple[str, ...], tuple[Frame | Facts, ...]] = Factory(dict)

    @fill.default
    def _compiled(self) -> Fill:
        return filler(self.program, self.matter)

    def decision(self, scene: Scene) -> Decision:
        """The decision of ``scene``; ``Spent`` where the search may make no more."""
        if self.left <= 0:
            raise Spent
        self.left -= 1
        self.made += 1
        if self.tell is not None and self.made % TOLD_EVERY == 0:
            self.tell(self.made)
        frame = self._frame(scene)
        if not (frame.history or frame.parameters):
            with suppress(Exception):  # whatever goes wrong, the reference says what it is
                self.fill(frame)
                return self._outputs(frame)
            frame = self._frame(scene)
        return self._outputs(frame)

    def _frame(self, scene: Scene) -> Frame:
        return open_frame(self.program, scene.claim, history=self._past(scene),
                          readings=scene.readings, parameters=scene.parameters)  # fmt: skip

    def _outputs(self, frame: Frame) -> Decision:
        """The decision of ``frame`` up to the first line of the statement that stops."""
        values: dict[str, Value | None] = {}
        problems: tuple[Diagnostic, ...] = ()
        for output in frame.matter.outputs:
            try:
                values[output.name] = value_of(output.node, frame) if output.node else None
            except Stopped as stopped:
                problems = stopped.diagnostics
                break
        return Decision(frame.matter.name, values, problems, (), (), frame)

    def _past(self, scene: Scene) -> tuple[Frame | Facts, ...]:
        """The frames of the earlier claims, decided once for all that come after them."""
        if not scene.items:
            return ()
        key = tuple(map(repr, (*scene.items, scene.parameters, scene.readings)))
        if key not in self.earlier:
            past: list[Frame | Facts] = []
            for item in scene.items:
                past += self._earlier(item, scene, tuple(past))
            self.earlier[key] = tuple(past)
        return self.earlier[key]

    def _earlier(
        self, item: HistoryItem, scene: Scene, past: tuple[Frame | Facts, ...]
    ) -> Iterator[Frame | Facts]:
        match item:
            case EarlierClaim():
                made = decide(self.program, item.claim, history=past, readings=scene.readings,
                              parameters=scene.parameters)  # fmt: skip
                if made.decided:
                    yield made.frame
            case Settlement():
                yield Facts(item.matter, item.values)
            case Opening():
                yield Facts("", {"年度": item.year, **item.values}, "opening", item.counts)

    def of_matter(self, claim: Claim) -> bool:
        """Whether the claim is one of its matter."""
        condition = self.program.matters[claim.matter].condition
        if condition is None:
            return True
        frame = Frame(self.program, self.program.matters[claim.matter], claim, {}, {})
        try:
            return bool(evaluate(condition, Reader(frame)))
        except Stopped:
            return False

    def read(self, scene: Scene) -> tuple[Place, ...]:
        """The facts that the decision of ``scene`` looks at, in its order."""
        seen: dict[Place, None] = {}
        claim = scene.claim
        noting = Claim(
            claim.matter,
            _Noting(claim.fields, seen, "", 0),
            {
                level: tuple(_Noting(r, seen, level, i) for i, r in enumerate(records))
                for level, records in claim.collections.items()
            },
        )
        decide(self.program, noting, history=self._past(scene), readings=scene.readings,
               parameters=scene.parameters)  # fmt: skip
        return tuple(p for p in seen if self._declared((p[0], p[2])))

    def _declared(self, fact: Fact) -> bool:
        level, name = fact
        holder = self.program.collections[level].fields if level else self.program.fields
        return name in holder

    # --- completing

    def complete(self, scene: Scene, whole: bool = False) -> tuple[Scene, Decision]:
        """``scene`` with all that its decision asks for, plain values of it, and the decision;
        where that stops, with all that the first line to stop asks for, or the ``whole``
        statement."""
        for _ in range(MOST_ROUNDS):
            made = (self.confirmed(scene) if whole else None) or self.decision(scene)
            found = self._completed(scene, made.problems)
            if found is None:
                return scene, made
            scene = found
        return scene, made

    def _completed(self, scene: Scene, problems: Sequence[Diagnostic]) -> Scene | None:
        changed = scene
        for problem in problems:
            name = str(problem.args.get("name", ""))
            if problem.code == "TW0501":
                level, index = _placed(problem.place)
                fact = (level, name)
                if self._declared(fact):
                    value = self.candidates.first(fact)
                    changed = put(changed, (level, index, name), value)
            elif problem.code in ("TW0502", "TW0510"):
                changed = self._given(changed, name)
        return None if changed == scene else self.sound(changed)

    def _given(self, scene: Scene, name: str) -> Scene:
        """``scene`` with the next value of an open parameter, if there is one."""
        held = scene.parameters.get(name)
        values = self.parameter_values(name)
        at = 0 if held is None else values.index(held.value) + 1 if held.value in values else -1
        if not 0 <= at < len(values):
            return scene
        return evolve(scene, parameters={**scene.parameters, name: ParameterValue(values[at])})

    def parameter_values(self, name: str) -> tuple[Value, ...]:
        """Values of an open parameter, a middle one first."""
        kind = self.program.parameters[name].type
        plain: dict[str, tuple[Value, ...]] = {
            "金额": (50_000, 20_000, 0, 500_000, 20_000_000),
            "比例": (Fraction(1, 2), Fraction(1), Fraction(0), Fraction(9, 10)),
            "是否": (True, False),
            "文本": ("甲",),
            "日期": (self.candidates.day.replace(month=1, day=1),),
        }
        if kind.name in self.program.enums:
            info = self.program.enums[kind.name]
            return tuple(info.codes) or info.steps
        return plain.get(kind.name, (1,))

    # --- claims that could be sent

    def sound(self, scene: Scene) -> Scene:
        """``scene`` with fee lines whose amount is count times price."""
        fields = self.program.collections[LINES].fields
        roles = LineRoles.of(fields)
        lines = scene.claim.collections.get(LINES, ())
        made = tuple(_priced(line, roles) for line in lines)
        if made == lines:
            return scene
        claim = evolve(scene.claim, collections={**scene.claim.collections, LINES: made})
        return evolve(scene, claim=claim)

    def sensible(self, scene: Scene) -> bool:
        """Whether its stay does not end before it begins."""
        roles = Roles.of(self.program)
        begin, end = (scene.claim.fields.get(n) for n in (roles.admission, roles.discharge))
        return begin is None or end is None or begin <= end  # type: ignore[operator]

    def confirmed(self, scene: Scene) -> Decision | None:
        """The reference interpreter's decision of the whole person; None where the history
        cannot stand."""
        try:
            made = decide_person(self.program, scene.claim, scene.items, readings=scene.readings,
                                 parameters=scene.parameters)  # fmt: skip
        except Rejected:
            return None
        return made.decision


def _placed(place: str) -> tuple[str, int]:
    """``明细[2].金额`` → its collection and element; ('', 0) of a field of the claim."""
    if "[" not in place:
        return "", 0
    level, _, rest = place.partition("[")
    return level, int(rest.partition("]")[0])


def _priced(line: Mapping[str, Value], roles: LineRoles) -> Mapping[str, Value]:
    price: Any = line.get(roles.price)
    if price is None:
        return line
    count: Any = line.get(roles.count, 1)
    amount = round(count * price * 100)
    if line.get(roles.total) == amount and roles.count in line:
        return line
    return {**line, roles.count: count, roles.total: amount}


def put(scene: Scene, place: Place, value: Value | None) -> Scene:
    """``scene`` with another value of one fact; None takes it out."""
    level, index, name = place
    claim = scene.claim
    if not level:
        return evolve(scene, claim=evolve(claim, fields=_with(claim.fields, name, value)))
    records = list(claim.collections.get(level, ()))
    while len(records) <= index:
        records.append({})
    records[index] = _with(records[index], name, value)
    collections = {**claim.collections, level: tuple(records)}
    return evolve(scene, claim=evolve(claim, collections=collections))


def _with(record: Mapping[str, Value], name: str, value: Value | None) -> dict[str, Value]:
    kept = {k: v for k, v in record.items() if k != name}
    return kept if value is None else {**kept, name: value}
