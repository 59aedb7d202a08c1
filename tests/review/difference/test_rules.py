"""Rules are compared by what they say: real policies against themselves, changed on purpose."""

from __future__ import annotations

import pytest
from tests.review.difference.variants import (
    CHONGQING,
    JINAN,
    LANGFANG,
    ZIYANG,
    called,
    helpers,
    made,
    program,
    replaced,
    text,
)

from tiaowen.compiler.core import Program
from tiaowen.review.difference import compare_policies
from tiaowen.review.difference.rule_records import RuleChange, Rules
from tiaowen.review.present.difference_rules import marked_words, rule_in_a_line


def rules(first: Program, second: Program, matter: str | None = None) -> Rules:
    found = compare_policies(first, second, matter, parts=["rules"]).rules
    assert found is not None
    return found


def told(found: Rules) -> list[tuple[str, str, str]]:
    return [(change.kind, change.rule, change.quantity) for change in found.changes]


def only(found: Rules) -> RuleChange:
    (change,) = found.changes
    return change


@pytest.mark.parametrize("name", [CHONGQING, LANGFANG, JINAN])
def test_a_policy_with_every_helper_renamed_is_the_same(name: str) -> None:
    base = text(name)
    names = {helper: f"{helper}改" for helper in helpers(program(name))}
    found = rules(made(base), made(called(base, names)))
    assert found.same
    assert {(c.quantity, c.renamed) for c in found.changes} == set(names.items())
    assert {c.kind for c in found.changes} == {"renamed"}


def test_a_policy_is_the_same_as_itself() -> None:
    found = rules(program(LANGFANG), program(LANGFANG))
    assert found.changes == ()
    assert found.kept > 200


# --- order


def test_commuting_amendments_and_independent_rules_may_change_places() -> None:
    base = text(ZIYANG)
    one = "减后起付线 减 200元 当 待遇人员 = 退休人员\n"
    other = "减后起付线 减 50元 × 递减次数\n"
    swapped = replaced(replaced(base, one, "@"), other, one).replace("@", other)
    found = rules(made(base), made(swapped), "住院")
    # both lower a sum: the result is the same, though each now stands in the other's paragraph
    assert {kind for kind, _, _ in told(found)} == {"moved"}
    assert found.same


def test_a_floor_put_before_a_reduction_is_a_change_of_order() -> None:
    base = text(ZIYANG)
    one = "减后起付线 减 200元 当 待遇人员 = 退休人员\n"
    floor = "减后起付线 不低于 100元\n"
    swapped = replaced(replaced(base, one, "@"), floor, one).replace("@", floor)
    found = rules(made(base), made(swapped), "住院")
    # 200 less and then at least 100 is not at least 100 and then 200 less
    assert ("reordered", "amendment", "减后起付线") in told(found)
    assert not found.same


def test_definitions_swapped_within_a_block_are_no_change() -> None:
    base = text(LANGFANG)
    lines = [
        '在统筹区内 = 就医地 属于 廊坊 英文 "inside the pooling area"\n',
        '就医范围 = 统筹区内 当 在统筹区内 英文 "where the care was given"\n',
    ]
    swapped = replaced(base, "".join(lines), "".join(lines[::-1]))
    assert told(rules(made(base), made(swapped))) == []


def test_rows_columns_and_operands_written_in_another_order_are_no_change() -> None:
    base = text(LANGFANG)
    changed = replaced(
        base,
        "  | 一级及以下 | 200元  |\n  | 二级       | 500元  |\n  | 三级       | 1500元 |\n",
        "  | 三级       | 0.15万元 |\n  | 一级及以下 | 200.00元  |\n  | 二级       | 500元  |\n",
    )
    changed = replaced(
        changed,
        "中医医院 且 (不予支付 或 就医范围 ≠ 跨省临时 或 异地中医下浮 = 是) 句 4",
        "(异地中医下浮 = 是 或 非 就医范围 = 跨省临时 或 不予支付) 且 中医医院 句 4",
    )
    assert told(rules(made(base), made(changed))) == []


# --- real changes


def test_a_figure_changed_names_the_rule_with_the_words_of_both() -> None:
    base = text(LANGFANG)
    words = "二级医疗机构500元"
    changed = replaced(base, "  | 二级       | 500元  |", "  | 二级       | 600元  |")
    changed = replaced(changed, words, "二级医疗机构600元")
    found = rules(made(base), made(changed))
    # the other rules of the paragraph say the same under a text that now reads otherwise
    assert {kind for kind, _, _ in told(found)} == {"changed", "reworded"}
    (change,) = found.of("changed")
    assert (change.rule, change.quantity) == ("definition", "起付标准")
    assert change.matters == ("住院",)
    assert change.before is not None
    assert change.after is not None
    assert words in change.before.words
    assert "二级医疗机构600元" in change.after.words
    assert change.before.article == change.after.article == "第十六条第（六）项第3段"
    assert [(mark.a, mark.b) for mark in change.marks] == [("500", "600")]
    assert "二级医疗机构[500→600]元；三级医疗机构1500元" in marked_words(change)


