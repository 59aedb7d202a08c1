"""Every combination of readings that matters is decided, and no other."""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tiaowen.apps.programs import load_program
from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.claims.json_text import read_json
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.parameters import read_parameters
from tiaowen.review.present.page import page_html, page_markdown, page_text
from tiaowen.review.present.readings import readings_data, readings_page
from tiaowen.review.readings_compared import Comparison, compare_readings

ROOT = Path(__file__).parents[2]

POLICY = """---
政策: 口径试验
地区: 131000
险种: [390]
施行: 2024-01-01
---

### 第一条

起付线500元，或者300元，或者100元。

```tiao
口径 起付口径: 高 | 低  默认 高
口径 低的口径: 甲法 | 乙法  默认 甲法
口径 无关口径: 此 | 彼  默认 此
口径 未用口径: 此 | 彼  默认 此

字段 就诊 英文 "visit"
  | 字段 | 码   | 类型 | 未填 | 英文   |
  | 费用 | cost | 金额 |      | "cost" |

接口 支付 关于 人次 英文 "payment"
  | 输出   | 码            | 类型 | 英文         | 基金 |
  | 起付线 | crt_dedc      | 金额 | "deductible" |      |
  | 支付   | hifp_pay      | 金额 | "paid"       | 统筹 |
  | 个人   | psn_part_amt  | 金额 | "person"     |      |

事项 看病 按 支付
低额 = 若 低的口径 = 甲法 则 300元 否则 100元
起付线 = 若 起付口径 = 高 则 500元 否则 低额
支付 = 若 无关口径 = 此 则 费用 - 起付线 否则 费用 - 起付线
个人 = 费用 - 支付
```
"""


@cache
def small() -> Program:
    return compile_policy([read_document(Source("p.md", POLICY))]).demand()


def compared(**options: Any) -> Comparison:
    claim = read_claim({"事项": "看病", "费用": "1000"}, small(), None)
    return compare_readings(small(), claim, **options)


def test_a_reading_is_varied_only_where_the_decision_asks_for_it() -> None:
    found = compared()
    assert [(c.choices, c.outcome.values["支付"]) for c in found.combinations] == [
        ((("起付口径", "高"),), 50000),
        ((("起付口径", "低"), ("低的口径", "甲法")), 70000),
        ((("起付口径", "低"), ("低的口径", "乙法")), 90000),
    ]
    assert [r.name for r in found.readings] == ["起付口径", "低的口径"]
    assert [r.name for r in found.without_effect] == ["无关口径"]
    assert [o.name for o in found.moved] == ["起付线", "支付", "个人"]
    assert found.complete


def test_an_effect_is_told_alone_or_with_what_it_takes() -> None:
    first, second = compared().effects
    assert (first.reading, first.choice, first.alongside) == ("起付口径", "低", ())
    assert (first.before.values["起付线"], first.after.values["起付线"]) == (50000, 30000)
    assert (second.reading, second.choice) == ("低的口径", "乙法")
    assert second.alongside == (("起付口径", "低"),)
    assert (second.before.values["起付线"], second.after.values["起付线"]) == (30000, 10000)


def test_a_reading_that_was_chosen_stays() -> None:
    found = compared(fixed={"起付口径": "低"})
    assert [c.choices for c in found.combinations] == [
        (("低的口径", "甲法"),), (("低的口径", "乙法"),)
    ]  # fmt: skip


@pytest.mark.parametrize(("most", "combinations"), [(4, 2), (0, 1)])
def test_too_many_combinations_are_said_to_be(most: int, combinations: int) -> None:
    found = compared(most=most)
    assert not found.complete
    assert len(found.combinations) == combinations
    assert "起付口径" in [e.reading for e in found.effects]
    text = page_text(readings_page(found, small(), "看病", "zh"), False, 100)
    assert "组合太多" in text


REAL = [
    ("langfang/resident-2024-draft.md", "langfang-transfer.json", None),
    ("chongqing/resident-2011.md", "chongqing-resident-stay.json",
     "chongqing-resident-parameters.toml"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "file", "figures"), REAL)
def test_the_combinations_say_what_every_choice_of_all_readings_gives(
    policy: str, file: str, figures: str | None
) -> None:
    program = load_program(ROOT / "policies" / policy)
    claim = read_claim(read_json((ROOT / "examples" / file).read_bytes(), file), program, None)
    given = (ROOT / "examples" / figures).read_text(encoding="utf-8") if figures else ""
    parameters = read_parameters(given, "f", program) if figures else {}
    found = compare_readings(program, claim, parameters=parameters)
    asked = [*found.readings, *found.without_effect]
    for choices in product(*(r.choices for r in asked)):
        readings = dict(zip((r.name for r in asked), choices, strict=True))
        (told,) = [
            c for c in found.combinations if all(readings[name] == choice
                                                 for name, choice in c.choices)
        ]  # fmt: skip
        made = decide_person(program, claim, readings=readings, parameters=parameters)
        assert told.outcome.values == made.decision.values


def test_every_format_tells_the_effects() -> None:
    found = compared()
    page = readings_page(found, small(), "看病", "zh")
    for text in (page_text(page, False, 80), page_markdown(page), page_html(page, "zh")):
        assert "起付口径 = 低" in text
        assert "低的口径 = 乙法，不取默认的甲法，同时 起付口径 = 低" in text
        assert "起付线：500.00元 → 300.00元（−200.00元）" in text
        assert "无关口径" in text
    data = readings_data(found, small(), "看病")
    assert [c["statement"]["支付"] for c in data["combinations"]] == [50000, 70000, 90000]
    assert [r["name"] for r in data["readings"] if not r["effective"]] == ["无关口径"]


def test_a_wide_table_is_told_row_by_row() -> None:
    page = readings_page(compared(), small(), "看病", "en")
    narrow = page_text(page, False, 40)
    assert all(len(line) <= 60 for line in narrow.splitlines())
    assert "deductible" in narrow
