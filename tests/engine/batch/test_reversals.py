"""Settlements taken back: in a file as in a person's history, and never counted twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from tests.engine.batch.test_one_meaning import BILLED, plain, settled

from tiaowen.apps.cli import run
from tiaowen.apps.programs import load_program
from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem, Reversal
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.synthetic import Plan, claims

POLICY = "policies/langfang/resident-2024-draft.md"
TELLING = ("refd_setl_flag", "init_setl_id")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program(POLICY)


def settlements(people: int = 60) -> list[Row]:
    """Visits and stays of some people, each settled and none taken back."""
    made = (
        row for block in claims(Plan(people, 7, "131000", visits=4)) for row in block.to_pylist()
    )
    rows = [row for row in made if row["med_type"] in ("11", "21")]
    assert all(row["setl_id"] for row in rows)
    return [{**row, "refd_setl_flag": "0", "init_setl_id": None} for row in rows]


def back(row: Row) -> Row:
    """The row that takes a settlement back, as the national table has it: its figures negative."""
    figures = {name: -row[name] for name in BILLED}
    named = {"setl_id": f"R{row['setl_id']}", "refd_setl_flag": "1", "init_setl_id": row["setl_id"]}
    return {**row, **figures, **named, "feedetail": []}


def write(rows: list[Row], folder: Path) -> None:
    pq.write_table(pa.Table.from_pylist(rows), folder / "claims.parquet")


def reasons(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for reject in pacsv.read_csv(path).to_pylist():
        found.setdefault(reject["mdtrt_id"], []).append(reject["code"])
    return found


def test_what_was_taken_back_counts_for_nobody(program: Program, tmp_path: Path) -> None:
    """Every third settlement is taken back, marked itself or not; what is left is settled as by
    the interpreter, to which the reversals are given."""
    rows = settlements()
    gone = rows[::3]
    for row in gone[::2]:
        row["refd_setl_flag"] = "1"
    write([*rows, *map(back, gone)], tmp_path)
    outcome = settled(program, tmp_path, force=True)
    found = {row["mdtrt_id"]: row["hifp_pay"] for row in pq.read_table(outcome.output).to_pylist()}
    assert outcome.counts.codes == Counter({"TW1358": len(gone), "TW1359": len(gone)})
    names = {row["setl_id"] for row in gone}
    items: dict[str, list[HistoryItem]] = {}
    changed = 0
    for row in sorted(rows, key=lambda one: (one["setl_time"], one["setl_id"])):
        given = {k: plain(v) for k, v in row.items()
                 if v is not None and k not in BILLED and k not in TELLING}  # fmt: skip
        claim, before = read_claim(given, program), items.setdefault(row["psn_no"], [])
        if row["setl_id"] not in names:
            wanted = decide_person(program, claim, before).decision.values["统筹支付"]
            assert found[row["mdtrt_id"]] * 100 == wanted
            kept = [item for item in before if not isinstance(item, Reversal)]
            changed += decide_person(program, claim, kept).decision.values["统筹支付"] != wanted
            before.append(EarlierClaim(claim))
        else:
            before += [EarlierClaim(claim), Reversal(row["setl_id"])]
    assert len(found) == len(rows) - len(gone)
    assert changed > 5


def test_a_settlement_made_again_is_no_second_one_of_its_encounter(
    program: Program, tmp_path: Path
) -> None:
    first = next(row for row in settlements(20))
    again = {**first, "setl_id": "again"}
    write([first, again], tmp_path)
    assert reasons(settled(program, tmp_path, force=True).rejects) == {
        first["mdtrt_id"]: ["TW0623"]
    }
    write([first, back(first), again], tmp_path)
    outcome = settled(program, tmp_path, force=True)
    assert pq.read_table(outcome.output).column("setl_id").to_pylist() == ["again"]


@pytest.mark.parametrize(
    ("marks", "codes"),
    [
        ({"refd_setl_flag": "1"}, ["TW1360"]),
        ({"refd_setl_flag": "0", "init_setl_id": "S1"}, ["TW1360"]),
        ({"refd_setl_flag": "1", "init_setl_id": "S1"}, ["TW0613"]),
        ({"refd_setl_flag": "maybe"}, ["TW0604"]),
        ({"refd_setl_flag": "0", "init_setl_id": " "}, []),
    ],
)
def test_a_mark_that_does_not_tell_is_refused(
    program: Program, tmp_path: Path, marks: Row, codes: list[str]
) -> None:
    """Nothing of it is settled: it might count twice. The other rows are."""
    one, other = settlements(20)[:2]
    write([{**one, **marks}, other], tmp_path)
    outcome = settled(program, tmp_path, force=True)
    assert reasons(outcome.rejects).get(one["mdtrt_id"], []) == codes
    assert outcome.counts.settled == 2 - len(codes)


def test_another_person_takes_nothing_back(program: Program, tmp_path: Path) -> None:
    one = settlements(20)[0]
    write([one, {**back(one), "psn_no": "somebody"}], tmp_path)
    outcome = settled(program, tmp_path, force=True)
    assert (outcome.counts.settled, list(outcome.counts.codes)) == (1, ["TW0613"])


def test_a_strict_run_goes_on_behind_a_reversal(program: Program, tmp_path: Path) -> None:
    """Nothing is wrong with it."""
    one, other = settlements(20)[:2]
    write([one, back(one), other], tmp_path)
    assert settled(program, tmp_path, strict=True, force=True).counts.settled == 1
    write([one, {**back(one), "init_setl_id": "nothing"}, other], tmp_path)
    with pytest.raises(Rejected) as refused:
        settled(program, tmp_path, strict=True, force=True)
    assert "TW0613" in str(refused.value.diagnostics[0].args)


def test_a_row_behind_a_reversal_is_explained_without_it(
    program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = settlements()
    person = next(p for p, n in Counter(row["psn_no"] for row in rows).items() if n > 2)
    own = [row for row in rows if row["psn_no"] == person]
    write([*own, back(own[0])], tmp_path)
    output = settled(program, tmp_path, force=True).output
    assert run(["explain", str(output), "--encounter", own[-1]["mdtrt_id"]]) == 0
    assert run(["explain", str(output), "--encounter", own[0]["mdtrt_id"]]) == 2
    assert "TW1358" in capsys.readouterr().err
