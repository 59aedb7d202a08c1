"""Our own kernels, made for the columns that the workloads have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
from tests.bench import provisions as p
from tests.bench.peers.answers import COLUMNS, Answers, shares
from tests.bench.workloads import Array, Work

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.kernel import Given, Kernel, build

ROOT = Path(__file__).parents[3]
POLICIES = {
    "langfang": "policies/langfang/resident-2024-draft.md",
    "ziyang": "policies/ziyang/employee-2023.md",
}
PARAMETERS: Mapping[str, Mapping[str, int]] = {
    "langfang": {},
    "ziyang": {"平均工资": p.AVERAGE_WAGE, "大额起付线": p.LARGE_FROM},
}
_DAYS, _ALL = Given(nullable=False, days=True), Given(nullable=False)
_STAY = ("begntime", "endtime", "hosp_lv", "mdtrtarea_admdvs", "med_type", "mdtrt_id")
_FURTHER = {
    "langfang": ("medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt",
                 "inscp_scp_amt"),
    "ziyang": ("brdy", "psn_type", "feedetail.det_item_fee_sumamt", "feedetail.pric",
               "feedetail.chrgitm_lv", "feedetail.list_type"),
}  # fmt: skip


@cache
def program(name: str) -> Program:
    """The policy of a workload."""
    paths = ("policies/vocabulary.tiao", POLICIES[name])
    texts = [Source(path, (ROOT / path).read_text(encoding="utf-8")) for path in paths]
    return compile_policy([read_document(text) for text in texts]).demand()


def built(name: str, cache_folder: Path | None = None) -> Kernel:
    """The kernel of stays for the workload's columns."""
    given = {
        code: _DAYS if code in ("begntime", "endtime", "brdy") else _ALL
        for code in (*_STAY, *_FURTHER[name])
    }
    parameters = {key: ParameterValue(value) for key, value in PARAMETERS[name].items()}
    return build(program(name), parameters=parameters, matters=["住院"], columns=given,
                 outputs=COLUMNS[name], cache=cache_folder)  # fmt: skip


def columns_of(made: Kernel, work: Work) -> dict[str, Any]:
    """What ``Kernel.run`` takes, of the workload's columns."""
    given, lines = work.columns, work.lines
    places = p.LANGFANG_PLACES if work.name == "langfang" else p.ZIYANG_PLACES
    extra = ("1101", "1201")
    codes = (*made.codes, *places, *extra)
    found: dict[str, Array] = {
        "begntime": given["begin"], "endtime": given["end"],
        "hosp_lv": _members(made, "hosp_lv", p.GRADES, given["grade"]),
        "med_type": _members(made, "med_type", p.KINDS_OF_STAY, given["kind"]),
        "mdtrtarea_admdvs": given["area"] + np.int32(len(made.codes)),
        "mdtrt_id": np.arange(1, work.rows + 1),
    }  # fmt: skip
    if work.name == "langfang":
        names = ("total", "own", "over", "first", "eligible")
        found |= {code: given[n] for code, n in zip(_FURTHER["langfang"], names, strict=True)}
        return {"columns": found, "codes": codes}
    found |= {
        "brdy": given["born"],
        "psn_type": given["retired"] + np.int32(len(made.codes) + len(places)),
        "feedetail.det_item_fee_sumamt": lines["amount"],
        "feedetail.pric": lines["price"] * 10_000,
        "feedetail.chrgitm_lv": _members(made, "feedetail.chrgitm_lv", p.CLASSES, lines["class"]),
        "feedetail.list_type": _members(
            made, "feedetail.list_type", p.CATALOGUES, lines["catalogue"]
        ),
    }
    return {"columns": found, "codes": codes, "offsets": {"feedetail": work.offsets}}


def _members(made: Kernel, name: str, codes: Sequence[str], places: Array) -> Array:
    """Places in ``codes`` as the kernel numbers them; 0 where it does not ask for the column."""
    known = {column.name: column.codes for column in made.columns}.get(name, {})
    return np.array([known.get(code, 0) for code in codes], np.int16)[places]


def prepared(work: Work, threads: int = 1) -> Callable[[], Answers]:
    """What runs the kernel's loop over ``work``; the rows' columns are laid out before."""
    made = built(work.name)
    calls: list[tuple[int, int, list[Any]]] = []
    loop = made.call
    assert loop is not None
    made.call = lambda begin, end, arrays: calls.append((begin, end, list(arrays)))
    given = columns_of(made, work)
    cuts = shares(work.columns["person"], threads)
    for begin, end in cuts:
        made.run(**_share(given, work, begin, end), trusted=True)
    names = made.generated.arrays
    answers = {"reject": np.zeros(work.rows, np.int32)}
    answers |= {code: np.zeros(work.rows, np.int64) for code in made.generated.written.values()}
    codes = {"reject": "reject", **made.generated.written}
    for (begin, end), (_, _, arrays) in zip(cuts, calls, strict=True):
        for n, name in enumerate(names):
            if name in codes:
                arrays[n] = answers[codes[name]][begin:end]
    remembered = [n for n, name in enumerate(names) if name in made.generated.scratch]

    def action() -> Answers:
        # A run begins with nothing remembered, as Kernel.run sees to.
        for _, _, arrays in calls:
            for n in remembered:
                arrays[n].fill(0)
        each = [Thread(target=loop, args=call) for call in calls[1:]]
        for thread in each:
            thread.start()
        loop(*calls[0])
        for thread in each:
            thread.join()
        return answers

    return action


def _share(given: Mapping[str, Any], work: Work, begin: int, end: int) -> dict[str, Any]:
    """The rows from ``begin`` to ``end`` as they are given to the kernel."""
    nested = given.get("offsets", {})
    first, last = (int(work.offsets[at]) if nested else 0 for at in (begin, end))
    columns = {
        code: cells[first:last] if "." in code else cells[begin:end]
        for code, cells in given["columns"].items()
    }
    rows = end - begin
    offsets = {code: cells[begin : end + 1] - first for code, cells in nested.items()}
    return {"columns": columns, "codes": given["codes"], "offsets": offsets,
            "person": work.columns["person"][begin:end], "matter": np.ones(rows, np.int16)}  # fmt: skip
