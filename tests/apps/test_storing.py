"""``decide --store`` and ``tiaowen store`` from the outside."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.apps.conftest import Ran

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
POLICY = ("--policy", ROOT / "policies" / "langfang" / "resident-2024-draft.md")
STAY = ("decide", "住院", EXAMPLES / "langfang-stay.json", *POLICY)
Run = Callable[..., Ran]


@pytest.fixture
def kept(tiaowen: Run, tmp_path: Path) -> Path:
    """A store with a stay of one person and a transfer of another."""
    file = tmp_path / "kept.db"
    assert tiaowen(*STAY, "--store", file).code == 0
    history = ("--history", EXAMPLES / "langfang-transfer-history.json")
    transfer = ("decide", "住院", EXAMPLES / "langfang-transfer.json", *history, *POLICY)
    assert tiaowen(*transfer, "--store", file).code == 0
    return file


def test_keeping_says_as_what(tiaowen: Run, tmp_path: Path) -> None:
    file = tmp_path / "new" / "kept.db"
    ran = tiaowen(*STAY, "--mask", "--store", f"sqlite:///{file}")
    assert ran.code == 0
    assert "王秀兰" not in ran.out
    found = re.fullmatch(r"已存入：第1份 ([0-9a-f]{64})\n", ran.err)
    assert found is not None
    shown = tiaowen("store", "show", found[1][:8], "--store", file)
    assert "王秀兰" in shown.out


def test_what_is_not_decided_is_not_kept(tiaowen: Run, tmp_path: Path) -> None:
    data = json.loads(STAY[2].read_text(encoding="utf-8"))
    del data["机构"]["医院等级"]
    claim = tmp_path / "claim.json"
    claim.write_text(json.dumps(data), encoding="utf-8")
    file = tmp_path / "kept.db"
    ran = tiaowen("decide", "住院", claim, *POLICY, "--store", file)
    assert ran.code == 2
    assert "未存入" in ran.err
    assert not file.exists()


def test_list_finds_and_shows(tiaowen: Run, kept: Path) -> None:
    every = tiaowen("store", "list", "--store", kept)
    assert every.code == 0
    assert "MD20240311000518" in every.out
    assert "3,073.75" in every.out
    one = tiaowen("store", "list", "--store", kept, "--since", "2024年5月1日", "--format", "json")
    [entry] = json.loads(one.out)
    assert (entry["number"], entry["about"]["encounter"]) == (2, "MD20240503000077")
    by_person = ("--person", "13100000000000230917")
    assert "共1份" in tiaowen("store", "list", "--store", kept, *by_person).out
    assert "共0份" in tiaowen("store", "list", "--store", kept, "--policy", "重庆").out


def test_show_is_the_decision_as_it_was_made(tiaowen: Run, kept: Path) -> None:
    assert tiaowen("store", "show", "1", "--store", kept).out == tiaowen(*STAY).out
    letter = tiaowen("explain", "1", "--store", kept, "--letter")
    assert letter.code == 0
    assert "叁仟零柒拾叁元柒角伍分" in letter.out


def test_verify_prints_a_head_that_later_shows_a_cut(tiaowen: Run, kept: Path) -> None:
    ran = tiaowen("store", "verify", "--store", kept)
    assert ran.code == 0
    assert "2份结算，链条完整" in ran.out
    head = ran.out.split()[-1]
    assert tiaowen("store", "verify", "--store", kept, "--head", head).code == 0
    base = sqlite3.connect(kept)
    base.executescript("DROP TRIGGER tiaowen_decisions_delete;"
                       "DROP TRIGGER tiaowen_heads_delete;"
                       "DELETE FROM tiaowen_decisions WHERE number = 2;"
                       "DELETE FROM tiaowen_heads WHERE number = 2;")  # fmt: skip
    cut = tiaowen("store", "verify", "--store", kept, "--head", head)
    assert cut.code == 1
    assert "第2份：与所给的链头不同" in cut.out
    assert "触发器" in cut.out
    data = json.loads(tiaowen("store", "verify", "--store", kept, "--format", "json").out)
    assert (data["whole"], data["count"]) == (False, 1)


def test_replay_under_the_same_policy(tiaowen: Run, kept: Path) -> None:
    ran = tiaowen("store", "replay", "--store", kept)
    assert ran.code == 0
    assert re.search(r"完全相同 +2", ran.out)


def test_replay_under_an_amended_policy(tiaowen: Run, kept: Path, tmp_path: Path) -> None:
    """The stay pays 100 yuan more itself, of which the funds paid 75%; the transfer's 1500 less
    what was paid before is 100 yuan less, of which they pay 60%."""
    text = POLICY[1].read_text(encoding="utf-8")
    text = text.replace("二级医疗机构500元；", "二级医疗机构600元；")
    text = text.replace("| 二级       | 500元  |", "| 二级       | 600元  |")
    (tmp_path / "vocabulary.tiao").write_bytes((ROOT / "policies/vocabulary.tiao").read_bytes())
    (tmp_path / "langfang").mkdir()
    policy = tmp_path / "langfang" / "amended.md"
    policy.write_text(text, encoding="utf-8")
    for form in ("text", "html", "markdown", "json"):
        ran = tiaowen("store", "replay", "--store", kept, "--policy", policy, "--format", form)
        assert ran.code == 1
        if form == "json":
            changes = json.loads(ran.out)["changes"]
            more = [c["fund"] - c["entry"]["about"]["fund"] for c in changes]
            assert more == [-75_00, 60_00]
        else:
            assert "−75.00" in ran.out
            assert "+60.00" in ran.out
            assert "起付标准：500.00元 → 600.00元" in ran.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list", "--store", "nowhere.db"), "TW1203"),
        (("list", "--store", "mysql://x/y"), "TW1201"),
        (("list", "--store", STAY[2]), "TW1205"),
        (("verify", "--store", "nowhere.db", "--head", "x"), "TW1210"),
        (("replay", "--store", "nowhere.db", "--policy", "nowhere.md"), "TW0701"),
    ],
)
def test_mistakes_are_said(words: tuple[str, ...], code: str, tiaowen: Run) -> None:
    ran = tiaowen("store", *words)
    assert ran.code == 2
    assert ran.out == ""
    assert code in ran.err


def test_an_id_that_is_not_there(tiaowen: Run, kept: Path) -> None:
    assert "TW1208" in tiaowen("store", "show", "zzzz", "--store", kept).err
    assert "TW1208" in tiaowen("explain", "9", "--store", kept, "--letter").err


def test_the_users_own_store(tiaowen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert "TW1203" in tiaowen("store", "list").err
    assert tiaowen(*STAY, "--store", "default").code == 0
    assert "共1份" in tiaowen("store", "list").out
    assert (tmp_path / "tiaowen" / "decisions.db").exists()


def test_help_lists_what_can_be_done(tiaowen: Run) -> None:
    for words in ((), ("--help",)):
        out = tiaowen("store", *words, "--lang", "en").out
        assert all(name in out for name in ("list", "show", "verify", "replay"))
