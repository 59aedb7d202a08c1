"""Python sessions in the documents give what they show."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from tests.docs.pages import ROOT, documents, name_of

SESSIONS = [path for path in documents() if ">>> " in path.read_text(encoding="utf-8")]


def test_both_languages_have_one() -> None:
    assert {"docs/en/python.md", "docs/zh/python.md"} <= {name_of(path) for path in SESSIONS}


@pytest.mark.parametrize("path", SESSIONS, ids=name_of)
def test_a_session_runs_as_shown(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, run = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert run > 5
    assert failed == 0
