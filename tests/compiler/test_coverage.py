"""What of a text is encoded, set aside or unexplained, sentence by sentence."""

from __future__ import annotations

import pytest

from tiaowen.compiler.collect import collect
from tiaowen.compiler.coverage import Coverage, cover
from tiaowen.compiler.grounding import ground
from tiaowen.dsl.catalogue import example_text
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source


def covered(text: str) -> Coverage:
    document = read_document(Source("policy.md", text))
    collected = collect([document])
    assert not collected.diagnostics
    return cover(collected, [document], ground(collected, [document])[1])


def policy(text: str, rules: str, more: str = "") -> Coverage:
    return covered(f"### 第一条\n\n{text}\n\n```tiao\n{rules}\n```\n\n{more}")


def statuses(coverage: Coverage) -> list[str]:
    return [sentence.status for sentence in coverage.sentences]


def codes(coverage: Coverage) -> list[str]:
    return [diagnostic.code for diagnostic in coverage.diagnostics]


def test_each_sentence_has_its_status() -> None:
    coverage = covered(
        "# 办法\n\n## 第一章 总则\n\n### 第一条\n\n起付标准为200元。\n\n"
        "```tiao\n起付标准 = 200元\n```\n\n### 第二条\n\n加强领导。\n\n"
        '```tiao\n不编码 "组织领导，无计算内容"\n```\n\n### 第三条\n\n下列费用不予支付：\n\n'
        '（一）健康体检的；\n\n```tiao\n不予支付 "健康体检" 当 体检\n```\n\n（二）整形的。\n'
    )
    assert statuses(coverage) == ["heading", "heading", "encoded", "set aside", "heading",
                                  "encoded", "unexplained"]  # fmt: skip
    assert codes(coverage) == ["TW0403"]
    assert coverage.diagnostics[0].args == {"sentence": "整形的。"}
    assert coverage.diagnostics[0].article == "第三条第（二）项"
    count = coverage.sentence_count
    assert (count.total, count.encoded, count.set_aside, count.headings) == (7, 2, 1, 3)
    assert not coverage.complete


# --- which sentences a rule encodes


def test_figures_tell_the_sentence() -> None:
    text = "起付标准为200元。支付比例为90%。按规定办理。"
    coverage = policy(text, "起付标准 = 200元\n支付比例 = 90%")
    assert statuses(coverage) == ["encoded", "encoded", "unexplained"]
    assert [s.rules for s in coverage.sentences] == [("r0",), ("r1",), ()]


def test_words_tell_the_sentence_of_a_rule_without_figures() -> None:
    text = "参保人员应当缴费。退休人员不设起付线。境外就医的另有规定。"
    coverage = policy(text, "起付线 改为 0元 当 退休")
    assert statuses(coverage) == ["unexplained", "encoded", "unexplained"]


def test_a_rule_that_shares_nothing_encodes_its_paragraph() -> None:
    assert statuses(policy("甲。乙。", "起付线 = 起付标准")) == ["encoded", "encoded"]


def test_a_reading_that_shares_nothing_encodes_nothing() -> None:
    assert statuses(policy("甲。", "口径 次数: 计入 | 不计 默认 计入")) == ["unexplained"]


def test_sentence_clause_is_exact() -> None:
    text = "退休人员降低200元。退休人员另有规定。"
    assert statuses(policy(text, '起付线 无规定 "另有" 当 退休 句 2')) == ["unexplained", "encoded"]


def test_vocabulary_and_matters_encode_nothing() -> None:
    rules = '事项 住院\n字段 就诊\n  | 字段 | 码 | 类型 | 未填 | 英文 |\n  | 住院天数 | d | 数量 | | "d" |'
    assert statuses(policy("住院天数。", rules)) == ["unexplained"]


def test_basis_encodes_the_sentences_it_names() -> None:
    more = "### 第二条\n\n退休人员150元。办理外购备案。"
    rules = "起付线 = 200元\n起付线 改为 150元 当 退休 依据 第二条\n外购结算 = 外购备案 依据 第二条 句 1"
    coverage = policy("在职职工200元。", rules, more)
    assert statuses(coverage) == ["encoded", "encoded", "encoded"]


# --- figures


def test_a_figure_no_rule_uses() -> None:
    coverage = policy("在职职工200元、退休人员150元。", "起付线 = 200元")
    assert codes(coverage) == ["TW0405"]
    assert coverage.diagnostics[0].args == {"figure": "150元"}
    span = coverage.diagnostics[0].span
    assert span is not None
    assert span.text == "150元"
    count = coverage.figure_count
    assert (count.total, count.encoded, count.unexplained) == (2, 1, 1)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("急诊留观超过3天（不含3天）的，未超过3天的除外。", "超过 = 天数 > 3天"),
        ("一次住院只计算一次起付标准，为200元。", "起付标准 = 200元"),
        ("一个参保年度内限额为15万元。", "限额 = 15万元"),
        ("留观超过3天的。", '超过 = 时长 > 72小时 推导 "3天 = 72小时"'),
    ],
)
def test_repeated_structural_and_derived_figures_are_encoded(text: str, rule: str) -> None:
    coverage = policy(text, rule)
    assert coverage.complete
    assert codes(coverage) == []


