"""The findings stand: figures, words, pages, and what is said to be proved."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tiaowen.compiler.solver import available
from tiaowen.review.proof import prove
from tiaowen.review.proof.records import Proved

ROOT = Path(__file__).parents[3]


def _maker() -> ModuleType:
    path = ROOT / "docs" / "make_findings.py"
    spec = importlib.util.spec_from_file_location("make_findings", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = _maker()
FOUND = MAKER.findings()
QUICK = (("langfang", "门诊统筹"), ("langfang", "生育住院"), ("jinan", "居民住院"))
"""What every run of the tests proves again; `make prove` takes the others."""


@pytest.mark.parametrize("finding", FOUND["finding"], ids=lambda finding: finding["id"])
def test_figures_and_words_stand(finding: dict[str, Any]) -> None:
    assert list(MAKER.wrong(finding)) == []


def test_pages_are_made_of_the_findings() -> None:
    for path, text in MAKER.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: docs/make_findings.py"


@pytest.mark.skipif(not available(), reason="needs the extra proof")
@pytest.mark.parametrize(
    "told",
    [
        t
        for t in FOUND["proved"]
        for city, matter in QUICK
        if city in t["policy"] and t["matter"] == matter
    ],
    ids=lambda t: t["matter"],
)
def test_what_is_said_to_be_proved_is(told: dict[str, Any]) -> None:
    found = prove(
        MAKER.program_of(told["policy"]),
        [told["matter"]],
        names=told["kinds"],
        budget=1,
        timeout=60,
    )
    verdicts = [answer.verdict for answer in found.answers]
    assert [type(verdict) for verdict in verdicts] == [Proved] * len(told["kinds"])
    in_part = any(isinstance(v, Proved) and v.assumed for v in verdicts)
    assert in_part == told.get("in_part", False)
