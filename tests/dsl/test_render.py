"""What a person sees of a diagnostic, and what programs get of it.

The golden files under ``golden/render`` hold each scene in both languages. To write them
anew after a change of the layout, run these tests with ``UPDATE_GOLDEN=1`` and read the diff.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Diagnostic, Fix, Label, diagnose
from tiaowen.dsl.render import has_errors, render_json, render_sarif, render_text, summary
from tiaowen.dsl.render.cells import cells, show, visible
from tiaowen.dsl.source import NOWHERE, Source, Span

GOLDEN = Path(__file__).parent / "golden" / "render"
ANSI = re.compile(r"\x1b\[[0-9;]*m")

POLICY = Source(
    "policies/示例.md",
    """\
### 第十六条
起付标准：一级及以下医疗机构200元；二级医疗机构500元。

```tiao
事项 住院 按 住院结算

起付标准 =
  | 医院级别   |       |
  | 一级及以下 | 200元 |
  | 二级       |
起付线 = 起付标谁
起付线 减 50元  当 退休
起付线 乘 95%   当 跨省临时外出
\t起付线 不低于 100元
```
""",
)
VOCABULARY = Source("policies/vocabulary.tiao", "接口 住院结算\n  | 起付标准 | dedc_std | 金额 |\n")


def at(words: str, source: Source = POLICY, nth: int = 0) -> Span:
    """The span of the ``nth`` occurrence of ``words``."""
    start = -1
    for _ in range(nth + 1):
        start = source.text.index(words, start + 1)
    return Span(source, start, start + len(words))


def misspelt() -> Diagnostic:
    name = at("起付标谁")
    return diagnose(
        "TW0201",
        name,
        label="here",
        article="第十六条第（六）项",
        name="起付标谁",
        nearest="起付标准",
        fix=Fix(name, "起付标准"),
        quoted="起付标准：一级及以下医疗机构200元",
        also=[Label(at("起付标准", VOCABULARY), "declared")],
    )


def order() -> Diagnostic:
    return diagnose(
        "TW0305",
        at("起付线 减 50元"),
        label="first",
        article="第十六条",
        name="起付线",
        one="427.50元",
        other="425.00元",
        also=[Label(at("起付线 乘 95%"), "second")],
        witness={
            "医院级别": {"zh": "二级", "en": "level 2"},
            "退休": True,
            "就医": "跨省临时外出",
            "总额": "1000元",
        },
    )


def ragged() -> Diagnostic:
    return diagnose(
        "TW0106",
        at("| 二级       |"),
        label="here",
        cells=1,
        columns=2,
        also=[Label(at("| 医院级别   |       |"), "head")],
    )


def table() -> Diagnostic:
    whole = Span(POLICY, at("起付标准 =").start, at("| 二级       |").end)
    return diagnose(
        "TW0307", whole, label="here", name="起付标准", missing="三级", witness={"医院级别": "三级"}
    )


def tabbed() -> Diagnostic:
    return diagnose(
        "TW0104",
        at("不低于"),
        word="不低于",
        nearest="不高于",
        also=[Label(at("100元"), "here"), Label(at("起付线", nth=3), "used")],
    )


def long_line() -> Diagnostic:
    text = "起付线 = " + " + ".join(f"金额{n}" for n in range(60))
    source = Source("long.tiao", text)
    return diagnose("TW0201", at("金额30", source), label="here", name="金额30")


def claim() -> Diagnostic:
    return diagnose("TW0606", place="明细[3].单价", name="单价", code="pric", value="-3.00元")


def unplaced() -> Diagnostic:
    return diagnose(
        "TW0503",
        NOWHERE,
        name="支付比例",
        article="第十六条第（七）项第1目",
        articles=["第十六条第（六）项", "第十六条第（七）项"],
    )


def at_the_end() -> Diagnostic:
    end = len(POLICY.text.rstrip())
    return diagnose(
        "TW0111", Span(POLICY, end, end), fence="```tiao", fix=Fix(Span(POLICY, end, end), "\n```")
    )


def removed() -> Diagnostic:
    line = at("起付线 乘 95%   当 跨省临时外出")
    return diagnose("TW0303", line, label="here", name="起付线", place="起付线", fix=Fix(line, ""))


SCENES = {
    make.__name__: make
    for make in (
        misspelt,
        order,
        ragged,
        table,
        tabbed,
        long_line,
        claim,
        unplaced,
        at_the_end,
        removed,
    )
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scene", SCENES)
def test_text_is_the_golden_one(scene: str, lang: Lang) -> None:
    shown = render_text([SCENES[scene]()], lang, False, 72)
    path = GOLDEN / f"{scene}.{lang}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {
        f"{scene}.{lang}.txt" for scene in SCENES for lang in ("zh", "en")
    }


def test_caret_stands_under_the_words_by_display_width() -> None:
    lines = render_text([misspelt()], "zh", False, 80).splitlines()
    number = next(n for n, line in enumerate(lines) if "起付线 = 起付标谁" in line)
    before = lines[number].split("起付标谁")[0]
    carets = lines[number + 1].index("^")
    assert carets == wcswidth(before)
    assert lines[number + 1].count("^") == wcswidth("起付标谁")


def test_every_source_line_fits_the_terminal() -> None:
    for width in (40, 60, 100):
        for scene in SCENES.values():
            for line in render_text([scene()], "zh", False, width).splitlines():
                if re.match(r"\s*\d+ \| ", line):
                    assert wcswidth(line) <= width


def test_colour_changes_nothing_but_colour() -> None:
    found = [make() for make in SCENES.values()]
    plain = render_text(found, "en", False, 80)
    coloured = render_text(found, "en", True, 80)
    assert "\x1b" not in plain
    assert "\x1b[1;31m" in coloured
    assert [line.rstrip() for line in ANSI.sub("", coloured).splitlines()] == plain.splitlines()


def test_text_of_a_policy_cannot_steer_the_terminal() -> None:
    source = Source("\x1b]0;x\x07.md", "a \x1b[2J \u202eb\x9b = 1")
    found = diagnose(
        "TW0201",
        Span(source, 0, 1),
        label="\x1b[1m",
        article="\x1b[0m",
        name="\x1b[2J\r\n",
        fix=Fix(Span(source, 0, 1), "\x07"),
        witness={"\x1b": "\x1b"},
        quoted="\x1b",
    )
    shown = render_text([found], "zh", False, 80)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)


def test_a_line_of_megabytes_is_shown_at_once() -> None:
    source = Source("big.md", "字" * 5_000_000)
    span = Span(source, 4_000_000, 4_000_002)
    shown = render_text([diagnose("TW0201", span, name="字字")], "zh", False, 80)
    assert max(wcswidth(line) for line in shown.splitlines()) <= 80
    assert "^^^^" in shown
    assert "…字" in shown


@given(st.text(max_size=200), st.data())
def test_any_span_of_any_text_can_be_shown(text: str, data: st.DataObject) -> None:
    source = Source("a.md", text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = Span(source, start, end)
    found = diagnose("TW0201", span, name=text, fix=Fix(span, text))
    assert "TW0201" in render_text([found], "en", False, 50)
    json.dumps(render_json([found], "en"))
    json.dumps(render_sarif([found], "en"))


@given(st.text(alphabet=st.sampled_from("ab 字，\t́"), min_size=1, max_size=120), st.data())
def test_shown_lines_hold_the_words_meant(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    shown = show(text, start, start + 1, 30)
    assert cells(shown.text) <= 30
    assert 0 <= shown.column(start) <= shown.column(start + 1) <= 30
    if text[start] in "ab字，":
        at_cell = 0
        for char in shown.text:
            if at_cell == shown.column(start) and char == text[start]:
                break
            at_cell += wcswidth(char)
        else:
            raise AssertionError("the character is not where its column says")


def test_visible_keeps_the_length() -> None:
    text = "a\tb\x00\x1b\x7f\x85\u202e\u2028字"
    assert len(visible(text)) == len(text)
    assert visible("字 ab") == "字 ab"


def test_summary_counts_by_severity() -> None:
    found = [misspelt(), order(), ragged(), removed()]
    assert summary(found, "en") == "3 errors, 1 warning"
    assert summary(found, "zh") == "3个错误，1个警告"
    assert summary([misspelt()], "en") == "1 error"
    assert summary([], "en") == "no problems"
    assert has_errors(found)
    assert not has_errors([removed()])


def test_json_says_where_and_what() -> None:
    document = render_json([misspelt()], "en")
    assert document["version"] == 1
    (found,) = json.loads(json.dumps(document))["diagnostics"]
    assert (found["code"], found["severity"]) == ("TW0201", "error")
    assert found["message"] == "no quantity is called “起付标谁”"
    assert found["labels"][0] == {
        "file": "policies/示例.md",
        "primary": True,
        "text": "not declared",
        "start": {"line": 11, "column": 7, "offset": at("起付标谁").start},
        "end": {"line": 11, "column": 11, "offset": at("起付标谁").end},
    }
    assert found["fix"]["replacement"] == "起付标准"
    assert found["args"]["nearest"] == "起付标准"


def test_json_keeps_a_witness_as_values() -> None:
    (found,) = render_json([order()], "en")["diagnostics"]
    assert found["witness"] == {
        "医院级别": "level 2",
        "退休": True,
        "就医": "跨省临时外出",
        "总额": "1000元",
    }


def required(document: Any, *names: str) -> Any:
    """The members ``names`` of an object, which must all be there."""
    assert isinstance(document, dict)
    assert set(names) <= set(document)
    return [document[name] for name in names]


def test_sarif_has_the_structure_the_standard_requires() -> None:
    found = [make() for make in SCENES.values()]
    document = json.loads(json.dumps(render_sarif(found, "zh", "1.2.3")))
    version, schema, runs = required(document, "version", "$schema", "runs")
    assert version == "2.1.0"
    assert "sarif-2.1.0" in schema
    assert len(runs) == 1
    tool, results, kind = required(runs[0], "tool", "results", "columnKind")
    assert kind == "unicodeCodePoints"
    assert tool["driver"]["name"] == "tiaowen"
    assert tool["driver"]["version"] == "1.2.3"
    rules = tool["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert len(results) == len(found)
    for result in results:
        rule, index, level, message, locations = required(
            result, "ruleId", "ruleIndex", "level", "message", "locations"
        )
        assert rules[index]["id"] == rule
        assert level in ("error", "warning", "note")
        assert message["text"]
        for location in [*locations, *result.get("relatedLocations", [])]:
            check_location(location)
        for fix in result.get("fixes", []):
            (change,) = fix["artifactChanges"]
            assert change["replacements"][0]["deletedRegion"]
            assert change["artifactLocation"]["uri"]


def check_location(location: dict[str, Any]) -> None:
    if "physicalLocation" not in location:
        assert location["logicalLocations"]
        return
    physical = location["physicalLocation"]
    assert re.fullmatch(r"[!-~]+", physical["artifactLocation"]["uri"])
    start, column, end, end_column = required(
        physical["region"], "startLine", "startColumn", "endLine", "endColumn"
    )
    assert 1 <= start <= end
    assert column >= 1
    assert end_column >= 1
    assert start < end or column <= end_column


def test_sarif_names_an_absolute_path_as_a_file_uri() -> None:
    for name, uri in (
        ("/a/条.md", "file:///a/%E6%9D%A1.md"),
        ("C:\\a b.md", "file:///C:/a%20b.md"),
        ("a\\b.md", "a/b.md"),
    ):
        found = diagnose("TW0614", Span(Source(name, ""), 0, 0))
        (result,) = render_sarif([found], "en")["runs"][0]["results"]
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == uri