def test_ordinals_dates_and_documents_are_no_figures() -> None:
    text = "按国发〔2007〕20号，二级医院自2024年1月1日起依照第三条执行。"
    assert policy(text, '不编码 "无"').figures == ()


def test_derived_figures_are_listed() -> None:
    coverage = policy("超过3天的。", '超过 = 时长 > 72小时 推导 "3天 = 72小时"')
    assert [f.derivation for f in coverage.derived] == ["3天 = 72小时"]


# --- setting aside


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("起付标准为200元。", "200元"),
        ("超限费用不予支付。", "不予"),
        ("个人不得重复享受待遇。", "不得"),
        ("视同住院结算。", "视同"),
        ("按住院政策执行，基金支付。", "按住院政策执行"),
        ("限额以内的费用纳入支付。", "以内"),
        ("费用超过标准的，自付10%。", "10%、超过"),
    ],
)
@pytest.mark.parametrize("reason", ["无计算内容", "组织领导", "见第九条"])
def test_what_computes_is_not_set_aside_as_computing_nothing(
    text: str, words: str, reason: str
) -> None:
    coverage = policy(text, f'不编码 "{reason}"', "### 第九条\n\n甲。")
    assert codes(coverage)[0] == "TW0404"
    assert coverage.diagnostics[0].args == {"words": words}
    assert coverage.sentences[0].status == "unexplained"


@pytest.mark.parametrize(
    "text",
    [
        "加强组织领导。",
        "不得携带注射剂。",
        "在二级医院按规定办理。",
        "每年召开一次会议。",
        "依照第三条办理。",
    ],
)
def test_what_does_not_compute_is_set_aside(text: str) -> None:
    coverage = policy(text, '不编码 "无计算内容"')
    assert statuses(coverage) == ["set aside"]
    assert coverage.sentences[0].reason == "无计算内容"
    assert coverage.complete


def test_encoded_elsewhere_names_an_article_with_rules() -> None:
    more = "### 第二条\n\n（一）比例90%。\n\n```tiao\n支付比例 = 90%\n```\n"
    for reason in ('"见第二条"', '"见第二条（一）"', '"已在别处编码" 依据 第二条'):
        coverage = policy("按90%支付。", f"不编码 {reason}", more)
        assert statuses(coverage)[0] == "set aside"
        assert coverage.sentences[0].elsewhere[0].startswith("第二条")
        assert coverage.figures[0].status == "set aside"
        assert coverage.complete


@pytest.mark.parametrize("reason", ["个人缴费，不属待遇结算", "由市医保局另行规定", "见文件头"])
def test_what_the_policy_does_not_decide(reason: str) -> None:
    assert statuses(policy("个人缴费为380元。", f'不编码 "{reason}"')) == ["set aside"]


def test_one_sentence_is_set_aside() -> None:
    assert statuses(policy("加强领导。加强宣传。", '不编码 "宣传" 句 2')) == [
        "unexplained",
        "set aside",
    ]


def test_under_a_heading_all_that_it_heads() -> None:
    text = ("## 第八章 组织领导\n\n```tiao\n不编码 \"组织领导，无计算内容\"\n```\n\n### 第一条\n\n各级政府应当加强领导。\n\n"
            "（一）加强宣传。\n\n### 第二条\n\n基金支付超过限额的，不予支付。\n\n## 第九章 附则\n\n### 第三条\n\n解释。\n")  # fmt: skip
    coverage = covered(text)
    assert statuses(coverage) == ["heading", "set aside", "set aside", "unexplained", "heading",
                                  "unexplained"]  # fmt: skip
    assert codes(coverage) == ["TW0404", "TW0403"]


def test_a_rule_wins_over_setting_aside() -> None:
    coverage = policy("起付标准为200元。加强领导。", '起付标准 = 200元\n不编码 "组织领导"')
    assert statuses(coverage) == ["encoded", "set aside"]


# --- tables, and the catalogue's own examples


def test_rows_of_a_table_are_sentences() -> None:
    text = "| 项目 | 标准（元） |\n|---|---|\n| 难产 | 5500 |\n| 顺产 | 3500 |"
    rule = "限额 =\n  | 方式 |         |\n  | 难产 | 5500元  |"
    coverage = policy(text, rule)
    assert statuses(coverage) == ["heading", "encoded", "unexplained"]


@pytest.mark.parametrize("code", ["TW0403", "TW0404", "TW0405"])
def test_the_examples_of_the_catalogue(code: str) -> None:
    assert code in codes(covered(example_text(code, "wrong")))
    assert code not in codes(covered(example_text(code, "mended")))


@pytest.mark.parametrize("code", ["TW0401", "TW0402", "TW0406"])
def test_the_examples_of_grounding(code: str) -> None:
    for which in ("wrong", "mended"):
        document = read_document(Source("policy.md", example_text(code, which)))
        collected = collect([document])
        found = {d.code for d in ground(collected, [document])[0]}
        assert found == ({code} if which == "wrong" else set())
