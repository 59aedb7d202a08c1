"""The rules as variables of OpenFisca-core: stays as a group whose members are their fee lines.

Its whole numbers have 32 bits, so every variable is given 64. It has no running totals of earlier
events; the formulas that need them are written with numpy over the rows as they stand, by person
and time, which is as fast as it gets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from tests.bench import provisions as p
from tests.bench.peers.answers import COLUMNS, Answers, statement
from tests.bench.workloads import Array, Work

Formula: TypeAlias = Callable[[Any, Any], Any]

PERIOD = "2024"
"""Facts and results are of one period; the years of the stays are facts among others."""


def _before(amount: Any, first: Any) -> Any:
    """The sum of the rows before, of the person's year; ``first`` is where each row's began."""
    total = np.cumsum(amount) - amount
    return total - total[first]


def _anew(stay: Any, period: Any) -> Any:
    """The row where the person's year of each row began."""
    person, year = stay("person", period), stay("year", period)
    changed = (person[1:] != person[:-1]) | (year[1:] != year[:-1])
    rows = np.arange(len(person))
    return np.maximum.accumulate(np.where(np.concatenate([[True], changed]), rows, 0))


def _due(stay: Any, period: Any) -> Any:
    pooled = np.maximum(0, stay("eligible", period) - stay("deductible", period))
    due = (pooled * stay("ratio", period) + 50) // 100
    return np.where(stay("refused", period), 0, due)


def _paid(cap: int) -> Formula:
    def formula(stay: Any, period: Any) -> Any:
        due = stay("due", period)
        before = _before(due, stay("anew", period))
        return np.minimum(before + due, cap) - np.minimum(before, cap)

    return formula


def _outside(stay: Any, period: Any) -> Any:
    scope = np.array(p.LANGFANG_SCOPE)[stay("area", period)]
    over_new_year = stay("begin_year", period) < stay("year", period)
    return (scope == p.REFUSED) | ((scope == p.INSIDE) & over_new_year)


LANGFANG: Mapping[str, Formula] = {
    "anew": _anew,
    "refused": _outside,
    "deductible": lambda stay, period: np.array(p.LANGFANG_DEDUCTIBLE)[stay("grade", period)],
    "ratio": lambda stay, period: np.array(p.LANGFANG_RATIO)[stay("grade", period)],
    "due": _due,
    "paid": _paid(p.LANGFANG_CAP),
    "borne": lambda stay, period: stay("total", period) - stay("paid", period),
}


def _by_place(here: Sequence[int | None], there: Sequence[int | None]) -> Formula:
    """A table's cell by place and grade, below zero where there is none."""
    cells = np.array([[-1 if cell is None else cell for cell in side] for side in (there, here)])

    def formula(stay: Any, period: Any) -> Any:
        return cells[stay("local", period), stay("grade", period)]

    return formula


