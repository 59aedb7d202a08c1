"""The loops as somebody would write them with numba, row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from tests.bench import provisions as p
from tests.bench.peers.answers import COLUMNS, Answers, ready
from tests.bench.workloads import Work

compiled: Any = njit
"""Its own types are those of the functions it is given, not of what it makes of them."""
ELSEWHERE, INSIDE, CAP = p.REFUSED, p.INSIDE, p.LANGFANG_CAP
YEAR_CAP, LEAST, EACH, RETIRED = p.ZIYANG_CAP, p.LEAST, p.EACH_STAY_LESS, p.RETIRED_LESS
OLD, FIRST_ONLY = p.OLD, p.FIRST_ONLY


def _year_of(days: int) -> int:
    z = days + 719468
    century = (4 * z + 3) // 146097
    day = z - 146097 * century // 4
    year = (4 * day + 3) // 1461
    return 100 * century + year + (day - 1461 * year // 4 >= 306)


year_of = compiled(_year_of)


def _month_day(days: int) -> int:
    """Month and day as one number, 101 to 1231."""
    z = days + 719468
    century = (4 * z + 3) // 146097
    day = z - 146097 * century // 4
    day -= 1461 * ((4 * day + 3) // 1461) // 4
    month = (5 * day + 2) // 153
    return 100 * (month + 3 if month < 10 else month - 9) + day - (153 * month + 2) // 5 + 1


month_day = compiled(_month_day)


def _large(burden: int, bounds: Any, shares: Any) -> Any:
    """What the large-cost fund pays of a running burden, in hundredths of a 分."""
    found = max(0, burden - bounds[2]) * shares[2]
    for n in range(2):
        found += max(0, min(burden, bounds[n + 1]) - bounds[n]) * shares[n]
    return found


large = compiled(_large)


def _langfang(start: int, stop: int, person: Any, begin: Any, end: Any, grade: Any, area: Any,
              total: Any, eligible: Any, deductibles: Any, ratios: Any, scopes: Any, reject: Any,
              years: Any, deductible_out: Any, paid_out: Any, own_out: Any) -> None:  # fmt: skip
    who, year_now, so_far = -1, 0, 0
    for i in range(start, stop):
        year, scope = year_of(end[i]), scopes[area[i]]
        reject[i] = scope == ELSEWHERE or (scope == INSIDE and year_of(begin[i]) < year)
        if reject[i]:
            years[i] = deductible_out[i] = paid_out[i] = own_out[i] = 0
            continue
        if person[i] != who or year != year_now:
            who, year_now, so_far = person[i], year, 0
        deductible = deductibles[grade[i]]
        due = (max(0, eligible[i] - deductible) * ratios[grade[i]] + 50) // 100
        paid = min(due, CAP - so_far)
        so_far += paid
        years[i], deductible_out[i], paid_out[i] = year, deductible, paid
        own_out[i] = total[i] - paid


def _ziyang(start: int, stop: int, person: Any, begin: Any, end: Any, born: Any, retired: Any,
            grade: Any, area: Any, locals_: Any, deductibles: Any, ratios: Any, bounds: Any,
            shares: Any, offsets: Any, amount: Any, price: Any, class_: Any, catalogue: Any,
            reject: Any, years: Any, eligible_out: Any, deductible_out: Any, paid_out: Any,
            large_out: Any, own_out: Any) -> None:  # fmt: skip
    who, year_now, paid_before, burden_before, stays = -1, 0, 0, 0, 0
    for i in range(start, stop):
        local, year = locals_[area[i]], year_of(end[i])
        standard = deductibles[local, grade[i]]
        reject[i] = standard < 0
        if reject[i]:
            years[i] = eligible_out[i] = deductible_out[i] = 0
            paid_out[i] = large_out[i] = own_out[i] = 0
            continue
        if person[i] != who or year != year_now:
            who, year_now, paid_before, burden_before, stays = person[i], year, 0, 0, 0
        total, eligible = 0, 0
        for j in range(offsets[i], offsets[i + 1]):
            share, cost = 0, price[j]
            if class_[j] == 1 and catalogue[j] == 1:
                share = 10 + 10 * (cost > 30000) + 10 * (cost > 100000) + 10 * (cost > 300000)
            elif class_[j] == 1:
                share = 10
            total += amount[j]
            if class_[j] != 2:
                eligible += amount[j] - (amount[j] * share + 50) // 100
        age = year_of(begin[i]) - year_of(born[i]) - (month_day(begin[i]) < month_day(born[i]))
        deductible = max(LEAST, standard - RETIRED * retired[i] - EACH * stays)
        if age >= FIRST_ONLY and stays > 0:
            deductible = 0
        points = 5 * retired[i] + 5 * (retired[i] == 1 and age >= OLD)
        ratio = min(100, ratios[local, grade[i]] + points)
        pooled = eligible - min(deductible, eligible)
        paid = min((pooled * ratio + 50) // 100, YEAR_CAP - paid_before)
        after = burden_before + eligible - paid
        more = large(after, bounds, shares[local]) - large(burden_before, bounds, shares[local])
        more = (more + 50) // 100
        paid_before, burden_before, stays = paid_before + paid, after, stays + 1
        years[i], eligible_out[i], deductible_out[i] = year, eligible, deductible
        paid_out[i], large_out[i], own_out[i] = paid, more, total - paid - more


LOOPS = {"langfang": compiled(nogil=True)(_langfang), "ziyang": compiled(nogil=True)(_ziyang)}


def prepared(work: Work, threads: int = 1) -> Callable[[], Answers]:
    """What runs the loop over ``work``, compiled before, on so many threads."""
    loop = LOOPS[work.name]
    column, lines = work.columns, work.lines
    names = ("person", "begin", "end", "grade", "area", "total", "eligible")
    tables: tuple[Any, ...] = (p.LANGFANG_DEDUCTIBLE, p.LANGFANG_RATIO, p.LANGFANG_SCOPE)
    if work.name == "ziyang":
        names = ("person", "begin", "end", "born", "retired", "grade", "area")
        sides = (p.ZIYANG_DEDUCTIBLE_ELSEWHERE, p.ZIYANG_DEDUCTIBLE_LOCAL)
        known = [[-1 if cell is None else cell for cell in side] for side in sides]
        tables = (p.ZIYANG_LOCAL, known, (p.ZIYANG_RATIO_ELSEWHERE, p.ZIYANG_RATIO_LOCAL),
                  p.LARGE_BOUNDS, (p.LARGE_ELSEWHERE, p.LARGE_LOCAL))  # fmt: skip
    given: list[Any] = [
        *(column[name] for name in names),
        *(np.array(table, np.int64) for table in tables),
    ]
    if lines:
        each = ("amount", "price", "class", "catalogue")
        given += [work.offsets, *(lines[name] for name in each)]
    written: list[Any] = [np.zeros(work.rows, np.int32),
               *(np.zeros(work.rows, np.int64) for _ in COLUMNS[work.name])]  # fmt: skip
    loop(0, 0, *given, *written)

    def run(begin: int, end: int) -> None:
        loop(begin, end, *given, *written)

    return ready(work, run, written, threads)
