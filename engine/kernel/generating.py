"""The text of a kernel: one function over the rows of people, in the order of their claims."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from tiaowen.compiler import core as c
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.kernel import expressions as expressions
from tiaowen.engine.kernel import tabling as tabling
from tiaowen.engine.kernel.coding import ask_codes, pack_answers
from tiaowen.engine.kernel.columns import Given, Output
from tiaowen.engine.kernel.deciding import Decided, Legacy, decided, legacies, records
from tiaowen.engine.kernel.doubting import atoms, doubted
from tiaowen.engine.kernel.finite import tabulate
from tiaowen.engine.kernel.folding import Folds, Slot
from tiaowen.engine.kernel.generated import Generated as Generated
from tiaowen.engine.kernel.graph import Node, Unsupported
from tiaowen.engine.kernel.lookup import ARRAY
from tiaowen.engine.kernel.opening import write as write_opening
from tiaowen.engine.kernel.owning import OWNER
from tiaowen.engine.kernel.ruling import Rules
from tiaowen.engine.kernel.scheduling import Writer, written
from tiaowen.engine.kernel.translating import At, Translator
from tiaowen.engine.kernel.values import V

TELLING = "?"
"""The matter that tells matters apart; its outputs are named ?住院 and so on."""
DEPTH = 20_000
"""How deep the graph of a policy is followed."""


@contextmanager
def deep() -> Iterator[None]:
    """Follow a graph that is deeper than Python's usual limit."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def generate(program: c.Program, matters: Iterable[str], readings: Mapping[str, str],
             parameters: Mapping[str, ParameterValue],
             given: Mapping[str, Given] | None = None, *,
             rules: bool = False, telling: bool = False, opening: bool = False,
             outputs: Collection[str] | None = None) -> Generated:  # fmt: skip
    """The kernel of ``matters``, and where ``telling`` of one more, ``TELLING``, whose outputs say
    which matters a row can be of. ``outputs`` are the national codes to be written, None for
    all; a row stops where any output does. Raises ``Unsupported``."""
    with deep():
        sure: frozenset[tuple[str, str]] = frozenset()
        while True:
            made = _Generator(program, tuple(matters), readings, parameters, given, opening, rules,
                              sure)  # fmt: skip
            found = made.settled()
            if found == sure:
                return made.generated(telling=telling, outputs=outputs)
            sure = found


