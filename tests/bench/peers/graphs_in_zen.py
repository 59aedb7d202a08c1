"""The rules as decision graphs of the zen rules engine.

The engine decides one claim at a time and keeps nothing: what a person's year has come to is
handed to it with the claim. Claims that do not wait for each other, the first ones of all people,
then the second ones, and so on, go to it together. Years, ages and months are worked out for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import zen
from tests.bench import provisions as p
from tests.bench.peers.answers import COLUMNS, Answers
from tests.bench.workloads import Array, Work

AT_ONCE = 20_000
"""Claims of one call."""


def _rounded(numerator: str) -> str:
    """Hundredths of a 分 to 分, half up."""
    return f"floor(({numerator} + 50) / 100)"


def _large(burden: str) -> str:
    """What the large-cost fund pays of a running burden, in hundredths of a 分."""
    ends = (*p.LARGE_BOUNDS[1:], None)
    slices = (
        f"max([0, {burden if end is None else f'min([{burden}, {end}])'} - {start}]) "
        f"* (local == 1 ? {here} : {there})"
        for start, end, here, there in zip(
            p.LARGE_BOUNDS, ends, p.LARGE_LOCAL, p.LARGE_ELSEWHERE, strict=True
        )
    )
    return "(" + " + ".join(slices) + ")"


def _langfang() -> dict[str, str]:
    over_new_year = f"scope == {p.INSIDE} and begin_year < year"
    return {
        "reject": f"(scope == {p.REFUSED} or ({over_new_year})) ? 1 : 0",
        "crt_dedc": f"$.reject == 1 ? 0 : {list(p.LANGFANG_DEDUCTIBLE)}[grade]",
        "ratio": f"$.reject == 1 ? 0 : {list(p.LANGFANG_RATIO)}[grade]",
        "due": _rounded("max([0, eligible - $.crt_dedc]) * $.ratio"),
        "hifp_pay": f"min([$.due, {p.LANGFANG_CAP} - paid])",
        "psn_part_amt": "$.reject == 1 ? 0 : total - $.hifp_pay",
    }


def _ziyang() -> dict[str, str]:
    def table(here: tuple[int | None, ...], there: tuple[int | None, ...]) -> str:
        cells = [-1 if cell is None else cell for cell in (*there, *here)]
        return f"{cells}[local * {len(p.GRADES)} + grade]"

    price = "#.price"
    service = f"{p.SERVICE_OWN[-1]}"
    for bound, own in reversed(list(zip(p.SERVICE_BOUNDS, p.SERVICE_OWN, strict=False))):
        service = f"({price} <= {bound} ? {own} : {service})"
    share = f"(#.class == 1 ? (#.catalogue == 1 ? {service} : {p.MEDICINE_OWN}) : 0)"
    kept = f"#.class == 2 ? 0 : #.amount - {_rounded(f'#.amount * {share}')}"
    lowered = f"$.standard - {p.RETIRED_LESS} * retired - {p.EACH_STAY_LESS} * stays"
    points = f"retired * ({p.RETIRED_MORE} + (age >= {p.OLD} ? {p.OLD_MORE} : 0))"
    ratios = table(p.ZIYANG_RATIO_LOCAL, p.ZIYANG_RATIO_ELSEWHERE)
    return {
        "standard": table(p.ZIYANG_DEDUCTIBLE_LOCAL, p.ZIYANG_DEDUCTIBLE_ELSEWHERE),
        "reject": "$.standard < 0 ? 1 : 0",
        "total": "sum(map(lines, #.amount))",
        "inscp_scp_amt": f"$.reject == 1 ? 0 : sum(map(lines, {kept}))",
        "crt_dedc": f"($.reject == 1 or (age >= {p.FIRST_ONLY} and stays > 0)) ? 0 : "
        f"max([{p.LEAST}, {lowered}])",
        "ratio": f"min([100, {ratios} + {points}])",
        "due": _rounded("max([0, $.inscp_scp_amt - $.crt_dedc]) * $.ratio"),
        "hifp_pay": f"min([$.due, {p.ZIYANG_CAP} - paid])",
        "burden": "$.inscp_scp_amt - $.hifp_pay",
        "hifob_pay": _rounded(f"{_large('(burden + $.burden)')} - {_large('burden')}"),
        "psn_part_amt": "$.reject == 1 ? 0 : $.total - $.hifp_pay - $.hifob_pay",
    }


def _engine(name: str) -> Any:
    steps = _langfang() if name == "langfang" else _ziyang()
    content = {"expressions": [{"id": k, "key": k, "value": v} for k, v in steps.items()]}
    place = {"position": {"x": 0, "y": 0}}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", **place},
        {"id": "rules", "type": "expressionNode", "name": "rules", "content": content, **place},
        {"id": "out", "type": "outputNode", "name": "out", **place},
    ]
    edges = [
        {"id": a + b, "sourceId": a, "targetId": b, "type": "edge"}
        for a, b in (("in", "rules"), ("rules", "out"))
    ]
    graph = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    return zen.ZenEngine({"loader": {"type": "static", "content": {name: graph}}})


def _facts(work: Work) -> list[dict[str, Any]]:
    """What the engine is told of each claim, but for what came before."""
    given = dict(work.columns)
    begin, end = (given[name].astype("M8[D]") for name in ("begin", "end"))
    told: dict[str, Array] = {
        "year": end.astype("M8[Y]").astype(int) + 1970,
        "grade": given["grade"],
    }
    if work.name == "langfang":
        told["begin_year"] = begin.astype("M8[Y]").astype(int) + 1970
        told["scope"] = np.array(p.LANGFANG_SCOPE)[given["area"]]
        told |= {name: given[name] for name in ("total", "eligible")}
    else:
        born = given["born"].astype("M8[D]")
        months = begin.astype("M8[M]").astype(int) - born.astype("M8[M]").astype(int)
        day, birthday = ((d - d.astype("M8[M]")).astype(int) for d in (begin, born))
        told["age"] = (months - (day < birthday)) // 12
        told |= {"local": np.array(p.ZIYANG_LOCAL)[given["area"]], "retired": given["retired"]}
    names, cells = list(told), [column.tolist() for column in told.values()]
    facts = [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
    if work.lines:
        names, cells = list(work.lines), [column.tolist() for column in work.lines.values()]
        lines = [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
        ends = work.offsets.tolist()
        for n, fact in enumerate(facts):
            fact["lines"] = lines[ends[n] : ends[n + 1]]
    return facts


def _waves(person: Array) -> Iterator[Array]:
    """The rows that are their people's first, then those that are the second, …"""
    first = np.flatnonzero(np.concatenate([[True], person[1:] != person[:-1]]))
    number = np.arange(len(person)) - np.repeat(first, np.diff(np.append(first, len(person))))
    order = np.argsort(number, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(number[order])) + 1)


