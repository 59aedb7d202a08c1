"""Kept decisions decided again: under the same policy nothing changes, under another what has to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from tests.review.decided_scenes import FOLDER, program
from tests.review.store.conftest import decision

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.review.present.page import page_text
from tiaowen.review.present.store import replayed_data, replayed_page
from tiaowen.review.store import Query, Replayed, Store, open_store, replay_all


@cache
def amended(old: str, new: str) -> Program:
    """The scenes' policy with ``old`` replaced by ``new`` throughout."""
    documents = []
    for name in ("interface.tiao", "policy.md"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        documents.append(read_document(Source(name, text.replace(old, new))))
    return compile_policy(documents).demand()


@pytest.fixture
def store(tmp_path: Any) -> Any:
    with open_store(str(tmp_path / "store.db"), create=True) as made:
        made.append_many([decision("P1", "E1"), decision("P2", "E2")])
        yield made


def under(store: Store, program: Program, query: Query | None = None, **more: Any) -> Replayed:
    return replay_all(store, lambda data: program, query, **more)


def test_the_same_policy_gives_the_same(store: Store) -> None:
    found = under(store, program())
    assert (found.looked_at, found.same, found.changes, found.refused) == (2, 2, (), ())
    assert (found.other_text, found.other_engine) == (0, 0)


def test_an_amended_figure_changes_what_it_has_to(store: Store) -> None:
    """The stay follows a transfer: it pays 1500 less the 500 paid before. With 1300 in place of
    1500 it pays 800 instead of 1000: 200 yuan more enter the pool, and of these 60% are paid;
    what is then left over for the catastrophic insurance stays below its deductible."""
    found = under(store, amended("1500元", "1300元"))
    assert (found.same, len(found.results), len(found.steps)) == (0, 2, 0)
    for change in found.results:
        assert change.more == 120_00
        assert change.difference is not None
        assert (change.difference.name, change.difference.recorded, change.difference.replayed) == (
            "起付标准", 1500_00, 1300_00,
        )  # fmt: skip
        assert change.article == "第三条第（一）项"
    assert found.after - found.before == 2 * 120_00
    assert found.other_text == 2


def test_words_without_effect_are_told_apart(store: Store) -> None:
    found = under(store, amended("补齐起付标准的差额", "只补齐起付标准的差额"))
    assert (found.results, len(found.steps)) == ((), 2)


def test_what_cannot_be_decided_again_is_listed_with_its_reason(store: Store) -> None:
    def program_for(data: Mapping[str, Any]) -> Program:
        if data["claim"]["人员编号"] == "P1":
            raise Rejected([diagnose("TW0506", criteria="《别处》")])
        return program()

    found = replay_all(store, program_for)
    assert (found.looked_at, found.same, len(found.refused)) == (2, 1, 1)
    assert found.refused[0].entry.about.person == "P1"
    shown = page_text(replayed_page(found, "", "zh"), False, 100)
    assert "TW0506" in shown
    assert "P1" in shown


def test_a_masked_decision_is_listed_as_refused(store: Store) -> None:
    store.append(decision("P3") | {"masked": True})
    found = under(store, program())
    assert [r.problems[0].code for r in found.refused] == ["TW0706"]


def test_only_those_asked_for(store: Store) -> None:
    seen: list[tuple[int, int]] = []
    found = under(
        store, program(), Query(person="P2"), progress=lambda n, all: seen.append((n, all))
    )
    assert found.looked_at == 1
    assert seen == [(1, 1)]
    other = under(store, program(), region="500000")
    assert (other.looked_at, other.elsewhere) == (0, 2)


@pytest.mark.parametrize(("lang", "words"), [
    ("zh", ("结果改变", "起付标准：1,500.00元 → 1,300.00元", "〔第三条第（一）项〕", "+240.00元")),
    ("en", ("Other result", "1,500.00 yuan → 1,300.00 yuan", "+240.00 yuan")),
])  # fmt: skip
def test_the_page_says_it(lang: Any, words: tuple[str, ...], store: Store) -> None:
    found = under(store, amended("1500元", "1300元"))
    shown = page_text(replayed_page(found, "某办法", lang), False, 160)
    assert all(word in shown for word in words)
    data = replayed_data(found)
    assert data["after"] - data["before"] == 240_00
    assert [c["entry"]["number"] for c in data["changes"]] == [1, 2]
