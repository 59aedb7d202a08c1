"""Policies are read from the files their front matter names, and from no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiaowen.apps import files
from tiaowen.apps.files import load, policy_files, read_text
from tiaowen.dsl.catalogue import message
from tiaowen.dsl.diagnostics import Rejected

FRONT = "---\n政策: 甲\n地区: 131000\n险种: [390]\n施行: 2024-01-01\n{}---\n\n### 第一条\n\n起付标准200元。\n"
RULES = "\n```tiao\n事项 住院\n起付线 = 200元\n```\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> tuple[str, str]:
    with pytest.raises(Rejected) as caught:
        load(path)
    (found,) = caught.value.diagnostics
    return found.code, message(found, "zh")


def test_a_policy_brings_what_it_uses_first(tmp_path: Path) -> None:
    write(tmp_path / "words.tiao", "字段 就诊\n  | 字段 | 码 | 类型 |\n  | 退休 | r | 是否 |\n")
    path = write(tmp_path / "city/a.md", FRONT.format("引用: ../words.tiao\n") + RULES)
    compilation = load(path)
    assert [d.source.name for d in compilation.documents] == [
        str(tmp_path / "words.tiao"),
        str(path),
    ]
    assert compilation.program is not None
    assert "退休" in compilation.program.fields


def test_a_file_used_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "a.tiao", "---\n引用: b.tiao\n---\n")
    write(tmp_path / "b.tiao", "---\n引用: a.tiao\n---\n")
    path = write(tmp_path / "p.md", FRONT.format("引用: [a.tiao, b.tiao]\n") + RULES)
    names = [Path(d.source.name).name for d in load(path).documents]
    assert names == ["b.tiao", "a.tiao", "p.md"]


def test_an_amendment_is_applied_to_the_policy_it_names(tmp_path: Path) -> None:
    write(tmp_path / "base.md", FRONT.format("") + RULES)
    change = (
        "---\n政策: 修改甲\n施行: 2025-01-01\n修改: base.md\n---\n\n## 修改 第一条\n\n起付标准300元。\n\n"
        "```tiao\n事项 住院\n起付线 = 300元\n```\n"
    )
    compilation = load(write(tmp_path / "change.md", change))
    assert [d.code for d in compilation.diagnostics] == []
    (document,) = compilation.documents
    assert document.front is not None
    assert (document.front.title, document.front.region) == ("修改甲", "131000")


def test_amendments_that_go_round_are_refused(tmp_path: Path) -> None:
    for name, other in (("a.md", "b.md"), ("b.md", "a.md")):
        write(tmp_path / name, FRONT.format(f"修改: {other}\n"))
    assert refusal(tmp_path / "a.md") == ("TW0110", "文首信息有误：修改绕回自身")


@pytest.mark.parametrize(
    ("reference", "code", "said"),
    [
        ("/etc/passwd", "TW0110", "须是相对于本文件的路径"),
        ("C:\\\\secret.md", "TW0110", "须是相对于本文件的路径"),
        ("../../outside.tiao", "TW0110", "之外"),
        ("notes.txt", "TW0110", "不是 .md 或 .tiao 文件"),
        ("missing.tiao", "TW0701", "找不到文件"),
    ],
)
def test_no_other_file_is_read(tmp_path: Path, reference: str, code: str, said: str) -> None:
    write(tmp_path / "outside.tiao", "")
    write(tmp_path / "top/vocabulary.tiao", "")
    write(tmp_path / "top/city/notes.txt", "")
    path = write(tmp_path / "top/city/a.md", FRONT.format(f'引用: "{reference}"\n') + RULES)
    found = refusal(path)
    assert found[0] == code
    assert said in found[1]


def test_a_link_out_of_the_tree_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "secret.tiao", "")
    write(tmp_path / "top/vocabulary.tiao", "")
    (tmp_path / "top/link.tiao").symlink_to(tmp_path / "secret.tiao")
    path = write(tmp_path / "top/a.md", FRONT.format("引用: link.tiao\n") + RULES)
    assert "之外" in refusal(path)[1]


def test_the_place_that_names_a_missing_file_is_shown(tmp_path: Path) -> None:
    write(tmp_path / "words.tiao", "")
    path = write(tmp_path / "a.md", FRONT.format("引用: word.tiao\n") + RULES)
    with pytest.raises(Rejected) as caught:
        load(path)
    (found,) = caught.value.diagnostics
    assert found.span is not None
    assert (found.span.source.name, found.span.text) == (str(path), "word.tiao")
    assert found.args["nearest"] == str(tmp_path / "words.tiao")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "TW0108"),
        ("政策".encode("gb18030"), "TW0108"),
        ("政策".encode("utf-16"), "TW0108"),
        (b"---\n\x00", "TW0108"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "a.md").write_bytes(data)
    assert refusal(tmp_path / "a.md")[0] == code


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    (tmp_path / "a.md").write_bytes(b"x" * 11)
    with pytest.raises(Rejected) as caught:
        files.decoded((tmp_path / "a.md").read_bytes(), "a.md")
    assert caught.value.diagnostics[0].code == "TW0107"


@pytest.mark.parametrize(
    ("text", "said"), [("", "文件是空的"), ("# 标题\n", "没有以 --- 开始的文首")]
)
def test_a_policy_without_front_matter_says_so(tmp_path: Path, text: str, said: str) -> None:
    found = load(write(tmp_path / "a.md", text)).diagnostics
    assert [d.code for d in found] == ["TW0110"]
    assert said in message(found[0], "zh")


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("\ufeff---\n", encoding="utf-8")
    assert read_text(path) == "---\n"


def test_below_a_folder_policies_and_rule_files_are_found(tmp_path: Path) -> None:
    for name in ("b.md", "a/c.tiao", "README.md", ".git/x.md", "notes.txt"):
        write(tmp_path / name, "---\n" if name in ("b.md", ".git/x.md") else "text")
    assert [p.relative_to(tmp_path).as_posix() for p in policy_files([tmp_path])] == [
        "b.md",
        "a/c.tiao",
    ]
    assert list(policy_files([tmp_path / "README.md"])) == [tmp_path / "README.md"]


def test_bad_front_matter_is_said_once(tmp_path: Path) -> None:
    path = write(tmp_path / "p.md", "---\n政策: [\n---\n")
    [found] = load(path).diagnostics
    assert message(found, "en").startswith("bad front matter: it is not YAML: ")