def _kept(line: Any, period: Any) -> Any:
    service = np.searchsorted(p.SERVICE_BOUNDS, line("price", period), "left")
    share = np.where(
        line("catalogue", period) == 1, np.array(p.SERVICE_OWN)[service], p.MEDICINE_OWN
    )
    amount, of = line("amount", period), line("class", period)
    first = np.where(of == 1, (amount * share + 50) // 100, 0)
    return np.where(of == 2, 0, amount - first)


def _stays(stay: Any, period: Any) -> Any:
    one = 1 - stay("refused", period)
    return _before(one, stay("anew", period))


def _lowered(stay: Any, period: Any) -> Any:
    stays = stay("stays", period)
    less = p.RETIRED_LESS * stay("retired", period) + p.EACH_STAY_LESS * stays
    none = (stay("age", period) >= p.FIRST_ONLY) & (stays > 0)
    return np.where(none, 0, np.maximum(p.LEAST, stay("standard", period) - less))


def _raised(stay: Any, period: Any) -> Any:
    old = np.where(stay("age", period) >= p.OLD, p.OLD_MORE, 0)
    points = stay("retired", period) * (p.RETIRED_MORE + old)
    return np.minimum(100, stay("plain_ratio", period) + points)


def _large(stay: Any, period: Any) -> Any:
    burden = np.where(stay("refused", period), 0, stay("eligible", period) - stay("paid", period))
    before = _before(burden, stay("anew", period))
    local, due = stay("local", period), np.zeros(len(burden), np.int64)
    ends = (*p.LARGE_BOUNDS[1:], np.iinfo(np.int64).max)
    shares = zip(p.LARGE_ELSEWHERE, p.LARGE_LOCAL, strict=True)
    for start, end, share in zip(p.LARGE_BOUNDS, ends, shares, strict=True):
        upto, sooner = (np.clip(at, start, end) - start for at in (before + burden, before))
        due += (upto - sooner) * np.array(share)[local]
    return (due + 50) // 100


ZIYANG: Mapping[str, Formula] = {
    "anew": _anew,
    "total": lambda stay, period: _summed(stay, "amount", period),
    "eligible": lambda stay, period: _summed(stay, "kept", period),
    "local": lambda stay, period: np.array(p.ZIYANG_LOCAL)[stay("area", period)],
    "standard": _by_place(p.ZIYANG_DEDUCTIBLE_LOCAL, p.ZIYANG_DEDUCTIBLE_ELSEWHERE),
    "plain_ratio": _by_place(p.ZIYANG_RATIO_LOCAL, p.ZIYANG_RATIO_ELSEWHERE),
    "refused": lambda stay, period: stay("standard", period) < 0,
    "stays": _stays,
    "deductible": _lowered,
    "ratio": _raised,
    "due": _due,
    "paid": _paid(p.ZIYANG_CAP),
    "large": _large,
    "borne": lambda stay, period: (
        stay("total", period) - stay("paid", period) - stay("large", period)
    ),
}


def _summed(stay: Any, name: str, period: Any) -> Array:
    """Sums of fee lines; the library makes them as floats, which are exact this far."""
    return np.asarray(stay.sum(stay.members(name, period)), np.int64)


def _system(given: Mapping[str, Array], lines: Mapping[str, Array]) -> TaxBenefitSystem:
    """The variables: facts of stays and of fee lines, and what has a formula."""
    stay = build_entity("stay", "stays", "a stay", is_person=not lines,
                        roles=[{"key": "line"}] if lines else None)  # fmt: skip
    line = build_entity("line", "lines", "a fee line", is_person=True) if lines else stay
    system = TaxBenefitSystem([line, stay] if lines else [stay])
    formulas = ZIYANG if lines else LANGFANG
    told = [(name, stay, formulas.get(name)) for name in (*given, *formulas)]
    told += [(name, line, None) for name in lines]
    told += [("kept", line, _kept)] if lines else []
    for name, entity, formula in told:
        about = {"value_type": int, "entity": entity, "definition_period": DateUnit.YEAR}
        about |= {"label": name} | ({"formula": formula} if formula else {})
        system.add_variable(type(name, (Variable,), about)).dtype = np.dtype(np.int64)
    return system


def _facts(work: Work) -> dict[str, Array]:
    """The columns, with the years and ages that its periods do not give."""
    given = dict(work.columns)
    begin, end = (given.pop(name).astype("M8[D]") for name in ("begin", "end"))
    given["year"] = end.astype("M8[Y]").astype(int) + 1970
    if work.name == "langfang":
        return given | {"begin_year": begin.astype("M8[Y]").astype(int) + 1970}
    born = given.pop("born").astype("M8[D]")
    months = begin.astype("M8[M]").astype(int) - born.astype("M8[M]").astype(int)
    day, birthday = ((d - d.astype("M8[M]")).astype(int) for d in (begin, born))
    return given | {"age": (months - (day < birthday)) // 12}


def prepared(work: Work, threads: int = 1) -> Callable[[], Answers]:
    """What makes a simulation of ``work`` and computes its variables."""
    given = _facts(work)
    system = _system(given, work.lines)
    codes = {"year": "year", **statement(work.name)}

    def action() -> Answers:
        builder = SimulationBuilder()
        builder.create_entities(system)
        counts = {"stay": work.rows, "line": int(work.offsets[-1]) if work.lines else 0}
        for key, population in builder.populations.items():
            population.count, population.ids = counts[key], np.arange(counts[key])
        if work.lines:
            rows = np.repeat(np.arange(work.rows), np.diff(work.offsets))
            builder.populations["stay"].members_entity_id = rows
        simulation = builder.build(system)
        for name, column in {**given, **work.lines}.items():
            simulation.set_input(name, PERIOD, column.astype(np.int64))
        refused = simulation.calculate("refused", PERIOD)
        found = {code: simulation.calculate(codes[code], PERIOD) for code in COLUMNS[work.name]}
        return {"reject": refused} | {c: np.where(refused, 0, v) for c, v in found.items()}

    return action