class _Generator:
    def __init__(self, program: c.Program, matters: tuple[str, ...],
                 readings: Mapping[str, str], parameters: Mapping[str, ParameterValue],
                 given: Mapping[str, Given] | None, opening: bool,
                 rules: bool, sure: frozenset[tuple[str, str]]) -> None:  # fmt: skip
        self.t = Translator(program, readings, parameters, given)
        self.folds = self.t.shared["folds"] = Folds(matters, opening, sure=sure)
        self.opening: dict[str, str] = {}
        self.whys: list[str] = []
        self.rules = Rules(self.t) if rules else None
        self.matters = matters
        self.writer = Writer()
        self.codes: dict[str, Output] = {}
        self.arrays: dict[str, str] = {}

    def settled(self) -> frozenset[tuple[str, str]]:
        """What is decided and what it leaves behind; gives the slots of which a decision that was
        made has no stop, since all that could stop them refuses the row."""
        self.made = [self._decided(matter) for matter in self.matters]
        self._settle()
        refusing = {one.matter: atoms(one.reject).keys() for one in self.made}
        return self.folds.sure | {
            key for key, slot in self.folds.slots.items()
            for _, value in [next(r for r in self.records[slot.matter] if r[0] is slot)]
            if slot.stop and atoms(value.stop).keys() <= refusing[slot.matter]
        }  # fmt: skip

    def generated(self, *, telling: bool = False,
                  outputs: Collection[str] | None = None) -> Generated:  # fmt: skip
        """The text of what was settled."""
        made = self.made
        if outputs is not None:
            made = [one.only(outputs) for one in made]
        if telling:
            made.append(self._told())
            self.legacies[TELLING], self.records[TELLING] = [], []
            self.matters = (*self.matters, TELLING)
        self._describe(made)
        self._head()
        for number, one in enumerate(made, 1):
            self._matter(number, one)
        self._foot()
        return self._packed()

    def _decided(self, matter: str) -> Decided:
        try:
            return decided(self.t, matter, self.rules)
        except Unsupported as unfit:
            raise unfit if unfit.where else Unsupported(unfit.what, unfit.reason, matter) from None

    def _told(self) -> Decided:
        """For each matter with a condition whether a row can be of it: 0, 1, or 2 where what is
        given does not tell."""
        g, outputs = self.t.graph, {}
        for name, matter in self.t.program.matters.items():
            if matter.condition is not None:
                fits = self.t.of(matter.condition, At(self.t.frame(name)))
                stopped = g.compare("!=", fits.stop, g.zero)
                told = g.select(stopped, g.const(2), fits.num)
                outputs[f"{TELLING}{name}"] = name, V("number", told, g.zero)
        return Decided(TELLING, outputs, g.zero)

    def _settle(self) -> None:
        """What decisions leave behind may itself look back: until nothing more is asked for."""
        count = -1
        while count != len(self.folds.slots) + len(self.folds.totals):
            count = len(self.folds.slots) + len(self.folds.totals)
            self.legacies = {m: legacies(self.t, m, self.folds) for m in self.matters}
            self.records = {m: records(self.t, m, self.folds) for m in self.matters}

    # --- outputs

    def _describe(self, made: list[Decided]) -> None:
        """One column for each code, over one divisor for all matters."""
        for one in made:
            for code, (name, value) in one.outputs.items():
                old = self.codes.get(code)
                den = math.lcm(value.den, old.scale if old else 1)
                divisor = f"{code}/" if value.over is not None or (old and old.divisor) else ""
                kind = value.kind if value.kind != "none" else (old.kind if old else "number")
                matters = (*(old.matters if old else ()), one.matter)
                self.codes[code] = Output(code, name, matters, kind, den, divisor)
        for code, output in list(self.codes.items()):
            self.arrays[code] = f"o{len(self.arrays)}"
            if output.divisor:
                self.arrays[output.divisor] = f"o{len(self.arrays)}"

    # --- text

    def _head(self) -> None:
        put, w = self.writer.put, self.writer
        put("pos = 0")
        put("for i in range(begin, end):")
        w.indent += 1
        put("new = 1")
        put("if i > begin:")
        put("    new = 1 if person[i] != person[i - 1] else 0")
        put("if new:")
        w.indent += 1
        put("pos = 0")
        write_opening(w, self.folds, self.opening)
        w.indent -= 1
        put("m = matter[i]")
        put("refused = -1")

    def _running(self) -> dict[str, str]:
        """The arrays of running totals and of their owners, and their sizes."""
        found = {x.name: "years" if x.yearly else "one" for x in self.folds.totals.values()}
        for one in self.folds.opened.values():
            for array in filter(None, (one.array, one.stops)):
                found[array] = "years" if one.yearly else "one"
        return found | {array + OWNER: size for array, size in found.items()}

    def _foot(self) -> None:
        put = self.writer.put
        put("if refused != 0:")
        put("    reject[i] = refused")
        put("pm[pos] = m if refused == 0 else 0")
        put("pos = pos + 1")

    def _matter(self, number: int, one: Decided) -> None:
        w = self.writer
        w.put(f"if m == {number}:")
        w.indent += 1
        left, kept = self.legacies[one.matter], self.records[one.matter]
        reject = one.reject
        for slot, value in kept:
            if not slot.stop:
                reject = self.t.values.then(reject, value.stop)
        doubt, root = doubted(self.t.graph, reject), self.t.graph.root
        roots = [doubt, *self._nodes(one, left, kept)]
        ask_codes(self.t.names, roots)
        tabulate(self.t.graph, roots)
        pack_answers(self.t.names, roots)
        now = w.block(root, roots, frozenset())
        w.put("refused = 0")
        w.put(f"if {written(doubt, now)}:")
        w.put(f"    refused = {self._why(number, reject)}")
        w.put("else:")
        w.indent += 1
        w.put("pass")
        self._outputs(one, now)
        for slot, value in kept:
            w.put(f"{slot.array}[pos] = {written(value.num, now)}")
            if slot.stop:
                w.put(f"{slot.stop}[pos] = {written(value.stop, now)}")
        for legacy in left:
            self._legacy(legacy, now)
        w.indent -= 2

    def _why(self, number: int, reject: Node) -> str:
        """The call of a function of its own that tells the first stop of a row."""
        w = Writer()
        now = w.block(self.t.graph.root, [reject], frozenset())
        w.put(f"return {written(reject, now)}")
        body = "\n".join(w.lines)
        arrays = sorted(set(re.findall(r"\b([a-z]+[0-9]*[sp]*)\[", body)))
        head = ", ".join(["i", *(["pos"] if "pos" in body else []), *arrays])
        self.whys.append(f"def why_{number}({head}):\n{body}\n")
        return f"why_{number}({head})"

    def _nodes(self, one: Decided, left: list[Legacy], kept: list[tuple[Slot, V]]) -> list[Node]:
        found = [node for _, (_, v) in one.outputs.items() for node in (v.num, v.over)]
        found += [node for slot, v in kept for node in (v.num, v.stop if slot.stop else None)]
        for legacy in left:
            found += legacy.whole.nodes
            found.append(legacy.guard)
            found += self._outside(legacy)
        return [node for node in found if node is not None]

    def _outside(self, legacy: Legacy) -> list[Node]:
        """What the loop over the parts of a legacy draws on."""
        if legacy.scope is None or legacy.part is None:
            return []
        from tiaowen.engine.kernel.scheduling import free

        probe = [self.t.graph.reduce("sum", legacy.scope, node) for node in legacy.part.nodes]
        return [node for fold in probe if fold.value is None for node in free(fold)]  # type: ignore[arg-type]

    def _outputs(self, one: Decided, now: frozenset[int]) -> None:
        for code, (_, value) in one.outputs.items():
            output = self.codes[code]
            num = self.t.values.times(value.num, output.scale // value.den)
            if num.wide:
                raise Unsupported(output.name, "its numbers may grow beyond 64 bits", one.matter)
            self.writer.put(f"{self.arrays[code]}[i] = {written(num, now)}")
            if output.divisor:
                over = "1" if value.over is None else written(value.over, now)
                self.writer.put(f"{self.arrays[output.divisor]}[i] = {over}")

    def _legacy(self, legacy: Legacy, now: frozenset[int]) -> None:
        w = self.writer
        if legacy.guard is None or legacy.scope is None:
            legacy.whole.write(w, now)
            return
        w.put(f"if {written(legacy.guard, now)}:")
        w.indent += 1
        legacy.whole.write(w, now)
        w.indent -= 1
        w.put("else:")
        w.indent += 1
        w.loop(legacy.scope, [], [legacy.part], now)
        w.indent -= 1

    # --- the whole

    def _packed(self) -> Generated:
        t, folds = self.t, self.folds
        inputs = {array: key for key, array in t.columns.arrays.items()}
        scratch = {"pm": "rows"} | {slot.array: "rows" for slot in folds.slots.values()}
        scratch |= {slot.stop: "rows" for slot in folds.slots.values() if slot.stop}
        scratch |= self._running()
        outs = {array: code for code, array in self.arrays.items()}
        before = {array: key for key, array in self.opening.items()}
        if before:
            before |= {name: name for name in ("opening_from", "opening_to", "opening_year")}
        lines = _read_again([*self.whys, *self.writer.lines], self.writer.lines)
        named = set(re.findall(r"\b[a-z]+[0-9]*[sp]*(?=\[)", "\n".join([*self.whys, *lines])))
        scratch = {array: size for array, size in scratch.items() if array in named}
        further = (*t.names.tests, ARRAY)
        arrays = ("person", "matter", "reject", *before, *inputs, *outs, *scratch,
                  *(array for array in further if array in named))  # fmt: skip
        head = f"def run(begin, end, {', '.join(arrays)}):"
        return Generated(
            source="\n".join([*self.whys, head, *lines]) + "\n",
            arrays=arrays, matters=self.matters,
            columns=tuple(t.columns.read.values()), outputs=tuple(self.codes.values()),
            stops={n: stop for stop, n in t.stops.numbers.items()}, tables=t.graph.tables.cells,
            tests=t.names.tests, codes=tuple(t.names.codes), texts=dict(t.names.texts),
            members=dict(t.names.members), inputs=inputs, written=outs, scratch=scratch,
            opening=before, rules=tuple(self.rules.made) if self.rules else (),
        )  # fmt: skip


def _read_again(text: list[str], lines: list[str]) -> list[str]:
    """``lines`` without what is recorded of a decision and never looked at."""
    found = {array for part in text for array in re.findall(r"\b(pm|[rq][0-9]+)\[(?!pos\])", part)}
    kept = []
    for line in lines:
        stored = re.match(r"\s+(pm|[rq][0-9]+)\[pos\] = ", line)
        if stored is None or stored[1] in found:
            kept.append(line)
    return kept
