"""Figures of rules against the text they cite: every spelling, every swap, no false alarm."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiaowen.compiler.collect import collect
from tiaowen.compiler.grounding import Grounding, ground
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source

LANGFANG_DEDUCTIBLES = (
    "起付标准：一级及以下医疗机构200元；二级医疗机构500元；三级医疗机构1500元。"
    "中医医院起付标准较同级综合医院下浮一级。"
)
LANGFANG_RATIOS = (
    "支付比例：参保居民在统筹区内定点医疗机构住院期间发生的政策范围内医疗费用，居民医保基金支付比例为："
    "一级及以下医疗机构90%；二级医疗机构75%，三级医疗机构60%。"
)
LANGFANG_FIRST_PAY = (
    "符合政策规定的甲类药品、甲类诊疗项目、范围内服务设施费用，乙类药品自付5%后、乙类诊疗项目（含另收费用一次性物品）"
    "个人先行自付10%后，基本医疗保险药品目录中国家目录谈判准入药品的抗肿瘤西药个人先行自付20%后，"
    "抗肿瘤西药外的国家目录谈判准入药品个人先行自付10%后，统归为政策范围内医疗费用。"
)
LANGFANG_BIRTH = "实行一次性定额补助。补助标准为：单胎顺产1000元，多胎顺产1500元，单胎剖宫产2500元，多胎剖宫产3000元。"
LANGFANG_CHRONIC = (
    "居民医保基金按50%报销，居民医保基金最高支付限额高血压为225元/年/人，糖尿病为375元/年/人。"
)
ZIYANG_DEDUCTIBLES = (
    "一级以下医疗机构本地100元、异地300元，一级医疗机构（含乡镇中心卫生院）本地200元、异地400元，"
    "二级乙等医疗机构本地400元、异地600元，二级甲等医疗机构本地600元、异地800元，"
    "三级乙等医疗机构本地800元、异地1000元，三级甲等医疗机构本地1000元、异地1200元。"
)
ZIYANG_RATIOS = (
    "在职职工：一级以下医疗机构本地95%、异地75%，一级医疗机构（含乡镇中心卫生院）本地90%、异地70%，"
    "二级医疗机构本地85%、异地65%，三级医疗机构本地80%、异地60%。"
)
ZIYANG_TREATMENTS = (
    "支付部分费用的诊疗项目个人先行自付比例：300元（含）以下10%，300元至1000元（含）20%，"
    "1000元至3000元（含）30%，3000元以上40%。"
)
ZIYANG_BEDS = (
    "一级以下医疗机构普通床位12元/日、隔离及抢救床位20元/日，一级医疗机构普通床位15元/日、隔离及抢救床位30元/日，"
    "二级医疗机构普通床位20元/日、隔离及抢救床位40元/日，三级医疗机构普通床位25元/日、隔离及抢救床位50元/日。"
)
ZIYANG_CAPS = (
    "参加职工医保统账结合的参保人员，按一个自然年度设支付限额，在职职工2000元、退休人员2500元；"
    "参加职工医保单建统筹的参保人员，年度支付限额在职职工800元、退休人员1000元。"
)
ZIYANG_LARGE = (
    "起付线以上至50000元（含）本地70%、异地50%；50000元至100000元（含）本地80%、异地60%；"
    "100000元以上本地90%、异地70%。"
)
ZIYANG_OUTPATIENT = "三级定点医疗机构和零售药店50%、二级及以下定点医疗机构60%，退休人员在上述相应支付比例基础上增加10个百分点。"


def check(text: str, rules: str, more: str = "") -> tuple[list[Diagnostic], Grounding]:
    policy = f"### 第一条\n\n{text}\n\n```tiao\n{rules}\n```\n\n{more}"
    document = read_document(Source("policy.md", policy))
    collected = collect([document])
    assert not collected.diagnostics
    return ground(collected, [document])


def found(text: str, rules: str, more: str = "") -> list[str]:
    return [d.code for d in check(text, rules, more)[0]]


# --- one figure, every spelling


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("最高支付限额为十五万元。", "限额 = 15万元"),
        ("最高支付限额为150,000元。", "限额 = 15万元"),
        ("最高支付限额为15万元。", "限额 = 150,000元"),
        ("按50％报销。", "比例 = 50%"),
        ("按百分之五十报销。", "比例 = 50%"),
        ("财政和风险基金各负担50%。", "比例 = 50%"),
        ("给予一半补助。", "比例 = 50%"),
        ("按五成支付。", "比例 = 50%"),
        ("最高为提取风险金的两倍。", "限额 = 提取 × 2倍"),
        ("最高为提取风险金的两倍。", "限额 = 提取 × 200%"),
        ("最高为平均工资的6倍。", "限额 = 平均工资 × 6"),
        ("不得超过七日量。", "带药限量 = 7天"),
        ("不得超过7天量。", "带药限量 = 7日"),
        ("在一年内。", "期限 = 1年"),
        ("按一个自然年度设起付线。", "期限 = 1年"),
        ("年满80周岁以上。", "高龄 = 年龄 ≥ 80岁"),
        ("支付比例增加5个百分点。", "支付比例 提高 5%"),
        ("支付比例提高5%。", "支付比例 提高 5个百分点"),
        ("月平均缴费基数（元）÷30（天）。", "日均 = 基数 ÷ 30"),
        ("第二次住院减半。", "再次 = 本年次数(住院) = 2次"),
        ("自2000年12月起。", "早 = 参保日期 < 2000-12-01"),
        ("支付期为每年1月1日至12月31日。", "末 = 日期 ≤ 2024-12-31"),
        ("应在48小时以内办理。", '须 办理时长 ≤ 48小时 否则 "迟"'),
        ("急性病不得超过7日量。", '不予支付 "超量" 当 天数 > 7日'),
        ("按不高于平均工资的50%确定。", '参数 起付线: 金额 另行规定 "通知" 范围 ≤ 平均工资 × 50%'),
    ],
)  # fmt: skip
def test_figure_stands_in_the_text(text: str, rule: str) -> None:
    diagnostics, grounding = check(text, rule)
    assert diagnostics == []
    assert [f.how for f in grounding.figures] == ["text"]
    at = grounding.figures[0].occurrence
    assert at is not None
    assert at.span.text == at.figure.text != ""


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("最高支付限额为15万元。", "限额 = 150元"),
        ("最高支付限额为15万元。", "限额 = 15"),
        ("按5%支付。", "金额 = 5元"),
        ("第五条，五级，五类，2015年。", "限额 = 5元"),
        ("在5个工作日内。", "期限 = 5日"),
        ("在3天内。", "期限 = 72小时"),
        ("年满2周岁。", "期限 = 2年"),
        ("按国办发〔2007〕20号执行。", "次数 = 20"),
        ("自2000年12月起。", "早 = 参保日期 < 2000-12-02"),
        ("一次性补助。", "期限 = 1年"),
    ],
)  # fmt: skip
def test_figure_is_nowhere(text: str, rule: str) -> None:
    diagnostics, grounding = check(text, rule)
    assert [d.code for d in diagnostics] == ["TW0401"]
    assert diagnostics[0].article == "第一条"
    assert grounding.figures[0].how == "missing"


def test_missing_figure_names_what_the_text_has_and_who_has_it() -> None:
    more = "### 第二条\n\n退休人员300元。"
    (diagnostic,), _ = check("起付标准为200元，比例90%。", "起付标准 = 300元", more)
    assert diagnostic.args == {"figure": "300元", "figures": "200元", "holder": "第二条"}


def test_basis_brings_its_article_in() -> None:
    more = "### 第二条\n\n退休人员300元。"
    assert found("起付标准为200元。", "起付标准 = 300元 依据 第二条", more) == []


def test_sentence_narrows() -> None:
    text = "在职职工200元。退休人员150元。"
    assert found(text, "起付线 = 150元 句 2") == []
    (diagnostic,), _ = check(text, "起付线 = 150元 句 1")
    assert diagnostic.code == "TW0401"
    assert diagnostic.args["holder"] == "第一条句2"


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("不设起付线。", "起付线 = 0元", "不设"),
        ("超过的费用由个人全额自费。", "自付比例 = 100%", "全额"),
        ("由个人负担。", "自付比例 = 100%", ""),
        ("下浮较低。", "起付级别 下调 1级", ""),
        ("自缴费次月起享受。", "起 = 缴费日期 + 1个月", "次月"),
    ],
)  # fmt: skip
def test_structural_figures(text: str, rule: str, words: str) -> None:
    diagnostics, grounding = check(text, rule)
    assert diagnostics == []
    assert [(f.how, f.words) for f in grounding.figures] == [("structural", words)]


def test_a_month_is_structural_only_where_the_next_month_is_said() -> None:
    assert found("自缴费之日起享受。", "起 = 缴费日期 + 1个月") == ["TW0401"]


def test_step_of_a_level_is_found_in_the_text() -> None:
    _, grounding = check(LANGFANG_DEDUCTIBLES, "起付级别 下调 1级 当 中医医院")
    at = grounding.figures[0].occurrence
    assert at is not None
    assert at.figure.text == "一级"
    assert at.sentence == 4


def test_vocabulary_is_not_grounded() -> None:
    document = read_document(Source("v.tiao", "简单 = 金额 × 12%"))
    assert ground(collect([document]), [document])[0] == []


def test_an_interface_is_not_the_text() -> None:
    rules = '接口 住院结算 关于 人次\n  | 输出 | 码 | 类型 | 英文 |\n  | 限额 | x | 金额 | "cap" |\n限额 = 7元'
    assert found("总则。", rules) == []
    assert found("总则。", f"{rules}\n适用 住院结算\n限额 = 9元") == ["TW0401"]


# --- words: rows and columns


def table(name: str, head: str, rows: list[list[str]]) -> str:
    lines = [f"{name} =", f"  | {head} |"]
    return "\n".join([*lines, *(f"  | {' | '.join(row)} |" for row in rows)])


TABLES: dict[str, tuple[str, str, list[list[str]], int]] = {
    "廊坊起付标准": (LANGFANG_DEDUCTIBLES, "起付级别 | ", [
        ["一级及以下", "200元"], ["二级", "500元"], ["三级", "1500元"]], 1),
    "廊坊支付比例": (LANGFANG_RATIOS, "医院级别 | ", [
        ["一级及以下", "90%"], ["二级", "75%"], ["三级", "60%"]], 1),
    "廊坊先行自付": (LANGFANG_FIRST_PAY, "谈判药 | 抗肿瘤西药 | 收费项目等级 | 费用类别 | ", [
        ["是", "是", "—", "—", "20%"], ["是", "否", "—", "—", "10%"], ["否", "—", "甲", "—", "0%"],
        ["否", "—", "乙", "药品", "5%"], ["否", "—", "乙", "诊疗", "10%"]], 4),
    "资阳起付标准": (ZIYANG_DEDUCTIBLES, "医院级别 | 本地 | 异地", [
        ["一级以下", "100元", "300元"], ["一级", "200元", "400元"], ["二级乙等", "400元", "600元"],
        ["二级甲等", "600元", "800元"], ["三级乙等", "800元", "1000元"],
        ["三级甲等", "1000元", "1200元"]], 1),
    "资阳支付比例": (ZIYANG_RATIOS, "医院级别 \\ 就医地 | 本地 | 异地", [
        ["一级以下", "95%", "75%"], ["一级", "90%", "70%"], ["二级乙等、二级甲等", "85%", "65%"],
        ["三级乙等、三级甲等", "80%", "60%"]], 1),
    "资阳诊疗先行自付": (ZIYANG_TREATMENTS, "金额 | ", [
        ["≤ 300元", "10%"], ["300元～1000元", "20%"], ["1000元～3000元", "30%"],
        ["> 3000元", "40%"]], 1),
    "资阳床位费": (ZIYANG_BEDS, "医院级别 \\ 床位 | 普通床位 | 隔离及抢救床位", [
        ["一级以下", "12元", "20元"], ["一级", "15元", "30元"], ["二级乙等、二级甲等", "20元", "40元"],
        ["三级乙等、三级甲等", "25元", "50元"]], 1),
    "资阳门诊限额": (ZIYANG_CAPS, "参保方式 | 退休 | ", [
        ["统账结合", "否", "2000元"], ["统账结合", "是", "2500元"],
        ["单建统筹", "否", "800元"], ["单建统筹", "是", "1000元"]], 2),
    "资阳大额": (ZIYANG_LARGE, "累计 \\ 就医地 | 本地 | 异地", [
        ["≤ 50000元", "70%", "50%"], ["50000元～100000元", "80%", "60%"],
        ["> 100000元", "90%", "70%"]], 1),
    "资阳门诊比例": (ZIYANG_OUTPATIENT, "医院级别 | ", [
        ["一级以下、一级、二级乙等、二级甲等", "60%"], ["三级乙等、三级甲等", "50%"]], 1),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_real_tables_raise_no_alarm(name: str) -> None:
    text, head, rows, _ = TABLES[name]
    diagnostics, grounding = check(text, table("标准", head, rows))
    assert diagnostics == []
    taken = [f.occurrence.figure.start for f in grounding.figures if f.occurrence]
    assert len(set(taken)) == len(taken)


def swaps(name: str) -> list[tuple[list[list[str]], str, str]]:
    """The table with any two different values exchanged."""
    _, _, rows, keys = TABLES[name]
    places = [(r, c) for r in range(len(rows)) for c in range(keys, len(rows[r]))]
    found = []
    for (r, c), (s, d) in combinations(places, 2):
        one, other = rows[r][c], rows[s][d]
        if one == other or "0%" in (one, other):
            continue
        changed = [list(row) for row in rows]
        changed[r][c], changed[s][d] = other, one
        found.append((changed, one, other))
    return found


@pytest.mark.parametrize("name", TABLES)
def test_any_two_swapped_values_are_found(name: str) -> None:
    text, head, _, _ = TABLES[name]
    for rows, one, other in swaps(name):
        diagnostics, _ = check(text, table("标准", head, rows))
        assert {d.code for d in diagnostics} == {"TW0402"}, (one, other)
        assert {d.args["figure"] for d in diagnostics} <= {one, other}


def test_swap_says_the_words_of_both_and_what_the_text_gives() -> None:
    rules = table("起付标准", "起付级别 | ", [
        ["一级及以下", "200元"], ["二级", "1500元"], ["三级", "500元"]])  # fmt: skip
    first, second = check(LANGFANG_DEDUCTIBLES, rules)[0]
    assert first.args == {"figure": "1500元", "used_with": "二级", "stands_with": "三级",
                          "proposal": "500元"}  # fmt: skip
    assert (second.args["figure"], second.args["proposal"]) == ("500元", "1500元")
    assert [label.span.text for label in first.labels] == ["1500元", "1500元"]


def test_one_value_copied_to_another_row_is_found() -> None:
    rows = [["一级及以下", "200元"], ["二级", "1500元"], ["三级", "1500元"]]
    assert found(LANGFANG_DEDUCTIBLES, table("起付标准", "起付级别 | ", rows)) == ["TW0402"]


def test_swapped_conditions_are_found() -> None:
    right = "限额 = 225元 当 高血压\n限额 = 375元 当 糖尿病"
    wrong = "限额 = 375元 当 高血压\n限额 = 225元 当 糖尿病"
    assert found(LANGFANG_CHRONIC, right) == []
    assert found(LANGFANG_CHRONIC, wrong) == ["TW0402", "TW0402"]
    assert found(LANGFANG_CHRONIC, "限额 = 若 病种 = 高血压 则 375元 否则 225元") != []


def test_same_value_in_two_rows_is_no_swap() -> None:
    text = "单胎顺产1000元，多胎顺产1500元，单胎剖宫产1500元，多胎剖宫产3000元。"
    rows = [["单胎", "1000元", "1500元"], ["多胎", "1500元", "3000元"]]
    assert found(text, table("补助", "胎数 \\ 方式 | 顺产 | 剖宫产", rows)) == []


def test_birth_by_conditions() -> None:
    rules = "补助 = 若 胎儿数 > 1 则 1500元 否则 1000元 当 顺产\n补助 = 2500元 当 剖宫产"
    assert found(LANGFANG_BIRTH, rules) == []


def test_words_the_text_does_not_use_decide_nothing() -> None:
    text = "住院起付标准分别为200元、500元、1500元。"
    rows = [["一级及以下", "1500元"], ["二级", "500元"], ["三级", "200元"]]
    assert found(text, table("起付标准", "起付级别 | ", rows)) == []


def test_respectively() -> None:
    text = "一级、二级、三级医疗机构支付比例分别为80%、60%和40%。"
    head = "医院级别 | "
    assert (
        found(text, table("比例", head, [["一级", "80%"], ["二级", "60%"], ["三级", "40%"]])) == []
    )
    wrong = table("比例", head, [["一级", "60%"], ["二级", "80%"], ["三级", "40%"]])
    assert found(text, wrong) == ["TW0402", "TW0402"]


def test_rows_of_a_table_in_the_text() -> None:
    text = "| 项目 | 待遇标准（元） |\n|---|---|\n| 难产 | 5500 |\n| 顺产 | 3500 |"
    assert found(text, table("限额", "分娩方式 | ", [["难产", "5500元"], ["顺产", "3500元"]])) == []
    wrong = table("限额", "分娩方式 | ", [["难产", "3500元"], ["顺产", "5500元"]])
    assert found(text, wrong) == ["TW0402", "TW0402"]


# --- derivations


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("超过3天未转住院的。", '留观 = 时长 > 72小时 推导 "3天 = 72小时"'),
        ("起付标准为200元，退休人员减少一些。", '起付线 = 100元 推导 "200元 ÷ 2"'),
        ("其中200元。", '起付线 = 800元 推导 "（200元 + 200元）× 2 = 800元"'),
        ("自付40%。", '比例 = 60% 推导 "100% − 40% = 60%"'),
        ("半年以上。", '期限 = 2个月 推导 "半年以上按2个月算"'),
        ("不满4个月的。", '期限 = 120日 推导 "每月30日：4个月 = 120日"'),
    ],
)  # fmt: skip
def test_derived_figures(text: str, rule: str) -> None:
    diagnostics, grounding = check(text, rule)
    assert diagnostics == []
    assert [f.how for f in grounding.figures] == ["derived"]
    assert grounding.figures[0].derivation


@pytest.mark.parametrize(
    ("text", "rule", "result"),
    [
        ("起付标准为200元。", '起付线 = 120元 推导 "200元 ÷ 2"', "100元"),
        ("超过3天的。", '留观 = 时长 > 70小时 推导 "3天 = 72小时"', "72小时"),
        ("自付40%。", '比例 = 60% 推导 "100% − 30% = 60%"', "60%"),
    ],
)  # fmt: skip
def test_derivation_that_does_not_give_the_figure(text: str, rule: str, result: str) -> None:
    diagnostics, _ = check(text, rule)
    assert [d.code for d in diagnostics] == ["TW0406"]
    assert diagnostics[0].args["result"] == result


def test_no_derivation_breaks_the_check() -> None:
    for derive in (
        "(" * 5000 + "3天" + ")" * 5000,
        "3天 ÷ 0 = 72小时",
        "= =",
        "3天 + 5元",
        "÷",
        "",
    ):
        assert found("超过3天的。", f'留观 = 时长 > 70小时 推导 "{derive}"') == ["TW0401"]


@pytest.mark.parametrize("derive", ["72小时 = 36小时 × 2", "见说明", "两日"])
def test_derivation_has_to_name_the_text_and_the_figure(derive: str) -> None:
    rule = f'留观 = 时长 > 72小时 推导 "{derive}"'
    assert found("超过3天未转住院的。", rule) == ["TW0401"]


def test_a_topic_named_earlier_is_no_ground_for_alarm() -> None:
    text = "恶性肿瘤患者起付线200元，年度限额5000元；三级医院起付线1500元，再次住院的500元。"
    rules = (
        "起付线 = 200元 当 病种 = 恶性肿瘤\n病种限额 = 5000元 当 病种 = 恶性肿瘤\n"
        "起付线 = 1500元 当 医院级别 = 三级\n起付线 改为 500元 当 医院级别 = 三级 且 再次住院"
    )
    assert found(text, rules) == []


LEVELS = ["一级以下", "一级", "二级乙等", "二级甲等", "三级乙等", "三级甲等"]


@st.composite
def crossed(draw: st.DrawFn) -> tuple[str, list[list[str]], tuple[int, int], tuple[int, int]]:
    """A text as drafters write crossed amounts, its table, and two places of it."""
    levels = draw(st.lists(st.sampled_from(LEVELS), min_size=2, unique=True))
    amounts = draw(st.lists(st.integers(10, 9999), min_size=2 * len(levels),
                            max_size=2 * len(levels), unique=True))  # fmt: skip
    mark = draw(st.sampled_from("，；、"))
    rows = [[level, f"{here}元", f"{away}元"]
            for level, here, away in zip(levels, amounts[::2], amounts[1::2], strict=True)]  # fmt: skip
    text = mark.join(f"{level}医疗机构本地{here}、异地{away}" for level, here, away in rows)
    places = [(r, c) for r in range(len(rows)) for c in (1, 2)]
    one, other = draw(st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True))
    return f"{text}。", rows, one, other


@given(crossed())
@settings(max_examples=60, deadline=None)
def test_law_a_table_as_written_is_silent_and_any_swap_is_loud(
    case: tuple[str, list[list[str]], tuple[int, int], tuple[int, int]],
) -> None:
    text, rows, (r, c), (s, d) = case
    head = "医院级别 \\ 就医地 | 本地 | 异地"
    assert found(text, table("标准", head, rows)) == []
    rows[r][c], rows[s][d] = rows[s][d], rows[r][c]
    assert found(text, table("标准", head, rows)) == ["TW0402", "TW0402"]
