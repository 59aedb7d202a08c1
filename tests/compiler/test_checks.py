"""Rules against rules: what is reported comes with a claim that shows it, and nothing else is."""

from __future__ import annotations

import pytest

from tiaowen.compiler.program import Compilation, compile_policy
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source

VOCABULARY = """
枚举 医院等级
  | 码   | 值       | 英文   |
  | "02" | 三级甲等 | "3A"   |
  | "05" | 二级甲等 | "2A"   |
  | "08" | 一级甲等 | "1A"   |
  | "11" | 无等级   | "none" |
枚举 人员类别
  | 码   | 值   | 英文       |
  | "11" | 在职 | "employed" |
  | "12" | 退休人员 | "retired"  |
  | "14" | 居民 | "resident" |
枚举 区划
  | 码      | 值   | 英文      |
  | "13*"   | 河北 | "Hebei"   |
  | "1310*" | 廊坊 | "Langfang" |
  | "11*"   | 北京 | "Beijing" |
字段 就诊
  | 字段         | 码    | 类型     | 未填 | 英文         |
  | 医院等级     | level | 医院等级 |      | "level"      |
  | 人员类别     | psn   | 人员类别 |      | "person"     |
  | 退休         | ret   | 是否     | 否   | "retired"    |
  | 中医医院     | tcm   | 是否     | 否   | "TCM"        |
  | 跨省临时外出 | away  | 是否     | 否   | "away"       |
  | 费用         | fee   | 金额     |      | "fee"        |
  | 胎数         | n     | 数量     |      | "births"     |
  | 出院日期     | out   | 日期     |      | "discharged" |
  | 出生日期     | born  | 日期     |      | "born"       |
  | 入院日期     | in    | 日期     |      | "admitted"   |
  | 就医地       | area  | 区划     |      | "area"       |
  | 就诊ID       | id    | 文本     |      | "id"         |
集合 明细
  | 字段 | 码    | 类型 | 未填 | 英文     |
  | 金额 | amt   | 金额 |      | "amount" |
  | 单价 | price | 单价 |      | "price"  |
  | 外购 | buy   | 是否 | 否   | "bought" |
级别 医院级别 = 医院等级
  | 级别       | 含       |
  | 一级及以下 | 一级甲等 |
  | 二级       | 二级甲等 |
  | 三级       | 三级甲等 |
接口 住院结算 关于 人次
  | 输出     | 码 | 类型 | 英文         |
  | 起付线   | a  | 金额 | "deductible" |
  | 统筹支付 | b  | 金额 | "fund"       |
"""


