"""Front matter: every key in its spellings, the dates as law counts them, every problem at once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiaowen.dsl.frontmatter import FrontMatter, FrontMatterResult, read_front_matter
from tiaowen.dsl.source import Source
from tiaowen.dsl.validity import last_day, read_day


def read(body: str) -> FrontMatterResult:
    return read_front_matter(Source("policy.md", f"---\n{body}\n---\n# 正文\n"))


def front(body: str) -> FrontMatter:
    result = read(body)
    assert result.front is not None
    assert result.diagnostics == ()
    return result.front


def kinds(body: str) -> list[str]:
    return [d.args["kind"] for d in read(body).diagnostics]


def test_a_policy_as_a_drafter_writes_it() -> None:
    found = front(
        "政策: 实施办法（征求意见稿）\n地区: 031000\n险种: [390]\n施行: 未定\n有效期: 5年"
    )
    assert found.title == "实施办法（征求意见稿）"
    assert found.region == "031000"  # text, so that the zero stays
    assert found.insurance == ("390",)
    assert found.in_force is None
    assert found.draft
    assert found.expires is None
    assert not found.in_force_on(date(2024, 6, 1))


def test_the_keys_of_a_published_regulation() -> None:
    found = front(
        "标题: 市级统筹的实施意见\n文号: 济政发〔2012〕25号\n发布机关: 济南市人民政府\n"
        "发布日期: 2012-12-08\n施行: 2012-12-08（自印发之日起，有效期5年）\n原文: 003.txt"
    )
    assert found.document_number == "济政发〔2012〕25号"
    assert found.published == found.in_force == date(2012, 12, 8)
    assert found.expires == date(2017, 12, 7)
    assert found.in_force_on(date(2017, 12, 7))
    assert not found.in_force_on(date(2017, 12, 8))


def test_a_day_still_open_is_a_draft() -> None:
    found = front("标题: 甲\n施行: 2024年 月 日（征求意见稿未定，有效期5年）")
    assert found.draft
    assert found.expires is None


def test_english_keys() -> None:
    found = front(
        "title: A\ndocument_number: 7\nregion: 131000\ninsurance: 310, 390\nin_force: 2023/1/1\n"
        "valid_for: 18个月\nsuperseded_by: b.md\namends: base.md\nuses: [words.tiao, more.tiao]"
    )
    assert found.insurance == ("310", "390")
    assert found.expires == date(2024, 6, 30)
    assert found.amends == "base.md"
    assert found.superseded_by == "b.md"
    assert found.uses == ("words.tiao", "more.tiao")


def test_full_width_colons_and_the_places_of_values() -> None:
    result = read("政策：甲：乙\n地区：131000\n施行：2023-13-01")
    assert result.front is not None
    assert result.front.title == "甲：乙"
    assert result.front.spans["region"].text == "131000"
    (wrong,) = result.diagnostics
    assert wrong.span is not None
    assert wrong.span.text == "2023-13-01"
    assert (wrong.span.line, wrong.span.column) == (4, 4)


def test_the_text_begins_after_the_front_matter() -> None:
    text = "---\r\n政策: 甲\r\n---\r\n# 正文\r\n"
    result = read_front_matter(Source("policy.md", text))
    assert result.front is not None
    assert result.front.title == "甲"
    assert text[result.end :].strip() == "# 正文"


def test_no_front_matter() -> None:
    result = read_front_matter(Source("policy.md", "# 正文\n---\n"))
    assert result == FrontMatterResult(None, 0)


def test_every_problem_at_once() -> None:
    found = read("政策: 甲\n政策: 乙\n文好: x\n施行: 明天\n发布日期: 2023-02-30\n地区: {a: b}")
    assert [d.args["kind"] for d in found.diagnostics] == [
        "duplicate_key", "near_key", "bad_value", "bad_date", "bad_date",
    ]  # fmt: skip
    assert {d.code for d in found.diagnostics} == {"TW0110"}
    near = found.diagnostics[1]
    assert near.args["nearest"] in ("文号", "文號")
    assert near.fix is not None
    assert near.fix.span.text == "文好"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("地区: 131000", "missing_title"),
        ("", "missing_title"),
        ("- 甲", "not_a_mapping"),
        ("甲", "not_a_mapping"),
        ("政策: [甲, 乙]", "bad_value"),
        ("政策: 甲\n险种: [[390]]", "bad_value"),
        ("政策: 甲\n有效期: 很久", "bad_period"),
        ("政策: 甲\n施行: 2023-01-01\n有效期: 999年\n失效: 2022-01-01", "ends_before_start"),
        ("政策: 甲\n施行: 2023-01-01\n有效期: 5年\n失效: 2030-01-01", "conflict"),
        ("政策: &x 甲\n地区: *x", "alias"),
        ("政策: " + "[" * 200, "too_deep"),
        ("政策: 甲: 乙", "syntax"),
        ("政策: '甲", "syntax"),
        ("政策: \x07", "syntax"),
        ("政策: " + "甲" * 200_000, "too_long"),
        ("政策: 甲\n? [a]\n: b", "unknown_key"),
    ],
)
def test_bad_front_matter_is_a_diagnostic(body: str, kind: str) -> None:
    found = kinds(body)
    assert kind in found


def test_front_matter_that_never_ends() -> None:
    result = read_front_matter(Source("policy.md", "---\n政策: 甲\n"))
    assert [d.args["kind"] for d in result.diagnostics] == ["unclosed"]


def test_yaml_tags_make_nothing_but_text() -> None:
    assert front("政策: !!python/name:os.system 甲").title == "甲"


@given(st.text(max_size=200))
def test_nothing_typed_raises(text: str) -> None:
    read(text)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 240))
def test_periods_follow_each_other_without_gap(begins: date, months: int) -> None:
    end = last_day(begins, months)
    assert end is not None
    assert end > begins
    assert (end - begins).days >= months * 28 - 1
    if begins.day <= 28:
        following = date.fromordinal(end.toordinal() + 1)
        assert following.day == begins.day
        assert (following.year - begins.year) * 12 + following.month - begins.month == months


def test_a_month_without_the_corresponding_day() -> None:
    assert last_day(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert last_day(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert last_day(date(9999, 1, 1), 12 * 999) is None


@pytest.mark.parametrize(
    "written", ["2023-01-05", "2023/1/5", "2023年1月5日", "２０２３-０１-０５"]
)
def test_days_as_written(written: str) -> None:
    assert read_day(written) == date(2023, 1, 5)
