"""What a letter says of a decision: the seven contents, to the 分, and nothing invented."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tiaowen.compiler.capitals import chinese_capitals
from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected
from tiaowen.engine.claims.json_text import read_json
from tiaowen.engine.claims.reading import claim_data, read_claim
from tiaowen.engine.history.data import read_history
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.telling.as_json import decision_data
from tiaowen.engine.telling.explain import explain
from tiaowen.review.kept import Kept, read_kept
from tiaowen.review.letters.html import letter_html
from tiaowen.review.letters.model import (
    BLANK,
    Block,
    Formalities,
    Heading,
    Letter,
    Listing,
    Pairs,
    Paragraph,
    Part,
    Table,
    letter_data,
)
from tiaowen.review.letters.writing import letter_of

EXAMPLES = Path(__file__).parents[3] / "examples"
SAID = Formalities("廊坊市医疗保障局", "廊医保决〔2024〕17号", date(2024, 4, 29), date(2024, 5, 6),
                   "廊坊市某区人民医院")  # fmt: skip


def example(name: str) -> Any:
    return read_json((EXAMPLES / name).read_bytes(), name)


def decided(program: Program, data: Any, history: Any = ()) -> Kept:
    """A decision as the command hands it to the letter."""
    claim = read_claim(data, program, "住院")
    items = read_history(list(history), program)
    decision = decide_person(program, claim, items).decision
    return Kept(explain(decision, engine="0"), (), decision.problems, claim, items, False)


@pytest.fixture(scope="module")
def letter(langfang: Program) -> Letter:
    return letter_of(decided(langfang, example("langfang-stay.json")), SAID, program=langfang)


def part(letter: Letter, title: str) -> Part:
    return next(p for p in letter.parts if p.title == title)


def tables(part: Part) -> dict[str, Table]:
    """The tables of a part by the heading before them."""
    found: dict[str, Table] = {}
    heading = ""
    for block in part.blocks:
        heading = block.text if isinstance(block, Heading) else heading
        if isinstance(block, Table):
            found[heading] = block
    return found


@cache
def words(block: Block) -> str:
    match block:
        case Paragraph(text) | Heading(text):
            return text
        case Pairs(pairs):
            return "；".join(f"{name}={value}" for name, value in pairs)
        case Listing(items):
            return "；".join(items)
        case Table(columns, rows, total):
            names = [c.name for c in columns]
            return "；".join("|".join(row) for row in (names, *rows, total))


def text(of: Letter | Part) -> str:
    if isinstance(of, Letter):
        return "\n".join(map(text, of.parts))
    return "\n".join((of.title, *map(words, of.blocks)))


class TestTheSevenContents:
    def test_they_come_in_their_order(self, letter: Letter) -> None:
        assert [p.title for p in letter.parts] == [
            "当事人和申请事项", "认定的事实", "依据", "理由", "决定", "救济途径和期限",
        ]  # fmt: skip
        assert (letter.closing, letter.issued) == ("廊坊市医疗保障局", "2024年4月29日")

    def test_party_insurance_period_encounter(self, letter: Letter) -> None:
        said = text(letter.parts[0])
        for fact in ("当事人=王秀兰", "人员编号=13100000000000230917", "险种=城乡居民",
                     "就诊ID=MD20240311000518", "待遇年度=2024"):  # fmt: skip
            assert fact in said

    def test_facts_with_the_category_of_each_line(self, letter: Letter) -> None:
        said = text(letter.parts[1])
        assert "医院等级=二级甲等" in said
        assert "没有提供既往记录" in said
        lines = tables(letter.parts[1])["费用明细及其类别"]
        assert len(lines.rows) == 14
        assert lines.rows[12] == ("13", "肠内营养粉剂", "丙", "西药中成药", "西药费", "340.00")
        assert lines.total[-1] == "5,307.75"

    def test_basis_quotes_each_article_once_and_says_it_is_a_draft(self, letter: Letter) -> None:
        said = part(letter, "依据")
        assert "征求意见稿，尚未施行" in text(said)
        assert "不发生效力" in letter.warning
        [articles] = [b for b in said.blocks if isinstance(b, Table)]
        assert len(set(articles.rows)) == len(articles.rows)
        assert (
            "第十五条第二款",
            "一个参保年度内居民医保基金最高支付限额为15万元。",
        ) in articles.rows

    def test_every_intermediate_amount_with_its_article(
        self, letter: Letter, langfang: Program
    ) -> None:
        steps = tables(part(letter, "理由"))["逐项计算"]
        kept = decided(langfang, example("langfang-stay.json"))
        assert len(steps.rows) == sum(not step.level for step in kept.explanation.steps)
        by_name = {row[1]: row for row in steps.rows}
        # 4,598.33 - 500.00 = 4,098.33; × 75% = 3,073.7475
        assert by_name["进入统筹"][3] == "4,098.33元"
        assert by_name["应付统筹"][2:] == (
            "进入统筹 × 支付比例 = 4,098.33元 × 75%；四舍五入到分", "3,073.75元",
            "第十六条第（六）项第5段",
        )  # fmt: skip
        assert all(row[4] for row in steps.rows if row[1] != "不予支付")

    def test_every_refused_line_has_its_own_reason_and_amount(self, letter: Letter) -> None:
        refused = {row[0]: row for row in tables(part(letter, "理由"))["不予支付的费用"].rows}
        assert set(refused) == {"11", "13", "14"}
        assert refused["13"][1:] == ("肠内营养粉剂", "340.00", "目录范围以外", "第二十条第（一）项")
        # 3 × 38.00 against a price limit of 3 × 32.00
        assert refused["11"][2:4] == ("18.00", "超过定价上限的部分")
        # 6 of 21 days are over the limit: 79.80 × 6/21 = 22.80
        assert refused["14"][2] == "22.80"
        assert "出院超量带药" in refused["14"][3]
        assert refused["14"][4] == "第三十条"

    def test_result_in_figures_and_capitals(self, letter: Letter) -> None:
        said = text(part(letter, "决定"))
        assert "准予支付：统筹支付3,073.75元（大写：叁仟零柒拾叁元柒角伍分）" in said
        assert "支付给：廊坊市某区人民医院" in said
        assert "个人负担：2,234.00元（大写：贰仟贰佰叁拾肆元整）" in said
        amounts = [row for table in tables(part(letter, "决定")).values() for row in table.rows]
        assert len(amounts) >= 8
        for _, figures, capitals in amounts:
            assert chinese_capitals(int(figures.replace(",", "").replace(".", ""))) == capitals

    def test_remedies_with_their_last_days(self, letter: Letter) -> None:
        said = text(letter.parts[-1])
        assert "期间至2024年7月5日届满" in said
        assert "期间至2024年11月6日届满" in said


class TestWhatIsNotSaid:
    def test_authority_number_dates_and_payee_stand_as_blanks(self, langfang: Program) -> None:
        kept = decided(langfang, example("langfang-stay.json"))
        letter = letter_of(kept, Formalities(), program=langfang)
        assert (letter.authority, letter.number, letter.closing) == (BLANK, BLANK, BLANK)
        assert letter.issued == "＿＿＿＿年＿＿月＿＿日"
        assert f"支付给：{BLANK}" in text(letter)
        assert "届满" not in text(letter)

    def test_a_name_that_is_not_given_is_a_blank(self, langfang: Program) -> None:
        data = example("langfang-stay.json")
        del data["人员"]["姓名"]
        letter = letter_of(decided(langfang, data), SAID, program=langfang)
        assert letter.addressee.startswith(BLANK)

    def test_a_mask_leaves_nobody_to_be_known(self, langfang: Program) -> None:
        data = example("langfang-transfer.json")
        history = example("langfang-transfer-history.json")
        kept = decided(langfang, data, history)
        plain = json.dumps(letter_data(letter_of(kept, SAID, program=langfang)), ensure_ascii=False)
        masked = letter_of(kept, SAID, program=langfang, mask=True)
        hidden = json.dumps(letter_data(masked), ensure_ascii=False)
        assert "个人信息已隐去" in masked.warning
        facts = claim_data(read_claim(data, langfang, "住院"), langfang)
        for name in ("人员编号", "就诊ID", "转院前就诊ID"):
            assert str(facts[name]) in plain
            assert str(facts[name]) not in hidden


def test_earlier_stays_are_listed(langfang: Program) -> None:
    kept = decided(langfang, example("langfang-transfer.json"),
                   example("langfang-transfer-history.json"))  # fmt: skip
    said = text(letter_of(kept, SAID, program=langfang).parts[1])
    assert "没有提供既往记录" not in said
    assert "住院，2024年" in said


def test_a_matter_that_no_fund_pays_for_states_its_results(langfang: Program) -> None:
    """Whether somebody may be insured: nothing is granted and nothing refused."""
    data = {"事项": "参保资格", "人员编号": "131000000002", "出生日期": "1970-05-01",
            "人员类别": "居民成年", "户籍地": "131022", "参保地": "131022",
            "就业状态": "单位职工"}  # fmt: skip
    claim = read_claim(data, langfang)
    decision = decide_person(langfang, claim).decision
    kept = Kept(explain(decision), (), decision.problems, claim, (), False)
    letter = letter_of(kept, SAID, program=langfang)
    said = text(part(letter, "决定"))
    assert "参保人群：不在范围" in said
    assert "支付" not in said
    assert "不予支付" not in text(part(letter, "理由"))


def test_a_stay_in_two_years_tells_of_each_part(langfang: Program) -> None:
    kept = decided(langfang, example("langfang-cross-year.json"))
    steps = tables(part(letter_of(kept, SAID, program=langfang), "理由"))["逐项计算"]
    names = [row[1] for row in steps.rows]
    assert "应付统筹（跨年度1）" in names
    assert "应付统筹（跨年度2）" in names
    assert "应付统筹" in names


def test_served_before_issued_is_refused(langfang: Program) -> None:
    kept = decided(langfang, example("langfang-stay.json"))
    dates = Formalities(issued=date(2024, 5, 2), served=date(2024, 5, 1))
    with pytest.raises(Rejected) as caught:
        letter_of(kept, dates, program=langfang)
    assert [d.code for d in caught.value.diagnostics] == ["TW1002"]


def test_a_claim_that_lacks_facts_has_no_letter(langfang: Program) -> None:
    data = example("langfang-stay.json")
    del data["机构"]["医院等级"]
    with pytest.raises(Rejected) as caught:
        letter_of(decided(langfang, data), SAID, program=langfang)
    assert [d.code for d in caught.value.diagnostics][-1] == "TW1001"


def test_a_decision_file_gives_the_same_letter(langfang: Program) -> None:
    kept = decided(langfang, example("langfang-stay.json"))
    assert kept.claim is not None
    file = decision_data(kept.explanation, claim=claim_data(kept.claim, langfang))
    again = read_kept(json.loads(json.dumps(file)), langfang)
    assert letter_of(again, SAID, program=langfang) == letter_of(kept, SAID, program=langfang)


def test_a_file_alone_is_enough_for_a_letter(langfang: Program) -> None:
    kept = decided(langfang, example("langfang-stay.json"))
    assert kept.claim is not None
    file = decision_data(kept.explanation, claim=claim_data(kept.claim, langfang))
    letter = letter_of(read_kept(json.loads(json.dumps(file)), None), SAID)
    assert "叁仟零柒拾叁元柒角伍分" in text(letter)


def test_nothing_of_a_claim_is_markup(langfang: Program) -> None:
    data = example("langfang-stay.json")
    data["人员"]["姓名"] = "<script>alert(1)</script>"
    html = letter_html(letter_of(decided(langfang, data), SAID, program=langfang))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