@pytest.fixture(autouse=True)
def ungrounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The articles of these policies are not written out; their figures need not stand there."""
    monkeypatch.setattr("tiaowen.compiler.program.ground", lambda *_: ([], None))


def compiled(*articles: str, vocabulary: str = VOCABULARY) -> Compilation:
    """A policy of one block per article; the first also opens the matter."""
    lines = ["---", "政策: 试行办法", "地区: 131000", "险种: [390]", "施行: 2024-01-01", "---", ""]
    numbers = "一二三四五六七八九"
    for number, rules in zip(numbers, articles, strict=False):
        head = vocabulary + "\n事项 住院 按 住院结算\n" if number == "一" else "事项 住院\n"
        lines += [
            f"### 第{number}条",
            "办理住院的，按下列规定结算。",
            "",
            "```tiao",
            head + rules.strip(),
            "```",
            "",
        ]
    return compile_policy([read_document(Source("试行.md", "\n".join(lines)))])


def found(*articles: str) -> list[Diagnostic]:
    return list(compiled(*articles).diagnostics)


def codes(*articles: str) -> list[str]:
    return [d.code for d in found(*articles)]


def only(*articles: str) -> Diagnostic:
    diagnostics = found(*articles)
    assert len(diagnostics) == 1, [(d.code, d.args) for d in diagnostics]
    return diagnostics[0]


# --- definitions that overlap


def test_two_truths_overlap_where_both_hold() -> None:
    """The witness is the claim for which both hold; both rules are shown."""
    finding = only("起付线 = 200元 当 退休\n起付线 = 300元 当 跨省临时外出")
    assert (finding.code, finding.args["name"]) == ("TW0301", "起付线")
    assert finding.witness == {"退休": "是", "跨省临时外出": "是"}
    assert [label.text for label in finding.labels] == ["first", "second"]
    assert [label.span.text for label in finding.labels] == [
        "起付线 = 200元 当 退休",
        "起付线 = 300元 当 跨省临时外出",
    ]


@pytest.mark.parametrize(
    ("first", "second", "witness"),
    [
        ("费用 ≤ 300元", "费用 ≥ 300元", {"费用": "300.00元"}),
        ("费用 > 300元", "费用 < 300.02元", {"费用": "300.01元"}),
        ("医院级别 ≥ 二级", "医院等级 = 二级甲等", {"医院等级": "二级甲等"}),
        ("医院等级 属于 {三级甲等, 二级甲等}", "医院级别 < 三级", {"医院等级": "二级甲等"}),
        ("出院日期 ≥ 2024-07-01", "出院日期 < 2024-07-02", {"出院日期": "2024年7月1日"}),
        ("退休 或 中医医院", "非 退休", {"退休": "否", "中医医院": "是"}),
        (
            "若 退休 则 费用 > 5元 否则 费用 > 9元",
            "退休 且 费用 < 6元",
            {"退休": "是", "费用": "5.01元"},
        ),
        ("就医地 = 河北", "就医地 = 廊坊", {"就医地": "1310"}),
        ("就医地 ≠ 河北", "就医地 ≠ 北京", {"就医地": "0000"}),
        ('就诊ID = "甲"', '就诊ID ≠ "乙"', {"就诊ID": "甲"}),
    ],
)
def test_overlap_of_conditions(first: str, second: str, witness: dict[str, str]) -> None:
    finding = only(f"起付线 = 200元 当 {first}\n起付线 = 300元 当 {second}")
    assert finding.code == "TW0301"
    assert finding.witness == witness


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("退休", "非 退休"),
        ("就医地 = 北京", "就医地 = 廊坊"),
        ("费用 ≤ 300元", "费用 > 300元"),
        ("费用 > 300元", "费用 < 300.01元"),
        ("医院级别 ≥ 二级", "医院级别 < 二级"),
        ("出院日期 < 2024-07-01", "出院日期 > 2024-06-30"),
        ("医院等级 = 三级甲等", "医院级别 属于 {一级及以下, 二级}"),
        ("退休 且 费用 > 9元", "跨省临时外出 且 费用 ≤ 9元"),
        ("出院日期 > 入院日期", "入院日期 ≥ 出院日期"),
        ("已填(就诊ID)", "未填(就诊ID)"),
        ("本年次数(住院) = 0", "本年次数(住院) ≥ 1"),
        ("周岁(出生日期, 入院日期) ≥ 70岁", "周岁(出生日期, 入院日期) < 70岁"),
    ],
)
def test_disjoint_definitions_are_proved(first: str, second: str) -> None:
    """Nothing is reported, and the program says that the first that holds is the only one."""
    compilation = compiled(
        f"年度 = 年份(出院日期)\n起付线 = 200元 当 {first}\n起付线 = 300元 当 {second}"
    )
    assert [d.code for d in compilation.diagnostics] == []
    assert compilation.demand().nodes["住院/起付线#0"].disjoint


def test_what_cannot_be_followed_is_left_to_run_time() -> None:
    """Two conditions on the past may hold together; no claim shows it, so nothing is reported."""
    rules = "年度 = 年份(出院日期)\n起付线 = 1元 当 本年次数(住院) > 0\n起付线 = 2元 当 本年次数(住院) < 5"
    compilation = compiled(rules)
    assert [d.code for d in compilation.diagnostics] == []
    assert not compilation.demand().nodes["住院/起付线#0"].disjoint


def test_every_pair_of_overlapping_definitions_is_reported() -> None:
    pairs = found(
        "起付线 = 1元 当 退休\n起付线 = 2元 当 中医医院\n起付线 = 3元 当 退休 且 非 中医医院"
    )
    assert [[label.span.text[6] for label in d.labels] for d in pairs] == [["1", "2"], ["1", "3"]]


def test_no_rule_beside_a_definition_is_no_overlap() -> None:
    """无规定 stops the decision whatever else is defined."""
    assert codes('起付线 = 1元\n起付线 无规定 "未定" 当 退休') == []


# --- gaps


def test_a_gap_in_what_an_output_needs() -> None:
    finding = only("起付标准 = 200元 当 退休\n起付线 = 起付标准")
    assert (finding.code, finding.args["name"]) == ("TW0302", "起付标准")
    assert finding.witness == {"退休": "否"}
    assert finding.labels[0].text == "here"


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param("起付线 = 200元 当 退休", id="an output by itself is 不适用"),
        pytest.param("加收 = 200元 当 退休\n起付线 = 1元\n起付线 加 加收 当 退休", id="asked for only there"),
        pytest.param("加收 = 200元 当 退休\n起付线 = 若 退休 则 加收 否则 0元", id="asked for in one branch"),
        pytest.param("基数 = 200元 当 退休\n基数 改为 1元\n起付线 = 基数", id="replaced always"),
        pytest.param("基数 = 200元 当 退休\n基数 改为 1元 当 非 退休\n起付线 = 基数", id="replaced elsewhere"),
        pytest.param('基数 = 200元 当 退休\n基数 无规定 "未定" 当 非 退休\n起付线 = 基数', id="said"),
        pytest.param("基数 = 1元 当 医院级别 ≥ 二级\n基数 = 2元 当 医院级别 < 二级\n起付线 = 基数",
                     id="codes outside the scale"),
        pytest.param("基数 = 1元 当 胎数 ≤ 1\n基数 = 2元 当 胎数 ≥ 2\n起付线 = 基数", id="whole things"),
    ],
)  # fmt: skip
def test_no_gap(rules: str) -> None:
    assert codes(rules) == []


def test_a_gap_that_only_some_claims_ask_for() -> None:
    """The claim shown is one for which the output asks."""
    finding = only("加收 = 200元 当 退休 且 中医医院\n起付线 = 1元\n起付线 加 加收 当 退休")
    assert (finding.code, finding.witness) == ("TW0302", {"退休": "是", "中医医院": "否"})


def test_a_gap_in_amounts() -> None:
    finding = only("基数 = 1元 当 费用 < 300元\n基数 = 2元 当 费用 > 300元\n起付线 = 基数")
    assert (finding.code, finding.witness) == ("TW0302", {"费用": "300.00元"})


# --- tables


def test_rows_that_overlap() -> None:
    finding = only("起付线 =\n  | 费用    |     |\n  | ≤ 300元 | 1元 |\n  | ≥ 300元 | 2元 |")
    assert (finding.code, finding.witness) == ("TW0306", {"费用": "300.00元"})
    assert [label.text for label in finding.labels] == ["first", "second"]
    assert finding.labels[1].span.text.strip() == "2元"


def test_rows_that_a_key_worked_out_from_the_past_may_meet() -> None:
    """A table is judged by its keys, wherever they come from."""
    finding = only("年度 = 年份(出院日期)\n次数 = 本年次数(住院) + 1\n起付线 =\n  | 次数 |     |\n  | 1    | 9元 |\n"
                   "  | ≥ 2  | 2元 |\n  | 3    | 4元 |")  # fmt: skip
    assert (finding.code, finding.witness) == ("TW0306", {"次数": "3"})


@pytest.mark.parametrize(
    ("rules", "missing"),
    [
        ("| 医院级别   |     |\n  | 一级及以下 | 1元 |\n  | 三级 | 2元 |", "医院级别 = 二级"),
        ("| 退休 |     |\n  | 是   | 1元 |", "退休 = 否"),
        ("| 费用         |     |\n  | ≤ 100元      | 1元 |\n  | 200元～300元 | 1元 |\n  | > 300元 | 2元 |",
         "费用 = 100.01元"),
        ("| 费用         |     |\n  | ≤ 100元      | 1元 |\n  | 100元～300元 | 1元 |", "费用 = 300.01元"),
        ("| 胎数 |     |\n  | 1    | 1元 |\n  | > 2  | 1元 |", "胎数 = 2"),
        ("| 人员类别 \\ 退休 | 是  | 否  |\n  | 在职 | 1元 | 2元 |\n  | 退休人员、居民 | 3元 | |",
         "人员类别 = 退休人员、退休 = 否"),
        ("| 人员类别 | 退休 |     |\n  | 在职 | — | 1元 |\n  | — | 是 | 2元 |",
         "人员类别 = 退休人员、退休 = 否"),
    ],
)  # fmt: skip
def test_what_a_table_leaves_out(rules: str, missing: str) -> None:
    findings = found(f"起付线 =\n  {rules}")
    assert findings[-1].code == "TW0307"
    assert str(findings[-1].args["missing"]).split("；")[0] == missing


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param("起付线 =\n  | 医院级别 |     |\n  | 一级及以下 | 1元 |\n  | 二级、三级 | 2元 |", id="scale"),
        pytest.param("起付线 =\n  | 费用    |     |\n  | 0元～9元 | 1元 |\n  | > 9元 | 2元 |", id="above nothing"),
        pytest.param("额外 =\n  | 退休 |     |\n  | 是 | 1元 |\n起付线 = 0元\n起付线 加 额外 当 退休", id="not asked"),
        pytest.param("起付线 =\n  | 退休 |     |\n  | 是 | 1元 |\n起付线 改为 2元 当 非 退休", id="replaced"),
        pytest.param("级 = 医院级别\n级 上调 1级\n起付线 =\n  | 级 |     |\n  | 二级、三级 | 1元 |", id="never that low"),
        pytest.param("年龄 = 周岁(出生日期, 入院日期)\n起付线 =\n  | 年龄 | |\n  | ≤ 69岁 | 1元 |\n  | ≥ 70岁 | 2元 |",
                     id="whole years"),
        pytest.param("起付线 =\n  | 胎数 |     |\n  | 1 | 1元 |\n  | 2 | 2元 |\n  | > 2 | 3元 |", id="whole things"),
    ],
)  # fmt: skip
def test_a_complete_table(rules: str) -> None:
    assert codes(rules) == []


def test_a_row_without_any_value() -> None:
    findings = found("起付线 =\n  | 费用        |     |\n  | 9元～5元 | 1元 |\n  | — | 2元 |")
    assert [d.code for d in findings] == ["TW0303"]


def test_a_reading_as_a_key() -> None:
    rules = "口径 舍去: 角 | 分 默认 分\n起付线 =\n  | 舍去 |     |\n  | 分   | 1元 |"
    finding = only(rules)
    assert (finding.code, finding.args["missing"]) == ("TW0307", "舍去 = 角")


def test_bands_that_descend() -> None:
    rules = ("表 比例(累计: 金额) =\n  | 累计 |     |\n  | 5000元～9000元 | 80% |\n  | ≤ 5000元 | 70% |\n  | > 9000元 | 9% |\n"
             "统筹支付 = 分段(0元, 费用, 比例)")  # fmt: skip
    finding = only(rules)
    assert (finding.code, finding.args["previous"], finding.args["next"]) == (
        "TW0313",
        "9000元",
        "5000元",
    )


# --- order


BASE = "起付线 = 1000元"


def test_a_reduction_and_a_share_of_different_articles() -> None:
    """1000 − 200 = 800, × 95% = 760; 1000 × 95% = 950, − 200 = 750."""
    finding = only(f"{BASE}\n起付线 减 200元 当 退休", "起付线 乘 95% 当 跨省临时外出")
    assert finding.code == "TW0305"
    assert finding.witness == {"退休": "是", "跨省临时外出": "是", "起付线": "1,000.00元"}
    assert (finding.args["one"], finding.args["other"]) == ("760.00元", "750.00元")
    assert [label.text for label in finding.labels] == ["first", "second"]


@pytest.mark.parametrize(
    "articles",
    [
        pytest.param((f"{BASE}\n起付线 减 200元", "起付线 减 100元"), id="sums"),
        pytest.param((f"{BASE}\n起付线 乘 90%", "起付线 降低 5%"), id="shares"),
        pytest.param((f"{BASE}\n起付线 不低于 1元", "起付线 不低于 2元"), id="floors"),
        pytest.param((f"{BASE}\n起付线 不低于 100元", "起付线 不高于 5000元"), id="a floor under a cap"),
        pytest.param((f"{BASE}\n起付线 减 200元 当 退休", "起付线 乘 95% 当 非 退休"), id="never both"),
        pytest.param((f"{BASE}\n起付线 减 200元", "起付线 乘 95% 后于 第一条"), id="said"),
        pytest.param((f"{BASE}\n起付线 减 200元 后于 第二条", "起付线 乘 95%"), id="said on the first"),
        pytest.param((f"{BASE}\n起付线 减 200元\n起付线 乘 95%",), id="one article"),
        pytest.param((BASE, "起付线 减 200元", "起付线 加 9元 后于 第二条", "起付线 乘 95% 后于 第三条"),
                     id="said over a third"),
        pytest.param((f"{BASE}\n起付线 改为 5元 当 退休", "起付线 改为 5元 当 中医医院"), id="one value"),
        pytest.param((f"{BASE}\n起付线 减 200元", "起付线 不低于 900元 当 起付线 > 5000元"), id="not so high"),
    ],
)  # fmt: skip
def test_orders_that_need_not_be_said(articles: tuple[str, ...]) -> None:
    assert "TW0305" not in codes(*articles)


@pytest.mark.parametrize(
    ("first", "second", "results"),
    [
        ("起付线 减 200元", "起付线 不低于 900元", ("900.00元", "800.00元")),
        ("起付线 改为 5元", "起付线 加 1元", ("6.00元", "5.00元")),
        ("起付线 不低于 1500元", "起付线 不高于 1200元", ("1,200.00元", "1,500.00元")),
        ("起付线 减 费用", "起付线 乘 50%", ("450.00元", "400.00元")),
        ("起付线 减 合计(每项 金额)", "起付线 乘 50%", ("450.00元", "400.00元")),
    ],
)
def test_orders_that_have_to_be_said(first: str, second: str, results: tuple[str, str]) -> None:
    finding = only(f"{BASE}\n{first}", second)
    assert (finding.code, finding.args["one"], finding.args["other"]) == ("TW0305", *results)


def test_an_earlier_article_amends_what_a_later_one_defines() -> None:
    finding = only("起付线 减 200元 当 退休", BASE)
    assert (finding.code, finding.args["one"], finding.args["other"]) == (
        "TW0305",
        "800.00元",
        "1,000.00元",
    )
    assert codes("起付线 减 200元 当 退休 后于 第二条", BASE) == []


def test_steps_stop_at_the_ends_of_the_scale() -> None:
    """Up and down again from the top is one below it; down and up again is the top."""
    finding = only("级 = 三级\n级 上调 1级\n起付线 =\n  | 级 |     |\n  | 一级及以下、二级、三级 | 1元 |",
                   "级 下调 1级")  # fmt: skip
    assert (finding.code, finding.args["one"], finding.args["other"]) == ("TW0305", "二级", "三级")


# --- rules without effect


@pytest.mark.parametrize(
    "condition",
    [
        "退休 且 非 退休",
        "费用 > 100元 且 费用 < 50元",
        "周岁(出生日期, 入院日期) ≥ 80岁 且 周岁(出生日期, 入院日期) < 70岁",
        "医院级别 = 二级 且 医院等级 = 三级甲等",
    ],
)
def test_a_condition_that_never_holds(condition: str) -> None:
    finding = only(f"起付线 = 9元\n起付线 减 1元 当 {condition}")
    assert (finding.code, finding.labels[0].text) == ("TW0303", "here")


def test_an_amendment_that_is_always_replaced() -> None:
    finding = only("起付线 = 9元\n起付线 减 1元 当 退休\n起付线 改为 3元")
    assert (finding.code, finding.labels[1].text) == ("TW0303", "earlier")
    assert finding.labels[0].span.text == "起付线 减 1元 当 退休"


def test_an_amendment_that_is_sometimes_replaced_counts() -> None:
    assert codes("起付线 = 9元\n起付线 减 1元 当 退休\n起付线 改为 3元 当 中医医院") == []


def test_a_quantity_that_nothing_uses() -> None:
    finding = only("起付线 = 9元\n补贴 = 50元")
    assert (finding.code, finding.args["name"]) == ("TW0310", "补贴")


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param('须 天 ≤ 3日 否则 "迟"\n天 = 出院日期 - 入院日期', id="a duty"),
        pytest.param('性质 "不负": 差 ≥ 0元\n差 = 费用 - 1元', id="a property"),
        pytest.param('不予支付 "高" 当 高额\n高额 = 费用 > 9元', id="a ground of exclusion"),
        pytest.param("起付线 = 9元\n起付线 减 累 \n累 = 本年最高(住院.额)\n额 = 费用 × 10%", id="the past"),
        pytest.param("统筹支付 = 分段(0元, 费用, 比例)\n表 比例(量: 金额) =\n  | 量 |  |\n  | ≤ 界 | 1% |\n  | > 界 | 2% |\n"
                     "界 = 费用 × 10%", id="a table"),
    ],
)  # fmt: skip
def test_quantities_in_use(rules: str) -> None:
    assert [d.code for d in found(f"年度 = 年份(出院日期)\n{rules}") if d.code == "TW0310"] == []


def test_a_chain_of_quantities_may_be_long_but_not_endless() -> None:
    long = ["量0 = 费用", *(f"量{i} = 量{i - 1} + 1元" for i in range(1, 2050)), "起付线 = 量2049"]
    finding = only("\n".join(long))
    assert (finding.code, finding.args["depth"]) == ("TW0311", 2051)