def prepared(work: Work, threads: int = 1) -> Callable[[], Answers]:
    """What hands the claims of ``work`` to the engine; what it is told of them is at hand."""
    engine, facts = _engine(work.name), _facts(work)
    people = work.columns["person"].tolist()

    def action() -> Answers:
        answers = {code: np.zeros(work.rows, np.int64) for code in ("reject", *COLUMNS[work.name])}
        before: dict[tuple[int, int], tuple[int, int, int]] = {}
        for wave in _waves(work.columns["person"]):
            for start in range(0, len(wave), AT_ONCE):
                _decide(engine, facts, people, wave[start : start + AT_ONCE].tolist(), before,
                        answers, work.name)  # fmt: skip
        return answers

    return action


def _decide(engine: Any, facts: list[dict[str, Any]], people: list[int], rows: list[int],
            before: dict[tuple[int, int], tuple[int, int, int]], answers: Mapping[str, Array],
            name: str) -> None:  # fmt: skip
    requests = []
    for row in rows:
        paid, burden, stays = before.get((people[row], facts[row]["year"]), (0, 0, 0))
        told = {**facts[row], "paid": paid, "burden": burden, "stays": stays}
        requests.append({"key": name, "context": told})
    for row, answer in zip(rows, engine.evaluate_batch(requests), strict=True):
        found = answer["data"]["result"]
        kept = 1 - found["reject"]
        paid, burden, stays = before.get(key := (people[row], facts[row]["year"]), (0, 0, 0))
        before[key] = (paid + found["hifp_pay"], burden + found.get("burden", 0), stays + kept)
        answers["reject"][row] = found["reject"]
        for code in COLUMNS[name]:
            answers[code][row] = kept * facts[row]["year"] if code == "year" else found[code]