def test_a_figure_changed_under_a_renaming_is_told_as_both() -> None:
    base = text(ZIYANG)
    names = {helper: f"{helper}改" for helper in helpers(program(ZIYANG))}
    changed = called(replaced(base, "减后起付线 减 200元 当", "减后起付线 减 250元 当"), names)
    found = rules(made(base), made(changed), "住院")
    effective = [c for c in found.changes if c.kind != "renamed"]
    assert [(c.kind, c.rule, c.quantity, c.renamed) for c in effective] == [
        ("changed", "amendment", "减后起付线", "减后起付线改")
    ]


def test_a_condition_changed() -> None:
    base = text(CHONGQING)
    changed = replaced(
        base, "支付比例 提高 5% 当 缴费档次 = 二档", "支付比例 提高 5% 当 缴费档次 = 一档"
    )
    assert told(rules(made(base), made(changed))) == [("changed", "amendment", "支付比例")]


def test_an_amendment_added_and_one_deleted() -> None:
    base = text(CHONGQING)
    line = "支付比例 提高 5% 当 缴费档次 = 二档 句 1\n"
    less = made(replaced(base, line, ""))
    assert told(rules(made(base), less)) == [("removed", "amendment", "支付比例")]
    change = only(rules(less, made(base)))
    assert (change.kind, change.before) == ("added", None)


def test_a_ground_of_exclusion_added_and_a_reading_with_another_default() -> None:
    base = text(LANGFANG)
    more = '不予支付 "不得重复享受医疗保险待遇" 当 已享受职工待遇 句 2\n'
    less = replaced(base, more, "")
    less = replaced(
        less, "口径 异地中医下浮: 是 | 否 默认 是", "口径 异地中医下浮: 是 | 否 默认 否"
    )
    assert told(rules(made(less), made(base))) == [
        ("changed", "reading", "异地中医下浮"),
        ("added", "exclusion", "不得重复享受医疗保险待遇"),
    ]


def test_a_paragraph_of_other_words_with_the_same_rules_is_reworded() -> None:
    base = text(CHONGQING)
    changed = replaced(
        base,
        "一档参保居民在一级及以下、二级、三级",
        "选择一档缴费的参保居民在一级及以下、二级、三级",
    )
    found = rules(made(base), made(changed))
    assert {kind for kind, _, _ in told(found)} == {"reworded"}
    assert found.same


def test_a_paragraph_moved_to_another_article_has_moved() -> None:
    base = text(LANGFANG)
    head, tail = "### 第三十条", "### 第三十一条"
    article = base[base.index(head) : base.index(tail)]
    moved = base.replace(article, "").replace(
        tail, article.replace(head, "### 第三十条之一") + tail
    )
    found = rules(made(base), made(moved))
    assert {kind for kind, _, _ in told(found)} == {"moved"}
    assert found.same
    assert all(c.before and c.before.article.startswith("第三十条") for c in found.changes)
    assert all(c.after and c.after.article.startswith("第三十条之一") for c in found.changes)


def test_two_cities_share_little() -> None:
    found = rules(program(CHONGQING), program(LANGFANG), "住院")
    (change,) = [c for c in found.of("changed") if c.quantity == "支付比例"]
    assert change.before is not None
    assert change.after is not None
    assert change.before.article == "四、（二）第3段"
    assert change.after.article == "第十六条第（六）项第5段"
    assert len(found.of("removed")) + len(found.of("added")) > found.kept


def test_a_rule_in_a_line_has_its_table_and_no_clauses_that_only_cite() -> None:
    rule = """支付比例 =
  | 医院级别 |     |
  | 一级     | 80% |
  | 二级     | 60% |
  句 1 英文 "ratio"
"""
    assert rule_in_a_line(rule) == "支付比例 = 医院级别；一级 80%；二级 60%"
    crossed = "起付标准 =\n  | 级别 | 本地 | 异地 |\n  | 一级 | 1元 | 2元 |\n  当 真"
    assert rule_in_a_line(crossed) == "起付标准 = 级别 本地 异地；一级 1元 2元 当 真"
    assert (
        rule_in_a_line("起付线 减 200元\n  当 退休\n  后于 第五条（一）")
        == "起付线 减 200元 当 退休"
    )


def test_rules_before_any_article_count_too() -> None:
    base = text(JINAN)
    rule = '\n```tiao\n适用 职工住院\n性质 "不为负": 个人负担 ≥ 0元\n```\n'
    front, rest = base.split("\n---\n", 1)
    changed = f"{front}\n---\n{rule}{rest}"
    assert told(rules(made(base), made(changed), "职工住院")) == [("added", "property", "不为负")]
