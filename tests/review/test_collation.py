"""What a collation says of two copies is what was done to them, each sentence once."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiaowen.apps.cli import run
from tiaowen.dsl.source import Source
from tiaowen.review.collation import Collation, collate
from tiaowen.review.collation.folding import folded
from tiaowen.review.collation.matching import longest_in_order
from tiaowen.review.collation.merging import merged
from tiaowen.review.present.collation import build, render_html, render_text

GOOD = """# 重庆市城镇职工医疗保险市级统筹办法

## 一、指导思想和目标任务

（一）指导思想。

以科学发展观为统领，提高城镇职工医疗保险基金统筹层次，增强医疗保险公平性。

（二）目标任务。

2012年6月30日前，实现城镇职工医疗保险全市统筹联网。

## 二、主要内容

1．统一信息管理。

建立全市统一的信息网络系统，方便群众看病就医。未经同意的，住院起付线提高5%，同时报销比例下降5%。

2．统一基金管理。

对欠费要及时完清。具体下划方案另行制订。
"""
TRADITIONAL = """重慶市城鎮職工醫療保險市級統籌辦法
一、指導思想和目標任務
(一)指導思想。
以科學發展觀為統領,提高城鎮職工醫療保險基金統籌層次,增強醫療保險公平性。
(二)目標任務。
2012年6月30日前,實現城鎮職工醫療保險全市統籌聯網。
二、主要內容
1.統一信息管理。
建立全市統一的信息網路系統,方便民眾看病就醫。未經同意的,住院起付線提高5%,同時報銷比例下降5%。
2.統一基金管理。
對欠費要及時完清。具體下劃方案另行制訂。
"""


def _collate(a: str, b: str) -> Collation:
    return collate([Source("a.txt", a)], [Source("b.txt", b)])


def _alone(found: Collation, side: str) -> list[str]:
    return [u.text for block in found.alone if block.side == side for u in block.units]


def test_a_copy_agrees_with_itself() -> None:
    found = _collate(GOOD, GOOD)
    assert found.agrees
    assert found.same == len(found.a.units) == 13


def test_script_width_and_layout_count_for_nothing_but_other_words_do() -> None:
    found = _collate(GOOD, TRADITIONAL)
    assert not (found.alone)
    assert not (found.repeated)
    assert not (found.moved)
    assert not (found.renumbered)
    (one,) = found.differing
    assert one.kind == "usage"
    assert [(m.a, m.b) for m in one.marks] == [("络", "路"), ("群", "民")]
    assert one.a.text.startswith("建立全市统一")
    assert (one.a.span.line, one.b.span.line) == (17, 9)


def test_a_copy_run_together_is_cut_by_what_the_other_has_apart() -> None:
    together = "".join(line.lstrip("# ") for line in GOOD.splitlines())
    found = _collate(GOOD, together)
    assert found.agrees
    assert [u.number for u in found.b.units] == [u.number for u in found.a.units]


def test_a_page_break_in_a_sentence_and_a_page_number_are_no_variants() -> None:
    broken = GOOD.replace("未经同意的，住院起付线提高", "未经同意的，住院起付\n\n— 3 —\n\n线提高")
    found = _collate(GOOD, broken)
    assert found.agrees
    assert [(one.text, one.span.line) for one in found.b.left_out] == [("— 3 —", 19)]


def test_a_figure_that_differs_is_told_as_one() -> None:
    found = _collate(GOOD, GOOD.replace("起付线提高5%", "起付线提高15%"))
    (one,) = found.differing
    assert one.kind == "figures"
    assert [(m.a, m.b) for m in one.marks] == [("5%", "15%")]


@pytest.mark.parametrize(("a", "b"), [("2.8%", "28%"), ("100元、200元", "100200元"),
                                      ("渝府发〔2007〕113号", "渝府发〔20071〕13号")])  # fmt: skip
def test_folding_keeps_figures_apart(a: str, b: str) -> None:
    assert folded(a).key != folded(b).key


def test_punctuation_is_told_apart_from_words() -> None:
    found = _collate(GOOD, GOOD.replace("为统领，提高", "为统领、提高"))
    (one,) = found.differing
    assert (one.kind, [(m.a, m.b) for m in one.marks]) == ("punctuation", [("，", "、")])


def test_a_sentence_with_a_clause_added_is_one_sentence_that_differs() -> None:
    added = GOOD.replace("对欠费要及时完清。", "对欠费要及时完清，并按规定加收滞纳金。")
    found = _collate(GOOD, added)
    assert not found.alone
    (one,) = found.differing
    assert [(m.a, m.b) for m in one.marks] == [("", "，并按规定加收滞纳金")]


def test_missing_repeated_and_moved_sentences() -> None:
    bad = GOOD.replace("具体下划方案另行制订。", "")
    bad = bad.replace("（二）目标任务。\n", "（二）目标任务。\n\n对欠费要及时完清。\n")
    bad = bad.replace(
        "以科学发展观为统领，提高城镇职工医疗保险基金统筹层次，增强医疗保险公平性。\n", ""
    )
    bad += "\n以科学发展观为统领，提高城镇职工医疗保险基金统筹层次，增强医疗保险公平性。\n"
    found = _collate(GOOD, bad)
    assert _alone(found, "a") == ["具体下划方案另行制订。"]
    (again,) = found.repeated
    assert (again.side, [u.span.line for u in again.extra], again.elsewhere) == ("b", [10], 1)
    (moved,) = found.moved
    assert [u.text[:6] for u in moved.a] == ["以科学发展观"]
    assert moved.a_after is not None
    assert moved.b_after is not None
    assert (moved.a_after.text, moved.b_after.text) == ("指导思想。", "对欠费要及时完清。")
    assert not found.differing


def test_a_number_tells_repeated_headings_apart() -> None:
    both = GOOD + "\n## 三、统一基金管理\n\n居民医保基金留存当地，用于弥补以后年度基金缺口。\n"
    lacking = both.replace("## 三、统一基金管理\n", "2．统一基金管理。\n")
    found = _collate(both, lacking)
    assert not found.alone
    assert [(one.a.number, one.b.number) for one in found.renumbered] == [("三、", "2．")]


def test_a_heading_of_another_number_elsewhere_is_not_the_one_that_is_missing() -> None:
    more = "\n## 三、统一基金管理\n\n（一）专款专用。\n"
    lacking = GOOD.replace("（二）目标任务。\n", "（二）目标任务。\n\n2．统一基金管理。\n")
    found = _collate(GOOD + more, lacking)
    assert _alone(found, "a") == ["统一基金管理", "专款专用。"]
    (again,) = found.repeated
    assert (again.side, again.extra[0].number) == ("b", "2．")


def test_a_title_in_quotation_marks_is_no_sentence() -> None:
    notice = "现将《重庆市城镇职工医疗保险市级统筹办法》印发给你们，请认真贯彻执行。\n\n"
    found = _collate(notice + GOOD, GOOD)
    assert _alone(found, "a") == [notice.strip()]
    assert not found.repeated


def test_one_text_has_the_base_and_what_only_the_other_has() -> None:
    short = GOOD.replace("具体下划方案另行制订。", "").replace("（一）指导思想。\n\n", "")
    text = merged(_collate(short, GOOD), "a")
    assert _collate(text.text, GOOD).agrees
    assert [one.unit.text for one in text.inserted] == ["指导思想。", "具体下划方案另行制订。"]
    assert "对欠费要及时完清。具体下划方案另行制订。" in text.text
    assert merged(_collate(GOOD, short), "a").text == GOOD


def test_a_line_that_ends_without_a_mark_stays_a_line_of_the_one_text() -> None:
    line = "市级调剂金入不敷出时，报市政府批准后调整上解比例"
    lines = f"{line}\n市级调剂金使用坚持风险共担原则。\n"
    found = _collate(lines, f"{line}。\n\n具体办法另行制定。\n")
    assert merged(found, "a").text == (
        f"{line}\n\n具体办法另行制定。\n\n市级调剂金使用坚持风险共担原则。\n")  # fmt: skip


def test_one_text_of_a_simplified_base_is_in_simplified_characters() -> None:
    short = GOOD.replace("具体下划方案另行制订。", "")
    assert (
        "对欠费要及时完清。具体下划方案另行制订。" in merged(_collate(short, TRADITIONAL), "a").text
    )


_SENTENCES = [f"{who}在{where}发生的医疗费用按照规定{what}。"
              for who in ("退休人员", "大学生") for where in ("市内", "外地", "省内")
              for what in ("结算", "不予支付", "由个人垫付")]  # fmt: skip
_KEYS = [folded(sentence).key for sentence in _SENTENCES]


def _longest(sequence: list[int]) -> int:
    best = [1] * len(sequence)
    for at, value in enumerate(sequence):
        for before in range(at):
            if sequence[before] < value:
                best[at] = max(best[at], best[before] + 1)
    return max(best, default=0)


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(len(_SENTENCES))), st.sets(st.integers(0, len(_SENTENCES) - 1)),
       st.lists(st.integers(0, len(_SENTENCES) - 1), max_size=4))  # fmt: skip
def test_what_was_dropped_repeated_and_shuffled_is_what_is_told(
    order: list[int], dropped: set[int], again: list[int]
) -> None:
    kept = [nth for nth in order if nth not in dropped]
    again = [nth for nth in again if nth not in dropped]
    good = "\n\n".join(_SENTENCES)
    found = _collate(good, "\n\n".join(_SENTENCES[nth] for nth in [*kept, *again]) or "（空）")
    lacking = {u.key for block in found.alone if block.side == "a" for u in block.units}
    assert lacking == {_KEYS[nth] for nth in dropped}
    surplus = sorted(u.key for one in found.repeated for u in one.extra)
    assert surplus == sorted(_KEYS[nth] for nth in again)
    assert not found.differing
    if not again:
        assert sum(len(block.a) for block in found.moved) == len(kept) - _longest(kept)


@given(st.permutations(range(9)))
def test_the_chain_is_a_longest_one(order: list[int]) -> None:
    chain = longest_in_order(enumerate(order))
    assert len(chain) == _longest(order)
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(chain))


@settings(max_examples=30, deadline=None)
@given(st.text("一二三、（）1．第条章医保。；，\n #|《》%", max_size=60),
       st.text("一二三、（）1．第条章医保。；，\n #|《》%", max_size=60))  # fmt: skip
def test_any_text_is_collated_and_every_sentence_accounted_for(a: str, b: str) -> None:
    found = _collate(a, b)
    for side, copy in (("a", found.a), ("b", found.b)):
        told = [u.index for block in found.alone if block.side == side for u in block.units]
        told += [u.index for one in found.repeated if one.side == side for u in one.extra]
        told += [pair[side == "b"] for pair in found.pairs]
        assert sorted(told) == [u.index for u in copy.units]
    assert render_text(build(found, "zh", merged(found, "a")), False, 80)


def test_the_report_marks_the_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b, out = tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "one.md"
    a.write_text(GOOD, encoding="utf-8")
    b.write_text(TRADITIONAL, encoding="utf-8")
    assert run(["collate", str(a), str(b), "-o", str(out)]) == 1
    shown = capsys.readouterr().out
    assert "信息网[络→路]系统，方便[群→民]" in shown.replace("\n      ", "")
    assert out.read_text(encoding="utf-8") == GOOD
    assert run(["collate", str(a), str(a), "--format", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["agrees"]
    assert made["merged"]["text"] == GOOD


def test_several_files_are_one_copy_and_places_name_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, tail = GOOD.split("## 二、")
    for name, text in (("whole", GOOD), ("head", head), ("tail", f"## 二、{tail}甲乙丙丁。\n")):
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    names = [str(tmp_path / f"{name}.md") for name in ("whole", "head", "tail")]
    assert run(["collate", *names]) == 1
    assert "b:tail.md:10" in capsys.readouterr().out


def test_a_page_escapes_the_text() -> None:
    found = _collate("甲<script>乙。", "丙丁。")
    text = merged(found, "a")
    page = render_html(build(found, "en", text), text, "a.txt", "en")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
