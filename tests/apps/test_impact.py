"""``tiaowen impact`` as its user meets it: files out, and what cannot be used said in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.review.impact.test_impact import STAYS, policy

from tiaowen.apps.cli import run


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    """Base, draft and claims of the hand-worked population."""
    claims = tmp_path / "claims.parquet"
    pq.write_table(pa.Table.from_pylist(STAYS), claims)
    base = policy(tmp_path, "base", deductible=100, ratio=70, cap=6000)
    draft = policy(tmp_path, "draft", deductible=200, ratio=80, cap=5000)
    return ["impact", str(base), str(draft), str(claims), "--lang", "en"]


def test_one_run_writes_the_page_and_the_numbers(asked: list[str], tmp_path: Path) -> None:
    outputs = [tmp_path / f"impact.{ending}" for ending in ("json", "parquet", "md")]
    effects = tmp_path / "effects.parquet"
    given = [part for path in outputs for part in ("-o", str(path))]
    assert run([*asked, *given, "--effects", str(effects)]) == 0
    data = json.loads(outputs[0].read_text(encoding="utf-8"))
    (draft,) = data["drafts"]
    assert draft["total"]["fund_before"] == 1_254_500
    assert draft["draft"]["file"].endswith("draft.md")
    assert draft["most_changed"][0]["reason"]["quantity"] == "起付标准"
    figures = pq.read_table(outputs[1]).to_pylist()
    told = {(f["part"], f["dimension"], f["label"], f["measure"]): f["value"] for f in figures}
    assert told["total", "", "", "fund_before"] == 1_254_500
    assert told["total", "", "", "losers.people"] == 4
    assert told["group", "level", "05", "fund_after"] == 0
    assert told["limit", "", "cut", "newly"] == 1
    assert told["settled", "", "", "neither_billed"] == 110_000
    assert told["range", "own_change", "0:10000", "people"] == 3
    assert {f["unit"] for f in figures if f["measure"] == "newly"} == {"count"}
    assert "1,105.00 yuan less" in outputs[2].read_text(encoding="utf-8")
    rows = pq.read_table(effects)
    assert len(rows) == len(STAYS)
    assert {"fund_base", "fund_1", "hifp_pay_1", "refused_1", "billed"} <= set(rows.column_names)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_two_drafts_of_one_title_are_told_by_their_files(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy(tmp_path, "other", deductible=100, ratio=75, cap=6000)
    verb, base, draft, *rest = asked
    assert run([verb, base, draft, str(tmp_path / "other.md"), *rest]) == 0
    shown = capsys.readouterr().out
    assert "draft 1 《小镇住院待遇规定》 draft.md" in shown
    assert "draft 2 《小镇住院待遇规定》 other.md" in shown


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["-o", "no/such/folder.html"], "TW0702"),
        (["--effects", "no/such/folder.parquet"], "TW0702"),
        (["--reading", "没有这个口径=是"], "TW1362"),
        (["--weight", "nothing"], "TW1345"),
    ],
)
def test_what_cannot_be_used_is_said_first(
    asked: list[str], options: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*asked, *options]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"[{code}]" in told.err


def test_a_file_that_holds_nothing_or_half(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    claims = Path(asked[3])
    whole = claims.read_bytes()
    for data, code in ((whole[: len(whole) // 2], "TW1333"), (b"", "TW1333")):
        claims.write_bytes(data)
        assert run(asked) == 2
        assert f"[{code}]" in capsys.readouterr().err
    pq.write_table(pa.Table.from_pylist(STAYS).slice(0, 0), claims)
    assert run(asked) == 2
    assert "[TW1339]" in capsys.readouterr().err


def test_parameters_go_to_the_policies_that_have_them(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ziyang's figures are for Ziyang; a file that is for neither is refused."""
    claims = asked[3]
    ziyang, figures = "policies/ziyang/employee-2023.md", "examples/ziyang-parameters.toml"
    verb, base, draft, *_ = asked
    assert run([verb, base, draft, claims, "--params", figures, "--lang", "en"]) == 2
    assert "[TW0513]" in capsys.readouterr().err
    assert run([verb, base, ziyang, claims, "--params", figures, "--format", "json"]) == 0
    (only,) = json.loads(capsys.readouterr().out)["drafts"]
    # Ziyang's employees are none of these people: the base alone settles them
    assert (only["refusals"]["base_only"], only["refusals"]["base_only_fund"]) == (9, 1_254_500)
