"""A fixed small sample of the mutants of every policy; `make prove` tries them all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.mutation.__main__ import ROOT, policy_paths, tally
from tests.mutation.report import equivalents, survivors
from tests.mutation.trial import trials

SAMPLE = 8


@pytest.mark.parametrize("path", policy_paths([]), ids=lambda path: path.parent.name)
def test_the_cases_notice_a_sample_of_slips(path: Path) -> None:
    found = tally(path, jobs=1, sample=SAMPLE, seed=1)
    assert not found.by("nothing"), survivors(found)
    assert not found.stale, survivors(found)


def test_each_equivalent_is_one_mutant() -> None:
    for path in policy_paths([]):
        subject = trials(path).subject
        made = [
            (m.rule.rule.article, " ".join(m.rule.rule.text.split()), m.change.text)
            for m in subject.mutants
        ]
        for entry in equivalents(subject.name):
            same = [
                change for article, rule, change in made
                if (article, change) == (entry.article, entry.change)
                and rule.startswith(entry.rule)
            ]  # fmt: skip
            assert len(same) == 1, (subject.name, entry)


def test_a_slip_that_nothing_notices_is_reported(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.tiao").write_text(
        (ROOT / "policies" / "vocabulary.tiao").read_text(encoding="utf-8"), encoding="utf-8"
    )
    folder = tmp_path / "town"
    folder.mkdir()
    policy = folder / "small.md"
    policy.write_text(
        "---\n政策: 测试办法\n地区: 131000\n险种: [390]\n施行: 2024-01-01\n有效期: 5年\n"
        "引用: ../vocabulary.tiao\n---\n\n### 第一条\n\n第一笔为200元，第二笔为300元。\n\n"
        "```tiao\n事项 试算\n第一笔 = 200元\n第二笔 = 300元\n```\n\n"
        "```案例 只算第一笔\n事项 试算\n应得 第一笔 = 200元\n```\n",
        encoding="utf-8",
    )
    found = tally(policy, jobs=1)
    assert [(o.change, o.how) for o in found.outcomes] == [
        ("200元 → 200.01元", "case"),
        ("300元 → 300.01元", "grounding"),
    ]
    assert found.share == 0.5
