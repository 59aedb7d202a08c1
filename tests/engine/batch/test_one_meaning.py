"""A file and its single claims: the same figures to the 分, the same claims refused, why."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from tiaowen.apps.programs import load_program
from tiaowen.apps.table_files import TableFile
from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import message
from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.engine.batch.job import Options, Outcome, settle_file
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.history.earlier import EarlierClaim
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.parameters import read_parameters
from tiaowen.engine.synthetic import Plan, claims
from tiaowen.engine.telling.explain import explain
from tiaowen.engine.telling.rule_names import deciding_rules

BILLED = {
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "inscp_scp_amt",
}
CITIES = {
    "langfang": ("policies/langfang/resident-2024-draft.md", Plan(900, 7, "131000", visits=0.4), ""),
    "ziyang": ("policies/ziyang/employee-2023.md",
               Plan(700, 7, "512000", "310", visits=0.4, years=2), "examples/ziyang-parameters.toml"),
    "langfang, totals": ("policies/langfang/resident-2024-draft.md",
                         Plan(500, 8, "131000", visits=0.4, lines=False, years=2), ""),
    "ziyang, totals": ("policies/ziyang/employee-2023.md",
                       Plan(400, 8, "512000", "310", visits=0.4, years=2, lines=False),
                       "examples/ziyang-parameters.toml"),
    "chongqing": ("policies/chongqing/employee-2011.md",
                  Plan(300, 7, "500000", "310", visits=0.6), "examples/chongqing-parameters.toml"),
    "chongqing, residents": ("policies/chongqing/resident-2011.md",
                             Plan(300, 7, "500000", "390", visits=0.6),
                             "examples/chongqing-resident-parameters.toml"),
    "jinan": ("policies/jinan/basic-2012.md",
              Plan(300, 7, "370100", "310", visits=0.6), "examples/jinan-parameters.toml"),
}  # fmt: skip


def figures(program: Program, file: str) -> dict[str, ParameterValue]:
    """The parameters of an example file."""
    if not file:
        return {}
    return read_parameters(Path(file).read_text(encoding="utf-8"), file, program)


def written(plan: Plan, path: Path) -> list[dict[str, Any]]:
    """The claims of ``plan`` in a file, and as rows."""
    rows: list[dict[str, Any]] = []
    with TableFile(path) as table:
        for block in claims(plan):
            table.write(block)
            rows += block.to_pylist()
    return rows


def plain(value: Any) -> Any:
    """A cell as JSON holds it."""
    if isinstance(value, list):
        return [{k: plain(v) for k, v in line.items() if v is not None} for line in value]
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value if isinstance(value, bool) else str(value)


Said = set[tuple[str, str]]
"""Codes and messages."""


def said(diagnostics: Iterable[Diagnostic]) -> Said:
    return {(found.code, message(found, "zh")) for found in diagnostics}


def one_by_one(
    program: Program, rows: list[dict[str, Any]], parameters: dict[str, ParameterValue]
) -> Iterator[tuple[str, dict[str, Any], Said]]:
    """Each encounter with its outputs by national code, or with what it is refused for."""
    earlier: dict[str, list[EarlierClaim]] = {}
    for row in rows:
        unread = BILLED if "feedetail" in row else set()
        data = {k: plain(v) for k, v in row.items() if v is not None and k not in unread}
        before = earlier.setdefault(row["psn_no"], [])
        try:
            claim = read_claim(data, program)
            made = decide_person(program, claim, before, parameters=parameters)
        except Rejected as rejected:
            yield row["mdtrt_id"], {}, said(rejected.diagnostics)
            continue
        decision = made.decision
        if not decision.decided:
            yield row["mdtrt_id"], {}, said(decision.problems)
            continue
        before.append(EarlierClaim(claim))
        matter = decision.frame.matter
        codes = {output.name: output.code for output in matter.outputs}
        values = {codes[name]: value for name, value in decision.values.items()}
        named = deciding_rules(explain(decision))
        rules = {f"rule_{code}": named[code] or None for code in values}
        yield row["mdtrt_id"], {"x_matter": matter.name, **values, **rules}, set()


def cell(code: str, value: Any, kinds: dict[str, str]) -> Any:
    """A cell of the output as the interpreter has it: money in 分."""
    if value is not None and kinds.get(code) == "金额":
        return int(value * 100)
    return value


@pytest.mark.parametrize("city", CITIES)
def test_a_file_is_settled_as_its_claims_are(city: str, tmp_path: Path) -> None:
    policy, plan, file = CITIES[city]
    program = load_program(policy)
    parameters = figures(program, file)
    rows = written(plan, tmp_path / "claims.parquet")
    outcome = settled(program, tmp_path, parameters=parameters, rules=True)
    kinds = {o.code: o.type.name for m in program.matters.values() for o in m.outputs}
    found = {row["mdtrt_id"]: row for row in pq.read_table(outcome.output).to_pylist()}
    refused: dict[str, Said] = {}
    for reject in pacsv.read_csv(outcome.rejects).to_pylist():
        refused.setdefault(reject["mdtrt_id"], set()).add((reject["code"], reject["message"]))
    decided = 0
    for encounter, values, wrong in one_by_one(program, rows, parameters):
        if wrong:
            assert refused.get(encounter, set()) <= wrong, encounter
            assert encounter in refused
            continue
        decided += 1
        got = {code: cell(code, value, kinds) for code, value in found[encounter].items()}
        assert {code: got.get(code) for code in values} == values, encounter
    assert decided >= 40
    assert outcome.counts.read == len(rows)
    assert outcome.counts.settled == decided == len(found)
    assert outcome.counts.rejected == len(rows) - decided


def settled(program: Program, folder: Path, **options: Any) -> Outcome:
    """The file ``claims.parquet`` of ``folder`` settled."""
    return settle_file(
        program,
        Options(str(folder / "claims.parquet"), str(folder / "settled.parquet"), **options),
        lambda count: None,
    )
