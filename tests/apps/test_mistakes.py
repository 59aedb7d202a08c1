"""A user's mistakes: one clear message, exit code 2, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tiaowen.apps.cli import commands, run
from tiaowen.apps.cli.words import Say, language

DATA = Path(__file__).parent / "data"
CLINIC, STAY = DATA / "clinic.md", DATA / "stay.json"

Run = Callable[..., Any]
"""The fixture ``tiaowen``: a command line to its exit code and output."""


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Files of every bad kind, by name."""
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    (tmp_path / "gbk").write_bytes("政策".encode("gb18030"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "cut.json").write_text('{"医院等级": "二级", ', encoding="utf-8")
    (tmp_path / "twice.json").write_text('{"退休": true, "退休": false}', encoding="utf-8")
    (tmp_path / "nan.json").write_text('{"甲类费用": NaN}', encoding="utf-8")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    (tmp_path / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    (tmp_path / "bad.toml").write_text("门诊定额 = ", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("missing.json", "TW0701"), ("empty", "TW0614"), ("binary", "TW0615"), ("gbk", "TW0615"),
        ("folder", "TW0702"), ("cut.json", "TW0601"), ("twice.json", "TW0602"),
        ("nan.json", "TW0610"), ("list.json", "TW0618"), ("deep.json", "TW0616"),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_read(tiaowen: Run, bad: Path, file: str, code: str) -> None:
    for lang, word in (("zh", "错误"), ("en", "error")):
        ran = tiaowen("decide", "住院", bad / file, "--policy", CLINIC, "--lang", lang)
        assert (ran.code, ran.out) == (2, "")
        assert f"{word}[{code}]" in ran.err


@pytest.mark.parametrize(
    ("file", "code", "exit_code"),
    [
        ("missing.md", "TW0701", 2), ("empty", "TW0110", 1), ("binary", "TW0108", 2),
        ("gbk", "TW0108", 2), ("cut.json", "TW0110", 1),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_read(tiaowen: Run, bad: Path, file: str, code: str,
                                      exit_code: int) -> None:  # fmt: skip
    checked = tiaowen("check", bad / file)
    assert checked.code == exit_code
    assert f"[{code}]" in checked.out
    for arguments in (("decide", "住院", STAY, "--policy", bad / file), ("show", bad / file),
                      ("schema", bad / file, "住院"), ("graph", bad / file)):  # fmt: skip
        ran = tiaowen(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert f"[{code}]" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["decide", "住远", STAY, "--policy", CLINIC], "是否为“住院”"),
        (["schema", CLINIC, "住远"], "是否为“住院”"),
        (["decide", "住院", STAY, "--policy", CLINIC, "--reading", "次书=计入"], "是否为“次数”"),
        (["decide", "住院", STAY, "--policy", CLINIC, "--reading", "次数=不记"], "是否为“不计”"),
        (["decide", "住院", STAY, "--policy", CLINIC, "--params", "bad.toml"], "TW0624"),
        (["decide", "住院", STAY, "--policy", CLINIC, "--params", "missing.toml"], "TW0701"),
        (["decide", "住院", STAY, "--policy", CLINIC, "--history", "cut.json"], "TW0601"),
        (["decide", "住院", STAY, "--policy", CLINIC, "-o", "folder"], "不能写入“folder”"),
        (["decide", "住院", STAY, "--policy", CLINIC, "-o", "no/such/file"], "不能写入"),
        (["decide", "住院", STAY, "--policy", "folder"], "不能读取“folder”：是文件夹"),
        (["replay", "list.json"], "TW0618"),
        (["replay", STAY], "TW0618"),
        (["fmt", "binary"], "TW0108"),
        (["graph", CLINIC, "--of", "统筹支负"], "TW0201"),
    ],
)
def test_a_mistake_in_what_is_asked(tiaowen: Run, bad: Path, monkeypatch: pytest.MonkeyPatch,
                                    arguments: list[object], said: str) -> None:  # fmt: skip
    monkeypatch.chdir(bad)
    ran = tiaowen(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["chek"], "没有命令“chek”，是否为 check", "did you mean check"),
        (["check"], "缺少 文件或目录…", "PATH… is missing"),
        (
            ["check", "--fromat", "json", "x"],
            "没有选项 --fromat，是否为 --format",
            "did you mean --format",
        ),
        (["check", "x", "--format", "jsn"], "“jsn”不可用", "“jsn” is not one of text, json, sarif"),
        (["check", "x", "--format"], "--format 要有一个值", "--format needs a value"),
        (["decide", "住院", "x", "y"], "多出的参数：y", "arguments that are too many: y"),
        (
            ["decide", "住院", "x", "--on", "2024-02-30"],
            "没有 2024-02-30 这一天",
            "no day 2024-02-30",
        ),
        (["explain-code", "TW9999"], "没有代码“TW9999”", "there is no code “TW9999”"),
    ],
)
def test_usage_is_explained_in_the_users_language(tiaowen: Run, arguments: list[str], zh: str,
                                                  en: str) -> None:  # fmt: skip
    for lang, said in (("zh", zh), ("en", en)):
        ran = tiaowen(*arguments, "--lang", lang) if arguments[-1] != "--format" else tiaowen(
            *arguments[:1], "--lang", lang, *arguments[1:])  # fmt: skip
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err


def test_every_command_has_help_in_both_languages(tiaowen: Run) -> None:
    for name in commands(Say("zh")).table:
        zh, en = (tiaowen(name, "--help", "--lang", lang) for lang in ("zh", "en"))
        assert zh.code == en.code == 0
        assert "用法：" in zh.out
        assert "usage: " in en.out
        assert not any("\u4e00" <= char <= "\u9fff" for char in en.out.replace("住院", ""))


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "zh"), ([], {"LANG": "C.UTF-8"}, "zh"), ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "zh_TW"}, "zh"), ([], {"LC_ALL": "de_DE", "LANG": "zh_CN"}, "en"),
        (["check", "--lang", "en"], {"LANG": "zh_CN"}, "en"),
        (["check", "--lang=zh"], {"LANG": "en_US"}, "zh"),
        (["check", "--", "--lang", "zh"], {"LANG": "en_US"}, "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_option_else_the_locale(arguments: list[str],
                                                    environment: dict[str, str],
                                                    expected: str) -> None:  # fmt: skip
    assert language(arguments, environment) == expected


def test_an_unknown_language_is_refused(tiaowen: Run) -> None:
    assert "“fr”" in tiaowen("check", CLINIC, "--lang", "fr").err


# --- real processes


def process(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tiaowen", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=120,
        env={**os.environ, **environment},
    )  # fmt: skip


def test_a_process_decides(tmp_path: Path) -> None:
    ran = process("decide", "住院", STAY, "--policy", CLINIC)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "600.00元" in ran.stdout


@pytest.mark.parametrize("file", ["missing", "empty", "binary", "folder", "cut.json"])
def test_a_process_never_shows_a_traceback(bad: Path, file: str) -> None:
    ran = process("decide", "住院", bad / file, "--policy", CLINIC)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert ran.stderr.startswith("错误[")


def test_a_terminal_without_chinese_still_gets_its_answer() -> None:
    ran = process("check", CLINIC, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ran.returncode, "Traceback" in ran.stderr) == (0, False)


def test_a_closed_pipe_is_no_error() -> None:
    ran = subprocess.run(
        f"{sys.executable} -m tiaowen decide 住院 '{STAY}' --policy '{CLINIC}' | head -1",
        shell=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert ran.stderr == b""


def test_watching_ends_with_an_interrupt(tmp_path: Path) -> None:
    import signal

    def interruptible() -> None:
        # a test run in the background starts its children deaf to interrupts
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    started = subprocess.Popen(
        [sys.executable, "-m", "tiaowen", "check", str(CLINIC), "--watch"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", preexec_fn=interruptible,
    )  # fmt: skip
    assert started.stdout is not None
    lines = iter(started.stdout)
    assert any("等待改动" in line for line in lines)
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=30)
    assert (started.returncode, errors) == (0, "")


def test_run_gives_the_code_of_help() -> None:
    assert run(["--help"]) == 0
    assert run(["--version"]) == 0
